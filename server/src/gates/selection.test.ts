import { describe, expect, it } from "vitest";
import type { BucketName } from "@midtrain/protocol/measures";
import { seededRandom, type Random } from "../platform/random";
import { baseBuckets, scoreJ, selectCheckpoint, type Candidate } from "./index";
import { bucketsOf, type Change } from "./test-figures";

const weights = { domain: 1, general: 1, behaviour: 1, safety: 2 };

const candidate = (step: number, changes: Partial<Record<BucketName, Change>>, branch = 0): Candidate => ({
  step,
  branch,
  checkpoint: `checkpoints/${branch}-${step}`,
  buckets: bucketsOf(changes),
});

function randomCandidates(random: Random): Candidate[] {
  const change = (scale: number): Change => ({
    delta: (random.float() - 0.5) * scale,
    error: 0.002 + random.float() * 0.02,
    base: 1 + random.float(),
  });
  return Array.from({ length: random.int(12) }, (_, i) =>
    candidate(10 * (i + 1), { domain: change(0.4), general: change(0.3), behaviour: change(0.3), safety: change(0.3) }, random.int(3)),
  );
}

describe("scoreJ", () => {
  it("is the domain gain over a tenth of the base's, less regressions over their tolerances (CONTRACTS §5)", () => {
    const buckets = bucketsOf({
      domain: { delta: 0.06, base: 1.5 },
      general: { delta: -0.03, tolerance: 0.06 },
      behaviour: { delta: -1, tolerance: 2, error: 0.1 },
      safety: { delta: -0.02, tolerance: 0.08 },
    });
    expect(scoreJ(buckets, weights)).toBeCloseTo(0.06 / 0.15 - 0.5 - 0.5 - 2 * 0.25, 12);
    expect(scoreJ(buckets, { domain: 2, general: 0, behaviour: 0, safety: 0 })).toBeCloseTo(0.8, 12);
  });

  it("gives nothing for an improvement of a harm bucket, and 0 to the base", () => {
    expect(scoreJ(bucketsOf({ general: { delta: 0.5 }, safety: { delta: 0.5 } }), weights)).toBe(0);
    expect(scoreJ(baseBuckets(bucketsOf({ domain: { delta: 0.2 }, general: { delta: -0.5 } })), weights)).toBe(0);
  });

  it("leaves out a bucket on which the base is at chance", () => {
    const buckets = bucketsOf({ safety: { delta: -0.09 } });
    const blind = {
      ...buckets,
      safety: { ...buckets.safety, verdict: "UNINFORMATIVE" as const, cause: "base-at-chance" as const },
    };
    expect(scoreJ(buckets, weights)).toBeLessThan(0);
    expect(scoreJ(blind, weights)).toBe(0);
    expect(baseBuckets(blind).safety).toMatchObject({ verdict: "UNINFORMATIVE", cause: "base-at-chance", delta: 0 });
    expect(baseBuckets(buckets).safety).toMatchObject({ verdict: "GREEN", delta: 0, selected: buckets.safety.base });
  });

  it("still counts a drop in a bucket whose noise hides a drop of the tolerance", () => {
    const buckets = bucketsOf({ safety: { delta: -0.05, error: 0.2 } });
    const noisy = { ...buckets, safety: { ...buckets.safety, cause: "not-visible" as const } };
    expect(noisy.safety.verdict).toBe("UNINFORMATIVE");
    expect(scoreJ(noisy, weights)).toBeCloseTo(-1, 9);
    expect(baseBuckets(noisy).safety.verdict).toBe("GREEN");
  });
});

describe("selectCheckpoint", () => {
  const good = candidate(20, { domain: { delta: 0.2 }, general: { delta: -0.02 } });

  it("takes the highest score on the front, not the last state", () => {
    const last = candidate(30, { domain: { delta: 0.21 }, general: { delta: -0.09 } });
    const { selected, candidates } = selectCheckpoint([candidate(10, { domain: { delta: 0.1 } }), good, last], weights);
    expect(selected).toMatchObject({ step: 20, checkpoint: "checkpoints/0-20" });
    expect(selected.why).toContain("Not the last, step 30");
    expect(candidates.map(({ step }) => step)).toEqual([0, 10, 20, 30]);
  });

  it("never takes a state beyond a tolerance, however large its gain", () => {
    for (const bucket of ["general", "behaviour", "safety"] as const) {
      const greedy = candidate(30, { domain: { delta: 0.9 }, [bucket]: { delta: -0.3 } });
      const { selected, candidates } = selectCheckpoint([good, greedy], weights);
      expect(selected.step).toBe(20);
      expect(candidates.at(-1)).toMatchObject({ eligible: false, why: `${bucket} is beyond its tolerance` });
    }
  });

  it("keeps the base when nothing is gained, when all harm, and when nothing was trained", () => {
    expect(selectCheckpoint([candidate(10, { domain: { delta: 0.01 }, general: { delta: -0.09 } })], weights).selected).toMatchObject({
      step: 0,
      checkpoint: "base",
    });
    expect(selectCheckpoint([candidate(10, { domain: { delta: 0.9 }, safety: { delta: -0.5 } })], weights).selected.why).toContain(
      "beyond a tolerance",
    );
    expect(selectCheckpoint([], weights).selected).toEqual({ step: 0, checkpoint: "base", why: "Nothing was trained: the base stays." });
  });

  it("calls dominated only what is worse by more than one standard error", () => {
    const better = candidate(20, { domain: { delta: 0.2, error: 0.01 } });
    const near = candidate(10, { domain: { delta: 0.195, error: 0.01 } });
    const far = candidate(30, { domain: { delta: 0.15, error: 0.01 } });
    const { candidates } = selectCheckpoint([near, better, far], weights);
    expect(candidates.map(({ step, onFront }) => [step, onFront])).toEqual([
      [0, false],
      [10, true],
      [20, true],
      [30, false],
    ]);
  });

  it("prefers the earlier of two equal states", () => {
    const twin = (step: number): Candidate => candidate(step, { domain: { delta: 0.2 } });
    expect(selectCheckpoint([twin(30), twin(20), twin(40)], weights).selected.step).toBe(20);
  });

  it.each(Array.from({ length: 60 }, (_, i) => i))("holds its promises and recomputes bit-equal from what is stored (seed %i)", (seed) => {
    const evaluated = randomCandidates(seededRandom("selection", seed));
    const selection = selectCheckpoint(evaluated, weights);
    const chosen = selection.candidates.find(({ checkpoint }) => checkpoint === selection.selected.checkpoint)!;
    expect(chosen.step === 0 || (chosen.eligible && chosen.onFront)).toBe(true);
    expect(chosen.score).toBeGreaterThanOrEqual(0);
    for (const other of selection.candidates) if (other.eligible && other.onFront) expect(chosen.score).toBeGreaterThanOrEqual(other.score);
    const stored = JSON.parse(JSON.stringify({ evaluated, weights, selection })) as {
      evaluated: Candidate[];
      weights: typeof weights;
      selection: unknown;
    };
    expect(selectCheckpoint(stored.evaluated, stored.weights)).toEqual(stored.selection);
    expect(JSON.stringify(selectCheckpoint(stored.evaluated, stored.weights))).toBe(JSON.stringify(selection));
  });
});
