import { describe, expect, it } from "vitest";
import { firstSegment, withPolicy } from "./segments";
import { learningRateAt, schedulePhases } from "./schedule";

const recipe = { peakLearningRate: 1e-3, warmupShare: 0.1, decayShare: 0.2, decayTo: 0.1, replayShare: 0.3 };
const segments = [firstSegment(recipe)];
const rates = (steps: number, change: Partial<typeof recipe> = {}): number[] =>
  Array.from({ length: steps }, (_, step) => learningRateAt(step, steps, { ...recipe, ...change }, segments));

describe("learningRateAt", () => {
  it("rises, stays, and falls to a tenth at the last update", () => {
    const curve = rates(100);
    expect(schedulePhases(100, recipe)).toEqual({ warmupSteps: 10, decayFrom: 80 });
    expect(curve[0]).toBeCloseTo(1e-4, 12);
    expect(curve.slice(9, 80).every((rate) => Math.abs(rate - 1e-3) < 1e-15)).toBe(true);
    expect(curve[99]).toBeCloseTo(1e-4, 12);
    expect(curve.slice(80).every((rate, i) => rate < curve[79 + i]!)).toBe(true);
  });

  it("is positive and at most the peak for every length and shape", () => {
    for (const steps of [1, 2, 3, 7, 50]) {
      for (const change of [
        {},
        { warmupShare: 0 },
        { decayShare: 0 },
        { warmupShare: 0.5, decayShare: 0.5 },
        { decayShare: 1, warmupShare: 0 },
      ]) {
        for (const rate of rates(steps, change)) {
          expect(rate).toBeGreaterThan(0);
          expect(rate).toBeLessThanOrEqual(1e-3 * (1 + 1e-12));
        }
      }
    }
  });

  it("follows the policy in force", () => {
    const halved = withPolicy(segments, { step: 50, rowsPerStep: 8, replayShare: 0.4, learningRateScale: 0.5, why: "harm" });
    expect(learningRateAt(49, 100, recipe, halved)).toBe(learningRateAt(49, 100, recipe, segments));
    expect(learningRateAt(50, 100, recipe, halved)).toBeCloseTo(5e-4, 15);
    expect(learningRateAt(99, 100, recipe, halved)).toBeCloseTo(5e-5, 15);
  });
});
