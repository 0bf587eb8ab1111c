import { isLateEvaluation } from "./evaluation-plan";
import type { GatePolicy } from "@midtrain/protocol/run";

/** One evaluation as the stop rule sees it. */
export interface DomainPoint {
  readonly step: number;
  readonly tokens: number;
  /** Domain gain over the base, positive is better. */
  readonly delta: number;
}

export interface DomainProgress {
  /** Gain that counts, in bits per byte. */
  readonly counts: number;
  /** Late evaluations in a row, up to now and under the present policy, that brought no gain that counts. */
  readonly misses: number;
  /** What the rest of the run would bring at the rate of the last `patience` evaluations; undefined while there are too few. */
  readonly projected?: number;
}

/**
 * Is the next token still worth it (chapter §4.4)? A gain counts when the best so far is beaten by a declared share of the base's bits per
 * byte, so slow but steady gains add up until they count. Early evaluations only set the mark to beat.
 */
export function domainProgress(options: {
  readonly policy: Pick<GatePolicy, "domainGain" | "patience">;
  readonly steps: number;
  readonly baseBitsPerByte: number;
  /** Live evaluations, ascending; the last is the present one. */
  readonly points: readonly DomainPoint[];
  /** First step of the present policy. */
  readonly policyFrom: number;
}): DomainProgress {
  const { policy, steps, points, policyFrom } = options;
  const counts = policy.domainGain * options.baseBitsPerByte;
  let mark = 0;
  let misses = 0;
  for (const { step, delta } of points) {
    const gained = delta >= mark + counts;
    const judged = isLateEvaluation(step, steps) && step > policyFrom;
    if (gained || !judged) mark = Math.max(mark, delta);
    misses = !judged || gained ? 0 : misses + 1;
  }
  const last = points.at(-1);
  const before = points.at(-1 - policy.patience);
  if (last === undefined || before === undefined || !isLateEvaluation(before.step, steps) || before.step < policyFrom)
    return { counts, misses };
  const tokensLeft = (last.tokens / Math.max(1, last.step)) * (steps - last.step);
  const rate = (last.delta - before.delta) / Math.max(1, last.tokens - before.tokens);
  return { counts, misses, projected: rate * tokensLeft };
}
