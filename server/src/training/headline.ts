/** The first sentence of a run, for a busy engineer (shared/UX): what happened, and what can be done now. Pure. */
import type { Buckets } from "@midtrain/protocol/measures";
import type { RunDocument, RunPlan, RunStatus } from "@midtrain/protocol/run";
import { bucketsSentence } from "@midtrain/protocol/figure-words";
import { count, duration } from "@midtrain/protocol/words";

export interface HeadlineInput {
  readonly status: RunStatus;
  readonly plan: RunPlan | null;
  /** Of the base, while nothing else was evaluated. */
  readonly buckets: Buckets | null;
  /** How often the model was evaluated after its first step. */
  readonly evaluations: number;
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
      if (buckets === null) return beforeTheBase(status);
      return input.evaluations === 0 ? beforeTheGates(input) : bucketsSentence(buckets, true);
    case "stopping":
      return `Stopping${buckets === null || input.evaluations === 0 ? "." : `. ${bucketsSentence(buckets, true)}`}`;
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

function beforeTheBase(status: RunStatus): string {
  return status.step === 0 ? `Measuring the base before any step: ${status.message ?? status.phase}.` : progressSentence(status);
}

/** Nothing can be said of a change yet, and "no change" would be a claim. */
function beforeTheGates({ status, plan }: HeadlineInput): string {
  const first = plan?.evaluations.find((step) => step > status.step);
  return `The base is measured${first === undefined ? "" : `; the first gates come at step ${count(first)}`}. ${progressSentence(status)}`;
}

function progressSentence(status: RunStatus): string {
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
