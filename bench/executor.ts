import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Executor, Row } from "@midtrain/protocol/executor";
import { InThreadExecutor, initializeModel } from "../server/src/executors/index";
import { seededRandom } from "../server/src/platform/random";
import { peakMemory, printFigures } from "./figures";

/**
 * Tokens per second of the embedded executor on the shape of the embedded base (2.4M parameters), and its peak memory.
 * Medians over rounds.
 */
const shape = {
  architectures: ["LlamaForCausalLM"],
  vocab_size: 4096,
  hidden_size: 192,
  num_hidden_layers: 4,
  intermediate_size: 512,
  num_attention_heads: 6,
  num_key_value_heads: 2,
  tie_word_embeddings: true,
  max_position_embeddings: 512,
};
const rounds = 7;
const random = seededRandom("bench");

function tokens(length: number): Int32Array {
  return Int32Array.from({ length }, () => random.int(shape.vocab_size));
}

/** A full row of two documents. */
function trainingRow(): Row {
  const boundary = 200;
  const at = Array.from({ length: 512 }, (_, t) => t);
  return {
    tokens: tokens(512),
    documents: Int32Array.from(at, (t) => (t < boundary ? 0 : 1)),
    positions: Int32Array.from(at, (t) => (t < boundary ? t : t - boundary)),
    lossWeights: Float32Array.from(at, (t) => (t === 0 || t === boundary ? 0 : 1)),
    source: "bench",
    klWeight: 0,
  };
}

/** Median tokens per second of a call that handles `count` tokens; one round to warm up. */
async function rate(count: number, call: () => Promise<unknown>): Promise<number> {
  await call();
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await call();
    rates.push((count / (performance.now() - start)) * 1000);
  }
  return rates.sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
}

async function measure(executor: Executor): Promise<Record<string, number>> {
  const results: Record<string, number> = {};
  const rows = Array.from({ length: 8 }, trainingRow);
  results["train 8x512"] = await rate(8 * 512, () => executor.step(rows, { learningRate: 1e-4, clip: 1, refuseAbove: {} }));
  results["peak memory after training"] = peakMemory();
  for (const [count, length] of [
    [64, 32],
    [16, 128],
    [4, 512],
  ] as const) {
    const items = Array.from({ length: count }, () => ({ tokens: tokens(length + 1), scoreFrom: 1, bytes: 1 }));
    results[`score ${count}x${length}`] = await rate(count * length, () => executor.loglik(items));
  }
  for (const count of [1, 8, 32]) {
    const prompts = Array.from({ length: count }, () => [...tokens(32)]);
    const options = { maxTokens: 128, temperature: 0, stopTokens: [], seed: 1 };
    results[`generate ${count} x 128`] = await rate(count * 128, () => executor.generate(prompts, options));
  }
  results["peak memory"] = peakMemory();
  return results;
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "midtrain-bench-"));
  const executor = new InThreadExecutor();
  try {
    initializeModel({ directory, config: shape, seed: 1 });
    const optimizer = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 };
    const { parameters } = await executor.load({ model: directory, precision: "fp32", method: "full", seed: 1, optimizer });
    const measured = await measure(executor);
    const unitOf = (figure: string): string => (figure.startsWith("peak") ? "MB" : "tokens/s");
    printFigures([
      { figure: "parameters", value: parameters, unit: "" },
      ...Object.entries(measured).map(([name, value]) => ({ figure: name, value, unit: unitOf(name) })),
    ]);
  } finally {
    await executor.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

void main();
