import type { GatePolicy } from "@midtrain/protocol/run";

/**
 * Steps at which a run is evaluated, ascending, the last is `steps`: dense in the first tenth, where the stability gap shows (chapter §5.1),
 * even after it. Short runs have fewer evaluations than the policy names: a step is evaluated once.
 */
export function planEvaluations(steps: number, policy: Pick<GatePolicy, "evaluationsEarly" | "evaluationsLate">): readonly number[] {
  if (steps < 1) return [];
  const early = steps / 10;
  const planned = new Set<number>([steps]);
  for (let i = 1; i <= policy.evaluationsEarly; i++) planned.add(Math.max(1, Math.round((early * i) / policy.evaluationsEarly)));
  for (let i = 1; i <= policy.evaluationsLate; i++)
    planned.add(Math.max(1, Math.round(early + ((steps - early) * i) / policy.evaluationsLate)));
  return [...planned].sort((a, b) => a - b);
}

/** The first evaluation after the dense tenth, and all later ones, judge whether more training is worth it: before, nothing has had time to move. */
export function isLateEvaluation(step: number, steps: number): boolean {
  return step > steps / 10;
}
