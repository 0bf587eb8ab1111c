import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LoadOptions } from "@midtrain/protocol/executor";
import { bundledWorkerFile } from "./bundled-worker";
import { executorConformance } from "./conformance";
import { createOnnxExecutor } from "./onnx-executor";
import { InThreadExecutor } from "./in-thread-executor";
import { requireNativePart, requireRuntime } from "./load-runtime";
import { readModelConfig } from "./model-config";
import { initializeModel } from "./model-files";
import { namedTensors, readWeights } from "./model-weights";
import { parameterLayout } from "./parameter-layout";
import { safetensorsParts } from "./safetensors";
import { randomRow, tinyConfigs } from "./test-models";

const workerFile = bundledWorkerFile();
executorConformance("onnx in a worker, Llama", (variant) => createOnnxExecutor({ workerFile, ...variant }));
executorConformance("onnx in the thread, Qwen2 untied", (variant) => new InThreadExecutor(variant), {
  config: tinyConfigs["Qwen2, grouped queries, untied, wide heads"],
});

describe("onnx", () => {
  const directory = mkdtempSync(join(tmpdir(), "midtrain-onnx-"));
  const model = join(directory, "model");
  const loadOptions: LoadOptions = {
    model,
    precision: "fp32",
    method: "full",
    seed: 1,
    optimizer: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 },
    threads: 1,
  };
  const step = { learningRate: 1e-3, clip: 1, refuseAbove: {} };
  beforeAll(() => void initializeModel({ directory: model, config: tinyConfigs["Llama, grouped queries, tied"], seed: 1 }));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each([{ precision: "bf16" }, { method: "lora" }] as const)("refuses %o with the remedy", async (wanted) => {
    const executor = new InThreadExecutor();
    await expect(executor.load({ ...loadOptions, ...wanted })).rejects.toMatchObject({
      reason: "unsupported",
      next: expect.stringContaining("torch executor") as string,
    });
  });

  it("refuses a step whose loss or gradient is not a number, and stays as it was", async () => {
    const broken = join(directory, "broken");
    cpSync(model, broken, { recursive: true });
    const layout = parameterLayout(readModelConfig(model).config);
    const parameters = readWeights(model, layout);
    parameters[layout.segments[1]!.offset] = NaN;
    writeFileSync(join(broken, "model.safetensors"), Buffer.concat(safetensorsParts(namedTensors(layout, parameters), "F32", {})));
    const executor = new InThreadExecutor();
    await executor.load({ ...loadOptions, model: broken });
    const before = await executor.loglik([{ tokens: [1, 2], scoreFrom: 1, bytes: 1 }]);
    const result = await executor.step([randomRow(48, [12], 1)], step);
    expect(result.stepped).toBe(false);
    expect(await executor.loglik([{ tokens: [1, 2], scoreFrom: 1, bytes: 1 }])).toEqual(before);
    await executor.close();
  });

  it("leaves the caller's event loop free while it works", async () => {
    const executor = createOnnxExecutor({ workerFile });
    await executor.load(loadOptions);
    let [turns, working] = [0, true];
    const turn = (): void => void (working && (turns++, setImmediate(turn)));
    setImmediate(turn);
    const rows = Array.from({ length: 8 }, (_, seed) => randomRow(48, [60, 60, 60, 60], seed));
    await executor.step(rows, step);
    working = false;
    expect(turns).toBeGreaterThan(50);
    await executor.close();
  });

  it("answers calls in the order in which they were made", async () => {
    const executor = createOnnxExecutor({ workerFile });
    const item = { tokens: [1, 2, 3], scoreFrom: 1, bytes: 1 };
    const [, before, , after] = await Promise.all([
      executor.load(loadOptions),
      executor.loglik([item]),
      executor.step([randomRow(48, [12], 1)], step),
      executor.loglik([item]),
    ]);
    expect(after[0]!.nats).not.toBe(before[0]!.nats);
    await executor.close();
  });

  it("tells whoever waits that the worker died", async () => {
    const dying = join(directory, "dying.js");
    writeFileSync(dying, "process.exit(7);");
    const executor = createOnnxExecutor({ workerFile: dying });
    await expect(executor.load(loadOptions)).rejects.toMatchObject({ reason: "internal", next: expect.any(String) as string });
    await executor.close();
  });

  it("names the missing native part and what to install", () => {
    const missing = expect.objectContaining({ reason: "environment", where: join(directory, "native") }) as Error;
    expect(() => requireRuntime(directory)).toThrowError(missing);
    expect(() => requireNativePart(directory)).toThrowError(missing);
    expect(() => requireNativePart()).not.toThrow();
  });
});
