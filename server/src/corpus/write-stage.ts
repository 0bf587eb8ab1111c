import { copyFileSync, linkSync } from "node:fs";
import { join } from "node:path";
import type { ClusterRecord, CorpusManifest, RejectRecord } from "@midtrain/protocol/corpus";
import { writeFileAtomic } from "../platform/atomic-write";
import { redactionsOf, type CleanDocument } from "./clean-stage";
import { comparePaths } from "./listing/path-names";
import type { Pacer } from "./pacer";
import type { Split } from "./split/split";
import { corpusFiles, jsonLines, shardFile, shardOf, writeShard } from "./written/corpus-files";
import { documentId } from "./written/document-id";

export interface WriteContext {
  readonly directory: string;
  /** A corpus whose unchanged shards are taken over. */
  readonly earlier: { readonly directory: string; readonly shards: CorpusManifest["shards"] } | undefined;
  readonly pacer: Pacer;
  readonly onStep: (done: number, total: number) => void;
}

/** A survivor, where it goes, and its text as a JSON string literal in UTF-8. */
export interface WrittenDocument {
  readonly document: CleanDocument;
  readonly split: Split["sides"][number];
  text(): Uint8Array;
}

/** One line of a shard, put together around the text, which is the bulk of it and JSON already. */
function documentLine({ document, split, text }: WrittenDocument): Uint8Array[] {
  const { path, class: documentClass, language, blob } = document;
  const spans = document.spans.map(({ line: _line, ...span }) => span);
  const head = JSON.stringify({ id: documentId(path, blob), path, class: documentClass, language, blob, split });
  return [Buffer.from(`${head.slice(0, -1)},"text":`), text(), Buffer.from(`,"spans":${JSON.stringify(spans)}}\n`)];
}

/** Shards that are compressed at the same time. */
const shardsAtOnce = 4;

/** Writes the documents, in path order within each shard; returns the manifest's list of shards. */
export async function writeDocuments(documents: readonly WrittenDocument[], context: WriteContext): Promise<CorpusManifest["shards"]> {
  const total = documents.reduce((sum, { document }) => sum + document.bytes, 0);
  const byShard = new Map<string, WrittenDocument[]>();
  for (const document of documents) {
    const shard = shardOf(document.document.path, total);
    const members = byShard.get(shard);
    if (members === undefined) byShard.set(shard, [document]);
    else members.push(document);
  }
  const pending = [...byShard].sort(([a], [b]) => comparePaths(a, b));
  const shards: CorpusManifest["shards"][number][] = [];
  for (let from = 0; from < pending.length; from += shardsAtOnce) {
    const some = pending.slice(from, from + shardsAtOnce);
    shards.push(...(await Promise.all(some.map(([shard, members]) => oneShard(shard, members, context)))));
    if (context.pacer.due()) await context.pacer.rest();
    context.onStep(shards.length, byShard.size);
  }
  return shards;
}

/** The bytes of a shard are a function of its documents: one whose documents are as they were is the earlier one. */
async function oneShard(
  shard: string,
  members: readonly WrittenDocument[],
  context: WriteContext,
): Promise<CorpusManifest["shards"][number]> {
  const file = shardFile(shard);
  const earlier = context.earlier?.shards.find((one) => one.file === file);
  const isSame = earlier?.documents === members.length && members.every(({ document, split }) => document.before?.side === split);
  if (isSame && takeOver(join(context.earlier!.directory, file), join(context.directory, file))) return earlier;
  return writeShard(context.directory, file, members.flatMap(documentLine), members.length);
}

/** A hard link where the file system has them, else a copy; false when the earlier file is not there. */
function takeOver(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    try {
      copyFileSync(from, to);
      return true;
    } catch {
      return false;
    }
  }
}

export interface CorpusRecords {
  readonly rejects: readonly RejectRecord[];
  readonly survivors: readonly CleanDocument[];
  readonly clusters: readonly ClusterRecord[];
  readonly split: Split;
  readonly seed: number;
  readonly heldOutShare: number;
  readonly minHeldOutFiles: number;
}

export function writeRecords(directory: string, records: CorpusRecords): void {
  const { survivors, split, seed, heldOutShare, minHeldOutFiles } = records;
  const write = (name: string, text: string): void => writeFileAtomic(join(directory, name), text);
  write(corpusFiles.rejects, jsonLines(records.rejects));
  write(corpusFiles.redactions, jsonLines(survivors.flatMap(redactionsOf)));
  write(corpusFiles.clusters, jsonLines(records.clusters));
  const pathsOf = (side: string): string[] => survivors.filter((_, index) => split.sides[index] === side).map((document) => document.path);
  const components = split.components.map((members) => members.map((member) => survivors[member]!.path));
  const together = split.together.map(({ a, b }) => [survivors[a]!.path, survivors[b]!.path]);
  const about = { format: 1, seed, heldOutShare, minHeldOutFiles, jaccard: 0.5, words: split.words, note: split.note };
  write(
    corpusFiles.split,
    `${JSON.stringify({ ...about, heldOut: pathsOf("held-out"), sealed: pathsOf("sealed"), components, together }, undefined, 1)}\n`,
  );
}
