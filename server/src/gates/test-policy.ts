import type { GatePolicy } from "@midtrain/protocol/run";

/** For tests: a policy without a stability-gap window unless it is asked for. */
export function testPolicy(change: Partial<GatePolicy> = {}): GatePolicy {
  return {
    generalTolerance: 0.05,
    behaviourTolerance: 2,
    safetyTolerance: 0.08,
    domainGain: 0.003,
    patience: 3,
    evaluationsEarly: 5,
    evaluationsLate: 10,
    gapWindow: { share: 0, factor: 1 },
    falseAlarmBudget: 0.05,
    maxRollbacks: 2,
    ...change,
  };
}
