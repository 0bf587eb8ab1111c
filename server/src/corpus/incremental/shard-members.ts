import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CorpusManifest } from "@midtrain/protocol/corpus";
import { writeFileAtomic } from "../../platform/atomic-write";
import { sha256 } from "../../platform/hash";
import { ByteWriter, gzipLines, type LineParts } from "../written/gzip-parts";

/** A part of a shard that is compressed on its own: a gzip member. */
export interface ShardMember {
  /** Of the paths and sides of its documents. */
  readonly key: string;
  /** Compressed. */
  readonly bytes: number;
}

/** Members of shards by the shards' files. */
export type ShardMembers = Readonly<Record<string, readonly ShardMember[]>>;

/** A document of a shard, in path order. */
export interface ShardDocument {
  readonly path: string;
  readonly side: string;
  /** First 16 bits of the hash of its path. */
  readonly pathBits: number;
  /** Its line is the one that it had in the earlier corpus. */
  readonly isAsBefore: boolean;
  line(): LineParts;
}

export interface EarlierCorpus {
  readonly directory: string;
  readonly shards: CorpusManifest["shards"];
  readonly members: ShardMembers;
}

/** Every eighth document begins a member, by its path alone, so that one that comes or goes changes one member or two. */
function beginsMember(pathBits: number): boolean {
  return (pathBits & 15) < 2;
}

function inMembers(documents: readonly ShardDocument[]): ShardDocument[][] {
  const members: ShardDocument[][] = [];
  for (const document of documents) {
    const last = members.at(-1);
    if (last === undefined || beginsMember(document.pathBits)) members.push([document]);
    else last.push(document);
  }
  return members;
}

function keyOf(documents: readonly ShardDocument[]): string {
  return sha256(documents.map(({ path, side }) => `${path}\0${side}\0`).join("")).slice(0, 16);
}

/** Compressed members of an earlier shard by their keys; none when the file is not the one that was written. */
function earlierParts(file: string, earlier: EarlierCorpus | undefined): ReadonlyMap<string, Uint8Array> {
  const parts = new Map<string, Uint8Array>();
  const shard = earlier?.shards.find((one) => one.file === file);
  const members = earlier?.members[file];
  if (shard === undefined || members === undefined) return parts;
  let data: Buffer;
  try {
    data = readFileSync(join(earlier!.directory, file));
  } catch {
    return parts;
  }
  if (sha256(data) !== shard.sha256) return parts;
  let at = 0;
  for (const { key, bytes } of members) {
    parts.set(key, data.subarray(at, at + bytes));
    at += bytes;
  }
  return parts;
}

export interface WrittenShard {
  readonly shard: CorpusManifest["shards"][number];
  readonly members: readonly ShardMember[];
}

/** Of one shard at a time. */
const out = new ByteWriter();

/**
 * Writes one shard as gzip members, which together are one gzip file. Members whose documents are all as they were are copied from the earlier
 * corpus as they stand there, the others are compressed: the bytes are the same either way.
 */
export function writeMembers(
  directory: string,
  file: string,
  documents: readonly ShardDocument[],
  earlier: EarlierCorpus | undefined,
): WrittenShard {
  const known = earlierParts(file, earlier);
  out.clear();
  const members = inMembers(documents).map((member): ShardMember => {
    const start = out.length;
    const key = keyOf(member);
    const before = member.every((document) => document.isAsBefore) ? known.get(key) : undefined;
    if (before === undefined)
      gzipLines(
        member.map((document) => document.line()),
        out,
      );
    else out.add(before);
    return { key, bytes: out.length - start };
  });
  const data = out.bytes;
  writeFileAtomic(join(directory, file), data);
  return { shard: { file, sha256: sha256(data), documents: documents.length }, members };
}
