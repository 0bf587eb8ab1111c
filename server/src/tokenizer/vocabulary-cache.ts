import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { endianness, homedir } from "node:os";
import { join } from "node:path";
import { isWriteError, writeFileAtomic } from "../platform/atomic-write";
import { MergeTable } from "./merge-table";
import { PackedVocabulary } from "./packed-vocabulary";

/** The long lists of a tokenizer as they lie in memory, with what else it takes to make it again. */
export interface PackedLists {
  readonly vocabulary: PackedVocabulary;
  readonly merges: MergeTable;
  /** Plain JSON. */
  readonly meta: unknown;
}

/** Raised with every change of the layout or of what `meta` holds; files of other versions are not read. */
const format = 2;

const checksumBytes = 32;
/** Tokenizers that are remembered; the one that was used least recently goes first. */
const mostFiles = 12;

/** Where caches of this user go; the environment may say otherwise. */
export function tokenizerCacheDirectory(environment: NodeJS.ProcessEnv): string {
  const { MIDTRAIN_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = environment;
  if (MIDTRAIN_CACHE) return join(MIDTRAIN_CACHE, "tokenizers");
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, "midtrain", "tokenizers");
  if (process.platform === "win32" && LOCALAPPDATA) return join(LOCALAPPDATA, "midtrain", "cache", "tokenizers");
  return join(homedir(), process.platform === "darwin" ? "Library/Caches" : ".cache", "midtrain", "tokenizers");
}

interface Header {
  readonly format: number;
  readonly endianness: string;
  readonly key: string;
  /** Lengths of the arrays, in their order. */
  readonly lengths: readonly number[];
  /** Bytes of the longest token. */
  readonly longest: number;
  readonly meta: unknown;
}

/**
 * Packed tokenizers, one file each, named by the hash of the bytes they were made from, with a checksum of their own.
 * Only a cache: what cannot be read, or is not what it says, counts as absent, and a disk that cannot be written to is no error.
 */
export class VocabularyCache {
  constructor(private readonly directory: string) {}

  /** @param key hash of the source. */
  read(key: string): PackedLists | undefined {
    const file = this.fileOf(key);
    try {
      const bytes = readFileSync(file);
      const lists = unpack(aligned(bytes), key);
      if (lists) markUsed(file);
      return lists;
    } catch {
      return undefined;
    }
  }

  write(key: string, lists: PackedLists): void {
    try {
      writeFileAtomic(this.fileOf(key), pack(key, lists));
      this.prune();
    } catch (error) {
      if (!isWriteError(error)) throw error;
    }
  }

  remove(key: string): void {
    rmSync(this.fileOf(key), { force: true });
  }

  private fileOf(key: string): string {
    return join(this.directory, `${key}.v${format}.bin`);
  }

  private prune(): void {
    const files = readdirSync(this.directory)
      .filter((name) => name.endsWith(".bin"))
      .map((name) => join(this.directory, name));
    if (files.length <= mostFiles) return;
    const used = new Map(files.map((file) => [file, statSync(file).mtimeMs]));
    files.sort((a, b) => used.get(b)! - used.get(a)!);
    for (const file of files.slice(mostFiles)) rmSync(file, { force: true });
  }
}

const day = 86_400_000;

function markUsed(file: string): void {
  const { mtimeMs } = statSync(file);
  const now = Date.now();
  if (now - mtimeMs > day) utimesSync(file, now / 1000, now / 1000);
}

/** Int32Arrays can only be laid over bytes that start at a multiple of four. */
function aligned(bytes: Buffer): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : Uint8Array.from(bytes);
}

const roundedUp = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** The text comes last: all others count in fours. */
function arraysOf({ vocabulary, merges }: PackedLists): readonly Uint8Array[] {
  const { text, starts, ids, entryOfId, slots } = vocabulary.arrays;
  return [starts, ids, entryOfId, slots, merges.arrays.slots, merges.arrays.merged, text].map(
    (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
  );
}

function pack(key: string, lists: PackedLists): readonly Uint8Array[] {
  const arrays = arraysOf(lists);
  const header: Header = {
    format,
    endianness: endianness(),
    key,
    lengths: arrays.map(({ length }) => length),
    longest: lists.vocabulary.arrays.longest,
    meta: lists.meta,
  };
  const text = Buffer.from(JSON.stringify(header), "utf8");
  const head = Buffer.alloc(roundedUp(8 + text.length));
  head.writeUInt32LE(text.length, 0);
  text.copy(head, 8);
  const parts = [head, ...arrays.flatMap((array) => [array, new Uint8Array(roundedUp(array.length) - array.length)])];
  const checksum = createHash("sha256");
  for (const part of parts) checksum.update(part);
  return [checksum.digest(), ...parts];
}

function unpack(bytes: Uint8Array, key: string): PackedLists | undefined {
  const checksum = createHash("sha256").update(bytes.subarray(checksumBytes)).digest();
  if (!checksum.equals(bytes.subarray(0, checksumBytes))) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(checksumBytes, true);
  const start = checksumBytes + 8;
  const header = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString("utf8")) as Header;
  if (header.format !== format || header.endianness !== endianness() || header.key !== key) return undefined;
  let at = checksumBytes + roundedUp(8 + length);
  const views = header.lengths.map((size) => {
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset + at, size);
    at += roundedUp(size);
    return view;
  });
  if (views.length !== 7 || at !== bytes.length) return undefined;
  const text = views.pop()!;
  const [starts, ids, entryOfId, slots, mergeSlots, merged] = views.map(
    (view) => new Int32Array(view.buffer, view.byteOffset, view.length / 4),
  ) as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
  const vocabulary = new PackedVocabulary({ text, starts, ids, entryOfId, slots, longest: header.longest });
  return { vocabulary, merges: new MergeTable({ slots: mergeSlots, merged }), meta: header.meta };
}
