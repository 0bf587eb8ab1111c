import { appendFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { CorpusDocument } from "@midtrain/protocol/corpus";
import type { Executor } from "@midtrain/protocol/executor";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { ItemScore, MixtureSource } from "@midtrain/protocol/run";
import { signed, significant } from "@midtrain/protocol/words";
import { harvest, readDocuments } from "../server/src/corpus";
import {
  accuracyEstimate,
  domainSuites,
  loadSuites,
  scoreSuites,
  singleEstimate,
  suiteFigures,
  type Suite,
} from "../server/src/evaluation";
import {
  baseReplayDocuments,
  drawRows,
  openTokenRows,
  packDocuments,
  renderDocument,
  writeTokenRows,
  type PackingDocument,
  type TokenRows,
} from "../server/src/mixture";
import { loadTokenizer, type Tokenizer } from "../server/src/tokenizer";
import { cache, shipped } from "./places";
import { say } from "./report";
import { rowLength } from "./rows";
import { embedded } from "./sizes";
import { openExecutor } from "./train";

interface Curve {
  readonly name: string;
  /** Of the pretraining peak. */
  readonly rate: number;
  readonly replay: number;
}

/** What the issue asks to be seen: harm, protection at the same rate, and what the dial's middle does. */
const curves: readonly Curve[] = [
  { name: "harm", rate: 1, replay: 0 },
  { name: "protection", rate: 1, replay: 0.4 },
  { name: "default", rate: 0.2, replay: 0.3 },
];

const { recipe } = embedded;
const rowsPerStep = 8;
const schedule = { warmup: 0.02, decay: 0.2, decayTo: 0.1 };

interface Domain {
  readonly suites: readonly Suite[];
  readonly sources: readonly MixtureSource[];
  readonly rows: Readonly<Record<string, TokenRows>>;
  readonly tokens: number;
}

async function collect(documents: AsyncIterable<CorpusDocument> | Iterable<CorpusDocument>): Promise<CorpusDocument[]> {
  const all: CorpusDocument[] = [];
  for await (const document of documents) all.push(document);
  return all;
}

async function packed(name: string, documents: readonly PackingDocument[], tokenizer: Tokenizer): Promise<TokenRows> {
  const rows = await packDocuments({ documents, tokenizer, rowLength });
  return openTokenRows(writeTokenRows(join(cache, "curves"), rows, { source: name, corpus: name }).directory);
}

function sourceOf(name: string, role: MixtureSource["role"], { manifest }: TokenRows): MixtureSource {
  return { name, role, tokens: manifest.tokens, rows: manifest.rows, lossTokensPerRow: manifest.ledger.lossTokens / manifest.rows };
}

async function prepare(directory: string, replay: readonly PackingDocument[], tokenizer: Tokenizer): Promise<Domain> {
  const { result } = await harvest({ directory, out: join(cache, "curves", basename(directory)), seed: 0 });
  const side = (split: CorpusDocument["split"]): Promise<CorpusDocument[]> => collect(readDocuments(result.directory, { split }));
  const train = await side("train");
  const domain = await packed("domain", train, tokenizer);
  const replayed = await packed("replay", replay, tokenizer);
  const own = domainSuites({
    heldOut: await side("held-out"),
    sealed: await side("sealed"),
    train,
    header: (document) => renderDocument(document).header,
    seed: 0,
  });
  return {
    suites: [...own, ...loadSuites()],
    sources: [sourceOf("domain", "domain", domain), sourceOf("replay", "replay", replayed)],
    rows: { domain, replay: replayed },
    tokens: domain.manifest.ledger.documentTokens,
  };
}

function rateAt(step: number, steps: number, peak: number): number {
  const warm = Math.max(1, Math.round(schedule.warmup * steps));
  const decayFrom = Math.round(steps * (1 - schedule.decay));
  const fallen = Math.max(0, step + 1 - decayFrom) / (steps - decayFrom);
  return peak * Math.min(1, (step + 1) / warm) * (1 - (1 - schedule.decayTo) * fallen);
}

async function runCurve(curve: Curve, steps: number, domain: Domain, executor: Executor): Promise<void> {
  const segment = { branch: 0, fromStep: 0, fromDraw: 0, replayShare: curve.replay, learningRateScale: 1, why: "as asked for" };
  const sources = curve.replay === 0 ? domain.sources.filter(({ role }) => role === "domain") : domain.sources;
  for (let step = 0; step < steps; step++) {
    const drawn = drawRows({ seed: recipe.seed, sources, segments: [segment], rowsPerStep, step });
    const rows = drawn.map(({ source, row }) => domain.rows[source]!.row(row, 0));
    await executor.step(rows, { learningRate: rateAt(step, steps, recipe.peak * curve.rate), clip: recipe.clip, refuseAbove: {} });
  }
}

type Scores = readonly (readonly ItemScore[])[];

function lineOf(suite: Suite, before: readonly ItemScore[], after: readonly ItemScore[]): string {
  const figures = suiteFigures({ suite, base: before, last: after, selected: after, tolerance: 0 });
  const raw = `${significant(figures.base)} -> ${significant(figures.selected)}`;
  const right =
    suite.score === "refusal-auc" || suite.score === "bits-per-byte" ? "" : `, right ${percentRight(before)} -> ${percentRight(after)}`;
  const interval = `${signed(figures.delta)} [${signed(figures.low)}, ${signed(figures.high)}]`;
  return `${suite.name}: ${raw} ${suite.unit}, better by ${interval}, n ${figures.n}${right}`;
}

const percentRight = (scores: readonly ItemScore[]): string => `${(accuracyEstimate(scores).value * 100).toFixed(0)} %`;

function table(name: string, domain: Domain, before: Scores, after: readonly { readonly curve: Curve; readonly scores: Scores }[]): string {
  const head = ["curve", ...domain.suites.map(({ name: suite, unit }) => `${suite} (${unit})`)];
  const cells = (label: string, scores: Scores, base?: Scores): string => {
    const values = domain.suites.map((suite, i) => {
      const { value } = singleEstimate(suite.score, scores[i]!);
      return base === undefined ? significant(value) : signed(value - singleEstimate(suite.score, base[i]!).value);
    });
    return `| ${[label, ...values].join(" | ")} |`;
  };
  const lines = [`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, cells("base", before)];
  const rows = after.map(({ curve, scores }) => cells(`${curve.name}: rate ${curve.rate}, replay ${curve.replay}`, scores, before));
  return `\n### ${name} (${domain.tokens} domain tokens; raw change against the base)\n\n${[...lines, ...rows].join("\n")}\n`;
}

/** Trains the shipped base on each repository along the three curves and prints a table for the lab book. */
export async function printCurves(directories: readonly string[], tokens: number): Promise<void> {
  const tokenizer = await loadTokenizer(shipped);
  const replay = await baseReplayDocuments(shipped);
  if (replay === undefined)
    throw new MidtrainError({ reason: "input", message: "The base has no replay text.", where: shipped, next: "Run npm run base first." });
  const steps = Math.round(tokens / (rowsPerStep * rowLength));
  for (const directory of directories.map((name) => resolve(name))) {
    const domain = await prepare(directory, replay, tokenizer);
    const { executor } = await openExecutor(shipped);
    const score = (): Promise<Scores> =>
      scoreSuites(
        domain.suites.map(({ items }) => items),
        executor,
        tokenizer,
        { context: rowLength },
      );
    const before = await score();
    const start = await executor.snapshot();
    const after: { curve: Curve; scores: Scores }[] = [];
    for (const curve of curves) {
      await executor.restore(start);
      await runCurve(curve, steps, domain, executor);
      const scores = await score();
      after.push({ curve, scores });
      say("curves", `${basename(directory)}, ${curve.name} (rate ${curve.rate}, replay ${curve.replay}, ${steps} steps)`);
      for (const [i, suite] of domain.suites.entries()) say("curves", `  ${lineOf(suite, before[i]!, scores[i]!)}`);
    }
    await executor.close();
    const text = table(basename(directory), domain, before, after);
    process.stdout.write(text);
    appendFileSync(join(cache, "curves.md"), text);
  }
}
