/** Everything before the controller: base, harvest, names, packed rows, frozen suites; ends with a run directory in state queued. */
import { basename, join, resolve } from "node:path";
import type { MidtrainConfig } from "@midtrain/protocol/config";
import type { CorpusDocument, HarvestResult } from "@midtrain/protocol/corpus";
import type { Executor } from "@midtrain/protocol/executor";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { RunPreflight } from "@midtrain/protocol/fit";
import type { OnProgress } from "@midtrain/protocol/progress";
import type { Recipe } from "@midtrain/protocol/run";
import type { FragmentationReport } from "@midtrain/protocol/tokens";
import { count } from "@midtrain/protocol/words";
import { ensureMidtrainDirectory } from "../config";
import { readDocuments } from "../corpus";
import { evaluationTexts } from "../evaluation";
import { countParameters, createExecutor, executorsFor, hasGpu, modelContext, requireNativePart, torchCapabilities } from "../executors";
import { fragmentationReport } from "../identifiers";
import { resolveMixture } from "../mixture";
import { throwIfCancelled } from "../platform/cancellation";
import { loadTokenizer, type Tokenizer } from "../tokenizer";
import { openBaseModel, type BaseModel } from "./base-model";
import { defaultBudget, parseBudget, tokensNeeded } from "./budget";
import { harvestRepository } from "./harvest-repository";
import { writeRunDirectory } from "./new-run";
import type { PreflightQuestion } from "./preflight/preflight";
import { packDomain, packReplay, mixtureSource } from "./prepare-sources";
import { resolveRecipe } from "./recipe";
import { buildSuites, collect, suiteHashes } from "./run-suites";

export interface PrepareOptions {
  /** Directory of the repository. */
  readonly directory: string;
  /** The `.midtrain` directory. */
  readonly midtrain: string;
  readonly config: MidtrainConfig;
  /** The file that the configuration was read from; corpus.roots are relative to it, without one to the repository. */
  readonly configFile?: string | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** As soon as they are known: the corpus with its tokens (of the model's tokenizer), and the names. */
  readonly onHarvest?: (harvest: HarvestResult, tokens: number) => void;
  readonly onNames?: (report: FragmentationReport) => void;
  /** Looks at memory, disk and time before the harvest; throws where the run cannot be. */
  readonly preflight?: (question: PreflightQuestion) => Promise<RunPreflight | undefined>;
  readonly onPreflight?: (preflight: RunPreflight) => void;
  readonly now?: () => Date;
  /** For a base without replay text: it writes some. By default the executor of the run. */
  readonly createExecutor?: () => Executor;
}

export interface PreparedRun {
  readonly run: string;
  readonly directory: string;
  /** Things said in words: no replay source, submodules not entered. */
  readonly notes: readonly string[];
}

/** Names shown in the headline. */
const rankedNames = 40;

/**
 * Pure in the inputs, the configuration and the seed, but for the run's id, which ends with the start time.
 * @throws MidtrainError (verdict) when there is too little text to learn from; (input) naming what is wrong.
 */
export async function prepareRun(options: PrepareOptions): Promise<PreparedRun> {
  const { config, midtrain, directory, signal } = options;
  const budget = config.budget ?? defaultBudget;
  parseBudget(budget);
  const seed = config.seed ?? 0;
  const base = openBaseModel(config.model, directory);
  const asked = recipeFor(base, config);
  const tokenizer = await loadTokenizer(base.directory);
  const mixture = resolveMixture(config.mixture, tokenizer, { name: base.name, repository: basename(resolve(directory)), seed });
  if (asked.executor === "onnx") requireNativePart();
  const preflight = await options.preflight?.({ model: base.directory, recipe: asked, seed, budget, midtrain });
  if (preflight !== undefined) options.onPreflight?.(preflight);
  const recipe = preflight?.processes === undefined ? asked : { ...asked, processes: preflight.processes.count };
  ensureMidtrainDirectory(midtrain);
  const evaluation = evaluationTexts();
  const { result, manifest } = await harvestRepository(options, { evaluation, ...control(options) });
  const train = await collect(readDocuments(result.directory, { split: "train" }));
  const shared = { tokenizer, recipe, mixture, corpus: result.corpus, corpusDirectory: result.directory };
  const { rows: domain, notes: orderNotes } = await packDomain(options, train, shared);
  options.onHarvest?.(result, domain.manifest.ledger.documentTokens);
  await reportNames(options, train, tokenizer);
  requireEnough(domain.manifest.ledger.documentTokens, result, recipe);
  const replay = await packReplay(
    { createExecutor: () => createExecutor(recipe.executor, { processes: recipe.processes }), ...options },
    base,
    evaluation,
    shared,
  );
  throwIfCancelled(signal, "preparing the run");
  options.onProgress?.({ stage: "prepare", message: "freezing the suites" });
  const { suites } = await buildSuites(result.directory, seed);
  const sources = [
    mixtureSource("domain", "domain", domain),
    ...(replay.rows === undefined ? [] : [{ ...mixtureSource(replay.name, "replay", replay.rows), ...replay.leftOut }]),
  ];
  const notes = [...mixture.notes, ...orderNotes, ...replay.notes];
  const run = writeRunDirectory({
    midtrain,
    corpusDirectory: join("corpora", result.corpus),
    repository: { root: directory, ...(manifest.repository.head === undefined ? {} : { head: manifest.repository.head }) },
    base,
    recipe: replay.rows === undefined ? { ...recipe, replayShare: 0 } : recipe,
    tokenizer: tokenizer.identity,
    corpus: result.corpus,
    sources,
    suites: suiteHashes(suites),
    seed,
    budget,
    notes,
    ...(preflight === undefined ? {} : { preflight }),
    now: options.now?.() ?? new Date(),
  });
  return { ...run, notes: [...manifest.notes, ...notes] };
}

function control({ signal, onProgress }: PrepareOptions): { readonly signal?: AbortSignal; readonly onProgress?: OnProgress } {
  return { ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { onProgress }) };
}

