import { expect, it } from "vitest";
import type { Row } from "@midtrain/protocol/executor";
import { randomRow } from "../test-models";
import { type Bench, failure, stepOptions } from "./bench";

export function stepTests(bench: Bench): void {
  it("passes the leak test, with a change of exactly 0", async () => {
    const executor = await bench.executor();
    expect(await executor.leakTest()).toEqual({ largestChange: 0, passed: true });
  });

  it("reports sums by source that scoring confirms, document by document", async () => {
    const executor = await bench.executor();
    const rows = [randomRow(bench.vocabulary, [20, 12], 1), randomRow(bench.vocabulary, [32], 2, { source: "replay" })];
    const items = rows.flatMap((row) => documentsOf(row).map((tokens) => ({ tokens, scoreFrom: 1, bytes: tokens.length })));
    const nats = (await executor.loglik(items)).map((result) => -result.nats);
    const { bySource, truncated } = await executor.step(rows, stepOptions);
    expect(truncated).toBe(0);
    expect(bySource.map(({ source, tokens }) => [source, tokens])).toEqual([
      ["domain", 30],
      ["replay", 31],
    ]);
    expect(bySource[0]!.lossSum).toBeCloseTo(nats[0]! + nats[1]!, 3);
    expect(bySource[1]!.lossSum).toBeCloseTo(nats[2]!, 3);
  });

  it("counts only positions with a loss weight, and weights them", async () => {
    const executor = await bench.executor();
    const row = randomRow(bench.vocabulary, [16], 3);
    const handle = await executor.snapshot();
    const full = await executor.step([row], stepOptions);
    await executor.restore(handle);
    const half = await executor.step([{ ...row, lossWeights: row.lossWeights.map((weight) => weight / 2) }], stepOptions);
    await executor.restore(handle);
    const masked = await executor.step([{ ...row, lossWeights: row.lossWeights.map((weight, t) => (t < 8 ? 0 : weight)) }], stepOptions);
    expect(half.bySource[0]!.lossSum).toBeCloseTo(full.bySource[0]!.lossSum / 2, 4);
    expect(half.gradNorm).toBeCloseTo(full.gradNorm, 4);
    expect(masked.bySource[0]!.tokens).toBe(8);
    expect(masked.bySource[0]!.lossSum).toBeLessThan(full.bySource[0]!.lossSum);
  });

  it("clips by the global norm: a limit above it changes no bit, one below it does", async () => {
    const executor = await bench.executor();
    await bench.train(executor, 1);
    const start = await executor.snapshot();
    const { gradNorm } = await executor.step(bench.rows(1), { ...stepOptions, clip: 1e9 });
    const after = async (clip: number): Promise<string> => {
      await executor.restore(start);
      expect((await executor.step(bench.rows(1), { ...stepOptions, clip })).gradNorm).toBe(gradNorm);
      return bench.weights(executor);
    };
    const free = await after(1e9);
    expect(await after(gradNorm * 1.01)).toBe(free);
    expect(await after(gradNorm / 4)).not.toBe(free);
  });

  it("learns rows by heart", async () => {
    const executor = await bench.executor();
    const rows = bench.rows(1);
    const loss = async (): Promise<number> => meanLoss((await executor.step(rows, { ...stepOptions, learningRate: 1e-2 })).bySource);
    const first = await loss();
    for (let step = 0; step < 60; step++) await loss();
    expect(await loss()).toBeLessThan(first / 4);
  });

  it("is one global mean: accumulating 1 x 4 and 2 x 2 rows gives the same within 1e-5", async () => {
    const results = [];
    for (const microBatchRows of [1, 2, 4]) {
      const executor = await bench.executor({}, { microBatchRows });
      const { bySource, gradNorm } = await executor.step(bench.rows(5), stepOptions);
      const [after] = await executor.loglik([{ tokens: bench.rows(6)[1]!.tokens, scoreFrom: 1, bytes: 1 }]);
      results.push([...bySource.map(({ lossSum }) => lossSum), gradNorm, after!.nats]);
    }
    for (const result of results.slice(1)) {
      for (const [index, value] of result.entries()) expect(Math.abs(value / results[0]![index]! - 1)).toBeLessThan(1e-5);
    }
  });

  it.each([{ loss: 0.1 }, { gradNorm: 1e-6 }])("refuses a step above %o and leaves the state untouched", async (refuseAbove) => {
    const executor = await bench.executor();
    await bench.train(executor, 2);
    const before = await bench.weights(executor);
    const refused = await executor.step(bench.rows(50), { ...stepOptions, refuseAbove });
    expect(refused.stepped).toBe(false);
    expect(refused.gradNorm).toBeGreaterThan(0);
    expect(await bench.weights(executor)).toBe(before);
    await bench.train(executor, 2, 2);
    const other = await bench.executor();
    await bench.train(other, 4);
    expect(await bench.weights(executor)).toBe(await bench.weights(other));
  });

  it("refuses rows that contradict themselves", async () => {
    const executor = await bench.executor();
    const row = randomRow(bench.vocabulary, [8, 8], 1);
    const bad: [string, Partial<Row>][] = [
      ["a token outside the vocabulary", { tokens: row.tokens.map((token, t) => (t === 5 ? bench.vocabulary : token)) }],
      ["a loss across documents", { lossWeights: row.lossWeights.map(() => 1) }],
      ["a position outside the context", { positions: row.positions.map(() => bench.context) }],
      ["arrays of different lengths", { positions: row.positions.slice(1) }],
      ["a weight that is not a number", { lossWeights: row.lossWeights.map(() => NaN) }],
      ["no loss at all", { lossWeights: row.lossWeights.map(() => 0) }],
    ];
    for (const [what, change] of bad) {
      const error = await failure(executor.step([{ ...row, ...change }], stepOptions));
      expect(error.reason, what).toBe("input");
      expect(error.next, what).toBeTruthy();
    }
  });

  it("keeps to the base by KL where it has it, and refuses where not", async () => {
    const executor = await bench.executor();
    const row = randomRow(bench.vocabulary, [24], 1);
    if (executor.capabilities.kl) {
      const drift = async (klWeight: number): Promise<number> => {
        const learner = await bench.executor();
        expect((await learner.step([{ ...row, klWeight: 1 }], stepOptions)).klSum).toBeCloseTo(0, 3);
        for (let step = 0; step < 20; step++) await learner.step([{ ...row, klWeight }], { ...stepOptions, learningRate: 1e-2 });
        return (await learner.divergence([{ tokens: row.tokens }]))[0]!.nats;
      };
      const [free, held] = [await drift(0), await drift(10)];
      expect(held).toBeGreaterThan(0);
      expect(held).toBeLessThan(free / 2);
      return;
    }
    expect((await failure(executor.step([{ ...row, klWeight: 0.1 }], stepOptions))).reason).toBe("unsupported");
  });
}

function documentsOf(row: Row): number[][] {
  const documents: number[][] = [];
  for (const [t, token] of row.tokens.entries()) (documents[row.documents[t]!] ??= []).push(token);
  return documents;
}

function meanLoss(bySource: readonly { readonly lossSum: number; readonly tokens: number }[]): number {
  return bySource.reduce((sum, { lossSum }) => sum + lossSum, 0) / bySource.reduce((sum, { tokens }) => sum + tokens, 0);
}
