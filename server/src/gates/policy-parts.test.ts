import { describe, expect, it } from "vitest";
import { dial } from "@midtrain/protocol/dial";
import { seededRandom } from "../platform/random";
import {
  domainProgress,
  falseAlarmLedger,
  holm,
  inGapWindow,
  notchDown,
  notchUp,
  planEvaluations,
  replayNotches,
  toleranceFactor,
  toleranceOf,
} from "./index";
import { testPolicy } from "./test-policy";

describe("planEvaluations", () => {
  it.each(Object.entries(dial))("has the dial's evaluations for %s on a long run", (_risk, settings) => {
    const planned = planEvaluations(1000, settings);
    expect(planned.filter((step) => step <= 100).length).toBe(settings.evaluationsEarly);
    expect(planned.filter((step) => step > 100).length).toBe(settings.evaluationsLate);
    expect(planned.at(-1)).toBe(1000);
  });

  it("ascends, ends at the last step and names no step twice, on runs of any length", () => {
    for (let steps = 1; steps <= 120; steps++) {
      for (const settings of Object.values(dial)) {
        const planned = planEvaluations(steps, settings);
        expect(planned.at(-1)).toBe(steps);
        expect(planned[0]).toBeGreaterThanOrEqual(1);
        expect(planned.every((step, i) => Number.isInteger(step) && (i === 0 || step > planned[i - 1]!))).toBe(true);
      }
    }
    expect(planEvaluations(0, dial.normal)).toEqual([]);
  });
});

describe("falseAlarmLedger", () => {
  it("spends equal parts, the whole budget at the end, and nothing more when a step is evaluated again", () => {
    const planned = [5, 10, 50, 100];
    const spent = [0, 5, 10, 50, 100].map((step) => falseAlarmLedger({ falseAlarmBudget: 0.08 }, planned, step).spent);
    expect(spent).toEqual([0, 0.02, 0.04, 0.06, 0.08]);
    expect(falseAlarmLedger({ falseAlarmBudget: 0.08 }, planned, 10)).toEqual({ budget: 0.08, perEvaluation: 0.02, spent: 0.04 });
  });
});

describe("holm", () => {
  it("steps down from alpha over the number of hypotheses, and stops at the first that stays", () => {
    expect(holm([0.01, 0.04, 0.03], 0.05)).toEqual([
      { rejected: true, level: 0.05 / 3 },
      { rejected: false, level: 0.05 },
      { rejected: false, level: 0.025 },
    ]);
    expect(holm([0.01, 0.02, 0.04], 0.05).map((test) => test.rejected)).toEqual([true, true, true]);
    expect(holm([], 0.05)).toEqual([]);
  });

  it("rejects what Bonferroni rejects, and nothing above alpha", () => {
    const random = seededRandom("holm");
    for (let i = 0; i < 500; i++) {
      const pValues = Array.from({ length: 1 + random.int(5) }, () => random.float() ** 4);
      const results = holm(pValues, 0.05);
      for (const [k, p] of pValues.entries()) {
        if (p <= 0.05 / pValues.length) expect(results[k]!.rejected).toBe(true);
        if (p > 0.05) expect(results[k]!.rejected).toBe(false);
      }
    }
  });
});

describe("tolerances", () => {
  it("are a share of the base's bits per byte, nats, and AUC", () => {
    const policy = testPolicy({ generalTolerance: 0.05, behaviourTolerance: 2, safetyTolerance: 0.08 });
    expect(toleranceOf(policy, "bits-per-byte", 1.6)).toBeCloseTo(0.08, 12);
    expect(toleranceOf(policy, "log-likelihood", -4)).toBe(2);
    expect(toleranceOf(policy, "margin", 3)).toBe(2);
    expect(toleranceOf(policy, "refusal-auc", 0.9)).toBe(0.08);
  });

  it("are widened in the declared window only", () => {
    const policy = testPolicy({ gapWindow: { share: 0.3, factor: 2 } });
    expect([0, 1, 30, 31, 100].map((step) => toleranceFactor(policy, step, 100))).toEqual([1, 2, 2, 1, 1]);
    expect(inGapWindow(testPolicy({ gapWindow: { share: 0, factor: 2 } }), 1, 100)).toBe(false);
  });
});

describe("replay notches", () => {
  it("go up and down by one, from any share", () => {
    expect([0, 0.05, 0.1, 0.3, 0.4, 0.6, 0.8].map(notchUp)).toEqual([0.1, 0.1, 0.2, 0.4, 0.5, 0.6, 0.8]);
    expect([0.8, 0.6, 0.4, 0.35, 0.1, 0.05, 0].map(notchDown)).toEqual([0.6, 0.5, 0.3, 0.3, 0.1, 0.05, 0]);
    for (const notch of replayNotches.slice(2)) expect(notchUp(notchDown(notch))).toBe(notch);
  });
});

describe("domainProgress", () => {
  const progress = (deltas: readonly number[], policyFrom = 0) =>
    domainProgress({
      policy: { domainGain: 0.01, patience: 3 },
      steps: 100,
      baseBitsPerByte: 2,
      points: deltas.map((delta, i) => ({ step: 10 * (i + 1), tokens: 1000 * (i + 1), delta })),
      policyFrom,
    });

  it("counts evaluations in a row without a gain that counts", () => {
    expect(progress([0.1, 0.2, 0.21, 0.215]).misses).toBe(2);
    expect(progress([0.1, 0.2, 0.21, 0.23]).misses).toBe(0);
    expect(progress([0.1, 0.2, 0.1, 0.19, 0.2]).misses).toBe(3);
  });

  it("lets slow gains add up until they count", () => {
    expect(progress([0.1, 0.108, 0.116, 0.124]).misses).toBe(0);
  });

  it("does not judge the dense first tenth, in which a domain may get worse", () => {
    const early = [-0.02, -0.05, -0.04].map((delta, i) => ({ step: 2 + i, tokens: i, delta }));
    expect(
      domainProgress({ policy: { domainGain: 0.01, patience: 3 }, steps: 100, baseBitsPerByte: 2, points: early, policyFrom: 0 }).misses,
    ).toBe(0);
  });

  it("begins anew under another policy", () => {
    expect(progress([0.1, 0.2, 0.2, 0.2, 0.2], 40).misses).toBe(1);
  });

  it("projects the rest of the run from the gain per token", () => {
    expect(progress([0.1, 0.11, 0.12, 0.13, 0.14]).projected).toBeCloseTo(0.05, 9);
    expect(progress([0.1, 0.11]).projected).toBeUndefined();
  });
});
