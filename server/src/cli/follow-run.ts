/** Following a detached controller from a terminal: progress of its events, Ctrl-C, and what is known when it ended. */
import type { Progress } from "@midtrain/protocol/progress";
import type { RunEvent, RunPlan, RunStatus } from "@midtrain/protocol/run";
import { count } from "@midtrain/protocol/words";
import { controllerOutput, followEvents, readPlan, readStatus, runFiles, sendCommand } from "../training";
import type { Invocation } from "./command";

export interface FollowedRun {
  readonly status: RunStatus;
  readonly interrupted: boolean;
}

export interface FollowRunOptions {
  readonly fromByte?: number;
  /** What the first Ctrl-C asks the controller for; undefined: only the watching ends. */
  readonly onInterrupt?: "pause";
  readonly onEvent?: (event: RunEvent) => void;
}

const ended: ReadonlySet<RunStatus["state"]> = new Set(["paused", "finished", "failed", "lost"]);

/** Shows progress until the controller ends (or the watching is interrupted). Nothing the controller does depends on being watched. */
export async function followRun(invocation: Invocation, directory: string, options: FollowRunOptions = {}): Promise<FollowedRun> {
  const { signal, onProgress } = invocation;
  const stopWatching = new AbortController();
  const onAbort = (): void => {
    if (options.onInterrupt === undefined) return stopWatching.abort();
    sendCommand(directory, { command: options.onInterrupt, from: `terminal ${process.pid}` });
    onProgress({ stage: "training", message: "asking the controller for a checkpoint; once more Ctrl-C ends the watching" });
  };
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort);
  const progress = eventProgress(directory);
  try {
    const isOver = (): boolean => ended.has(readStatus(directory).state);
    for await (const { event } of followEvents(runFiles(directory).events, {
      fromByte: options.fromByte ?? 0,
      signal: stopWatching.signal,
      isOver,
    })) {
      options.onEvent?.(event);
      const shown = signal.aborted ? undefined : progress(event);
      if (shown !== undefined) onProgress(shown);
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  return { status: readStatus(directory), interrupted: signal.aborted };
}

/** What a controller printed that died before it could write why. */
export function lastWords(directory: string): string {
  const output = controllerOutput(directory);
  return output === "" ? "" : `\nIts last output (${runFiles(directory).log}):\n${output}`;
}

function eventProgress(directory: string): (event: RunEvent) => Progress | undefined {
  let plan: RunPlan | undefined;
  let done = 0;
  let evaluating = "";
  return (event) => {
    switch (event.type) {
      case "phase":
        evaluating = event.phase === "evaluation" ? event.message : "";
        return {
          stage: stageOf(event.phase),
          message: event.message,
          ...(event.phase === "evaluation" && plan !== undefined ? { done, total: plan.steps, unit: "steps" } : {}),
        };
      case "step": {
        plan ??= readPlan(directory);
        done = event.step;
        evaluating = "";
        if (plan === undefined) return undefined;
        const speed = event.tokensPerSecond;
        const left = speed > 0 ? ((plan.steps - event.step) * plan.tokensPerStep) / speed : undefined;
        return {
          stage: "training",
          message: `loss ${event.loss.toFixed(2)}  ${count(speed)} tok/s`,
          done: event.step,
          total: plan.steps,
          unit: "steps",
          ...(left === undefined ? {} : { secondsLeft: left }),
        };
      }
      case "rollback":
        return { stage: "rollback", message: `back to step ${count(event.toStep)}: ${event.why}` };
      case "anomaly":
        return { stage: "anomaly", message: event.text };
      case "log":
        return event.level === "info" ? undefined : { stage: event.level, message: event.text };
      default:
        return evaluating === "" ? undefined : { stage: "training", message: evaluating };
    }
  };
}

function stageOf(phase: string): string {
  return phase === "evaluation" ? "training" : phase;
}
