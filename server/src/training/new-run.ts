/** Making the directory of a new run: identity by content, id by dial and start time. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Lineage, MixtureSource, Recipe, RunIdentity } from "@midtrain/protocol/run";
import type { TokenizerIdentity } from "@midtrain/protocol/tokens";
import { writeJsonAtomic } from "../platform/atomic-write";
import { hashOf } from "../platform/hash";
import { toolVersion } from "../platform/version";
import type { BaseModel } from "./base-model";
import { runFiles } from "./run-directory";
import { initialStatus } from "./run-status";
import { runsDirectory } from "./runs";

export interface NewRun {
  readonly midtrain: string;
  readonly corpusDirectory: string;
  readonly repository: RunIdentity["repository"];
  readonly base: BaseModel;
  readonly recipe: Recipe;
  readonly tokenizer: TokenizerIdentity;
  readonly corpus: string;
  readonly sources: readonly MixtureSource[];
  readonly suites: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly budget: string;
  readonly notes: readonly string[];
  readonly preflight?: RunIdentity["preflight"];
  readonly now: Date;
}

export function writeRunDirectory(input: NewRun): { readonly run: string; readonly directory: string } {
  const { base, recipe, sources, seed, budget, now } = input;
  const lineage: Lineage = {
    base: { name: base.name, hash: base.hash },
    corpus: input.corpus,
    tokens: sources.map((source) => ({ source: source.name, id: source.tokens })),
    tokenizer: input.tokenizer,
    suites: input.suites,
    recipe: hashOf(recipe),
    restoreMode: recipe.restoreMode,
    seed,
    toolVersion,
  };
  const identity = hashOf({ lineage, budget });
  const { run, directory } = reserve(runsDirectory(input.midtrain), `${recipe.risk}-${identity.slice(0, 4)}`, now);
  const document: RunIdentity = {
    format: 1,
    run,
    identity,
    createdAt: now.toISOString(),
    repository: input.repository,
    model: { directory: base.directory, embedded: base.embedded, name: base.name },
    recipe,
    lineage,
    budget,
    sources,
    ...(input.notes.length === 0 ? {} : { notes: input.notes }),
    ...(input.preflight === undefined ? {} : { preflight: input.preflight }),
    corpusDirectory: input.corpusDirectory,
  };
  // run.json makes the directory a run, so it comes last.
  writeJsonAtomic(runFiles(directory).state, initialStatus(run, now));
  writeJsonAtomic(runFiles(directory).identity, document);
  return { run, directory };
}

/** Two runs that start in the same second get different directories. */
function reserve(root: string, name: string, now: Date): { readonly run: string; readonly directory: string } {
  mkdirSync(root, { recursive: true });
  const stamp = now.toISOString().slice(0, 19).replaceAll("-", "").replace("T", "-").replaceAll(":", "");
  for (let n = 1; ; n++) {
    const run = `${name}-${stamp}${n === 1 ? "" : `-${n}`}`;
    const directory = join(root, run);
    try {
      mkdirSync(directory);
      return { run, directory };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
