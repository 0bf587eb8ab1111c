import type { GatePolicy } from "@midtrain/protocol/run";

export interface FalseAlarmLedger {
  /** Chance that any gate acts in a run in which nothing truly changed. */
  readonly budget: number;
  /** What one evaluation may spend. */
  readonly perEvaluation: number;
  readonly spent: number;
}

/**
 * The budget is spent in equal parts over the planned evaluations (union bound). A step evaluated again after a rollback spends nothing
 * more: the chance that *any* gate acts was used up when the first one did.
 */
export function falseAlarmLedger(
  policy: Pick<GatePolicy, "falseAlarmBudget">,
  planned: readonly number[],
  reached: number,
): FalseAlarmLedger {
  const budget = policy.falseAlarmBudget;
  const perEvaluation = budget / Math.max(1, planned.length);
  return { budget, perEvaluation, spent: Math.min(budget, perEvaluation * planned.filter((step) => step <= reached).length) };
}

/**
 * Holm's step-down over hypotheses (Holm 1979): which are rejected at the family-wise level `alpha`, and at which level each was tested.
 * Results are in the order of `pValues`.
 */
export function holm(pValues: readonly number[], alpha: number): readonly { readonly rejected: boolean; readonly level: number }[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]! || a - b);
  const results: { rejected: boolean; level: number }[] = pValues.map(() => ({ rejected: false, level: alpha }));
  let rejecting = true;
  for (const [rank, i] of order.entries()) {
    const level = alpha / (pValues.length - rank);
    rejecting &&= pValues[i]! <= level;
    results[i] = { rejected: rejecting, level };
  }
  return results;
}
