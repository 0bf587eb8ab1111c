import type { GenerateOptions } from "@midtrain/protocol/executor";
import { MidtrainError } from "@midtrain/protocol/errors";
import { type Random, seededRandom } from "../platform/random";
import { KeyValueCache } from "./key-value-cache";
import { checkToken } from "./micro-batches";
import type { DecoderConfig } from "./model-config";
import { decodingGraph } from "./onnx/decoding-graph";
import type { ParameterLayout } from "./parameter-layout";
import { type Feeds, floats, int32s, parameterFeeds, RopeFeeds, RuntimeSession } from "./runtime-session";
import { sampleToken } from "./sampling";

const rowsPerBatch = 16;
/** Weights up to this many elements are baked into the session: about 1.3 times as fast, rebuilt when they change. */
const mostBakedWeights = 2 ** 26;

/** A sequence that is being written. */
interface Writer {
  readonly prompt: readonly number[];
  readonly random: Random;
  readonly written: number[];
}

/** Generates text with a key-value cache, many prompts at a time. */
export class GenerationRunner {
  private session: { readonly session: RuntimeSession; readonly version: number; readonly weights: Feeds } | undefined;
  private readonly rope: RopeFeeds;

  constructor(
    private readonly config: DecoderConfig,
    private readonly layout: ParameterLayout,
    private readonly threads: number,
  ) {
    this.rope = new RopeFeeds(config);
  }

  /**
   * @param version changes whenever the parameters do
   * @returns per prompt the new tokens, without the stop token; each prompt has its own random stream, whatever the batching
   */
  async generate(
    parameters: Float32Array,
    version: number,
    prompts: readonly (readonly number[])[],
    options: GenerateOptions,
  ): Promise<number[][]> {
    for (const [index, prompt] of prompts.entries()) this.checkPrompt(prompt, index);
    await this.prepare(parameters, version);
    const samples = Array.from({ length: options.samples ?? 1 }, (_, sample) => sample);
    const writers = prompts.flatMap((prompt, index) =>
      samples.map((sample) => ({
        prompt,
        random: seededRandom("generate", options.seed, index, ...(sample === 0 ? [] : [sample])),
        written: [] as number[],
      })),
    );
    const sorted = options.maxTokens < 1 ? [] : [...writers].sort((a, b) => a.prompt.length - b.prompt.length);
    for (let start = 0; start < sorted.length; start += rowsPerBatch) await this.batch(sorted.slice(start, start + rowsPerBatch), options);
    return writers.map(({ written }) => written);
  }

  async release(): Promise<void> {
    await this.session?.session.release();
    this.session = undefined;
  }

  private async batch(writers: readonly Writer[], options: GenerateOptions): Promise<void> {
    const { config } = this;
    const cache = new KeyValueCache(writers.length, config.keyValueHeads, config.headSize, 2 * config.layers);
    let active = writers;
    let cached = active.map(() => 0);
    let fresh = active.map(({ prompt }) => prompt);
    while (active.length > 0) {
      const logits = await this.advance(cache, cached, fresh);
      const stays: number[] = [];
      for (const [row, writer] of active.entries()) {
        const token = sampleToken(logits.subarray(row * config.vocabulary, (row + 1) * config.vocabulary), options, writer.random);
        if (options.stopTokens.includes(token)) continue;
        writer.written.push(token);
        if (endsText(writer.written, options.stopSequences ?? [])) continue;
        const full = writer.written.length >= options.maxTokens || writer.prompt.length + writer.written.length >= config.context;
        if (!full) stays.push(row);
      }
      cached = stays.map((row) => cached[row]! + fresh[row]!.length);
      active = stays.map((row) => active[row]!);
      fresh = active.map(({ written }) => [written.at(-1)!]);
      cache.keep(stays);
    }
  }

  /** Runs the fresh tokens of every row, adds them to the cache; returns the logits after each row's last token, [rows, V]. */
  private async advance(cache: KeyValueCache, cached: readonly number[], fresh: readonly (readonly number[])[]): Promise<Float32Array> {
    const rows = fresh.length;
    const length = Math.max(...fresh.map((tokens) => tokens.length));
    const ids = new Int32Array(rows * length);
    for (const [row, tokens] of fresh.entries()) ids.set(tokens, row * length);
    const positions = Int32Array.from(ids, (_, at) => cached[Math.floor(at / length)]! + (at % length));
    const { session, weights } = this.session!;
    const feeds: Feeds = {
      ...weights,
      ...this.rope.upTo(Math.max(...cached) + length),
      ids: int32s(ids, [rows, length]),
      positions: int32s(positions, [rows, length]),
      cached: int32s(Int32Array.from(cached), [rows]),
      picks: int32s(
        Int32Array.from(fresh, (tokens, row) => row * length + tokens.length - 1),
        [rows],
      ),
    };
    for (let index = 0; index < 2 * this.config.layers; index++) feeds[cacheName(index)] = floats(cache.tensor(index), cache.shape);
    const outputs = await session.run(feeds);
    cache.reserve(Math.max(...cached.map((count, row) => count + fresh[row]!.length)));
    for (let index = 0; index < 2 * this.config.layers; index++) {
      const values = outputs[`new${cacheName(index).toUpperCase()}`]!.data as Float32Array;
      for (const [row, tokens] of fresh.entries()) cache.write(index, row, cached[row]!, values, length, tokens.length);
    }
    return outputs["logits"]!.data as Float32Array;
  }

  private async prepare(parameters: Float32Array, version: number): Promise<void> {
    const baked = this.layout.total <= mostBakedWeights;
    const weights = baked ? {} : parameterFeeds(this.layout, parameters);
    if (this.session !== undefined && (!baked || this.session.version === version)) {
      this.session = { ...this.session, weights };
      return;
    }
    await this.release();
    const graph = decodingGraph(this.config, this.layout, baked ? parameters : undefined);
    this.session = { session: await RuntimeSession.create(graph, this.threads), version, weights };
  }

  private checkPrompt(prompt: readonly number[], index: number): void {
    if (prompt.length < 1 || prompt.length >= this.config.context) {
      throw new MidtrainError({
        reason: "input",
        message: `The prompt has ${prompt.length} tokens; at least 1 and fewer than the context of ${this.config.context} are possible.`,
        where: `prompt ${index}`,
        next: "Shorten the prompt, or start it with the end-of-text token.",
      });
    }
    for (const [t, token] of prompt.entries()) checkToken(this.config, token, `prompt ${index}, position ${t}`);
  }
}

/** Cuts off the stop sequence that the text ends with, where there is one. */
function endsText(written: number[], stops: readonly (readonly number[])[]): boolean {
  const stop = stops.find(
    (tokens) => tokens.length > 0 && tokens.every((token, i) => written[written.length - tokens.length + i] === token),
  );
  if (stop === undefined) return false;
  written.length -= stop.length;
  return true;
}

/** Even indices are keys, odd ones values: k0, v0, k1, v1, ... */
function cacheName(index: number): string {
  return `${index % 2 === 0 ? "k" : "v"}${Math.floor(index / 2)}`;
}
