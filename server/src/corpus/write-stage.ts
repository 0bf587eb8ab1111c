import { copyFileSync, linkSync } from "node:fs";
import { join } from "node:path";
import type { ClusterRecord, RejectRecord } from "@midtrain/protocol/corpus";
import { writeFileAtomic } from "../platform/atomic-write";
import type { CleanDocument } from "./clean-stage";
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

/** The survivors, where each goes, and their texts. */
export interface WrittenDocuments {
  readonly survivors: readonly CleanDocument[];
  readonly sides: Split["sides"];
  readonly text: (survivor: number) => PackedText;
}

/** One line of a shard, put together around the text, which is the bulk of it and compressed already. */
function documentLine({ survivors, sides, text }: WrittenDocuments, survivor: number): LineParts {
  const { path, class: documentClass, language, blob, spans: lined } = survivors[survivor]!;
  const spans = lined.map(({ line: _line, ...span }) => span);
  const head = JSON.stringify({ id: documentId(path, blob), path, class: documentClass, language, blob, split: sides[survivor]! });
  return { head: `${head.slice(0, -1)},"text":`, text: () => text(survivor), tail: `,"spans":${JSON.stringify(spans)}}\n` };
}

/** Writes the documents, in path order within each shard; returns what was written, shard by shard. */
export async function writeDocuments(documents: WrittenDocuments, context: WriteContext): Promise<readonly WrittenShard[]> {
  const { survivors } = documents;
  let total = 0;
  for (const { bytes } of survivors) total += bytes;
  const byShard = new Map<string, number[]>();
  for (let survivor = 0; survivor < survivors.length; survivor++) {
    const shard = shardOfBits(pathBits(survivors[survivor]!), total);
    const members = byShard.get(shard);
    if (members === undefined) byShard.set(shard, [survivor]);
    else members.push(survivor);
  }
  const shards: WrittenShard[] = [];
  for (const [shard, members] of [...byShard].sort(([a], [b]) => comparePaths(a, b))) {
    shards.push(oneShard(shard, members, documents, context));
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
function oneShard(
  shard: string,
  members: readonly number[],
  documents: WrittenDocuments,
  { directory, earlier }: WriteContext,
): WrittenShard {
  const file = shardFile(shard);
  const { survivors, sides } = documents;
  const before = earlier?.shards.find((one) => one.file === file);
  const isAsBefore = (survivor: number): boolean => survivors[survivor]!.before?.side === sides[survivor];
  const isSame = before?.documents === members.length && members.every(isAsBefore);
  if (isSame && takeOver(join(earlier!.directory, file), join(directory, file)))
    return { shard: before, members: earlier!.members[file] ?? [] };
  const parts = members.map((survivor) => ({
    path: survivors[survivor]!.path,
    side: sides[survivor]!,
    pathBits: pathBits(survivors[survivor]!),
    isAsBefore: isAsBefore(survivor),
    line: () => documentLine(documents, survivor),
  }));
  return writeMembers(directory, file, parts, earlier);
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
  /** Lines of redactions.jsonl. */
  readonly redactions: Uint8Array;
  readonly clusters: readonly ClusterRecord[];
  readonly split: Split;
  readonly seed: number;
  readonly heldOutShare: number;
  readonly minHeldOutFiles: number;
}

export function writeRecords(directory: string, records: CorpusRecords): void {
  const { survivors, split, seed, heldOutShare, minHeldOutFiles } = records;
  const write = (name: string, text: string | Uint8Array): void => writeFileAtomic(join(directory, name), text);
  write(corpusFiles.rejects, jsonLines(records.rejects));
  write(corpusFiles.redactions, records.redactions);
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
