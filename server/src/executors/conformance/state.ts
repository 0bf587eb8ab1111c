import { existsSync, readdirSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { MidtrainError } from "@midtrain/protocol/errors";
import { type Bench, failure } from "./bench";

export function stateTests(bench: Bench): void {
  it("resumes bit for bit in a new executor", async () => {
    const first = await bench.executor();
    await bench.train(first, 3);
    const state = bench.path("state");
    await first.saveState(state);
    await bench.train(first, 3, 3);
    const second = await bench.executor();
    await second.loadState(state);
    await bench.train(second, 3, 3);
    expect(await bench.weights(second)).toBe(await bench.weights(first));
  });

  it("replaces a state that a directory held before", async () => {
    const executor = await bench.executor();
    const state = bench.path("state");
    await bench.train(executor, 1);
    await executor.saveState(state);
    const files = readdirSync(state).length;
    await bench.train(executor, 1, 1);
    await executor.saveState(state);
    expect(readdirSync(state).length).toBe(files);
    const expected = await bench.weights(executor);
    await bench.train(executor, 1, 2);
    await executor.loadState(state);
    expect(await bench.weights(executor)).toBe(expected);
  });

  it("says which file is truncated, and keeps its own state", async () => {
    const executor = await bench.executor();
    await bench.train(executor, 1);
    const before = await bench.weights(executor);
    const whole = bench.path("state");
    await executor.saveState(whole);
    for (const name of readdirSync(whole)) {
      const state = bench.path("state");
      await executor.saveState(state);
      const file = join(state, name);
      truncateSync(file, Math.floor(readFileSync(file).length * 0.6));
      const error = await failure(executor.loadState(state));
      expect([error.reason, error.where]).toEqual(["corrupt", file]);
      expect(error.next).toBeTruthy();
    }
    expect((await failure(executor.loadState(bench.path("nothing")))).reason).toBe("corrupt");
    expect(await bench.weights(executor)).toBe(before);
  });

  it("restores a snapshot bit for bit, as often as asked", async () => {
    const executor = await bench.executor();
    await bench.train(executor, 2);
    const handle = await executor.snapshot();
    await bench.train(executor, 2, 2);
    const expected = await bench.weights(executor);
    for (let repeat = 0; repeat < 2; repeat++) {
      await executor.restore(handle);
      await bench.train(executor, 2, 2);
      expect(await bench.weights(executor)).toBe(expected);
    }
    await executor.release(handle);
    expect(MidtrainError.is(await failure(executor.restore(handle)))).toBe(true);
  });

  it("saves a model that scores alike when loaded", async () => {
    const executor = await bench.executor();
    await bench.train(executor, 3);
    const saved = bench.path("model");
    await executor.saveModel(saved);
    expect(existsSync(join(saved, "config.json"))).toBe(true);
    const items = bench.rows(9).map(({ tokens }) => ({ tokens, scoreFrom: 1, bytes: 1 }));
    const again = await bench.executor({ model: saved });
    expect(await again.loglik(items)).toEqual(await executor.loglik(items));
  });
}
