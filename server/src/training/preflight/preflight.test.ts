import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { initializeModel } from "../../executors";
import { judgeDisk } from "./disk-model";
import { fitOf, judgeFit, remediesFor, type MemoryPlace } from "./fit";
import {
  activationBytes,
  assumedCalibration,
  estimateMemory,
  microBatchRowsOf,
  type MemorySettings,
  type ModelShape,
} from "./memory-model";
import { calibrate, probeShapes, type MemoryProbe } from "./memory-probe";
import { readModelShape } from "./model-shape";
import { preflightRun } from "./preflight";
import { defaultRecipe } from "../recipe";

/** Qwen2.5-0.5B, as its config.json has it. */
const half: ModelShape = {
  parameters: 494_032_768,
  blockParameters: 357_826_560,
  vocabulary: 151_936,
  hidden: 896,
  layers: 24,
  intermediate: 4864,
  isGated: true,
  heads: 14,
  keyValueHeads: 2,
  headSize: 64,
  tied: true,
  adapterWidth: 4 * 896 + 2 * (896 + 128) + 3 * (896 + 4864),
};
const settings = (change: Partial<MemorySettings> = {}): MemorySettings => ({
  device: "cpu",
  precision: "fp32",
  method: "full",
  loraRank: 16,
  keepsBase: false,
  rowLength: 2048,
  rowsPerStep: 8,
  ...change,
});
const cpu = (freeBytes: number): MemoryPlace => ({ device: "cpu", name: "the CPU", freeBytes });
const peak = (change: Partial<MemorySettings> = {}): number => estimateMemory(half, settings(change)).peakBytes;
const giga = 1e9;

let model = "";
beforeAll(() => {
  model = mkdtempSync(join(tmpdir(), "midtrain-shape-"));
  const shape = {
    vocab_size: 96,
    hidden_size: 16,
    intermediate_size: 24,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
  };
  const config = {
    architectures: ["Qwen2ForCausalLM"],
    model_type: "qwen2",
    tie_word_embeddings: true,
    max_position_embeddings: 512,
    ...shape,
  };
  initializeModel({ directory: model, seed: 1, config: { ...config, rms_norm_eps: 1e-5, initializer_range: 0.1 } });
  writeFileSync(join(model, "tokenizer.json"), "{}");
});
afterAll(() => rmSync(model, { recursive: true, force: true }));

describe("the memory model", () => {
  it("holds sixteen bytes a weight in a step of all weights, and four a weight of adapters beside the frozen model", () => {
    const parts = (change: Partial<MemorySettings>): Record<string, number> =>
      Object.fromEntries(estimateMemory(half, settings(change)).parts.map(({ name, bytes }) => [name, bytes]));
    const full = parts({});
    expect([full["weights"], full["gradients"], full["optimizer"]]).toEqual([4, 4, 8].map((width) => width * half.parameters));
    const adapters = 16 * half.adapterWidth * half.layers;
    const lora = parts({ method: "lora", device: "cuda", precision: "bf16" });
    expect(lora["weights"]).toBe(2 * half.parameters + 4 * adapters);
    expect(lora["optimizer"]).toBe(8 * adapters);
    expect(parts({ keepsBase: true })["frozen base"]).toBe(4 * half.parameters);
    expect(parts({ keepsBase: true, method: "lora" })["frozen base"]).toBeUndefined();
  });

  it("cuts a step as the worker does", () => {
    const rows = (change: Partial<MemorySettings>): number => microBatchRowsOf(settings(change));
    expect([256, 512, 2048, 4096].map((rowLength) => rows({ rowLength }))).toEqual([8, 4, 1, 1]);
    expect(rows({ rowLength: 768 })).toBe(2);
    expect(rows({ device: "cuda" })).toBe(8);
    expect(rows({ device: "cuda", processes: 4 })).toBe(2);
    expect(rows({ microBatchRows: 100 })).toBe(8);
  });

  it("grows with rows and their length, on a masked path by the square of it, and shrinks with every remedy", () => {
    const activations = (rows: number, rowLength: number): number => activationBytes(half, settings({ rowLength }), rows);
    expect(activations(4, 512)).toBe(4 * activations(1, 512));
    expect(activations(1, 2048)).toBeGreaterThan(4 * activations(1, 512));
    const onGpu = (rowLength: number): number => activationBytes(half, settings({ device: "cuda", precision: "bf16", rowLength }), 1);
    expect(onGpu(2048)).toBe(4 * onGpu(512));
    for (const change of [{ recompute: true }, { rowLength: 512, microBatchRows: 1 }, { method: "lora" as const }])
      expect(peak(change)).toBeLessThan(peak());
    expect(peak({ device: "cuda", precision: "bf16" })).toBeLessThan(peak({ device: "cuda" }));
  });

  it("finds the factor and the runtime that made the peaks", () => {
    const truth = { runtimeBytes: 0.9 * giga, activationFactor: 1.3 };
    const shapes = probeShapes(half, settings(), true);
    expect(shapes).toEqual([
      { rows: 1, length: 32 },
      { rows: 1, length: 64 },
    ]);
    const peaks = shapes.map(({ rows, length }) => {
      const tiny = settings({ rowLength: length, rowsPerStep: rows, microBatchRows: rows });
      return { rows, length, peakBytes: estimateMemory(half, tiny, truth, { hasStepped: false }).peakBytes };
    });
    const probe: MemoryProbe = { device: "cpu", heldBytes: truth.runtimeBytes + 4 * half.parameters, peaks, tokensPerSecond: 1 };
    const found = calibrate(probe, half, settings(), 0);
    expect(found.runtimeBytes).toBeCloseTo(truth.runtimeBytes, -3);
    expect(found.activationFactor).toBeCloseTo(1.3, 1);
    const small = { ...half, layers: 4, parameters: 5e6, blockParameters: 4e6, vocabulary: 1000 };
    const wide = probeShapes(small, settings({ rowLength: 512 }), true);
    expect(wide[1]).toEqual({ rows: 4, length: 512 });
    const seen = wide.map(({ rows, length }) => {
      const tiny = settings({ rowLength: length, rowsPerStep: rows, microBatchRows: rows });
      return { rows, length, peakBytes: estimateMemory(small, tiny, truth, { hasStepped: false }).peakBytes };
    });
    const again = calibrate({ ...probe, heldBytes: truth.runtimeBytes + 4 * small.parameters, peaks: seen }, small, settings(), 0);
    expect(again.activationFactor).toBeCloseTo(1.3, 2);
  });

  it("reads the shape of a model from its files", () => {
    const shape = readModelShape(model)!;
    expect(shape).toMatchObject({
      vocabulary: 96,
      hidden: 16,
      layers: 2,
      intermediate: 24,
      isGated: true,
      keyValueHeads: 2,
      headSize: 4,
      tied: true,
    });
    const block = 2 * 16 * 16 + 2 * 16 * 8 + 3 * 16 * 24;
    expect(shape.blockParameters).toBe(2 * block);
    expect(shape.adapterWidth).toBe(2 * 32 + 2 * 24 + 3 * 40);
    // Biases of q, k and v, three norms, one embedding for both ends.
    expect(shape.parameters).toBe(2 * (block + 16 + 8 + 8 + 2 * 16) + 16 + 96 * 16);
  });
});

