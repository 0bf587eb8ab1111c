import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { endianness } from "node:os";
import type { Row } from "@midtrain/protocol/executor";
import { MidtrainError } from "@midtrain/protocol/errors";
import { parseTokenRowsManifest } from "@midtrain/protocol/token-schemas";
import type { TokenRowsManifest } from "@midtrain/protocol/tokens";
import { writeFileAtomic, writeJsonAtomic } from "../platform/atomic-write";
import { hashOf, sha256 } from "../platform/hash";
import { segmentWidth, type PackedDocument, type PackedRows } from "./packing-types";

/** Part of the id: a change of rendering, cutting or packing gives other rows under another id. */
const packingRules = "1";

export interface WrittenTokenRows {
  readonly id: string;
  readonly directory: string;
  readonly manifest: TokenRowsManifest;
}

/**
 * Writes packed rows under `<midtrainDirectory>/tokens/<id>/`, the manifest last. The id is the content: rows that are there whole are
 * used again, damaged ones are written anew.
 */
export function writeTokenRows(
  midtrainDirectory: string,
  packed: PackedRows,
  about: { readonly source: string; readonly corpus: string },
): WrittenTokenRows {
  const contents = {
    "tokens.bin": littleEndian(packed.tokens),
    "segments.bin": littleEndian(packed.segments),
    "documents.json": Buffer.from(JSON.stringify(packed.documents)),
  };
  const files = Object.fromEntries(Object.entries(contents).map(([name, bytes]) => [name, sha256(bytes)]));
  const { rowLength, rows, ledger, tokenizer, window } = packed;
  const id = hashOf({ packingRules, ...about, tokenizer, rowLength, window, files }).slice(0, 16);
  const directory = join(midtrainDirectory, "tokens", id);
  const manifest: TokenRowsManifest = { format: 1, tokens: id, ...about, tokenizer, rowLength, rows, ledger, files };
  if (isComplete(directory)) return { id, directory, manifest };
  mkdirSync(directory, { recursive: true });
  for (const [name, bytes] of Object.entries(contents)) writeFileAtomic(join(directory, name), bytes);
  writeJsonAtomic(join(directory, "manifest.json"), manifest);
  return { id, directory, manifest };
}

function isComplete(directory: string): boolean {
  if (!existsSync(join(directory, "manifest.json"))) return false;
  try {
    readTokenRows(directory);
    return true;
  } catch (error) {
    if (MidtrainError.is(error, "corrupt")) return false;
    throw error;
  }
}

/** int32 as little-endian bytes; arrays are in machine order, which is little-endian nearly everywhere. */
function littleEndian(values: Int32Array): Buffer {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return endianness() === "LE" ? bytes : Buffer.from(bytes).swap32();
}

function int32Array(bytes: Buffer): Int32Array {
  const copy = Buffer.alloc(bytes.length);
  bytes.copy(copy);
  if (endianness() === "BE") copy.swap32();
  return new Int32Array(copy.buffer, copy.byteOffset, copy.length / 4);
}

interface StoredRows {
  readonly manifest: TokenRowsManifest;
  readonly tokens: Int32Array;
  readonly segments: Int32Array;
  readonly documents: readonly PackedDocument[];
}

