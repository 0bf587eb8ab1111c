import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Executor, LoadOptions, Row } from "@midtrain/protocol/executor";
import type { Recipe } from "@midtrain/protocol/run";
import { createTorchExecutor, initializeModel, trainingInterpreter } from "../../executors";
import { trainerDirectory } from "../../config";
import { defaultRecipe } from "../recipe";
import { loadOptionsOf } from "../run-session";
import { preflightRun } from "./preflight";

const made: string[] = [];
afterAll(() => made.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

/** Random models of 3 to 4 million parameters. */
function makeModel(architecture: "LlamaForCausalLM" | "Qwen2ForCausalLM", hidden: number, layers: number, vocabulary: number): string {
  const directory = mkdtempSync(join(tmpdir(), "midtrain-preflight-"));
  made.push(directory);
  const family = { architectures: [architecture], model_type: architecture === "LlamaForCausalLM" ? "llama" : "qwen2" };
  const heads = { num_attention_heads: hidden / 32, num_key_value_heads: 2, tie_word_embeddings: architecture === "Qwen2ForCausalLM" };
  const sizes = { vocab_size: vocabulary, hidden_size: hidden, intermediate_size: 3 * hidden, num_hidden_layers: layers };
  const rest = { max_position_embeddings: 1024, rms_norm_eps: 1e-5, initializer_range: 0.02 };
  initializeModel({ directory, seed: 1, config: { ...family, ...heads, ...sizes, ...rest } });
  copyFileSync(join(trainerDirectory(), "..", "media", "base", "tokenizer.json"), join(directory, "tokenizer.json"));
  return directory;
}

/** One thread: beside other work, threads that wait for each other take minutes. */
const environment = { ...process.env, OMP_NUM_THREADS: "1" };
const torch = (processes = 1): Executor =>
  createTorchExecutor({ python: trainingInterpreter(), trainer: trainerDirectory(), device: "cpu", environment, processes });

function twoDocuments(length: number, vocabulary: number, seed: number): Row {
  const half = length / 2;
  const positions = Int32Array.from({ length }, (_, t) => t % half);
  return {
    tokens: Int32Array.from({ length }, (_, t) => (t * 13 + seed * 7) % vocabulary),
    documents: Int32Array.from({ length }, (_, t) => Math.floor(t / half)),
    positions,
    lossWeights: Float32Array.from(positions, (position) => (position === 0 ? 0 : 1)),
    source: "domain",
    klWeight: 0,
  };
}
const recipeOf = (training: Parameters<typeof defaultRecipe>[0]["config"]["training"]): Recipe =>
  defaultRecipe({ config: { training }, parameters: 1e7, context: 1024, device: "cpu" });

/** What a run does, and the most that its worker then took. */
async function measuredPeak(load: LoadOptions, recipe: Recipe, vocabulary: number): Promise<number> {
  const executor = torch(recipe.processes);
  try {
    await executor.load(load);
    const rows = Array.from({ length: recipe.rowsPerStep }, (_, i) => twoDocuments(recipe.rowLength, vocabulary, i));
    const before = await executor.snapshot();
    for (let step = 0; step < 2; step++) await executor.step(rows, { learningRate: 1e-4, clip: 1, refuseAbove: {} });
    await executor.restore(before);
    await executor.release(before);
    const directory = mkdtempSync(join(tmpdir(), "midtrain-preflight-"));
    made.push(directory);
    await executor.saveState(join(directory, "state"));
    await executor.saveModel(join(directory, "model"));
    return (await executor.memory!()).host.peak!;
  } finally {
    await executor.close();
  }
}

describe("the preflight of the torch executor", () => {
  it.each([
    ["Llama", makeModelOf("LlamaForCausalLM", 192, 4, 6000), { rowLength: 512, rowsPerStep: 2 }],
    ["Llama, two processes", makeModelOf("LlamaForCausalLM", 192, 4, 6000), { rowLength: 512, rowsPerStep: 4, processes: 2 }],
    ["Qwen2, adapters", makeModelOf("Qwen2ForCausalLM", 128, 4, 20_000), { rowLength: 256, rowsPerStep: 4, method: "lora" as const }],
  ])("predicts the peak of %s as measured, to 15 per cent", async (_, make, training) => {
    const [model, vocabulary] = make();
    const recipe = recipeOf(training);
    const question = { model, recipe, seed: 0, budget: "1000tok", midtrain: join(model, ".midtrain") };
    const place = { device: "cpu", name: "the CPU", freeBytes: 64e9 } as const;
    const preflight = await preflightRun(question, { places: [place, place], createExecutor: torch });
    const measured = await measuredPeak(loadOptionsOf(recipe, 0, model), recipe, vocabulary);
    const predicted = preflight!.memory!.peakBytes;
    expect(Math.abs(predicted / measured - 1), `${predicted} predicted, ${measured} measured`).toBeLessThan(0.15);
    expect(preflight!.memory!.words).toMatch(/^fits: /);
    expect(preflight!.speed!.tokensPerSecond).toBeGreaterThan(0);
    expect(preflight!.speed!.seconds).toBeCloseTo(1000 / preflight!.speed!.tokensPerSecond, 6);
  });

  it("computes the same step with activations computed again", async () => {
    const [model, vocabulary] = makeModelOf("LlamaForCausalLM", 64, 2, 500)();
    const results = [];
    for (const recompute of [false, true]) {
      const executor = torch();
      await executor.load(loadOptionsOf(recipeOf({ recompute, rowLength: 128 }), 0, model));
      expect((await executor.leakTest()).passed).toBe(true);
      results.push(await executor.step([twoDocuments(128, vocabulary, 1)], { learningRate: 1e-3, clip: 1, refuseAbove: {} }));
      await executor.close();
    }
    expect(results[1]).toEqual(results[0]);
  });
});

function makeModelOf(...args: Parameters<typeof makeModel>): () => readonly [model: string, vocabulary: number] {
  return () => [makeModel(...args), args[3]];
}
