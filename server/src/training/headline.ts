/** The first sentence of a run, for a busy engineer (shared/UX): what happened, and what can be done now. Pure. */
import type { Buckets } from "@midtrain/protocol/measures";
import type { RunDocument, RunPlan, RunStatus } from "@midtrain/protocol/run";
import { bucketsSentence } from "@midtrain/protocol/figure-words";
import { count, duration } from "@midtrain/protocol/words";

export interface HeadlineInput {
  readonly status: RunStatus;
  readonly plan: RunPlan | null;
  readonly buckets: Buckets | null;
  readonly selected: RunDocument["selected"];
}

export function headlineOf(input: HeadlineInput): string {
  const { status, buckets } = input;
  switch (status.state) {
    case "queued":
      return "Waiting for its controller to start.";
    case "preparing":
      return `Preparing: ${status.message ?? status.phase}.`;
    case "running":
      return buckets === null ? runningWithoutFigures(status) : bucketsSentence(buckets, true);
    case "stopping":
      return `Stopping${buckets === null ? "." : `. ${bucketsSentence(buckets, true)}`}`;
    case "paused":
      return `Paused at step ${count(status.step)} of ${count(status.steps)}; midtrain run resume ${status.run} goes on from there.`;
    case "lost":
      return `The controller ended without a word at step ${count(status.step)}; midtrain run resume ${status.run} goes on from the last checkpoint.`;
    case "failed":
      return `Failed: ${status.message ?? status.stopReason?.text ?? "see the log of the controller"}`;
    case "finished":
      return finishedHeadline(input);
  }
}

function runningWithoutFigures(status: RunStatus): string {
  if (status.step === 0) return `Measuring the base before any step: ${status.message ?? status.phase}.`;
  const left = status.secondsLeft === undefined ? "" : `, ${duration(status.secondsLeft)} left`;
  return `Training: step ${count(status.step)} of ${count(status.steps)}${left}.`;
}

function finishedHeadline({ selected, buckets, status }: HeadlineInput): string {
  const reason = status.stopReason === undefined ? "" : ` Stopped: ${status.stopReason.text}`;
  if (selected === null) return `Finished without a selection.${reason}`;
  if (selected.step === 0) return `Not worth it: the base stays. ${selected.why}${reason}`;
  const figures = buckets === null ? "" : `${bucketsSentence(buckets, false)} `;
  return `${figures}Selected step ${count(selected.step)}. ${selected.why}${reason}`;
}
