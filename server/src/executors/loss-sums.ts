import type { Row, StepResult } from "@midtrain/protocol/executor";

/**
 * Weighted loss sums by source, in float64, in order of first appearance.
 * `tokens` is the sum of the loss weights: a count, where weights are 0 or 1.
 * @param losses nats per prediction, rows padded to `length`
 */
export function sumLosses(
  rows: readonly Row[],
  length: number,
  losses: Float32Array,
): { readonly bySource: StepResult["bySource"]; readonly mean: number } {
  const sums = new Map<string, { lossSum: number; tokens: number }>();
  for (const [index, row] of rows.entries()) {
    const sum = sums.get(row.source) ?? { lossSum: 0, tokens: 0 };
    sums.set(row.source, sum);
    for (let t = 1; t < row.tokens.length; t++) {
      const weight = row.lossWeights[t]!;
      if (weight === 0) continue;
      sum.lossSum += weight * losses[index * length + t - 1]!;
      sum.tokens += weight;
    }
  }
  const bySource = [...sums].map(([source, sum]) => ({ source, ...sum }));
  const lossSum = bySource.reduce((total, sum) => total + sum.lossSum, 0);
  return { bySource, mean: lossSum / bySource.reduce((total, sum) => total + sum.tokens, 0) };
}
