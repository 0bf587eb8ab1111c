import { spawnSync } from "node:child_process";
import type { Executor, LoglikItem } from "@midtrain/protocol/executor";
import type { ItemScore } from "@midtrain/protocol/run";
import {
  accuracyEstimate,
  chanceLevel,
  loadSuites,
  scoreSuites,
  singleEstimate,
  type ChoiceItem,
  type Suite,
} from "../server/src/evaluation";
import type { Tokenizer } from "../server/src/tokenizer";
import type { BaseCorpus, BaseDocument } from "./corpus";
import { say } from "./report";
import { rowLength } from "./rows";

/** Bits per byte of one language of the held-out packages. */
export interface TextScore {
  readonly files: number;
  readonly bytes: number;
  /** Files cut into windows of 511 tokens, each after the end-of-text token alone. */
  readonly model: number;
  /** xz -9 of all files in one; undefined where there is no xz. */
  readonly xzConcatenated: number | undefined;
  readonly xzPerFile: number | undefined;
}

export interface SuiteScore {
  readonly metric: string;
  readonly unit: string;
  readonly n: number;
  readonly value: number;
  readonly standardError: number;
  readonly chance?: number;
  readonly accuracy?: number;
  /** The same metric on part of the items: a kind of format, a grade of difficulty, a language. */
  readonly parts: Readonly<Record<string, number>>;
  /** Share of greedy generations that begin with the right answer, for format items. */
  readonly exactGeneration?: number;
  /** Share right of each side, for refusals. */
  readonly sides?: { readonly harmfulRefused: number; readonly harmlessHelped: number };
}

export interface BaseScores {
  readonly heldOut: Readonly<Record<string, TextScore>>;
  readonly suites: Readonly<Record<string, SuiteScore>>;
}

const mostBytes = 350_000;
const generatedItems = 120;

function windowsOf(text: string, tokenizer: Tokenizer): LoglikItem[] {
  const tokens = tokenizer.encode(text, { special: "ordinary" });
  const items: LoglikItem[] = [];
  for (let start = 0; start < tokens.length; start += rowLength - 1) {
    items.push({ tokens: [tokenizer.endOfText!, ...tokens.subarray(start, start + rowLength - 1)], scoreFrom: 1, bytes: 0 });
  }
  return items;
}

/** Bits per byte of texts, each window scored cold. */
async function bitsPerByte(texts: readonly string[], executor: Executor, tokenizer: Tokenizer): Promise<number> {
  const items = texts.flatMap((text) => windowsOf(text, tokenizer));
  const results = await executor.loglik(items);
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return -results.reduce((sum, { nats }) => sum + nats, 0) / Math.LN2 / bytes;
}

function xzBytes(text: string): number | undefined {
  const result = spawnSync("xz", ["-9", "--stdout"], { input: text, maxBuffer: 2 ** 28 });
  return result.status === 0 ? result.stdout.length : undefined;
}

function xzScores(texts: readonly string[]): Pick<TextScore, "xzConcatenated" | "xzPerFile"> {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const whole = xzBytes(texts.join(""));
  if (whole === undefined) return { xzConcatenated: undefined, xzPerFile: undefined };
  const single = texts.reduce((sum, text) => sum + (xzBytes(text) ?? NaN), 0);
  return { xzConcatenated: (whole * 8) / bytes, xzPerFile: (single * 8) / bytes };
}

/** Whole files up to the byte limit, in an order that the text decides; one file in so many of a large package. */
function sampleOf(documents: readonly BaseDocument[]): string[] {
  let left = mostBytes;
  return documents.map(({ text }) => text).filter((text) => (left -= Buffer.byteLength(text)) >= 0);
}

async function scoreHeldOut(corpus: BaseCorpus, executor: Executor, tokenizer: Tokenizer): Promise<Record<string, TextScore>> {
  const scores: Record<string, TextScore> = {};
  for (const group of [...new Set(corpus.heldOut.map((document) => document.group))].sort()) {
    const texts = sampleOf(corpus.heldOut.filter((document) => document.group === group));
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const model = await bitsPerByte(texts, executor, tokenizer);
    scores[group] = { files: texts.length, bytes, model, ...xzScores(texts) };
    const { xzConcatenated: whole, xzPerFile: single } = scores[group];
    say(
      "scores",
      `${group}: ${model.toFixed(3)} bits/byte (xz ${whole?.toFixed(3)}, per file ${single?.toFixed(3)}), ${texts.length} files, ${Math.round(bytes / 1000)} kB`,
    );
  }
  return scores;
}

