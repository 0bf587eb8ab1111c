import { expect, it } from "vitest";
import { randomRow } from "../test-models";
import { type Bench, failure, nextTokens } from "./bench";

export function scoringTests(bench: Bench): void {
  it("scores the same alone and in any company", async () => {
    const executor = await bench.executor();
    const items = [3, 17, 2, 60, 9, 33, 17].map((length, seed) => ({
      tokens: randomRow(bench.vocabulary, [length], seed).tokens,
      scoreFrom: 1 + (seed % 2),
      bytes: 10 + seed,
    }));
    const together = await executor.loglik(items);
    for (const [index, item] of items.entries()) {
      const [alone] = await executor.loglik([item]);
      expect(together[index]!.bytes).toBe(item.bytes);
      expect(Math.abs(alone!.nats - together[index]!.nats)).toBeLessThan(1e-4);
    }
  });

  it("adds up: a prefix and its rest are the whole", async () => {
    const executor = await bench.executor();
    const tokens = Array.from(randomRow(bench.vocabulary, [30], 1).tokens);
    const items = [
      { tokens, scoreFrom: 1, bytes: 1 },
      { tokens: tokens.slice(0, 12), scoreFrom: 1, bytes: 1 },
      { tokens, scoreFrom: 12, bytes: 1 },
    ];
    const [whole, prefix, rest] = (await executor.loglik(items)).map(({ nats }) => nats);
    expect(prefix! + rest!).toBeCloseTo(whole!, 3);
  });

  it("is a probability: the scores of all next tokens sum to one", async () => {
    const executor = await bench.executor();
    const scores = await executor.loglik(nextTokens(bench, [1, 2, 3]));
    expect(scores.reduce((sum, { nats }) => sum + Math.exp(nats), 0)).toBeCloseTo(1, 5);
  });

  it("has nothing to say about an empty part or an empty list", async () => {
    const executor = await bench.executor();
    expect(await executor.loglik([])).toEqual([]);
    expect(await executor.loglik([{ tokens: [1, 2], scoreFrom: 2, bytes: 0 }])).toEqual([{ nats: 0, bytes: 0 }]);
  });

  it.each([
    ["a score without a prefix", { tokens: [1, 2], scoreFrom: 0, bytes: 1 }],
    ["an empty item", { tokens: [], scoreFrom: 1, bytes: 1 }],
    ["a token outside the vocabulary", { tokens: [1, 999999, 2], scoreFrom: 1, bytes: 1 }],
    ["a last token outside the vocabulary", { tokens: [1, -1], scoreFrom: 1, bytes: 1 }],
    ["an item longer than the context", { tokens: Array.from({ length: 5000 }, () => 1), scoreFrom: 1, bytes: 1 }],
  ])("refuses %s", async (_what, item) => {
    const error = await failure((await bench.executor()).loglik([item]));
    expect([error.reason, error.where?.startsWith("item 0")]).toEqual(["input", true]);
  });
}

export function divergenceTests(bench: Bench): void {
  const prefix = [5, 9, 2];

  it("is exactly 0 between the base and itself", async () => {
    const executor = await bench.executor();
    expect(await executor.divergence([{ tokens: prefix }, { tokens: [7] }])).toEqual([
      { nats: 0, positions: 3 },
      { nats: 0, positions: 1 },
    ]);
  });

  it("is the full-vocabulary KL to the base, after training", async () => {
    const executor = await bench.executor();
    const expected = [0, 0, 0];
    const probabilities = async (length: number): Promise<number[]> => {
      return (await executor.loglik(nextTokens(bench, prefix.slice(0, length)))).map(({ nats }) => nats);
    };
    const base = [await probabilities(1), await probabilities(2), await probabilities(3)];
    await bench.train(executor, 4);
    for (const [index, before] of base.entries()) {
      const after = await probabilities(index + 1);
      for (const [token, logP] of before.entries()) expected[index]! += Math.exp(logP) * (logP - after[token]!);
    }
    const [result] = await executor.divergence([{ tokens: prefix }]);
    const sum = expected[0]! + expected[1]! + expected[2]!;
    expect(sum).toBeGreaterThan(1e-3);
    expect(Math.abs(result!.nats / sum - 1)).toBeLessThan(1e-3);
  });
}
