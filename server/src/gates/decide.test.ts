import { describe, expect, it } from "vitest";
import type { BucketName } from "@midtrain/protocol/measures";
import { seededRandom, type Random } from "../platform/random";
import { decide, harmBuckets, isStable, planEvaluations, readGates, type GateEvaluation, type GateHistory, type GatePlan } from "./index";
import { bucketFigures } from "../evaluation";
import { bucketsOf, suiteOf, type Change } from "./test-figures";
import { testPolicy } from "./test-policy";

function planOf(change: Parameters<typeof testPolicy>[0] = {}, steps = 100): GatePlan {
  const policy = testPolicy(change);
  return { policy, steps, evaluations: planEvaluations(steps, policy) };
}

function historyOf(change: Partial<GateHistory> = {}): GateHistory {
  return {
    plan: planOf(),
    evaluations: [],
    policy: { replayShare: 0.3, learningRateScale: 1, fromStep: 0 },
    rollbacks: 0,
    hasReplaySource: true,
    decayFrom: 80,
    ...change,
  };
}

function evaluationAt(step: number, changes: Partial<Record<BucketName, Change>>, itemsLeft: readonly BucketName[] = []): GateEvaluation {
  return { step, tokens: step * 4096, buckets: bucketsOf(changes), itemsLeft };
}

const harmed = { general: { delta: -0.3 } };

describe("harm", () => {
  it("asks for more items at the same state before it acts", () => {
    expect(decide(historyOf(), evaluationAt(46, harmed, ["general", "safety"]))).toMatchObject({
      kind: "more-items",
      buckets: ["general"],
    });
    expect(decide(historyOf(), evaluationAt(46, { safety: { delta: -0.09, error: 0.02 } }, ["safety"]))).toMatchObject({
      kind: "more-items",
      buckets: ["safety"],
    });
  });

  it("rolls back to the last stable state, halves the learning rate and raises replay", () => {
    const evaluations = [
      evaluationAt(10, {}),
      evaluationAt(19, { domain: { delta: 0.1 } }),
      evaluationAt(28, { general: { delta: -0.11 } }),
    ];
    const decision = decide(historyOf({ evaluations }), evaluationAt(37, harmed));
    expect(decision).toMatchObject({
      kind: "rollback",
      bucket: "general",
      rule: "general-beyond-tolerance",
      toStep: 19,
      replayShare: 0.4,
      learningRateScale: 0.5,
    });
    expect(decision).toHaveProperty(
      "why",
      expect.stringContaining("back to step 19, learning rate halved and replay raised from 30.0 % to 40.0 %"),
    );
  });

  it("goes back to the base when nothing was stable, and leaves replay alone where there is none", () => {
    expect(decide(historyOf({ hasReplaySource: false }), evaluationAt(37, harmed))).toMatchObject({
      kind: "rollback",
      toStep: 0,
      replayShare: 0.3,
      learningRateScale: 0.5,
    });
  });

  it("names the bucket furthest beyond its tolerance", () => {
    expect(decide(historyOf(), evaluationAt(37, { ...harmed, safety: { delta: -0.6 }, behaviour: { delta: -0.4 } }))).toMatchObject({
      bucket: "safety",
    });
  });

  it("stops for harm after the last rollback, and at the end of the run", () => {
    const stopped = decide(historyOf({ rollbacks: 2 }), evaluationAt(37, harmed));
    expect(stopped).toMatchObject({ kind: "stop", stopReason: { family: "harm", rule: "general-beyond-tolerance" } });
    expect(decide(historyOf(), evaluationAt(100, harmed))).toMatchObject({ kind: "stop", stopReason: { family: "harm" } });
  });

  it("does not act on a drop that the budget does not confirm", () => {
    const red = evaluationAt(37, { general: { delta: -0.121, error: 0.01 } });
    const [, general] = readGates(planOf(), 37, red.buckets);
    expect(general).toMatchObject({ bucket: "general", verdict: "RED", confirmed: false });
    expect(decide(historyOf(), red).kind).toBe("continue");
  });

  it("acts in the stability-gap window only beyond the widened tolerance", () => {
    const plan = planOf({ gapWindow: { share: 0.3, factor: 2 } });
    const drop = { general: { delta: -0.15, error: 0.005 } };
    expect(decide(historyOf({ plan }), evaluationAt(10, drop)).kind).toBe("continue");
    expect(isStable(readGates(plan, 10, bucketsOf(drop)))).toBe(false);
    expect(decide(historyOf({ plan }), evaluationAt(10, { general: { delta: -0.25, error: 0.005 } })).kind).toBe("rollback");
    expect(decide(historyOf({ plan }), evaluationAt(37, drop)).kind).toBe("rollback");
  });

  it("acts on a side suite too, never on a suite that cannot tell, never on the domain", () => {
    const side = bucketsOf({});
    const withSide = { ...side, general: bucketFigures(side.general.suites[0]!, [suiteOf("general-choice", { delta: -0.4 })]) };
    expect(decide(historyOf(), { ...evaluationAt(37, {}), buckets: withSide })).toMatchObject({
      kind: "rollback",
      suite: "general-choice",
    });
    const atChance = { ...suiteOf("refusals", { delta: -0.4 }), verdict: "UNINFORMATIVE" as const, note: "The base is at chance." };
    const blind = { ...side, safety: bucketFigures(atChance, []) };
    expect(decide(historyOf(), { ...evaluationAt(37, {}), buckets: blind }).kind).toBe("continue");
    expect(decide(historyOf(), evaluationAt(37, { domain: { delta: -0.5 } })).kind).toBe("continue");
  });
});

