/** Everything about a written corpus but its texts, in memory: what the editor's lists, answers and figures are made from. */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { ClusterRecord, CorpusManifest, RedactionRecord, RejectRecord, SplitSide } from "@midtrain/protocol/corpus";
import { readClusters, readManifest, readRedactions, readRejects } from "../corpus";
import { readIndexCache } from "./corpus-index-file";
import { engineJob, type JobPlace } from "./engine-jobs";
import { newestCorpus } from "./repository-report";

/** A document without its text. `bytes` counts the cleaned text in UTF-8. */
export interface IndexedDocument {
  readonly path: string;
  readonly class: string;
  readonly language: string;
  readonly split: SplitSide;
  readonly blob: string;
  readonly bytes: number;
  readonly stripped: number;
}

/** Every list is in code-unit order of its paths. */
export interface CorpusIndex {
  readonly directory: string;
  readonly manifest: CorpusManifest;
  readonly documents: readonly IndexedDocument[];
  readonly rejects: readonly RejectRecord[];
  readonly redactions: readonly RedactionRecord[];
  readonly clusters: readonly ClusterRecord[];
}

function byPath<T>(records: readonly T[], path: (record: T) => string): readonly T[] {
  return [...records].sort((a, b) => (path(a) < path(b) ? -1 : path(a) > path(b) ? 1 : 0));
}

/** The index of a corpus, or undefined while the cache lacks one of its shards. */
function fromCache(corpusDirectory: string, midtrain: string): CorpusIndex | undefined {
  const manifest = readManifest(corpusDirectory);
  const { shards } = readIndexCache(midtrain);
  if (manifest.shards.some(({ sha256 }) => shards[sha256] === undefined)) return undefined;
  const documents = manifest.shards.flatMap(({ sha256 }) =>
    shards[sha256]!.map(([path, documentClass, language, split, blob, bytes, stripped]): IndexedDocument => ({
      path,
      class: documentClass,
      language,
      split,
      blob,
      bytes,
      stripped,
    })),
  );
  return {
    directory: corpusDirectory,
    manifest,
    documents: byPath(documents, ({ path }) => path),
    rejects: byPath(readRejects(corpusDirectory), ({ path }) => path),
    redactions: byPath(readRedactions(corpusDirectory), ({ path }) => path),
    clusters: byPath(readClusters(corpusDirectory), ({ survivor }) => survivor),
  };
}

/** One index a repository, made when it is first asked for. */
export class CorpusIndexes {
  private readonly held = new Map<string, { readonly key: string; readonly index: Promise<CorpusIndex> }>();

  /** The index of the newest corpus; undefined before the first harvest. */
  async newest(place: JobPlace): Promise<CorpusIndex | undefined> {
    const corpus = newestCorpus(place.midtrain);
    return corpus === undefined ? undefined : this.of(corpus, place);
  }

  of(corpus: string, place: JobPlace): Promise<CorpusIndex> {
    const key = `${corpus} ${statSync(join(corpus, "manifest.json")).mtimeMs}`;
    const held = this.held.get(place.midtrain);
    if (held?.key === key) return held.index;
    const index = this.make(corpus, place);
    this.held.set(place.midtrain, { key, index });
    index.catch(() => this.held.delete(place.midtrain));
    return index;
  }

  private async make(corpus: string, place: JobPlace): Promise<CorpusIndex> {
    const known = fromCache(corpus, place.midtrain);
    if (known) return known;
    await engineJob({ ...place, job: "index", corpus }, { signal: new AbortController().signal, onProgress: () => undefined });
    const made = fromCache(corpus, place.midtrain);
    if (made === undefined) throw new Error("The index of the corpus does not name all of its shards.");
    return made;
  }
}

/** Position of the first record whose path is not before `path`. */
export function lowerBound<T>(records: readonly T[], path: string, pathOf: (record: T) => string): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pathOf(records[middle]!) < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The records of a file. */
export function recordsOf<T extends { readonly path: string }>(records: readonly T[], path: string): readonly T[] {
  const found: T[] = [];
  for (let at = lowerBound(records, path, (record) => record.path); records[at]?.path === path; at++) found.push(records[at]!);
  return found;
}
