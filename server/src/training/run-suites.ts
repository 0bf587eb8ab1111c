/** The frozen suites of a run: the built-in ones and those harvested from the repository's held-out files. */
import { join } from "node:path";
import type { CorpusDocument, SplitSide } from "@midtrain/protocol/corpus";
import { MidtrainError } from "@midtrain/protocol/errors";
import { readDocuments } from "../corpus";
import { domainSuites, loadSuites, suiteHash, type Suite } from "../evaluation";
import { renderDocument } from "../mixture";

export interface RunSuites {
  readonly suites: readonly Suite[];
  /** Held-out documents of the loop: completions are taken from them. */
  readonly heldOut: readonly CorpusDocument[];
}

/** A pure function of the corpus and the seed: made at preparation, made again by every controller, compared by hash. */
export async function buildSuites(corpusDirectory: string, seed: number): Promise<RunSuites> {
  const side = (split: SplitSide): Promise<readonly CorpusDocument[]> => collect(readDocuments(corpusDirectory, { split }));
  const heldOut = await side("held-out");
  const domain = domainSuites({
    heldOut,
    sealed: await side("sealed"),
    train: await side("train"),
    header: (document) => renderDocument(document).header,
    seed,
  });
  return { suites: [...domain, ...loadSuites()], heldOut };
}

export function suiteHashes(suites: readonly Suite[]): Readonly<Record<string, string>> {
  return Object.fromEntries(suites.map((suite) => [suite.name, suiteHash(suite)]));
}

/** @throws MidtrainError (corrupt) when a suite is not the one that the run was started with. */
export function checkSuites(suites: readonly Suite[], frozen: Readonly<Record<string, string>>, runDirectory: string): void {
  const now = suiteHashes(suites);
  const changed = Object.keys({ ...now, ...frozen }).find((name) => now[name] !== frozen[name]);
  if (changed === undefined) return;
  throw new MidtrainError({
    reason: "corrupt",
    message: `The suite ${changed} is not the one this run was started with: its comparisons would mean nothing.`,
    where: join(runDirectory, "run.json"),
    next: "Resume with the version of Midtrain that started the run, or start a new run.",
  });
}

export async function collect<T>(items: Iterable<T> | AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
