import { describe, expect, it } from "vitest";
import { adamwStep, gradientNorm } from "./adamw";
import type { ParameterLayout, ParameterSegment } from "./parameter-layout";

const segment = (name: string, offset: number, length: number, decays: boolean): ParameterSegment => {
  return { name, shape: [length], offset, length, decays, role: decays ? "matrix" : "gain" };
};
const layout: ParameterLayout = { segments: [segment("w", 0, 2, true), segment("norm", 2, 1, false)], graph: [], total: 3 };
const constants = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 };

describe("AdamW", () => {
  it("moves like the published update, with decay on matrices only", () => {
    const state = { parameters: Float32Array.of(1, -2, 3), first: new Float32Array(3), second: new Float32Array(3), steps: 0 };
    const gradients = [
      [0.5, -0.25, 2],
      [-1, 0, 0.125],
      [0.25, 0.25, -4],
    ];
    const expected = [1, -2, 3];
    const [m, v] = [
      [0, 0, 0],
      [0, 0, 0],
    ];
    for (const [step, gradient] of gradients.entries()) {
      adamwStep(state, layout, Float32Array.from(gradient), constants, 0.01, 0.5);
      for (const [index, raw] of gradient.entries()) {
        const g = raw * 0.5;
        m[index] = 0.9 * m[index]! + 0.1 * g;
        v[index] = 0.95 * v[index]! + 0.05 * g * g;
        const update = m[index] / (1 - 0.9 ** (step + 1)) / (Math.sqrt(v[index] / (1 - 0.95 ** (step + 1))) + 1e-8);
        expected[index] = expected[index]! * (index < 2 ? 1 - 0.01 * 0.1 : 1) - 0.01 * update;
      }
    }
    expect(state.steps).toBe(3);
    for (const [index, value] of expected.entries()) expect(state.parameters[index]).toBeCloseTo(value, 6);
  });

  it("sums the norm without losing small terms", () => {
    const gradient = new Float32Array(3_000_000).fill(1e-3);
    gradient[0] = 1000;
    expect(gradientNorm(gradient)).toBeCloseTo(Math.sqrt(1e6 + 2_999_999 * Math.fround(1e-3) ** 2), 6);
  });
});
