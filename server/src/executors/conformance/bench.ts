import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { Executor, LoadOptions, ModelFacts, Row, StepOptions } from "@midtrain/protocol/executor";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { RawConfig } from "../model-config";
import { randomRow } from "../test-models";

/** What a test may ask of the executor under test. */
export interface ConformanceVariant {
  /** Rows per micro-batch; undefined: the executor's choice. */
  readonly microBatchRows?: number;
}

export const stepOptions: StepOptions = { learningRate: 3e-3, clip: 1, refuseAbove: {} };
export const greedy = { maxTokens: 10, temperature: 0, stopTokens: [], seed: 1 };

/** Everything a conformance test works with: a model on disk and executors that are closed after each test. */
export class Bench {
  readonly directory = mkdtempSync(join(tmpdir(), "midtrain-executor-"));
  readonly model = join(this.directory, "model");
  private readonly open: Executor[] = [];
  /** Number of parameters of the model, once it was written. */
  parameters = 0;
  private counter = 0;

  constructor(
    private readonly make: (variant: ConformanceVariant) => Executor,
    private readonly raw: RawConfig,
    readonly prepare: (directory: string) => void,
  ) {}

  get vocabulary(): number {
    return this.raw["vocab_size"] as number;
  }

  get context(): number {
    return this.raw["max_position_embeddings"] as number;
  }

  get architecture(): string {
    return (this.raw["architectures"] as readonly string[])[0]!;
  }

  options(options: Partial<LoadOptions>): LoadOptions {
    return {
      model: this.model,
      precision: "fp32",
      method: "full",
      seed: 1,
      optimizer: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 },
      threads: 2,
      ...options,
    };
  }

  unloaded(variant: ConformanceVariant = {}): Executor {
    const executor = this.make(variant);
    this.open.push(executor);
    return executor;
  }

  async executor(options: Partial<LoadOptions> = {}, variant: ConformanceVariant = {}): Promise<Executor> {
    const executor = this.unloaded(variant);
    await executor.load(this.options(options));
    return executor;
  }

  async loaded(): Promise<{ readonly executor: Executor; readonly facts: ModelFacts }> {
    const executor = this.unloaded();
    return { executor, facts: await executor.load(this.options({})) };
  }

  path(name: string): string {
    return join(this.directory, `${name}-${this.counter++}`);
  }

  rows(seed: number): Row[] {
    return [
      randomRow(this.vocabulary, [20, 12], seed, { masked: [3, 4, 5] }),
      randomRow(this.vocabulary, [32], seed + 100, { source: "replay" }),
      randomRow(this.vocabulary, [5, 9, 11], seed + 200),
      randomRow(this.vocabulary, [16, 16], seed + 300, { source: "replay" }),
    ];
  }

  async train(executor: Executor, steps: number, from = 0): Promise<void> {
    for (let step = from; step < from + steps; step++) {
      expect((await executor.step(this.rows(step), stepOptions)).stepped).toBe(true);
    }
  }

  /** Hash of the weights as saved: equal exactly if every bit is. */
  async weights(executor: Executor): Promise<string> {
    const directory = this.path("saved");
    await executor.saveModel(directory);
    return createHash("sha256")
      .update(readFileSync(join(directory, "model.safetensors")))
      .digest("hex");
  }

  async closeAll(): Promise<void> {
    for (const executor of this.open.splice(0)) await executor.close();
  }
}

/** One item per token of the vocabulary: the prefix followed by it, only it scored. */
export function nextTokens(bench: Bench, prefix: readonly number[]): { tokens: number[]; scoreFrom: number; bytes: number }[] {
  return Array.from({ length: bench.vocabulary }, (_, token) => ({ tokens: [...prefix, token], scoreFrom: prefix.length, bytes: 1 }));
}

/** The MidtrainError that a call must end with. */
export async function failure(call: Promise<unknown>): Promise<MidtrainError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (MidtrainError.is(error)) return error;
  throw new Error(`expected a MidtrainError, got ${String(error)}`);
}