function readTokenRows(directory: string): StoredRows {
  const corrupt = (file: string, message: string): MidtrainError =>
    new MidtrainError({
      reason: "corrupt",
      message,
      where: join(directory, file),
      next: "Delete the directory and start again: it is made from the corpus.",
    });
  const read = (file: string): Buffer => {
    try {
      return readFileSync(join(directory, file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") throw corrupt(file, "A file of the packed token rows is missing.");
      throw error;
    }
  };
  const parsed = parseTokenRowsManifest(read("manifest.json").toString("utf8"));
  if (!parsed.ok) throw corrupt("manifest.json", `The manifest of the packed token rows is damaged: ${parsed.problem}.`);
  const manifest = parsed.value;
  const verified = (file: string): Buffer => {
    const bytes = read(file);
    if (sha256(bytes) !== manifest.files[file])
      throw corrupt(file, "The packed token rows are truncated or changed: the content does not have the recorded hash.");
    return bytes;
  };
  const tokens = int32Array(verified("tokens.bin"));
  const segments = int32Array(verified("segments.bin"));
  if (tokens.length !== manifest.rows * manifest.rowLength)
    throw corrupt("tokens.bin", "The number of tokens is not rows times row length.");
  return { manifest, tokens, segments, documents: JSON.parse(verified("documents.json").toString("utf8")) as PackedDocument[] };
}

/** Packed rows opened for training: rows by number, and which documents are in them. */
export class TokenRows {
  readonly manifest: TokenRowsManifest;
  private readonly stored: StoredRows;
  /** First segment of each row, and one past the last: rows + 1 numbers. */
  private readonly firstSegment: Int32Array;

  constructor(stored: StoredRows) {
    this.stored = stored;
    this.manifest = stored.manifest;
    this.firstSegment = firstSegments(stored.segments, stored.manifest.rows);
  }

  /** Row `index` in [0, manifest.rows) as the executor takes it; arrays are fresh copies of T = rowLength positions. */
  row(index: number, klWeight: number): Row {
    const { rowLength, source } = this.manifest;
    const documents = new Int32Array(rowLength).fill(-1);
    const positions = new Int32Array(rowLength);
    const lossWeights = new Float32Array(rowLength);
    for (const [number, segment] of this.segmentsOf(index).entries()) {
      documents.fill(number, segment.start, segment.start + segment.length);
      for (let i = 0; i < segment.length; i++) positions[segment.start + i] = i;
      lossWeights.fill(1, segment.start + Math.max(1, segment.headerLength), segment.start + segment.length);
    }
    return {
      tokens: this.stored.tokens.slice(index * rowLength, (index + 1) * rowLength),
      documents,
      positions,
      lossWeights,
      source,
      klWeight,
    };
  }

  /** Documents with a fragment in the row, in order, with their tokens there (headers included). */
  documentsOfRow(index: number): readonly { readonly path: string; readonly tokens: number }[] {
    const tokensByPath = new Map<string, number>();
    for (const segment of this.segmentsOf(index)) {
      const path = this.stored.documents[segment.documentIndex]!.path;
      tokensByPath.set(path, (tokensByPath.get(path) ?? 0) + segment.length);
    }
    return [...tokensByPath].map(([path, tokens]) => ({ path, tokens }));
  }

  private segmentsOf(row: number): readonly { start: number; length: number; documentIndex: number; headerLength: number }[] {
    if (!Number.isInteger(row) || row < 0 || row >= this.manifest.rows) {
      const message = `Row ${row} is outside of the ${this.manifest.rows} packed rows of ${this.manifest.source}.`;
      throw new MidtrainError({ reason: "internal", message, next: "Please report this with the log." });
    }
    const found = [];
    for (let segment = this.firstSegment[row]!; segment < this.firstSegment[row + 1]!; segment++) {
      const at = segment * segmentWidth;
      const field = (offset: number): number => this.stored.segments[at + offset]!;
      found.push({ start: field(1), length: field(2), documentIndex: field(3), headerLength: field(5) });
    }
    return found;
  }
}

function firstSegments(segments: Int32Array, rows: number): Int32Array {
  const first = new Int32Array(rows + 1);
  for (let at = 0; at < segments.length; at += segmentWidth) first[segments[at]! + 1]!++;
  for (let row = 0; row < rows; row++) first[row + 1]! += first[row]!;
  return first;
}

/** @throws MidtrainError (corrupt) naming the file when anything is missing, truncated or changed. */
export function openTokenRows(directory: string): TokenRows {
  return new TokenRows(readTokenRows(directory));
}