describe("no more worth", () => {
  const flat = [10, 19, 28, 37].map((step) => evaluationAt(step, { domain: { delta: 0.1 }, general: { delta: -0.09 } }));

  it("stops after N late evaluations without a gain that counts", () => {
    const decision = decide(historyOf({ evaluations: flat }), evaluationAt(46, { domain: { delta: 0.1 }, general: { delta: -0.09 } }));
    expect(decision).toMatchObject({ kind: "stop", stopReason: { family: "no-more-worth", rule: "patience" } });
  });

  it("first lowers replay one notch while every gate is GREEN, and waits again", () => {
    const green = [10, 19, 28].map((step) => evaluationAt(step, { domain: { delta: 0.1 } }));
    const decision = decide(historyOf({ evaluations: green }), evaluationAt(37, { domain: { delta: 0.1 } }));
    expect(decision).toMatchObject({ kind: "policy", replayShare: 0.2, learningRateScale: 1 });
    const after = historyOf({ evaluations: green, policy: { replayShare: 0.2, learningRateScale: 1, fromStep: 37 } });
    expect(decide(after, evaluationAt(46, { domain: { delta: 0.1 } })).kind).toBe("continue");
  });

  it("never lowers replay after harm, nor when a gate cannot tell", () => {
    const green = [10, 19, 28].map((step) => evaluationAt(step, { domain: { delta: 0.1 } }));
    expect(decide(historyOf({ evaluations: green, rollbacks: 1 }), evaluationAt(37, { domain: { delta: 0.1 } })).kind).toBe("stop");
    const blind = evaluationAt(37, { domain: { delta: 0.1 }, safety: { delta: 0, error: 0.2 } });
    expect(blind.buckets.safety.verdict).toBe("UNINFORMATIVE");
    expect(decide(historyOf({ evaluations: green }), blind).kind).not.toBe("policy");
  });

  it("does not give up a run whose learning rate is already falling", () => {
    expect(
      decide(historyOf({ evaluations: flat, decayFrom: 40 }), evaluationAt(46, { domain: { delta: 0.1 }, general: { delta: -0.09 } })).kind,
    ).toBe("continue");
  });

  it("stops when the rest of the run would bring too little per token", () => {
    // Every second evaluation reaches a gain that counts (0.003), so patience never ends; one evaluation is left.
    const creeping = Array.from({ length: 10 }, (_, i) =>
      evaluationAt(10 + 9 * i, { domain: { delta: 0.1 + 0.0016 * i }, general: { delta: -0.09 } }),
    );
    const history = historyOf({ plan: planOf({ patience: 4 }), evaluations: creeping.slice(0, -1), decayFrom: 100 });
    expect(decide(history, creeping.at(-1)!)).toMatchObject({
      kind: "stop",
      stopReason: { family: "no-more-worth", rule: "gain-per-token" },
    });
    const halfway = { ...history, evaluations: creeping.slice(0, 5) };
    expect(decide(halfway, creeping[5]!).kind).toBe("continue");
  });

  it("ends as planned at the last step", () => {
    expect(decide(historyOf(), evaluationAt(100, { domain: { delta: 0.1 } }))).toMatchObject({
      kind: "stop",
      stopReason: { family: "planned-end", text: "All 100 planned steps were done." },
    });
  });
});

/** Standard normal, by Box and Muller. */
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());

/** A mean of cluster changes and its estimated error: what a bucket of 30 clusters shows when the true change is `truth`. */
function measured(random: Random, truth: number, spread: number, clusters: number): Change {
  const values = Array.from({ length: clusters }, () => truth + spread * normal(random));
  const mean = values.reduce((sum, value) => sum + value, 0) / clusters;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (clusters - 1);
  return { delta: mean, error: Math.sqrt(variance / clusters), tolerance: 0.1, clusters };
}

/** One run in which every harm bucket truly changed by `truth`; true when a gate acted. Each evaluation looks twice where it asks for more. */
function someGateActs(random: Random, plan: GatePlan, truth: number): boolean {
  const evaluations: GateEvaluation[] = [];
  const look = (step: number, clusters: number, itemsLeft: readonly BucketName[]): GateEvaluation =>
    evaluationAt(
      step,
      { domain: { delta: step }, ...Object.fromEntries(harmBuckets.map((bucket) => [bucket, measured(random, truth, 0.14, clusters)])) },
      itemsLeft,
    );
  for (const step of plan.evaluations) {
    const history = historyOf({ plan, evaluations, decayFrom: plan.steps });
    let evaluation = look(step, 20, harmBuckets);
    let decision = decide(history, evaluation);
    if (decision.kind === "more-items") {
      evaluation = look(step, 30, []);
      decision = decide(history, evaluation);
    }
    if (decision.kind === "rollback" || (decision.kind === "stop" && decision.stopReason.family === "harm")) return true;
    evaluations.push(evaluation);
  }
  return false;
}

describe("the whole machinery", () => {
  const plan = planOf();
  const share = (truth: number, runs: number): number => {
    const random = seededRandom("machinery", truth * 1000);
    let acted = 0;
    for (let run = 0; run < runs; run++) acted += someGateActs(random, plan, truth) ? 1 : 0;
    return acted / runs;
  };

  it("raises no alarm in runs in which nothing truly changed", () => {
    expect(share(0, 300)).toBe(0);
  });

  it("keeps to its false-alarm budget even where every bucket stands exactly at its tolerance", () => {
    const alarms = share(-0.1, 400);
    expect(alarms).toBeGreaterThan(0.005);
    // The budget is 0.05; three standard errors of 400 runs are 0.033.
    expect(alarms).toBeLessThan(0.083);
  });

  it("finds a drop of two tolerances nearly always", () => {
    expect(share(-0.2, 200)).toBeGreaterThan(0.95);
  });
});
