import { copyFileSync, linkSync } from "node:fs";
import { join } from "node:path";
import type { ClusterRecord, RejectRecord } from "@midtrain/protocol/corpus";
import { writeFileAtomic } from "../platform/atomic-write";
import { redactionsOf, type CleanDocument } from "./clean-stage";
import { comparePaths } from "./listing/path-names";
import type { Pacer } from "./pacer";
import type { Split } from "./split/split";
import { StoredDocument } from "./incremental/lazy-record";
import { writeMembers, type EarlierCorpus, type WrittenShard } from "./incremental/shard-members";
import { corpusFiles, jsonLines, pathBitsOf, shardFile, shardOfBits } from "./written/corpus-files";
import { documentId } from "./written/document-id";
import type { LineParts } from "./written/gzip-parts";
import type { PackedText } from "./written/packed-text";

export interface WriteContext {
  readonly directory: string;
  /** A corpus whose unchanged shards, and parts of shards, are taken over. */
  readonly earlier: EarlierCorpus | undefined;
  readonly pacer: Pacer;
  readonly onStep: (done: number, total: number) => void;
}

/** A survivor, where it goes, and its text. */
export interface WrittenDocument {
  readonly document: CleanDocument;
  readonly split: Split["sides"][number];
  text(): PackedText;
}

/** One line of a shard, put together around the text, which is the bulk of it and compressed already. */
function documentLine({ document, split, text }: WrittenDocument): LineParts {
  const { path, class: documentClass, language, blob } = document;
  const spans = document.spans.map(({ line: _line, ...span }) => span);
  const head = JSON.stringify({ id: documentId(path, blob), path, class: documentClass, language, blob, split });
  return { head: `${head.slice(0, -1)},"text":`, text: text(), tail: `,"spans":${JSON.stringify(spans)}}\n` };
}

/** Writes the documents, in path order within each shard; returns what was written, shard by shard. */
export async function writeDocuments(documents: readonly WrittenDocument[], context: WriteContext): Promise<readonly WrittenShard[]> {
  const total = documents.reduce((sum, { document }) => sum + document.bytes, 0);
  const byShard = new Map<string, WrittenDocument[]>();
  for (const document of documents) {
    const shard = shardOfBits(pathBits(document.document), total);
    const members = byShard.get(shard);
    if (members === undefined) byShard.set(shard, [document]);
    else members.push(document);
  }
  const shards: WrittenShard[] = [];
  for (const [shard, members] of [...byShard].sort(([a], [b]) => comparePaths(a, b))) {
    shards.push(oneShard(shard, members, context));
    if (context.pacer.due()) await context.pacer.rest();
    context.onStep(shards.length, byShard.size);
  }
  return shards;
}

/** First 16 bits of the hash of a document's path. */
function pathBits({ path, before }: CleanDocument): number {
  return (before instanceof StoredDocument ? before.pathBits : undefined) ?? pathBitsOf(path);
}

/** The bytes of a shard are a function of its documents: one whose documents are as they were is the earlier one. */
function oneShard(shard: string, documents: readonly WrittenDocument[], context: WriteContext): WrittenShard {
  const file = shardFile(shard);
  const { directory, earlier } = context;
  const before = earlier?.shards.find((one) => one.file === file);
  const isSame = before?.documents === documents.length && documents.every(({ document, split }) => document.before?.side === split);
  if (isSame && takeOver(join(earlier!.directory, file), join(directory, file)))
    return { shard: before, members: earlier!.members[file] ?? [] };
  const members = documents.map((written) => ({
    path: written.document.path,
    side: written.split,
    pathBits: pathBits(written.document),
    isAsBefore: written.document.before?.side === written.split,
    line: () => documentLine(written),
  }));
  return writeMembers(directory, file, members, earlier);
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
