import type { SplitSide } from "@midtrain/protocol/corpus";
import type { FileFacts, TextFacts } from "../reading/file-work";
import type { CleanRecord, DocumentRecord, FileRecord } from "./file-record";
import { redactsEverywhere, StoredDetail, StoredDocument, StoredTextFacts, type Detail } from "./lazy-record";

/**
 * Records as columns, one entry per file, and the details of all files as one run of JSON texts after them. Tens of thousands of records
 * are read as a handful of flat arrays; details are parsed for the files that are asked about.
 */
interface Columns {
  readonly paths: string[];
  /** Absent: null; the blob of the facts: 0. */
  readonly sources: (string | 0 | null)[];
  readonly attributes: number[];
  /** Words that recur: classes, languages, encodings, licences. Columns name them by number. */
  readonly names: string[];
  readonly bytes: number[];
  readonly blobs: string[];
  readonly classes: number[];
  readonly languages: number[];
  readonly encodings: number[];
  readonly licences: number[];
  /** See `kinds` and `sides`. */
  readonly flags: number[];
  readonly redacted: number[];
  readonly stripped: number[];
  readonly words: string[];
  /** Bytes of the details of each file. */
  readonly details: number[];
  /** Whole records of the files that are not documents. */
  readonly others: FileRecord[];
}

const sides: readonly (SplitSide | undefined)[] = [undefined, "train", "held-out", "sealed"];
const everywhereFlag = 4;

class Names {
  readonly list: string[] = [""];
  readonly #numbers = new Map<string, number>([["", 0]]);

  of(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.list.length);
    return this.list.push(name) - 1;
  }
}

type DocumentFile = FileRecord & { readonly facts: TextFacts; readonly cleaned: DocumentRecord };

function isDocument(record: FileRecord): record is DocumentFile {
  return record.facts.kind === "text" && record.cleaned?.kind === "document";
}

function detailText({ facts, cleaned }: DocumentFile): string {
  const { findings, header } = facts;
  const { spans } = cleaned;
  const isNothing = findings.length + spans.length + header.licence.length === 0 && Object.keys(header).length === 1;
  return isNothing ? "" : JSON.stringify({ findings, header, spans } satisfies Detail);
}

/** @returns the parts of one body, in order. */
export function encodeRecords(records: Iterable<FileRecord>): Buffer[] {
  const names = new Names();
  const columns: Columns = {
    ...{ paths: [], sources: [], attributes: [], names: names.list, bytes: [], blobs: [], classes: [], languages: [] },
    ...{ encodings: [], licences: [], flags: [], redacted: [], stripped: [], words: [], details: [], others: [] },
  };
  const details: Buffer[] = [];
  for (const record of records) {
    if (!isDocument(record)) {
      columns.others.push(record);
      continue;
    }
    const { facts, cleaned } = record;
    const detail = Buffer.from(detailText(record));
    details.push(detail);
    columns.paths.push(record.path);
    columns.sources.push(record.source === facts.blob ? 0 : (record.source ?? null));
    columns.attributes.push(record.attributes);
    columns.bytes.push(facts.bytes);
    columns.blobs.push(facts.blob);
    columns.classes.push(names.of(facts.class));
    columns.languages.push(names.of(facts.language));
    columns.encodings.push(names.of(facts.encoding));
    columns.licences.push(facts.warnedLicence === undefined ? -1 : names.of(facts.warnedLicence));
    columns.flags.push(sides.indexOf(cleaned.side) + (redactsEverywhere(facts) ? everywhereFlag : 0));
    columns.redacted.push(cleaned.redactedBytes);
    columns.stripped.push(cleaned.strippedBytes);
    columns.words.push(cleaned.words);
    columns.details.push(detail.length);
  }
  return [Buffer.from(`${JSON.stringify(columns)}\n`), ...details];
}

/** Records by path, as `encodeRecords` was given them. @throws when the body is not one of its own. */
export function decodeRecords(body: Buffer): Map<string, FileRecord> {
  const end = body.indexOf(10);
  const columns = JSON.parse(body.toString("utf8", 0, end)) as Columns;
  const records = new Map<string, FileRecord>();
  let start = end + 1;
  for (let at = 0; at < columns.paths.length; at++) {
    const stop = start + columns.details[at]!;
    const path = columns.paths[at]!;
    records.set(path, decodeOne(columns, at, path, new StoredDetail(body, start, stop)));
    start = stop;
  }
  for (const record of columns.others) records.set(record.path, record);
  return records;
}

/** Written out, because there are tens of thousands. */
function decodeOne(columns: Columns, at: number, path: string, detail: StoredDetail): FileRecord {
  const { names } = columns;
  const licence = columns.licences[at]!;
  const flags = columns.flags[at]!;
  const facts: FileFacts = new StoredTextFacts(
    {
      bytes: columns.bytes[at]!,
      blob: columns.blobs[at]!,
      class: names[columns.classes[at]!]! as TextFacts["class"],
      language: names[columns.languages[at]!]!,
      encoding: names[columns.encodings[at]!]!,
      ...(licence < 0 ? {} : { warnedLicence: names[licence]! }),
    },
    (flags & everywhereFlag) !== 0,
    detail,
  );
  const side = sides[flags & 3];
  const parts = { redactedBytes: columns.redacted[at]!, strippedBytes: columns.stripped[at]!, words: columns.words[at]! };
  const cleaned: CleanRecord = new StoredDocument(side === undefined ? parts : { ...parts, side }, detail);
  const source = columns.sources[at]!;
  const attributes = columns.attributes[at]!;
  if (source === null) return { path, attributes, facts, cleaned };
  return { path, source: source === 0 ? facts.blob! : source, attributes, facts, cleaned };
}
