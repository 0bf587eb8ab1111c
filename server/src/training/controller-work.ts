/** What the stages of a controller share: the session, the record, the state, and what was asked from outside. */
import type { NewRunEvent, RunPlan } from "@midtrain/protocol/run";
import type { ControllerState } from "./controller-state";
import type { EventLog } from "./event-log";
import type { Scores } from "./item-scores";
import { takeCommands } from "./mailbox";
import type { RunSession } from "./run-session";
import type { StatusWriter } from "./run-status";

export type Request = "stop" | "pause";

/** Requests from the mailbox and from signals. The strongest one counts: a pause keeps everything, so it wins over a stop. */
export interface Inbox {
  readonly request: Request | undefined;
  /** True once after a command asked for a checkpoint. */
  takeCheckpointWish(): boolean;
  /** Looks into the mailbox. */
  poll(): void;
  ask(request: Request): void;
  /** Fires at the first request; lets an evaluation end early. */
  readonly signal: AbortSignal;
}

export function openInbox(runDirectory: string, onRejected: (names: readonly string[]) => void): Inbox {
  const abort = new AbortController();
  let request: Request | undefined;
  let checkpoint = false;
  const ask = (asked: Request): void => {
    request = request === "pause" ? request : asked;
    abort.abort();
  };
  return {
    get request() {
      return request;
    },
    signal: abort.signal,
    takeCheckpointWish: () => {
      const wished = checkpoint;
      checkpoint = false;
      return wished;
    },
    poll: () => {
      const { commands, rejected } = takeCommands(runDirectory);
      if (rejected.length > 0) onRejected(rejected);
      for (const { command } of commands) {
        if (command === "checkpoint") checkpoint = true;
        else ask(command);
      }
    },
    ask,
  };
}

export interface Work {
  readonly session: RunSession;
  readonly plan: RunPlan;
  readonly log: EventLog;
  readonly status: StatusWriter;
  readonly inbox: Inbox;
  readonly now: () => Date;
  /** Scores of the base on all items of the loop. */
  readonly baseScores: Scores;
  /** When this process began to work on the run, milliseconds. */
  readonly startedAt: number;
  /** Branch of the events: a rollback or a resume opens the next. */
  branch: number;
  state: ControllerState;
  /** Nothing happened since the newest checkpoint. */
  saved: boolean;
  /** When the newest checkpoint was written, by `now`, milliseconds; and how long that took, seconds. */
  savedAt: number;
  saveSeconds: number;
  /** Measured, for display only. */
  tokensPerSecond: number;
  evaluationSeconds: number;
}

export function emit(work: Pick<Work, "log" | "status" | "branch">, event: NewRunEvent): void {
  const { seq } = work.log.append(event, work.branch);
  work.status.update({ seq, branch: work.branch });
}

/** A phase in the record and in state.json. */
export function enterPhase(work: Pick<Work, "log" | "status" | "branch">, phase: string, message: string): void {
  emit(work, { type: "phase", phase, message });
  work.status.update({ phase, message });
}

export function secondsSoFar(work: Pick<Work, "state" | "startedAt" | "now">): number {
  return work.state.seconds + (work.now().getTime() - work.startedAt) / 1000;
}
