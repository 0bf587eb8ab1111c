import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { writeFileAtomic } from "../../platform/atomic-write";
import { sha256 } from "../../platform/hash";
import type { Pacer } from "../pacer";
import type { DedupDocument, Deduplication } from "./deduplicate";
import { buckets, mostDocuments, PrefixFile, writePrefixFile, type PrefixTables } from "./prefix-file";
import type { ShingleSource } from "./shingle-spill";

/** A document that can be recognised in a later run. */
export interface KeyedDocument extends DedupDocument {
  /** Equal keys mean equal path, equal cleaned text and equal blob: see `documentKey`. */
  readonly key: number;
}

/** What a cold run found, by the numbers that its documents had then. Never changed: later runs compare themselves with it. */
export interface SimilarityState {
  readonly count: number;
  /** Numbers of these documents in the state, -1 for unknown ones. */
  lookUp(documents: readonly KeyedDocument[]): Int32Array;
  /** The document itself when it stayed, the one it nearly equals, or -1 when it equalled another and was not compared. */
  readonly hangsOn: Int32Array;
  /** Likeness to the document it hangs on. */
  readonly jaccard: Float64Array;
  readonly edges: { readonly a: Uint32Array; readonly b: Uint32Array; readonly jaccard: Float64Array };
  /** Hash of the text but for white space, where it was asked for. */
  textHash(document: number): string | undefined;
  /** Shingles of a document, how many. */
  readonly size: Uint32Array;
  /** See PrefixFile. */
  candidates(low: Uint32Array): number[] | undefined;
  close(): void;
}

const metaName = "similarity.meta";
const dataName = /^similarity-[0-9a-f]+\.prefixes$/;
const format = 2;

type Column = Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** The columns in the order in which they stand in the file, each at a multiple of 8 bytes. */
function columnsOf(count: number, edges: number): Record<string, () => Column> {
  return {
    keys: () => new Float64Array(count),
    jaccard: () => new Float64Array(count),
    edgeJaccard: () => new Float64Array(edges),
    textHashes: () => new Float64Array(count),
    hangsOn: () => new Int32Array(count),
    edgeA: () => new Uint32Array(edges),
    edgeB: () => new Uint32Array(edges),
    listed: () => new Uint32Array(count),
    size: () => new Uint32Array(count),
    offsets: () => new Uint32Array(buckets + 1),
    cut: () => new Uint16Array(count),
    checks: () => new Uint16Array(buckets),
  };
}

