import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Executor, LoadOptions, Row, StepOptions } from "@midtrain/protocol/executor";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { RawConfig } from "./model-config";
import { initializeModel } from "./model-files";
import { randomRow, tinyConfigs } from "./test-models";

/** What a test may ask of the executor under test. */
interface ConformanceVariant {
  /** Rows per micro-batch; undefined: the executor's choice. */
  readonly microBatchRows?: number;
}

interface ConformanceOptions {
  readonly config?: RawConfig;
  /** Called with the fresh model directory, e.g. to add a tokenizer that an executor needs. */
  readonly prepareModel?: (directory: string) => void;
}

const stepOptions: StepOptions = { learningRate: 3e-3, clip: 1, refuseAbove: {} };
/** Wide enough, with thousands of tokens in one micro-batch, for a scatter of embedding gradients to be split between threads. */
const wideConfig = {
  architectures: ["LlamaForCausalLM"],
  vocab_size: 48,
  hidden_size: 128,
  intermediate_size: 64,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  max_position_embeddings: 64,
  tie_word_embeddings: true,
};
const greedy = { maxTokens: 10, temperature: 0, stopTokens: [], seed: 1 };

/** Everything a conformance test works with: a model on disk and executors that are closed after each test. */
class Bench {
  readonly directory = mkdtempSync(join(tmpdir(), "midtrain-executor-"));
  readonly model = join(this.directory, "model");
  private readonly open: Executor[] = [];
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

  async executor(options: Partial<LoadOptions> = {}, variant: ConformanceVariant = {}): Promise<Executor> {
    const executor = this.make(variant);
    this.open.push(executor);
    await executor.load({
      model: this.model,
      precision: "fp32",
      method: "full",
      seed: 1,
      optimizer: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 },
      threads: 2,
      ...options,
    });
    return executor;
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

/**
 * The behaviour that every executor owes the controller (CONTRACTS §4), as one vitest suite.
 * @param make a new executor, not loaded
 */
export function executorConformance(name: string, make: (variant: ConformanceVariant) => Executor, options: ConformanceOptions = {}): void {
  describe(`${name}: executor conformance`, () => {
    const raw = options.config ?? tinyConfigs["Llama, grouped queries, tied"];
    const bench = new Bench(make, raw, options.prepareModel ?? (() => {}));
    beforeAll(() => {
      initializeModel({ directory: bench.model, config: raw, seed: 7 });
      bench.prepare(bench.model);
    });
    afterEach(() => bench.closeAll());
    afterAll(() => rmSync(bench.directory, { recursive: true, force: true }));
    describe("step", () => stepTests(bench));
    describe("determinism", () => determinismTests(bench));
    describe("state", () => stateTests(bench));
    describe("scoring", () => scoringTests(bench));
    describe("divergence", () => divergenceTests(bench));
    describe("generation", () => generationTests(bench));
  });
}

function stepTests(bench: Bench): void {
  it("says what it loaded", async () => {
    const executor = bench.executor();
    expect((await executor).capabilities).toMatchObject({ generate: true });
  });

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
    if (executor.capabilities.kl) return;
    expect((await failure(executor.step([{ ...row, klWeight: 0.1 }], stepOptions))).reason).toBe("unsupported");
  });
}

function determinismTests(bench: Bench): void {
  it("gives the same bits on one and on two threads", async () => {
    const hashes = [];
    for (const threads of [1, 2, 2]) {
      const executor = await bench.executor({ threads });
      await bench.train(executor, 5);
      hashes.push(await bench.weights(executor));
    }
    expect(new Set(hashes).size).toBe(1);
  });

  it("gives the same bits 20 times over for thousands of repeated token ids", async () => {
    const model = bench.path("wide");
    initializeModel({ directory: model, config: wideConfig, seed: 1 });
    bench.prepare(model);
    const rows = Array.from({ length: 40 }, (_, seed) => {
      const row = randomRow(wideConfig.vocab_size, [64], seed);
      return { ...row, tokens: row.tokens.map((token) => token % 2) };
    });
    const seen = new Set<string>();
    for (const threads of [1, 2]) {
      const executor = await bench.executor({ model, threads }, { microBatchRows: rows.length });
      const start = await executor.snapshot();
      for (let repeat = 0; repeat < (threads === 1 ? 1 : 20); repeat++) {
        await executor.restore(start);
        const { gradNorm, bySource } = await executor.step(rows, stepOptions);
        seen.add(`${gradNorm} ${bySource[0]!.lossSum} ${await bench.weights(executor)}`);
      }
    }
    expect([...seen]).toHaveLength(1);
  });
}