/** @throws MidtrainError (input) where configuration and model contradict each other */
export function recipeFor(base: BaseModel, config: MidtrainConfig): Recipe {
  const executor = config.executor ?? executorsFor(base.directory)[0];
  const peak = pretrainingPeak(base.record);
  if (executor === "onnx" && (config.training?.processes ?? 1) > 1) throw oneProcessOnly();
  return resolveRecipe({
    config,
    risk: config.risk ?? "normal",
    base: { ...(peak === undefined ? {} : { pretrainingPeak: peak }), parameters: parametersOf(base) },
    context: modelContext(base.directory, executor),
    // The embedded executor has no KL term.
    capabilities: { kl: executor === "torch" && torchCapabilities.kl },
    executor,
    ...(executor === "torch" ? { precision: hasGpu() ? "bf16" : "fp32" } : {}),
  });
}

function oneProcessOnly(): MidtrainError {
  return new MidtrainError({
    reason: "unsupported",
    message: "The embedded executor is one process.",
    where: "training.processes",
    next: "Leave it out, or use the torch executor (--executor torch).",
  });
}

/** The record of the base names what its pretraining did; a model without a record gets the assumed peak of its size. */
function pretrainingPeak(record: unknown): number | undefined {
  const peak = (record as { pretrainingPeak?: unknown } | undefined)?.pretrainingPeak;
  return typeof peak === "number" && peak > 0 ? peak : undefined;
}

function parametersOf({ record, directory }: BaseModel): number {
  const parameters = (record as { parameters?: unknown } | undefined)?.parameters;
  return typeof parameters === "number" ? parameters : (countParameters(directory).parameters ?? 0);
}

async function reportNames(options: PrepareOptions, documents: readonly CorpusDocument[], modelTokenizer: Tokenizer): Promise<void> {
  if (options.onNames === undefined || documents.length === 0) return;
  const { config, directory } = options;
  const tokenizer = config.tokenizer === undefined ? modelTokenizer : await loadTokenizer(config.tokenizer, { base: directory });
  options.onNames(await fragmentationReport(documents, tokenizer, { top: rankedNames, ...control(options) }));
}

/** *Do not train* is a proper answer (§1.2): too little text, or nothing held out to judge by. */
function requireEnough(tokens: number, result: HarvestResult, recipe: Recipe): void {
  const needed = tokensNeeded(recipe);
  const heldOut = result.split.heldOut.documents;
  if (tokens >= needed && heldOut > 0) return;
  throw new MidtrainError({
    reason: "verdict",
    message:
      tokens < needed
        ? `Do not train: ${count(tokens)} tokens to learn from, about ${count(needed)} are needed.`
        : "Do not train: no file could be held out, so nothing would show whether it helped.",
    where: result.directory,
    next: "Put the files into the prompt instead (retrieval), or adapt to a larger repository. What was harvested, and why files were rejected, is in the corpus directory.",
  });
}
