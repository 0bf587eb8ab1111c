/** The written index of a corpus: one row a document, without its text. A cache by content hash of the shards. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SplitSide } from "@midtrain/protocol/corpus";
import { readDocuments, readManifest } from "../corpus";
import { writeFileAtomic } from "../platform/atomic-write";

export type IndexRow = readonly [
  path: string,
  documentClass: string,
  language: string,
  split: SplitSide,
  blob: string,
  bytes: number,
  stripped: number,
];

/** Rows by content hash of their shard: what a new corpus shares with the last one is not unpacked again. */
interface IndexCache {
  readonly format: 1;
  readonly shards: Readonly<Record<string, readonly IndexRow[]>>;
}

const emptyCache: IndexCache = { format: 1, shards: {} };

function cacheFile(midtrain: string): string {
  return join(midtrain, "reports", "corpus-index.json");
}

/** A cache that cannot be read is as good as none. */
export function readIndexCache(midtrain: string): IndexCache {
  const file = cacheFile(midtrain);
  if (!existsSync(file)) return emptyCache;
  try {
    const cache = JSON.parse(readFileSync(file, "utf8")) as Partial<IndexCache> | null;
    return cache?.format === 1 && typeof cache.shards === "object" ? (cache as IndexCache) : emptyCache;
  } catch {
    return emptyCache;
  }
}

/** Reads the shards that the cache does not know and writes the cache anew. Unpacks texts: runs in a worker. */
export async function writeCorpusIndex(corpusDirectory: string, midtrain: string): Promise<void> {
  const known = readIndexCache(midtrain).shards;
  const { shards } = readManifest(corpusDirectory);
  const rows: Record<string, readonly IndexRow[]> = {};
  for (const { sha256, file } of shards) {
    const before = known[sha256];
    if (before) {
      rows[sha256] = before;
      continue;
    }
    const read: IndexRow[] = [];
    for await (const document of readDocuments(corpusDirectory, { shard: (shard) => shard.file === file })) {
      const stripped = document.spans.filter((span) => span.kind === "stripped").length;
      const { path, language, split, blob, text } = document;
      read.push([path, document.class, language, split, blob, Buffer.byteLength(text), stripped]);
    }
    rows[sha256] = read;
  }
  writeFileAtomic(cacheFile(midtrain), JSON.stringify({ format: 1, shards: rows } satisfies IndexCache));
}
