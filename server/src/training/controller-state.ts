/** All that a controller knows and a checkpoint keeps: from it and the executor's state the rest of a run follows bit for bit. */
import type { Buckets } from "@midtrain/protocol/measures";
import type { PolicySegment } from "@midtrain/protocol/run";
import { MidtrainError } from "@midtrain/protocol/errors";
import { parseControllerState } from "@midtrain/protocol/run-schemas";
import type { Decision } from "../gates";
import type { LadderState } from "./ladder";

/** One evaluated state. */
export interface EvaluationRecord {
  readonly step: number;
  /** Branch of the events at that time: names the item file and the point in charts. */
  readonly branch: number;
  readonly tokens: number;
  readonly buckets: Buckets;
  readonly score: number;
  /** Within every unwidened tolerance: a state worth going back to. */
  readonly stable: boolean;
  /** False once a rollback undid it; it stays a candidate. */
  readonly live: boolean;
  /** Directory relative to the run. */
  readonly checkpoint: string;
}

export interface ControllerState {
  readonly format: 1;
  /** Checkpoints written so far. */
  readonly ordinal: number;
  /** Updates done on the live branch. */
  readonly step: number;
  /** Tokens processed, undone branches included. */
  readonly tokens: number;
  readonly segments: readonly PolicySegment[];
  readonly ladder: LadderState;
  /** Rollbacks that gates asked for. */
  readonly gateRollbacks: number;
  /** The base at step 0, on the items of the loop's first evaluations. */
  readonly baseline: Buckets;
  readonly evaluations: readonly EvaluationRecord[];
  /** What was decided at this state and not yet done: a resume does it first. */
  readonly pending: Decision | null;
  /** Seconds of work so far, all processes together; shown, never decided on. */
  readonly seconds: number;
}

export function checkedState(value: unknown, where: string): ControllerState {
  const parsed = parseControllerState(value);
  if (parsed.ok) return parsed.value as ControllerState;
  throw new MidtrainError({
    reason: "corrupt",
    message: `The controller's part of the checkpoint is not what it should be: ${parsed.problem}.`,
    where,
    next: "Remove the checkpoint directory; the next older one is used.",
  });
}

export function liveEvaluations(state: ControllerState): readonly EvaluationRecord[] {
  return state.evaluations.filter((record) => record.live);
}

/** The last live state within every tolerance; undefined: the base. */
export function lastStableRecord(state: ControllerState): EvaluationRecord | undefined {
  return liveEvaluations(state).findLast((record) => record.stable);
}
