/** Everything a controller works with, opened and checked against the run's lineage before the first step. */
import { join } from "node:path";
import type { CorpusDocument } from "@midtrain/protocol/corpus";
import type { Executor, LoadOptions, ModelFacts } from "@midtrain/protocol/executor";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { RunIdentity } from "@midtrain/protocol/run";
import type { Suite } from "../evaluation";
import { openTokenRows, type TokenRows } from "../mixture";
import { loadTokenizer, type Tokenizer } from "../tokenizer";
import { openBaseModel } from "./base-model";
import { midtrainOf, readIdentity, runFiles, type RunFiles } from "./run-directory";
import { buildSuites, checkSuites } from "./run-suites";

export interface RunSession {
  readonly directory: string;
  readonly files: RunFiles;
  readonly identity: RunIdentity;
  readonly executor: Executor;
  readonly facts: ModelFacts;
  readonly tokenizer: Tokenizer;
  readonly rows: ReadonlyMap<string, TokenRows>;
  readonly suites: readonly Suite[];
  readonly heldOut: readonly CorpusDocument[];
}

/** Loads a model directory with the run's own options: equal directories give equal states, bit for bit. */
export function loadOptions(identity: RunIdentity, model: string): LoadOptions {
  return loadOptionsOf(identity.recipe, identity.lineage.seed, model);
}

export function loadOptionsOf(recipe: RunIdentity["recipe"], seed: number, model: string): LoadOptions {
  const { beta1, beta2, epsilon, weightDecay } = recipe;
  const { precision = "fp32", method = "full", lora, microBatchRows, recompute, compile } = recipe;
  return {
    model,
    precision,
    method,
    seed,
    optimizer: { beta1, beta2, epsilon, weightDecay },
    ...(lora === undefined ? {} : { lora }),
    ...(microBatchRows === undefined ? {} : { microBatchRows }),
    ...(recompute === undefined ? {} : { recompute }),
    ...(compile === undefined ? {} : { compile }),
  };
}

/** @throws MidtrainError (corrupt) when base, tokenizer, rows or suites are not those of the run. */
export async function openSession(directory: string, executor: Executor): Promise<RunSession> {
  const identity = readIdentity(directory);
  const midtrain = midtrainOf(directory);
  const { lineage, model } = identity;
  const base = openBaseModel(model.directory);
  if (base.hash !== lineage.base.hash) throw notTheSame("base model", model.directory, lineage.base.hash, base.hash);
  const tokenizer = await loadTokenizer(model.directory);
  if (tokenizer.identity.hash !== lineage.tokenizer.hash)
    throw notTheSame("tokenizer", model.directory, lineage.tokenizer.hash, tokenizer.identity.hash);
  const rows = new Map(identity.sources.map((source) => [source.name, openTokenRows(join(midtrain, "tokens", source.tokens))]));
  for (const [name, { manifest }] of rows) {
    if (manifest.tokenizer.hash !== lineage.tokenizer.hash)
      throw notTheSame(`tokenizer of the packed rows ${name}`, midtrain, lineage.tokenizer.hash, manifest.tokenizer.hash);
  }
  const { suites, heldOut } = await buildSuites(join(midtrain, identity.corpusDirectory), lineage.seed);
  checkSuites(suites, lineage.suites, directory);
  const facts = await executor.load(loadOptions(identity, model.directory));
  return { directory, files: runFiles(directory), identity, executor, facts, tokenizer, rows, suites, heldOut };
}

function notTheSame(what: string, where: string, expected: string, found: string): MidtrainError {
  return new MidtrainError({
    reason: "corrupt",
    message: `The ${what} has changed since the run was prepared: ${found.slice(0, 12)} instead of ${expected.slice(0, 12)}.`,
    where,
    next: "Put the original back, or start a new run.",
  });
}