function stateTests(bench: Bench): void {
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

function scoringTests(bench: Bench): void {
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

function divergenceTests(bench: Bench): void {
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

function generationTests(bench: Bench): void {
  const prompts = [[1, 2, 3], [4], [5, 6, 7, 8, 9, 10, 11], [12, 13]];

  it("writes with its cache what repeated full passes would write", async () => {
    const executor = await bench.executor();
    await bench.train(executor, 2);
    const written = await executor.generate(prompts, greedy);
    for (const [index, prompt] of prompts.entries()) {
      const sequence = [...prompt];
      for (let count = 0; count < greedy.maxTokens; count++) {
        const scores = (await executor.loglik(nextTokens(bench, sequence))).map(({ nats }) => nats);
        sequence.push(scores.indexOf(Math.max(...scores)));
      }
      expect(written[index]).toEqual(sequence.slice(prompt.length));
    }
  });

  it("follows training: a session from before a step is not used after it", async () => {
    const executor = await bench.executor();
    const row = { ...randomRow(bench.vocabulary, [8], 1), tokens: Int32Array.of(1, 2, 3, 20, 21, 22, 23, 24) };
    await executor.generate([[1, 2, 3]], greedy);
    for (let step = 0; step < 60; step++) await executor.step([row], { ...stepOptions, learningRate: 1e-2 });
    expect((await executor.generate([[1, 2, 3]], { ...greedy, maxTokens: 5 }))[0]).toEqual([20, 21, 22, 23, 24]);
  });

  it("samples the same for the same seed, whatever the company, and otherwise for another", async () => {
    const executor = await bench.executor();
    const warm = { ...greedy, temperature: 1.5, seed: 11 };
    const written = await executor.generate(prompts, warm);
    expect(await executor.generate(prompts, warm)).toEqual(written);
    expect(await executor.generate([prompts[0]!], warm)).toEqual([written[0]]);
    expect(await executor.generate(prompts, { ...warm, seed: 12 })).not.toEqual(written);
  });

  it("is greedy among the top 1", async () => {
    const executor = await bench.executor();
    expect(await executor.generate(prompts, { ...greedy, temperature: 2, topK: 1 })).toEqual(await executor.generate(prompts, greedy));
  });

  it("stops before a stop token, at the limit and at the end of the context", async () => {
    const executor = await bench.executor();
    const written = await executor.generate(prompts, greedy);
    const stop = written[0]![3]!;
    const stopped = await executor.generate(prompts, { ...greedy, stopTokens: [stop] });
    const cut = (tokens: readonly number[]): readonly number[] => (tokens.includes(stop) ? tokens.slice(0, tokens.indexOf(stop)) : tokens);
    expect(stopped).toEqual(written.map(cut));
    expect(await executor.generate(prompts, { ...greedy, maxTokens: 0 })).toEqual([[], [], [], []]);
    const long = Array.from({ length: bench.context - 2 }, () => 1);
    expect((await executor.generate([long], greedy))[0]).toHaveLength(2);
  });

  it("keeps more prompts than one batch apart", async () => {
    const executor = await bench.executor();
    const many = Array.from({ length: 35 }, (_, index) =>
      Array.from({ length: 1 + (index % 5) }, (__, t) => (index * 7 + t) % bench.vocabulary),
    );
    const together = await executor.generate(many, { ...greedy, maxTokens: 4 });
    for (const index of [0, 16, 34])
      expect(await executor.generate([many[index]!], { ...greedy, maxTokens: 4 })).toEqual([together[index]]);
  });

  it.each([
    ["an empty prompt", []],
    ["a token outside the vocabulary", [1, 999999]],
    ["a prompt as long as the context", Array.from({ length: 5000 }, () => 1)],
  ])("refuses %s", async (_what, prompt) => {
    expect((await failure((await bench.executor()).generate([prompt], greedy))).reason).toBe("input");
  });
}

/** One item per token of the vocabulary: the prefix followed by it, only it scored. */
function nextTokens(bench: Bench, prefix: readonly number[]): { tokens: number[]; scoreFrom: number; bytes: number }[] {
  return Array.from({ length: bench.vocabulary }, (_, token) => ({ tokens: [...prefix, token], scoreFrom: prefix.length, bytes: 1 }));
}

function documentsOf(row: Row): number[][] {
  const documents: number[][] = [];
  for (const [t, token] of row.tokens.entries()) (documents[row.documents[t]!] ??= []).push(token);
  return documents;
}

function meanLoss(bySource: readonly { readonly lossSum: number; readonly tokens: number }[]): number {
  return bySource.reduce((sum, { lossSum }) => sum + lossSum, 0) / bySource.reduce((sum, { tokens }) => sum + tokens, 0);
}

/** The MidtrainError that a call must end with. */
async function failure(call: Promise<unknown>): Promise<MidtrainError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (MidtrainError.is(error)) return error;
  throw new Error(`expected a MidtrainError, got ${String(error)}`);
}
