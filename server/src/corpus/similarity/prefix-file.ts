import { closeSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { explainWriteError } from "../../platform/atomic-write";
import type { Pacer } from "../pacer";
import { lowLane, type ShingleSource } from "./shingle-spill";

/**
 * Which documents have a shingle in their prefix, on disk. The common order of the shingles is that of their low lane, so a prefix is
 * what lies below a cut; two documents at least half alike share a shingle of both prefixes. One entry of 4 bytes per document and
 * shingle: 20 bits of the lane choose the bucket, the other 12 stand beside the number of the document.
 */
const bucketBits = 20;
const documentBits = 20;
export const buckets = 2 ** bucketBits;
export const mostDocuments = 2 ** documentBits - 1;

/** Cuts are multiples of 1/256 of the range of the lane. */
const cuts = 256;

/** Entries held in memory while the file is made. */
const entriesAtOnce = 24 << 20;

export interface PrefixTables {
  /** Per document: shingles with a low lane below `cut * 2**24` are listed. */
  readonly cut: Uint16Array<ArrayBuffer>;
  readonly listed: Uint32Array<ArrayBuffer>;
  readonly size: Uint32Array<ArrayBuffer>;
  /** Entries before each bucket, and in all. */
  readonly offsets: Uint32Array<ArrayBuffer>;
  /** Checksum of each bucket. */
  readonly checks: Uint16Array<ArrayBuffer>;
}

function checksum(entries: Uint32Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ entries[at]!, 0x01000193);
  return (hash ^ (hash >>> 16)) & 0xffff;
}

/** The smallest cut below which a document of this histogram has its prefix at Jaccard 0.5. */
function cutOf(histogram: Uint32Array, size: number): { cut: number; listed: number } {
  const prefix = size - Math.ceil(size / 2) + 1;
  let listed = 0;
  let cut = 0;
  while (listed < Math.min(prefix, size)) listed += histogram[cut++]!;
  return { cut, listed };
}

async function measure(documents: readonly number[], total: number, source: ShingleSource, pacer: Pacer): Promise<PrefixTables> {
  const tables: PrefixTables = {
    cut: new Uint16Array(total),
    listed: new Uint32Array(total),
    size: new Uint32Array(total),
    offsets: new Uint32Array(buckets + 1),
    checks: new Uint16Array(buckets),
  };
  const histogram = new Uint32Array(cuts);
  for (const document of documents) {
    if (pacer.due()) await pacer.rest();
    const low = lowLane(source, document);
    histogram.fill(0);
    for (let at = 0; at < low.length; at++) histogram[low[at]! >>> 24]!++;
    const { cut, listed } = cutOf(histogram, low.length);
    tables.cut[document] = cut;
    tables.listed[document] = listed;
    tables.size[document] = low.length;
    for (let at = 0; at < low.length; at++) if (low[at]! >>> 24 < cut) tables.offsets[(low[at]! >>> (32 - bucketBits)) + 1]!++;
  }
  for (let bucket = 0; bucket < buckets; bucket++) tables.offsets[bucket + 1]! += tables.offsets[bucket]!;
  return tables;
}

/** The first bucket after `from` with which the entries no longer fit into memory. */
function rangeEnd(offsets: Uint32Array, from: number): number {
  let to = from + 1;
  while (to < buckets && offsets[to + 1]! - offsets[from]! <= entriesAtOnce) to++;
  return to;
}

/** Writes the entries of the given documents to a new file, in rounds of bounded memory; the tables stay with the caller. */
export async function writePrefixFile(
  file: string,
  documents: readonly number[],
  total: number,
  source: ShingleSource,
  pacer: Pacer,
): Promise<PrefixTables> {
  const tables = await measure(documents, total, source, pacer);
  const { offsets, cut, checks } = tables;
  const descriptor = openSync(file, "wx", 0o600);
  try {
    for (let from = 0, to = 0; from < buckets; from = to) {
      to = rangeEnd(offsets, from);
      const start = offsets[from]!;
      const entries = new Uint32Array(offsets[to]! - start);
      const next = offsets.slice(from, to);
      for (const document of documents) {
        if (pacer.due()) await pacer.rest();
        const low = lowLane(source, document);
        for (let at = 0; at < low.length; at++) {
          const value = low[at]!;
          const bucket = value >>> (32 - bucketBits);
          if (value >>> 24 < cut[document]! && bucket >= from && bucket < to)
            entries[next[bucket - from]!++ - start] = ((value << bucketBits) | document) >>> 0;
        }
      }
      for (let bucket = from; bucket < to; bucket++)
        checks[bucket] = checksum(entries, offsets[bucket]! - start, offsets[bucket + 1]! - start);
      writeAll(descriptor, new Uint8Array(entries.buffer), start * 4);
    }
    fsyncSync(descriptor);
  } catch (error) {
    throw explainWriteError(error, file);
  } finally {
    closeSync(descriptor);
  }
  return tables;
}

function writeAll(descriptor: number, data: Uint8Array, position: number): void {
  for (let done = 0; done < data.length;) done += writeSync(descriptor, data, done, Math.min(data.length - done, 1 << 26), position + done);
}

/** Reads buckets of a file written by `writePrefixFile`. */
export class PrefixFile {
  readonly #descriptor: number;
  readonly #tables: PrefixTables;
  readonly #hits: Uint32Array;
  #buffer = new Uint32Array(1 << 12);

  constructor(file: string, tables: PrefixTables) {
    this.#descriptor = openSync(file, "r");
    this.#tables = tables;
    this.#hits = new Uint32Array(tables.size.length);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /**
   * Documents that may be at least half alike, none missing: those whose listed shingles are hit so often that the rest could do it.
   * Undefined when the file is damaged.
   */
  candidates(low: Uint32Array): number[] | undefined {
    const { cut, listed, size } = this.#tables;
    const touched: number[] = [];
    const above = new Uint32Array(cuts + 1);
    for (const value of low) {
      above[value >>> 24]!++;
      if (!this.#hit(value, touched)) return undefined;
    }
    for (let at = cuts - 1; at >= 0; at--) above[at]! += above[at + 1]!;
    const found: number[] = [];
    for (const document of touched) {
      const most = this.#hits[document]! + Math.min(size[document]! - listed[document]!, above[cut[document]!]!);
      if (3 * most >= low.length + size[document]!) found.push(document);
      this.#hits[document] = 0;
    }
    return found;
  }

  #hit(value: number, touched: number[]): boolean {
    const { offsets, checks } = this.#tables;
    const bucket = value >>> (32 - bucketBits);
    const start = offsets[bucket]!;
    const count = offsets[bucket + 1]! - start;
    if (count === 0) return true;
    if (this.#buffer.length < count) this.#buffer = new Uint32Array(2 * count);
    const entries = this.#buffer;
    if (readSync(this.#descriptor, entries, 0, count * 4, start * 4) !== count * 4) return false;
    if (checksum(entries, 0, count) !== checks[bucket]) return false;
    const wanted = (value << bucketBits) >>> documentBits;
    for (let at = 0; at < count; at++) {
      const entry = entries[at]!;
      if (entry >>> documentBits !== wanted) continue;
      const document = entry & mostDocuments;
      if (this.#hits[document]!++ === 0) touched.push(document);
    }
    return true;
  }
}
