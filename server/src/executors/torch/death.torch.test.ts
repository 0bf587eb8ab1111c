import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Executor, ExecutorEvent, LoadOptions } from "@midtrain/protocol/executor";
import { trainerDirectory } from "../../config";
import { initializeModel } from "../model-files";
import { randomRow, tinyConfigs } from "../test-models";
import { trainingInterpreter } from "./interpreter";
import { createTorchExecutor } from "./torch-executor";
import { workerProcesses } from "../worker-processes.test-support";

const directory = mkdtempSync(join(tmpdir(), "midtrain-death-"));
const model = join(directory, "model");
const state = join(directory, "state");
const loadOptions: LoadOptions = {
  model,
  precision: "fp32",
  method: "full",
  seed: 1,
  optimizer: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 },
  threads: 1,
};
const step = { learningRate: 1e-3, clip: 1, refuseAbove: {} };
const rows = [randomRow(48, [12, 20], 1)];
const items = [{ tokens: [1, 2, 3], scoreFrom: 1, bytes: 3 }];
const greedy = { maxTokens: 40, temperature: 0, stopTokens: [], seed: 1 };

beforeAll(() => void initializeModel({ directory: model, config: tinyConfigs["Llama, grouped queries, tied"], seed: 1 }));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.skipIf(!existsSync("/proc/self/task"))("a torch worker that is killed (needs /proc)", () => {
  const verbs: [string, (executor: Executor) => Promise<unknown>][] = [
    ["load", (executor) => executor.load(loadOptions)],
    ["leakTest", (executor) => executor.leakTest()],
    ["step", (executor) => executor.step(rows, step)],
    ["loglik", (executor) => executor.loglik(items)],
    ["divergence", (executor) => executor.divergence(items)],
    ["generate", (executor) => executor.generate([[1]], greedy)],
    ["snapshot", (executor) => executor.snapshot()],
    ["restore", (executor) => executor.restore({ id: 1 })],
    ["release", (executor) => executor.release({ id: 1 })],
    ["saveState", (executor) => executor.saveState(state)],
    ["loadState", (executor) => executor.loadState(state)],
    ["saveModel", (executor) => executor.saveModel(join(directory, "saved"))],
  ];
  it("tells whoever waits, in every verb, and the next load goes on from what was written", async () => {
    const events: ExecutorEvent[] = [];
    const executor = createTorchExecutor({ python: trainingInterpreter(), trainer: trainerDirectory(), device: "cpu" });
    executor.onEvent!((event) => events.push(event));
    await executor.load(loadOptions);
    await executor.step(rows, step);
    await executor.saveState(state);
    const expected = await executor.loglik(items);
    for (const [verb, call] of verbs) {
      const [pid] = workerProcesses();
      const waiting = call(executor);
      process.kill(pid!, "SIGKILL");
      await expect(waiting, verb).rejects.toMatchObject({ reason: "lost", message: expect.stringContaining(`at "${verb}"`) as string });
      await expect(executor.step(rows, step)).rejects.toMatchObject({ reason: "lost" });
      await executor.load(loadOptions);
      await executor.loadState(state);
      expect(await executor.loglik(items), verb).toEqual(expected);
      expect(workerProcesses()).toHaveLength(1);
    }
    expect(events.filter(({ kind }) => kind === "loaded")).toHaveLength(1 + verbs.length);
    await executor.close();
    expect(workerProcesses()).toEqual([]);
  });
});