interface Header {
  readonly format: number;
  readonly version: string;
  readonly data: string;
  readonly count: number;
  readonly edges: number;
  readonly checksum: string;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/** Text hashes are kept as whole numbers below 2**52, plus one; 0 where none was asked for. */
function numberOfHash(hash: string): number {
  return Number.parseInt(hash.slice(0, 13), 16) + 1;
}

/**
 * Keeps what a cold run found in a directory of caches, for `deduplicateIncremental`. Made whole or not at all; an older one is replaced.
 * @param version of everything that decides the texts and their shingles; a state of another version is never used
 * @param source the shingles of all documents, once more
 * @throws MidtrainError (environment) when the directory cannot be written.
 */
export async function saveSimilarityState(
  directory: string,
  version: string,
  documents: readonly KeyedDocument[],
  result: Deduplication,
  source: ShingleSource,
  pacer: Pacer,
): Promise<void> {
  if (documents.length > mostDocuments || result.method !== "exact") return;
  mkdirSync(directory, { recursive: true });
  const data = `similarity-${randomBytes(8).toString("hex")}.prefixes`;
  try {
    const tables = await writePrefixFile(join(directory, data), result.distinct, documents.length, source, pacer);
    const columns = fill(documents, result, tables);
    const parts = Object.values(columns).map((column) => {
      const part = new Uint8Array(padded(column.byteLength));
      part.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
      return part;
    });
    const body = Buffer.concat(parts);
    const header: Header = { format, version, data, count: documents.length, edges: result.edges.length, checksum: sha256(body) };
    const line = `${JSON.stringify(header)}\n`;
    writeFileAtomic(join(directory, metaName), [Buffer.from(line.padStart(padded(line.length), " ")), body]);
  } catch (error) {
    rmSync(join(directory, data), { force: true });
    throw error;
  }
  for (const name of readdirSync(directory)) if (dataName.test(name) && name !== data) rmSync(join(directory, name), { force: true });
}

function fill(documents: readonly KeyedDocument[], result: Deduplication, tables: PrefixTables): Record<string, Column> {
  const columns = Object.fromEntries(
    Object.entries(columnsOf(documents.length, result.edges.length)).map(([name, make]) => [name, name in tables ? undefined : make()]),
  ) as Record<string, Column>;
  documents.forEach(({ key }, index) => (columns["keys"]![index] = key));
  const compared = new Set(result.distinct);
  columns["hangsOn"]!.fill(-1);
  for (const document of result.distinct) columns["hangsOn"]![document] = document;
  for (const { document, survivor, jaccard } of result.removed) {
    if (!compared.has(document)) continue;
    columns["hangsOn"]![document] = survivor;
    columns["jaccard"]![document] = jaccard;
  }
  result.edges.forEach(({ a, b, jaccard }, index) => {
    columns["edgeA"]![index] = a;
    columns["edgeB"]![index] = b;
    columns["edgeJaccard"]![index] = jaccard;
  });
  for (const [document, hash] of result.textHashes) columns["textHashes"]![document] = numberOfHash(hash);
  return Object.assign(columns, tables);
}

/** The state that was kept last, or undefined when there is none, or one of another version, or a damaged one. Close it after use. */
export function openSimilarityState(directory: string, version: string): SimilarityState | undefined {
  try {
    return open(directory, version);
  } catch {
    return undefined;
  }
}

function open(directory: string, version: string): SimilarityState | undefined {
  const file = join(directory, metaName);
  if (!existsSync(file)) return undefined;
  const meta = readFileSync(file);
  const end = meta.indexOf(10) + 1;
  const header = JSON.parse(meta.toString("utf8", 0, end)) as Header;
  const body = meta.subarray(end);
  if (header.format !== format || header.version !== version || !dataName.test(header.data) || sha256(body) !== header.checksum)
    return undefined;
  const columns: Record<string, Column> = {};
  let at = 0;
  for (const [name, make] of Object.entries(columnsOf(header.count, header.edges))) {
    const column = make();
    new Uint8Array(column.buffer).set(body.subarray(at, at + column.byteLength));
    at += padded(column.byteLength);
    columns[name] = column;
  }
  const tables = columns as unknown as PrefixTables;
  const data = join(directory, header.data);
  if (statSync(data).size !== tables.offsets[buckets]! * 4) return undefined;
  return stateOf(header.count, columns, new PrefixFile(data, tables));
}

function stateOf(count: number, columns: Record<string, Column>, prefixes: PrefixFile): SimilarityState {
  const keys = columns["keys"]!;
  return {
    count,
    lookUp: (documents) => {
      const found = new Int32Array(documents.length);
      let places: Map<number, number> | undefined;
      // Documents mostly stand in the order they had: the next one is tried before a map is made.
      let next = 0;
      for (let document = 0; document < documents.length; document++) {
        const number = documents[document]!.key;
        if (keys[next + 1] === number) next++;
        places ??= keys[next] === number ? undefined : new Map(Array.from(keys, (key, place) => [key, place]));
        found[document] = keys[next] === number ? next++ : (places?.get(number) ?? -1);
      }
      return found;
    },
    hangsOn: columns["hangsOn"] as Int32Array,
    jaccard: columns["jaccard"] as Float64Array,
    edges: { a: columns["edgeA"] as Uint32Array, b: columns["edgeB"] as Uint32Array, jaccard: columns["edgeJaccard"] as Float64Array },
    textHash: (document) => {
      const hash = columns["textHashes"]![document]!;
      return hash === 0 ? undefined : (hash - 1).toString(16).padStart(13, "0");
    },
    size: columns["size"] as Uint32Array,
    candidates: (low) => prefixes.candidates(low),
    close: () => prefixes.close(),
  };
}
