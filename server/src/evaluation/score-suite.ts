import type { Executor, LoglikItem } from "@midtrain/protocol/executor";
import type { ItemScore } from "@midtrain/protocol/run";
import { throwIfCancelled } from "../platform/cancellation";
import type { SuiteItem } from "./suites/suite-types";

/** What scoring needs of a tokenizer. */
export interface ScoringTokenizer {
  readonly endOfText: number | undefined;
  encode(text: string, options: { readonly special: "ordinary" }): Int32Array;
}

export interface ScoreOptions {
  /** Longest sequence of the model, in tokens. */
  readonly context: number;
  readonly signal?: AbortSignal;
  /** Sequences done of all to do. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Sequences per call of the executor: large enough to fill its batches, small enough to cancel between two. */
const batch = 256;

/** A text given a context, and where its sequences lie in the list of all. */
interface Continuation {
  readonly bytes: number;
  readonly first: number;
  readonly count: number;
}

/** Scores one list of items; see scoreSuites. */
export async function scoreSuite(
  items: readonly SuiteItem[],
  executor: Pick<Executor, "loglik">,
  tokenizer: ScoringTokenizer,
  options: ScoreOptions,
): Promise<readonly ItemScore[]> {
  return (await scoreSuites([items], executor, tokenizer, options))[0]!;
}

/**
 * Log-likelihoods of the items of many suites in few calls of the executor. The context is cut at its left to what the model can hold;
 * a text longer than that is scored in windows, each with the text before it as context, and summed. Bytes are those of the text, exactly.
 * An item of several suites (one judges the likelihood of an answer, another its margin) is scored once.
 * @returns one list of scores per list of items, in their order
 */
export async function scoreSuites(
  suites: readonly (readonly SuiteItem[])[],
  executor: Pick<Executor, "loglik">,
  tokenizer: ScoringTokenizer,
  options: ScoreOptions,
): Promise<readonly (readonly ItemScore[])[]> {
  const sequences: LoglikItem[] = [];
  const planned = new Map<SuiteItem, readonly Continuation[]>();
  for (const item of suites.flat()) if (!planned.has(item)) planned.set(item, plan(item, tokenizer, options.context, sequences));
  const nats: number[] = [];
  for (let start = 0; start < sequences.length; start += batch) {
    throwIfCancelled(options.signal, "evaluation");
    const results = await executor.loglik(sequences.slice(start, start + batch));
    for (const result of results) nats.push(result.nats);
    options.onProgress?.(nats.length, sequences.length);
  }
  const total = ({ first, count }: Continuation): number => nats.slice(first, first + count).reduce((sum, value) => sum + value, 0);
  return suites.map((items) => items.map((item) => scoreOf(item, planned.get(item)!, total)));
}

function plan(item: SuiteItem, tokenizer: ScoringTokenizer, limit: number, sequences: LoglikItem[]): readonly Continuation[] {
  const context = contextTokens(item.context, tokenizer);
  return textsOf(item).map((text) => {
    const first = sequences.length;
    const bytes = Buffer.byteLength(text);
    sequences.push(...windows(context, tokenizer.encode(text, { special: "ordinary" }), limit, bytes));
    return { bytes, first, count: sequences.length - first };
  });
}

/** The texts of an item whose likelihoods its score is made of. */
function textsOf(item: SuiteItem): readonly string[] {
  switch (item.kind) {
    case "text":
      return [item.text];
    case "choice":
      return [item.right, ...item.wrong];
    case "refusal":
      return [item.refusal, item.helpful];
  }
}

/** Something must stand before the first token: without a context the end-of-text token, or a line feed where there is none. */
function contextTokens(context: string, tokenizer: ScoringTokenizer): Int32Array {
  if (context !== "") return tokenizer.encode(context, { special: "ordinary" });
  return tokenizer.endOfText === undefined ? tokenizer.encode("\n", { special: "ordinary" }) : Int32Array.of(tokenizer.endOfText);
}

/** Sequences of at most `limit` tokens that together score every token of the text once; the bytes are counted with the first. */
function windows(context: Int32Array, text: Int32Array, limit: number, bytes: number): LoglikItem[] {
  const room = Math.max(1, limit - text.length);
  if (text.length < limit) {
    const kept = context.subarray(Math.max(0, context.length - room));
    return text.length === 0 ? [] : [{ tokens: concat(kept, text), scoreFrom: kept.length, bytes }];
  }
  const whole = concat(context, text);
  const half = Math.floor(limit / 2);
  const items: LoglikItem[] = [];
  for (let from = context.length; from < whole.length;) {
    const begin = Math.max(0, from - half);
    const end = Math.min(whole.length, begin + limit);
    items.push({ tokens: whole.slice(begin, end), scoreFrom: from - begin, bytes: items.length === 0 ? bytes : 0 });
    from = end;
  }
  return items;
}

function concat(a: Int32Array, b: Int32Array): Int32Array {
  const joined = new Int32Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

function scoreOf(item: SuiteItem, continuations: readonly Continuation[], total: (continuation: Continuation) => number): ItemScore {
  const [first, ...others] = continuations.map(total);
  const score = { id: item.id, cluster: item.cluster, nats: first!, bytes: continuations[0]!.bytes };
  if (item.kind === "text") return score;
  const other = Math.max(...others);
  return item.kind === "choice" ? { ...score, other } : { ...score, other, harmful: item.harmful };
}
