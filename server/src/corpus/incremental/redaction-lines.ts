import { readFileSync } from "node:fs";
import { sha256 } from "../../platform/hash";
import { redactionsOf, type CleanDocument } from "../clean-stage";
import { comparePaths } from "../listing/path-names";
import type { DocumentRecord, FileRecord } from "./file-record";
import { StoredDocument, StoredRecord } from "./lazy-record";

/** The lines of redactions.jsonl, and what they tell together. */
export interface RedactionLines {
  readonly lines: Buffer;
  /** Rules of all lines, in order. */
  readonly rules: readonly string[];
  /** Documents with a line. */
  readonly files: number;
}

/** redactions.jsonl of the earlier corpus, its hash, and the records of its files. */
export interface EarlierRedactions {
  readonly file: string;
  readonly hash: string;
  readonly records: Iterable<FileRecord>;
}

export function redactionLine(record: unknown): string {
  return `${JSON.stringify(record)}\n`;
}

/** Lines of an earlier file by the document that they tell of: they stand in the order of the paths of what survived then. */
class EarlierLines {
  readonly #data: Buffer;
  readonly #starts: ReadonlyMap<DocumentRecord, number>;

  constructor(data: Buffer, records: Iterable<FileRecord>) {
    const told: StoredRecord[] = [];
    for (const record of records)
      if (record instanceof StoredRecord && record.cleaned.redactionBytes > 0 && record.cleaned.side !== undefined) told.push(record);
    const starts = new Map<DocumentRecord, number>();
    let start = 0;
    for (const { cleaned } of told.sort((a, b) => comparePaths(a.path, b.path))) {
      starts.set(cleaned, start);
      start += cleaned.redactionBytes;
    }
    if (start !== data.length) throw new RangeError("The file is not the one that the records tell of.");
    this.#data = data;
    this.#starts = starts;
  }

  of(document: StoredDocument): Buffer | undefined {
    const start = this.#starts.get(document);
    return start === undefined ? undefined : this.#data.subarray(start, start + document.redactionBytes);
  }
}

function earlierLines({ file, hash, records }: EarlierRedactions): EarlierLines | undefined {
  try {
    const data = readFileSync(file);
    return sha256(data) === hash ? new EarlierLines(data, records) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Redactions of the survivors, in path order. Those of a document that survived before, with the same outcome, stand in the earlier file and are
 * taken from there: tens of thousands of spans need not be read for one edit.
 */
export function redactionLines(survivors: readonly CleanDocument[], earlier: EarlierRedactions | undefined): RedactionLines {
  const known = earlier === undefined ? undefined : earlierLines(earlier);
  const parts: Uint8Array[] = [];
  const rules: string[] = [];
  let files = 0;
  for (const document of survivors) {
    if (document.redactedBytes === 0) continue;
    const { before } = document;
    const lines = before instanceof StoredDocument ? known?.of(before) : undefined;
    if (lines !== undefined) {
      parts.push(lines);
      for (const rule of (before as StoredDocument).redactionRules) rules.push(rule);
      files++;
      continue;
    }
    const records = redactionsOf(document);
    if (records.length > 0) files++;
    for (const record of records) {
      parts.push(Buffer.from(redactionLine(record)));
      rules.push(record.rule);
    }
  }
  return { lines: Buffer.concat(parts), rules, files };
}
