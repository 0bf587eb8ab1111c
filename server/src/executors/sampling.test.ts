import { describe, expect, it } from "vitest";
import { seededRandom } from "../platform/random";
import { sampleToken } from "./sampling";

describe("sampling", () => {
  const logits = Float32Array.from([1, 3, 2, 0, -50].map((value) => value * Math.LN2));

  function shares(options: { temperature: number; topK?: number }): number[] {
    const random = seededRandom("shares");
    const counts = [0, 0, 0, 0, 0];
    for (let draw = 0; draw < 20000; draw++) counts[sampleToken(logits, options, random)]! += 1 / 20000;
    return counts;
  }

  it("takes the most likely token at temperature 0, the first of equals", () => {
    expect(sampleToken(logits, { temperature: 0 }, seededRandom(1))).toBe(1);
    expect(sampleToken(Float32Array.of(2, 5, 5), { temperature: 0 }, seededRandom(1))).toBe(1);
  });

  it("draws in proportion to the probabilities", () => {
    const expected = [2, 8, 4, 1, 0].map((weight) => weight / 15);
    for (const [token, share] of shares({ temperature: 1 }).entries()) expect(Math.abs(share - expected[token]!)).toBeLessThan(0.02);
  });

  it("draws among the top k only, renormalised", () => {
    const expected = [0, 8 / 12, 4 / 12, 0, 0];
    for (const [token, share] of shares({ temperature: 1, topK: 2 }).entries())
      expect(Math.abs(share - expected[token]!)).toBeLessThan(0.02);
  });

  it("flattens with the temperature", () => {
    const weights = [2, 8, 4, 1].map(Math.sqrt);
    const sum = weights.reduce((a, b) => a + b);
    const drawn = shares({ temperature: 2 });
    for (const [token, weight] of weights.entries()) expect(Math.abs(drawn[token]! - weight / sum)).toBeLessThan(0.02);
  });
});