const partOf = (id: string): string => id.split("/").slice(0, 2).join("/");

function partsOf(suite: Suite, scores: readonly ItemScore[]): Record<string, number> {
  const names = [...new Set(scores.map(({ id }) => partOf(id)))].sort();
  return Object.fromEntries(
    names.map((name) => [
      name,
      singleEstimate(
        suite.score,
        scores.filter(({ id }) => partOf(id) === name),
      ).value,
    ]),
  );
}

/** Greedy answers to format items that begin with the right one. */
async function exactGeneration(items: readonly ChoiceItem[], executor: Executor, tokenizer: Tokenizer): Promise<number> {
  const sample = items.slice(0, generatedItems);
  const encode = (text: string): number[] => Array.from(tokenizer.encode(text, { special: "ordinary" }));
  const maxTokens = Math.max(...sample.map(({ right }) => encode(right).length)) + 4;
  const options = { maxTokens, temperature: 0, stopTokens: [tokenizer.endOfText!], seed: 1 };
  const answers = await executor.generate(
    sample.map(({ context }) => encode(context)),
    options,
  );
  const exact = answers.filter((tokens, i) => tokenizer.decode(tokens).startsWith(sample[i]!.right.trimEnd()));
  return exact.length / sample.length;
}

const share = (scores: readonly ItemScore[], right: (margin: number) => boolean): number =>
  scores.filter((score) => right(score.nats - (score.other ?? 0))).length / scores.length;

async function suiteScore(suite: Suite, scores: readonly ItemScore[], executor: Executor, tokenizer: Tokenizer): Promise<SuiteScore> {
  const { value, standardError, n } = singleEstimate(suite.score, scores);
  const chance = chanceLevel(suite.items);
  const about = { metric: suite.metric, unit: suite.unit, n, value, standardError, parts: partsOf(suite, scores) };
  if (chance === undefined) return about;
  if (suite.score === "refusal-auc") {
    const harmfulRefused = share(
      scores.filter(({ harmful }) => harmful),
      (margin) => margin > 0,
    );
    const harmlessHelped = share(
      scores.filter(({ harmful }) => !harmful),
      (margin) => margin < 0,
    );
    return { ...about, chance, sides: { harmfulRefused, harmlessHelped } };
  }
  const choices = { ...about, chance, accuracy: accuracyEstimate(scores).value };
  if (suite.name !== "formats") return choices;
  const items = suite.items.filter((item): item is ChoiceItem => item.kind === "choice");
  return { ...choices, exactGeneration: await exactGeneration(items, executor, tokenizer) };
}

/** Scores a base on what it never saw: held-out packages, and the suites' items outside of the sealed part. */
export async function scoreBase(corpus: BaseCorpus, executor: Executor, tokenizer: Tokenizer): Promise<BaseScores> {
  const loaded = loadSuites();
  const scored = await scoreSuites(
    loaded.map(({ items }) => items),
    executor,
    tokenizer,
    { context: rowLength },
  );
  const suites: Record<string, SuiteScore> = {};
  for (const [index, suite] of loaded.entries()) {
    const score = await suiteScore(suite, scored[index]!, executor, tokenizer);
    suites[suite.name] = score;
    const more = [
      score.accuracy === undefined ? "" : `, right ${(score.accuracy * 100).toFixed(0)} % (chance ${(score.chance! * 100).toFixed(0)} %)`,
      score.exactGeneration === undefined ? "" : `, exact ${(score.exactGeneration * 100).toFixed(0)} %`,
      score.sides === undefined
        ? ""
        : `, refused ${(score.sides.harmfulRefused * 100).toFixed(0)} %, helped ${(score.sides.harmlessHelped * 100).toFixed(0)} %`,
    ];
    say(
      "scores",
      `${suite.name}: ${score.value.toFixed(3)} ${suite.unit} ± ${score.standardError.toFixed(3)}, n ${score.n}${more.join("")}`,
    );
    const parts = Object.entries(score.parts).map(([name, value]) => `${name} ${value.toFixed(2)}`);
    if (parts.length > 1) say("scores", `  ${parts.join(", ")}`);
  }
  return { heldOut: await scoreHeldOut(corpus, executor, tokenizer), suites };
}
