import type { DivergenceItem, DivergenceResult, LoglikItem, LoglikResult } from "@midtrain/protocol/executor";
import { MidtrainError } from "@midtrain/protocol/errors";
import { checkToken } from "./micro-batches";
import type { DecoderConfig } from "./model-config";
import { basePrefix, divergenceGraph, scoringGraph } from "./onnx/scoring-graph";
import type { ParameterLayout } from "./parameter-layout";
import { type Feeds, int32s, parameterFeeds, RopeFeeds, RuntimeSession } from "./runtime-session";

/** About this many tokens per call are fastest; fewer where the vocabulary is large, to bound the logits. */
const tokensPerCall = 2048;
const logitsPerCall = 2 ** 25;
const fewestTokensPerCall = 256;
/** From this length on, attention in query chunks pays (a third less time for 512 tokens, the same bits). */
const chunkedLength = 96;
const chunksOfLong = 8;

const graphs = { loglik: scoringGraph, divergence: divergenceGraph } as const;
type Measure = keyof typeof graphs;

/** One sequence to run and the positions whose predictions count, from `first` to the end of `tokens`. */
interface Sequence {
  readonly index: number;
  readonly tokens: Int32Array;
  readonly first: number;
}

/** Scores token sequences, many per call, sorted by length; the result does not depend on the batching. */
export class ScoringRunner {
  private readonly sessions = new Map<string, RuntimeSession>();
  private readonly rope: RopeFeeds;

  constructor(
    private readonly config: DecoderConfig,
    private readonly layout: ParameterLayout,
    private readonly threads: number,
  ) {
    this.rope = new RopeFeeds(config);
  }

  async loglik(parameters: Float32Array, items: readonly LoglikItem[]): Promise<LoglikResult[]> {
    const sequences = items.map((item, index) => this.scored(item, index));
    const nats = new Float64Array(items.length);
    for (const batch of this.batches(sequences)) {
      const labels = batch.flatMap(({ index, first }) => Array.from(items[index]!.tokens).slice(first + 1));
      const feeds = { ...parameterFeeds(this.layout, parameters), labels: int32s(Int32Array.from(labels), [labels.length]) };
      await this.addUp("loglik", batch, feeds, nats);
    }
    return items.map((item, index) => ({ nats: nats[index]!, bytes: item.bytes }));
  }

  async divergence(parameters: Float32Array, base: Float32Array, items: readonly DivergenceItem[]): Promise<DivergenceResult[]> {
    const sequences = items.map((item, index) => this.sequence(item.tokens, index, 0, item.tokens.length));
    const nats = new Float64Array(items.length);
    for (const batch of this.batches(sequences)) {
      const feeds = { ...parameterFeeds(this.layout, parameters), ...parameterFeeds(this.layout, base, basePrefix) };
      await this.addUp("divergence", batch, feeds, nats);
    }
    return items.map((item, index) => ({ nats: nats[index]!, positions: item.tokens.length }));
  }

  async release(): Promise<void> {
    for (const session of this.sessions.values()) await session.release();
    this.sessions.clear();
  }

  private async session(measure: Measure, length: number): Promise<RuntimeSession> {
    const chunks = length < chunkedLength ? 1 : chunksOfLong;
    const key = `${measure}/${chunks}`;
    const session =
      this.sessions.get(key) ?? (await RuntimeSession.create(graphs[measure](this.config, this.layout, chunks), this.threads));
    this.sessions.set(key, session);
    return session;
  }

  /** Runs one batch and adds its outputs to the sums of its sequences, in float64. */
  private async addUp(measure: Measure, batch: readonly Sequence[], feeds: Feeds, sums: Float64Array): Promise<void> {
    const length = batch.reduce((longest, { tokens }) => Math.max(longest, tokens.length), 0);
    const ids = new Int32Array(batch.length * length);
    const positions = Int32Array.from(ids, (_, index) => index % length);
    const picks: number[] = [];
    for (const [row, { tokens, first }] of batch.entries()) {
      ids.set(tokens, row * length);
      for (let t = first; t < tokens.length; t++) picks.push(row * length + t);
    }
    const session = await this.session(measure, length);
    const outputs = await session.run({
      ...feeds,
      ...this.rope.upTo(length),
      ids: int32s(ids, [batch.length, length]),
      positions: int32s(positions, [batch.length, length]),
      picks: int32s(Int32Array.from(picks), [picks.length]),
    });
    const nats = outputs["nats"]!.data as Float32Array;
    let at = 0;
    for (const { index, tokens, first } of batch) {
      for (let t = first; t < tokens.length; t++) sums[index]! += nats[at++]!;
    }
  }

  private scored(item: LoglikItem, index: number): Sequence {
    if (!(Number.isInteger(item.scoreFrom) && item.scoreFrom >= 1 && item.scoreFrom <= item.tokens.length)) {
      throw new MidtrainError({
        reason: "input",
        message: `scoreFrom ${item.scoreFrom} lies outside 1 to ${item.tokens.length}: the first token has no prefix to predict it from.`,
        where: `item ${index}`,
        next: "Start the item with a context token (the end-of-text token, where there is no other).",
      });
    }
    return this.sequence(item.tokens, index, item.scoreFrom - 1, item.tokens.length - 1);
  }

  private sequence(tokens: readonly number[] | Int32Array, index: number, first: number, end: number): Sequence {
    if (end > this.config.context) {
      throw new MidtrainError({
        reason: "input",
        message: `The item has ${end} tokens, the model's context is ${this.config.context}.`,
        where: `item ${index}`,
        next: "Cut the item, or split it into windows.",
      });
    }
    for (const [t, token] of tokens.entries()) checkToken(this.config, token, `item ${index}, position ${t}`);
    return { index, tokens: Int32Array.from(tokens).subarray(0, end), first };
  }

  /** Sequences with something to score, by length, in batches of a bounded padded size. */
  private *batches(sequences: readonly Sequence[]): Generator<readonly Sequence[]> {
    const limit = Math.max(fewestTokensPerCall, Math.min(tokensPerCall, Math.floor(logitsPerCall / this.config.vocabulary)));
    const sorted = sequences.filter(({ tokens, first }) => first < tokens.length).sort((a, b) => a.tokens.length - b.tokens.length);
    let batch: Sequence[] = [];
    for (const sequence of sorted) {
      if (batch.length > 0 && (batch.length + 1) * sequence.tokens.length > limit) {
        yield batch;
        batch = [];
      }
      batch.push(sequence);
    }
    if (batch.length > 0) yield batch;
  }
}
