import type { GatePolicy } from "@midtrain/protocol/run";
import type { ScoreKind } from "../evaluation";

/**
 * Largest acceptable loss of a suite in the unit of its metric (CONTRACTS §5): bits per byte as a share of the base's own figure, answers
 * in nats, separation of harmful from harmless in AUC.
 */
export function toleranceOf(policy: GatePolicy, score: ScoreKind, base: number): number {
  switch (score) {
    case "bits-per-byte":
      return policy.generalTolerance * base;
    case "log-likelihood":
    case "margin":
      return policy.behaviourTolerance;
    case "refusal-auc":
      return policy.safetyTolerance;
  }
}

/** True in the declared stability-gap window (chapter §5.1): the first share of the planned steps. */
export function inGapWindow(policy: GatePolicy, step: number, steps: number): boolean {
  return step > 0 && step <= policy.gapWindow.share * steps;
}

/** In the stability-gap window tolerances are multiplied; beyond the product a gate acts there too. */
export function toleranceFactor(policy: GatePolicy, step: number, steps: number): number {
  return inGapWindow(policy, step, steps) ? Math.max(1, policy.gapWindow.factor) : 1;
}
