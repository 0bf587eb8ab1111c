import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Executor, Row } from "@midtrain/protocol/executor";
import { trainerDirectory } from "../config";
import { InThreadExecutor } from "./in-thread-executor";
import { randomRow } from "./test-models";
import { createTorchExecutor } from "./torch/torch-executor";
import { trainingInterpreter } from "./torch/interpreter";

const python = trainingInterpreter();
const directory = mkdtempSync(join(tmpdir(), "midtrain-reference-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const stepCount = 50;
const learningRate = 1e-3;
const optimizer = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 };
const shape = "vocab_size=97, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2";
const models = {
  "Llama, tied": `LlamaConfig(${shape}, max_position_embeddings=64, initializer_range=0.15, tie_word_embeddings=True)`,
  "Qwen2, untied": `Qwen2Config(${shape}, max_position_embeddings=64, initializer_range=0.15, tie_word_embeddings=False)`,
} as const;

/** A model as save_pretrained writes it, in several shards. */
function savedModel(name: keyof typeof models): string {
  const model = join(directory, name.slice(0, 5));
  const script = [
    "import sys, torch",
    "from transformers import AutoModelForCausalLM, LlamaConfig, Qwen2Config",
    "torch.manual_seed(5)",
    `AutoModelForCausalLM.from_config(${models[name]}, dtype=torch.float32).save_pretrained(sys.argv[1], max_shard_size="20KB")`,
  ];
  execFileSync(python, ["-c", script.join("\n"), model], { stdio: ["ignore", "inherit", "ignore"] });
  expect(readdirSync(model).filter((file) => file.endsWith(".safetensors")).length).toBeGreaterThan(2);
  return model;
}

function rowsOf(step: number): readonly Row[] {
  const row = (lengths: readonly number[], index: number): Row => randomRow(97, lengths, step * 10 + index, { masked: [4, 9] });
  return [[20, 12], [33], [5, 9, 11], [40, 3]].map(row);
}

interface Trace {
  readonly losses: readonly number[];
  readonly norms: readonly number[];
}

/** Plain eager transformers in float64, each document alone (trainer/tests/reference.py). */
function referenceOf(model: string): Trace {
  const plain = ({ tokens, documents, lossWeights }: Row): object => ({
    tokens: Array.from(tokens),
    documents: Array.from(documents),
    lossWeights: Array.from(lossWeights),
  });
  const steps = Array.from({ length: stepCount }, (_, step) => rowsOf(step).map(plain));
  const file = join(directory, "rows.json");
  writeFileSync(file, JSON.stringify({ steps, learningRate, clip: 1, optimizer }));
  const output = execFileSync(python, [join(trainerDirectory(), "tests", "reference.py"), model, file], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(output) as Trace;
}

async function traceOf(executor: Executor, model: string): Promise<Trace> {
  const [losses, norms]: [number[], number[]] = [[], []];
  await executor.load({ model, precision: "fp32", method: "full", seed: 1, optimizer, threads: 1 });
  for (let step = 0; step < stepCount; step++) {
    const { bySource, gradNorm, stepped } = await executor.step(rowsOf(step), { learningRate, clip: 1, refuseAbove: {} });
    expect(stepped).toBe(true);
    losses.push(bySource[0]!.lossSum / bySource[0]!.tokens);
    norms.push(gradNorm);
  }
  await executor.close();
  return { losses, norms };
}

const worst = (found: readonly number[], expected: readonly number[]): number =>
  found.reduce((largest, value, i) => Math.max(largest, Math.abs(value / expected[i]! - 1)), 0);

describe("both executors beside plain eager transformers in float64", () => {
  it.each(Object.keys(models) as (keyof typeof models)[])("%s: losses to 1e-4 and gradient norms to 1e-3 over 50 steps", async (name) => {
    const model = savedModel(name);
    const expected = referenceOf(model);
    expect(expected.losses).toHaveLength(stepCount);
    const executors = [new InThreadExecutor(), createTorchExecutor({ python, trainer: trainerDirectory(), device: "cpu" })];
    for (const executor of executors) {
      const found = await traceOf(executor, model);
      const [loss, norm] = [worst(found.losses, expected.losses), worst(found.norms, expected.norms)];
      process.stdout.write(
        `${name}, ${executor.name}: worst relative difference of loss ${loss.toExponential(1)}, of norm ${norm.toExponential(1)}\n`,
      );
      expect(loss).toBeLessThan(1e-4);
      expect(norm).toBeLessThan(1e-3);
    }
  });
});
