import type { StopReason } from "@midtrain/protocol/run";
import { plural, significant } from "@midtrain/protocol/words";

/** Anomaly detection and what follows from it (chapter §5.3, §5.4), as a plain record: it is saved with every checkpoint. */
export interface LadderState {
  /** Loss and gradient norm of the last accepted steps, oldest first. A refused step leaves no trace here. */
  readonly losses: readonly number[];
  readonly gradNorms: readonly number[];
  /** Steps skipped of late. */
  readonly skipped: readonly number[];
  /** Rollbacks that anomalies made. */
  readonly rollbacks: number;
}

export interface LadderStep {
  readonly step: number;
  /** Mean loss per token, nats. */
  readonly loss: number;
  readonly gradNorm: number;
  /** False when the executor refused the step: weights and moments are as before. */
  readonly stepped: boolean;
}

export type LadderAction =
  | { readonly action: "none" }
  | { readonly action: "skip"; readonly rule: string; readonly text: string }
  /** Back to the last stable state; the data drawn so far is jumped. */
  | {
      readonly action: "rollback";
      readonly rule: string;
      readonly text: string;
      readonly halveLearningRate: boolean;
      readonly raiseReplay: boolean;
    }
  | { readonly action: "stop"; readonly rule: string; readonly text: string; readonly stopReason: StopReason };

/** Accepted steps that are remembered, and how many it takes before anything is called an anomaly. */
const windowLength = 64;
const fewestAccepted = 16;
/** In robust standard deviations (1.4826 × median absolute deviation): far beyond the noise of honest batches. */
const deviations = 8;
/** A limit is never nearer to the median than this share of it: in a calm stretch the deviation goes to nothing. */
const nearest = { loss: 0.3, gradNorm: 2 };
const skipWindow = 50;
const mostSkips = 3;
const mostRollbacks = 2;

export const startOfLadder: LadderState = { losses: [], gradNorms: [], skipped: [], rollbacks: 0 };

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function upperLimit(values: readonly number[], share: number): number {
  const center = median(values);
  const spread = 1.4826 * median(values.map((value) => Math.abs(value - center)));
  return center + Math.max(deviations * spread, share * center);
}

/** Above these the executor refuses a step; none until enough steps were accepted. */
export function ladderLimits({ losses, gradNorms }: LadderState): { readonly loss?: number; readonly gradNorm?: number } {
  if (losses.length < fewestAccepted) return {};
  return { loss: upperLimit(losses, nearest.loss), gradNorm: upperLimit(gradNorms, nearest.gradNorm) };
}

function ruleOf(state: LadderState, { loss, gradNorm }: LadderStep): { rule: string; text: string } {
  if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) return { rule: "not-a-number", text: "loss or gradient norm is not a number" };
  const limits = ladderLimits(state);
  if (limits.loss !== undefined && loss > limits.loss) {
    return {
      rule: "loss-spike",
      text: `loss ${significant(loss)} is above ${significant(limits.loss)}, far from the last ${plural(state.losses.length, "step")}`,
    };
  }
  const limit = limits.gradNorm === undefined ? "" : ` is above ${significant(limits.gradNorm)}`;
  return { rule: "gradient-spike", text: `gradient norm ${significant(gradNorm)}${limit}` };
}

/**
 * One rung at a time: skip the step; on the third skip in 50 steps, or on anything that is not a number, roll back and jump the data
 * window; the second time also halve the learning rate and raise replay; then stop and explain.
 */
export function climbLadder(state: LadderState, step: LadderStep): { readonly state: LadderState; readonly action: LadderAction } {
  if (step.stepped) {
    const losses = [...state.losses, step.loss].slice(-windowLength);
    const gradNorms = [...state.gradNorms, step.gradNorm].slice(-windowLength);
    return { state: { ...state, losses, gradNorms }, action: { action: "none" } };
  }
  const { rule, text } = ruleOf(state, step);
  const skipped = [...state.skipped.filter((earlier) => earlier > step.step - skipWindow), step.step];
  if (rule !== "not-a-number" && skipped.length < mostSkips) {
    return { state: { ...state, skipped }, action: { action: "skip", rule, text: `Step ${step.step} skipped: ${text}.` } };
  }
  const reason =
    rule === "not-a-number" ? text : `${plural(skipped.length, "step")} skipped within ${skipWindow}, the last because ${text}`;
  if (state.rollbacks >= mostRollbacks) {
    const words = `Training does not become stable: ${reason}, after ${plural(state.rollbacks, "rollback")}.`;
    return {
      state: { ...state, skipped },
      action: { action: "stop", rule, text: words, stopReason: { family: "failure", rule, text: words } },
    };
  }
  const again = state.rollbacks > 0;
  const words = `Back to the last stable state, past this data${again ? ", learning rate halved, replay raised" : ""}: ${reason}.`;
  return {
    state: { ...state, skipped: [], rollbacks: state.rollbacks + 1 },
    action: { action: "rollback", rule, text: words, halveLearningRate: again, raiseReplay: again },
  };
}