describe("fits, tight, does not fit", () => {
  it("leaves as much room as a prediction may be wrong", () => {
    expect([8, 9, 10, 10.1].map((used) => fitOf(used * giga, 10 * giga))).toEqual(["fits", "tight", "tight", "does not fit"]);
  });

  it("names what would make it fit, each of which does", () => {
    const view = judgeFit({ shape: half, settings: settings(), place: cpu(64 * giga) });
    expect(view).toMatchObject({ fit: "fits", remedies: [] });
    const question = { shape: half, settings: settings(), place: cpu(12 * giga) };
    const short = judgeFit(question);
    expect(short.fit).toBe("does not fit");
    expect(short.words).toMatch(
      /^does not fit: about \d\S* GB needed, 12\.0 GB free on the CPU \(fp32, all weights, 1 x 2,048 tokens at a time\)$/,
    );
    expect(short.remedies[0]).toContain("training.recompute true");
    expect(peak({ recompute: true })).toBeLessThan(12 * giga);
    expect(remediesFor({ ...question, place: cpu(6.5 * giga) }).join()).toContain("training.method lora");
    expect(remediesFor({ ...question, place: cpu(0.2 * giga) })[0]).toContain("A smaller model");
  });

  it("calls a GPU tight on which the worker itself can make its micro-batches smaller", () => {
    const onGpu = settings({ device: "cuda", precision: "bf16" });
    const question = { shape: half, settings: onGpu, place: { device: "cuda" as const, name: "GPU 0 (X)", freeBytes: 16 * giga } };
    expect(estimateMemory(half, onGpu).peakBytes).toBeGreaterThan(16 * giga);
    expect(judgeFit(question)).toMatchObject({
      fit: "tight",
      words: expect.stringContaining("fewer rows are computed at a time") as string,
    });
    expect(judgeFit({ ...question, place: { ...question.place, freeBytes: 4 * giga } }).fit).toBe("does not fit");
  });
});

describe("the disk", () => {
  const question = { shape: half, precision: "bf16", method: "full", loraRank: 16, evaluations: 15, freeBytes: 100 * giga } as const;

  it("counts states, the models of evaluated states, and what is written beside them", () => {
    const full = judgeDisk(question);
    expect(full.leastBytes).toBe(2 * (12 + 2) * half.parameters + 200e6);
    expect(full.mostBytes).toBe((4 * 12 + 16 * 2) * half.parameters + 200e6);
    expect(full.fit).toBe("fits");
    expect(judgeDisk({ ...question, freeBytes: 20 * giga }).fit).toBe("tight");
    expect(judgeDisk({ ...question, freeBytes: 10 * giga }).fit).toBe("does not fit");
    expect(judgeDisk({ ...question, method: "lora" }).leastBytes).toBeLessThan(full.leastBytes / 4);
  });
});

describe("preflightRun", () => {
  it("ends before anything is loaded where the memory cannot suffice, with the remedy", async () => {
    const recipe = defaultRecipe({ config: {}, parameters: 1e5, context: 512, device: "cpu" });
    const question = { model, recipe, seed: 0, budget: "1000tok", midtrain: join(model, ".midtrain") };
    const createExecutor = (): never => {
      throw new Error("nothing may be loaded");
    };
    await expect(preflightRun(question, { places: [cpu(0.1 * giga)], createExecutor })).rejects.toMatchObject({
      reason: "environment",
      message: expect.stringContaining("does not fit: about") as string,
      next: expect.stringContaining("What would make it fit") as string,
    });
    const embedded = await preflightRun(
      { ...question, recipe: { ...recipe, executor: "onnx" } },
      { places: [cpu(0.1 * giga)], createExecutor },
    );
    expect(embedded).toMatchObject({ disk: { fit: "fits" } });
    expect(embedded?.memory).toBeUndefined();
  });

  it("assumes more pieces for adapters than for whole weights where nothing was measured", () => {
    const factor = (method: MemorySettings["method"]): number => assumedCalibration({ device: "cpu", method }).activationFactor;
    expect(factor("lora")).toBeGreaterThan(factor("full"));
  });
});
