/** Marks on the time line and the list "what changed and why", from the events of a run. Pure. */
import type { RunEvent, RunIdentity, RunPlan } from "@midtrain/protocol/run";
import type { ChangeLine, RunMark } from "@midtrain/protocol/run-view";
import { bytes, count } from "@midtrain/protocol/words";

export function runMarks(events: readonly RunEvent[], identity: RunIdentity, plan: RunPlan | null): readonly RunMark[] {
  const evaluated = new Set(events.flatMap((event) => (event.type === "evaluation" ? [`${event.branch} ${event.step}`] : [])));
  // Of those in between, written against a loss of power, nobody asks on the time line.
  const isShown = (event: RunEvent): boolean =>
    event.type !== "checkpoint" || event.stable || evaluated.has(`${event.branch} ${event.step}`);
  const marks = events.filter(isShown).flatMap(markOf);
  const gapEnd = plan === null ? 0 : Math.round(plan.steps * identity.recipe.gates.gapWindow.share);
  if (gapEnd === 0) return marks;
  return [
    ...marks,
    {
      kind: "gap-window-end",
      step: gapEnd,
      branch: 0,
      text: `Stability-gap window ends: until here tolerances count ${identity.recipe.gates.gapWindow.factor} times.`,
    },
  ];
}

function markOf(event: RunEvent): readonly RunMark[] {
  const { branch } = event;
  switch (event.type) {
    case "checkpoint":
      return [
        {
          kind: "checkpoint",
          step: event.step,
          branch,
          text: `Checkpoint ${event.checkpoint}, ${bytes(event.bytes)}${event.stable ? ", stable" : ""}.`,
        },
      ];
    case "rollback":
      return [{ kind: "rollback", step: event.step, branch, text: `Rolled back to step ${count(event.toStep)}: ${event.why}` }];
    case "policy-changed":
      return [{ kind: "policy", step: event.segment.fromStep, branch, text: event.text }];
    case "anomaly":
      return [{ kind: "anomaly", step: event.step, branch, text: event.text }];
    case "resumed":
      return [{ kind: "resumed", step: event.toStep, branch, text: `Resumed from ${event.checkpoint}.` }];
    default:
      return [];
  }
}

export function changeLines(events: readonly RunEvent[]): readonly ChangeLine[] {
  let step = 0;
  return events.flatMap((event) => {
    if (event.type === "step" || event.type === "evaluation" || event.type === "gate" || event.type === "checkpoint") step = event.step;
    const text = changeText(event);
    return text === undefined ? [] : [{ seq: event.seq, time: event.time, step: event.type === "resumed" ? event.toStep : step, text }];
  });
}

function changeText(event: RunEvent): string | undefined {
  switch (event.type) {
    case "run-started":
      return "The controller started.";
    case "baseline":
      return event.words;
    case "rollback":
      return `Rolled back from step ${count(event.step)} to step ${count(event.toStep)}: ${event.why}`;
    case "resumed":
      return `Resumed at step ${count(event.toStep)} from ${event.checkpoint}.`;
    case "policy-changed":
    case "anomaly":
      return event.text;
    case "gate":
      return gateText(event);
    case "selected":
      return `Selected ${event.selected.step === 0 ? "the base" : `step ${count(event.selected.step)}`}: ${event.selected.why}`;
    case "run-finished":
      return `Ended: ${event.stopReason.text}`;
    case "log":
      return event.level === "info" ? undefined : event.text;
    default:
      return undefined;
  }
}

/** What a gate did; a gate that did nothing changed nothing. The rollback or stop that follows says the rest. */
function gateText({ action, bucket, text }: Extract<RunEvent, { type: "gate" }>): string | undefined {
  switch (action) {
    case "none":
      return undefined;
    case "more-items":
      return `More items were scored for ${bucket} before deciding: ${text}`;
    case "replay-down":
      return `Replay is lowered: ${text}`;
    default:
      return `The gate of ${bucket} acted: ${text}`;
  }
}
