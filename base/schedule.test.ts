import { describe, expect, it } from "vitest";
import { decay, learningRate, planFor, rowsOfStep, second } from "./schedule";
import { embedded } from "./sizes";
import type { StreamName } from "./rows";

const rowsIn: Readonly<Record<StreamName, number>> = {
  general: 4000,
  formats: 300,
  refusals: 200,
  "fresh-formats": 500,
  "fresh-refusals": 400,
};
const { recipe } = embedded;
const plan = planFor(2_000_000, recipe);
const drawn = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => rowsOfStep(from + i, plan, rowsIn)).flat();
const share = (from: number, to: number, stream: StreamName): number =>
  drawn(from, to).filter((row) => row.stream === stream).length / ((to - from) * recipe.rowsPerStep);

describe("schedule of the base's training", () => {
  it("fills every step and meets the shares of each part", () => {
    for (let step = 0; step < plan.steps; step++) expect(rowsOfStep(step, plan, rowsIn)).toHaveLength(recipe.rowsPerStep);
    expect(share(0, plan.decayFrom, "formats")).toBeCloseTo(recipe.shares.formats, 2);
    expect(share(plan.decayFrom, plan.secondFrom, "refusals")).toBeCloseTo(decay.shares.refusals, 2);
    expect(share(plan.secondFrom, plan.steps, "fresh-formats")).toBeCloseTo(second.shares.formats, 1);
    expect(share(plan.secondFrom, plan.steps, "formats")).toBe(0);
  });

  it("reads every row of a stream once before any repeats", () => {
    const general = drawn(0, plan.steps).filter(({ stream }) => stream === "general");
    expect(general.length).toBeLessThan(rowsIn.general);
    expect(new Set(general.map(({ row }) => row)).size).toBe(general.length);
  });

  it("is the same for a longer training until the decay begins", () => {
    const longer = planFor(4_000_000, recipe);
    for (const step of [0, 17, plan.decayFrom - 1]) {
      expect(rowsOfStep(step, longer, rowsIn)).toEqual(rowsOfStep(step, plan, rowsIn));
      expect(learningRate(step, longer)).toBe(learningRate(step, plan));
    }
  });

  it("warms up to the peak, falls to the declared ends, and warms up a little again", () => {
    expect(learningRate(0, plan)).toBeCloseTo(recipe.peak / recipe.warmupSteps, 10);
    expect(learningRate(recipe.warmupSteps, plan)).toBe(recipe.peak);
    expect(learningRate(plan.secondFrom - 1, plan)).toBeCloseTo(recipe.peak * decay.finalRate, 10);
    expect(learningRate(plan.secondFrom, plan)).toBeGreaterThan(recipe.peak * second.rate * 0.9);
    expect(learningRate(plan.steps - 1, plan)).toBeCloseTo(recipe.peak * second.finalRate, 10);
  });
});
