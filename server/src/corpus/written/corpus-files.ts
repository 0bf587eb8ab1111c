import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { ClusterRecord, CorpusDocument, CorpusManifest, RedactionRecord, RejectRecord, SplitSide } from "@midtrain/protocol/corpus";
import { MidtrainError } from "@midtrain/protocol/errors";
import { explainWriteError, syncDirectory, writeJsonAtomic } from "../../platform/atomic-write";
import { sha256 } from "../../platform/hash";

const decompress = promisify(gunzip);

export const corpusFiles = {
  manifest: "manifest.json",
  rejects: "rejects.jsonl",
  redactions: "redactions.jsonl",
  clusters: "clusters.jsonl",
  split: "split.json",
  documents: "documents",
} as const;

/** First 16 bits of the hash of a path. */
export function pathBitsOf(path: string): number {
  return Number.parseInt(sha256(path).slice(0, 4), 16);
}

/** Shard of a path by the bits of its hash. 16 shards hold small corpora, 256 large ones, so that a shard stays a few megabytes. */
export function shardOfBits(pathBits: number, totalBytes: number): string {
  return pathBits
    .toString(16)
    .padStart(4, "0")
    .slice(0, totalBytes < 64 * 1024 * 1024 ? 1 : 2);
}

export function jsonLines(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

export function shardFile(shard: string): string {
  return `${corpusFiles.documents}/${shard}.jsonl.gz`;
}

const unfinished = /^\.making-/;
const abandonedAfterMilliseconds = 24 * 3600 * 1000;

/** A directory of one harvest's own, so that two at once do not meet; what a killed one left a day ago is removed. */
export function startCorpus(corpora: string, now: number): string {
  try {
    mkdirSync(corpora, { recursive: true });
    for (const name of readdirSync(corpora)) {
      if (unfinished.test(name) && now - statSync(join(corpora, name)).mtimeMs > abandonedAfterMilliseconds)
        rmSync(join(corpora, name), { recursive: true, force: true });
    }
    const directory = join(corpora, `.making-${randomBytes(6).toString("hex")}`);
    mkdirSync(join(directory, corpusFiles.documents), { recursive: true });
    return directory;
  } catch (error) {
    throw explainWriteError(error, corpora);
  }
}

/** Manifest last, then the whole directory takes its name at once. When another harvest was faster, its corpus is the same and stays. */
export function finishCorpus(making: string, corpusDirectory: string, manifest: CorpusManifest): void {
  writeJsonAtomic(join(making, corpusFiles.manifest), manifest);
  try {
    moveIntoPlace(making, corpusDirectory);
    syncDirectory(dirname(corpusDirectory));
  } catch (error) {
    throw explainWriteError(error, corpusDirectory);
  }
}

function moveIntoPlace(making: string, corpusDirectory: string): void {
  try {
    renameSync(making, corpusDirectory);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "") || !existsSync(corpusDirectory))
      throw error;
    if (isComplete(corpusDirectory)) {
      rmSync(making, { recursive: true, force: true });
      return;
    }
    const damaged = `${making}-damaged`;
    renameSync(corpusDirectory, damaged);
    renameSync(making, corpusDirectory);
    rmSync(damaged, { recursive: true, force: true });
  }
}

/** True when the manifest is there and every shard has the bytes it names. */
export function isComplete(corpusDirectory: string): boolean {
  try {
    const manifest = readManifest(corpusDirectory);
    return manifest.shards.every((shard) => sha256(readFileSync(join(corpusDirectory, shard.file))) === shard.sha256);
  } catch {
    return false;
  }
}

function corrupt(file: string, cause?: unknown): MidtrainError {
  return new MidtrainError({
    reason: "corrupt",
    message: "This part of the corpus cannot be read.",
    where: file,
    next: "Harvest again; the damaged corpus is replaced.",
    cause,
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw corrupt(file, error);
  }
}

function parse<T>(line: string, file: string): T {
  try {
    return JSON.parse(line) as T;
  } catch (error) {
    throw corrupt(file, error);
  }
}

/** @throws MidtrainError (corrupt) when the corpus is not there or not whole. */
export function readManifest(corpusDirectory: string): CorpusManifest {
  const file = join(corpusDirectory, corpusFiles.manifest);
  const manifest = parse<Partial<CorpusManifest> | null>(readText(file), file);
  if (manifest === null || typeof manifest !== "object" || manifest.format !== 1 || !Array.isArray(manifest.shards)) throw corrupt(file);
  return manifest as CorpusManifest;
}

function readLines<T>(corpusDirectory: string, name: string): T[] {
  const file = join(corpusDirectory, name);
  return readText(file)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => parse<T>(line, file));
}

export const readRejects = (corpusDirectory: string): RejectRecord[] => readLines(corpusDirectory, corpusFiles.rejects);
export const readRedactions = (corpusDirectory: string): RedactionRecord[] => readLines(corpusDirectory, corpusFiles.redactions);
export const readClusters = (corpusDirectory: string): ClusterRecord[] => readLines(corpusDirectory, corpusFiles.clusters);

/** Pairs of paths that the history joins, as the split was told; a corpus of an older version has none. */
export function readTogether(corpusDirectory: string): readonly (readonly [string, string])[] {
  const file = join(corpusDirectory, corpusFiles.split);
  const split = parse<{ readonly together?: unknown } | null>(readText(file), file);
  if (split === null || typeof split !== "object") throw corrupt(file);
  const { together = [] } = split;
  const isPair = (pair: unknown): pair is readonly [string, string] => Array.isArray(pair) && pair.length === 2;
  if (!Array.isArray(together) || !together.every(isPair)) throw corrupt(file);
  return together;
}

/**
 * The documents, shard by shard and by path within a shard; one shard is in memory at a time.
 * @throws MidtrainError (corrupt) when a shard is not the one the manifest names.
 */
export async function* readDocuments(
  corpusDirectory: string,
  options: {
    readonly split?: SplitSide;
    readonly shard?: (shard: CorpusManifest["shards"][number]) => boolean;
    readonly path?: (path: string) => boolean;
  } = {},
): AsyncGenerator<CorpusDocument> {
  for (const shard of readManifest(corpusDirectory).shards) {
    if (options.shard?.(shard) === false) continue;
    const file = join(corpusDirectory, shard.file);
    for (const document of await readShard(file, shard.sha256))
      if ((options.split ?? document.split) === document.split && options.path?.(document.path) !== false) yield document;
  }
}

async function readShard(file: string, expected: string): Promise<CorpusDocument[]> {
  let data: Buffer;
  try {
    data = readFileSync(file);
  } catch (error) {
    throw corrupt(file, error);
  }
  if (sha256(data) !== expected) throw corrupt(file);
  return (await decompress(data))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => parse<CorpusDocument>(line, file));
}

/** The most recent complete corpus under a `.midtrain` directory, if any. */
export function latestCorpus(midtrainDirectory: string): string | undefined {
  const corpora = join(midtrainDirectory, "corpora");
  if (!existsSync(corpora)) return undefined;
  return readdirSync(corpora)
    .filter((name) => !unfinished.test(name) && existsSync(join(corpora, name, corpusFiles.manifest)))
    .map((name) => join(corpora, name))
    .sort((a, b) => manifestTime(b) - manifestTime(a) || (basename(a) < basename(b) ? -1 : 1))[0];
}

function manifestTime(corpusDirectory: string): number {
  return statSync(join(corpusDirectory, corpusFiles.manifest)).mtimeMs;
}
