import type { TextFacts } from "../reading/file-work";
import { redactionsOf } from "../clean-stage";
import { documentKey } from "../similarity/document-key";
import { pathBitsOf } from "../written/corpus-files";
import { encodeSections, joinStrings, Sections } from "./column-file";
import type { DocumentRecord, FileRecord } from "./file-record";
import { redactionLine } from "./redaction-lines";
import {
  blockKeys,
  dependsOnOthers,
  findingKinds,
  flags,
  redactsEverywhere,
  sides,
  StoredDocument,
  StoredRecord,
  type Detail,
  type FindingKind,
  type StoredColumns,
} from "./lazy-record";

/** What is not a column of its own. */
interface TableHead {
  /** Words that recur: classes, languages, encodings, licences. Columns name them by number. */
  readonly names: readonly string[];
  /** What findings are of, each once. */
  readonly kinds: readonly FindingKind[];
  /** Sources that are neither absent nor the blob of the facts, by number of the file. */
  readonly otherSources: readonly (readonly [number, string])[];
  /** Whole records of the files that are not documents. */
  readonly others: readonly FileRecord[];
}

/** Gives each distinct item a number. */
class Numbers<Item> {
  readonly list: Item[] = [];
  readonly #numbers = new Map<string, number>();

  of(name: string, item: Item): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.list.length);
    return this.list.push(item) - 1;
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

/** A stored record keeps its detail as the text that it is. */
function detailBytes(record: DocumentFile): Buffer {
  return record instanceof StoredRecord ? record.facts.detailBytes() : Buffer.from(detailText(record));
}

/** What the lines of a document in redactions.jsonl are. */
function redactionsIn({ path, cleaned }: DocumentFile): { readonly bytes: number; readonly rules: readonly string[] } {
  if (cleaned instanceof StoredDocument) return { bytes: cleaned.redactionBytes, rules: cleaned.redactionRules };
  if (cleaned.redactedBytes === 0) return noRedactions;
  const records = redactionsOf({ path, ...cleaned });
  return {
    bytes: records.reduce((sum, record) => sum + Buffer.byteLength(redactionLine(record)), 0),
    rules: records.map(({ rule }) => rule),
  };
}

const noRedactions = { bytes: 0, rules: [] };

/** Lists of numbers of different lengths as one column and where each begins. */
class Lists {
  readonly #numbers: number[] = [];
  readonly #starts: number[] = [0];

  push(numbers: readonly number[]): void {
    this.#numbers.push(...numbers);
    this.#starts.push(this.#numbers.length);
  }

  columns(name: string): Record<string, Uint32Array> {
    return { [name]: Uint32Array.from(this.#numbers), [`${name}Starts`]: Uint32Array.from(this.#starts) };
  }
}

function flagsOf({ source, facts, cleaned }: DocumentFile): number {
  return (
    sides.indexOf(cleaned.side) |
    (redactsEverywhere(facts) ? flags.everywhere : 0) |
    (source === undefined ? flags.noSource : 0) |
    (dependsOnOthers(facts, cleaned) ? flags.others : 0)
  );
}

/** @returns the parts of one body, in order. */
export function encodeRecords(records: Iterable<FileRecord>): Buffer[] {
  const all = [...records];
  const documents = all.filter(isDocument);
  const [names, kinds, recurring] = [new Numbers<string>(), new Numbers<FindingKind>(), new Numbers<string>()];
  const [findings, blocks, rules] = [new Lists(), new Lists(), new Lists()];
  const name = (text: string): number => names.of(text, text);
  const shorts = (of: (record: DocumentFile) => number): Uint16Array => Uint16Array.from(documents, of);
  const numbers = (of: (record: DocumentFile) => number): Uint32Array => Uint32Array.from(documents, of);
  const redactions = documents.map(redactionsIn);
  for (const { rules: own } of redactions) rules.push(own.map(name));
  for (const { facts } of documents) {
    findings.push(findingKinds(facts).map((kind) => kinds.of(`${kind.key} ${kind.rule} ${kind.family} ${kind.everywhere}`, kind)));
    blocks.push(blockKeys(facts).map((key) => recurring.of(key, key)));
  }
  const details = documents.map(detailBytes);
  const sections = {
    paths: joinStrings(documents.map(({ path }) => path)),
    blobs: joinStrings(documents.map(({ facts }) => facts.blob)),
    words: joinStrings(documents.map(({ cleaned }) => cleaned.words)),
    attributes: numbers(({ attributes }) => attributes),
    bytes: numbers(({ facts }) => facts.bytes),
    redacted: numbers(({ cleaned }) => cleaned.redactedBytes),
    stripped: numbers(({ cleaned }) => cleaned.strippedBytes),
    classes: shorts(({ facts }) => name(facts.class)),
    languages: shorts(({ facts }) => name(facts.language)),
    encodings: shorts(({ facts }) => name(facts.encoding)),
    // Zero: none.
    licences: shorts(({ facts }) => (facts.warnedLicence === undefined ? 0 : 1 + name(facts.warnedLicence))),
    flags: shorts(flagsOf),
    pathBits: shorts(({ path, cleaned }) => (cleaned instanceof StoredDocument ? cleaned.pathBits : pathBitsOf(path))),
    keys: Float64Array.from(documents, ({ path, facts, cleaned }) =>
      cleaned instanceof StoredDocument ? cleaned.key : documentKey(path, facts.blob, cleaned.words),
    ),
    ...findings.columns("findings"),
    ...blocks.columns("blocks"),
    ...rules.columns("rules"),
    redactionBytes: Uint32Array.from(redactions, ({ bytes }) => bytes),
    recurring: joinStrings(recurring.list),
    details: Uint32Array.from(details, (detail) => detail.length),
  };
  const head: TableHead = {
    names: names.list,
    kinds: kinds.list,
    otherSources: documents.flatMap(({ source, facts }, at) =>
      source === undefined || source === facts.blob ? [] : [[at, source] as const],
    ),
    others: all.filter((record) => !isDocument(record)),
  };
  return encodeSections(head, { ...sections, detailTexts: Buffer.concat(details) });
}

/** Records by path, as `encodeRecords` was given them. @throws when the body is not one of its own. */
export function decodeRecords(body: Buffer): Map<string, FileRecord> {
  const sections = new Sections<TableHead>(body);
  const { names, kinds, otherSources, others } = sections.head;
  const columns: StoredColumns = {
    names,
    kinds,
    otherSources: new Map(otherSources),
    blobs: sections.strings("blobs"),
    words: sections.strings("words"),
    attributes: sections.numbers("attributes"),
    bytes: sections.numbers("bytes"),
    redacted: sections.numbers("redacted"),
    stripped: sections.numbers("stripped"),
    classes: sections.shorts("classes"),
    languages: sections.shorts("languages"),
    encodings: sections.shorts("encodings"),
    licences: sections.shorts("licences"),
    flags: sections.shorts("flags"),
    pathBits: sections.shorts("pathBits"),
    keys: sections.doubles("keys"),
    findings: sections.numbers("findings"),
    findingsStarts: sections.numbers("findingsStarts"),
    blocks: sections.numbers("blocks"),
    blocksStarts: sections.numbers("blocksStarts"),
    recurring: sections.strings("recurring"),
    redactionBytes: sections.numbers("redactionBytes"),
    rules: sections.numbers("rules"),
    rulesStarts: sections.numbers("rulesStarts"),
    detailStarts: startsOf(sections.numbers("details")),
    detailTexts: sections.bytes("detailTexts"),
  };
  const records = new Map<string, FileRecord>();
  for (const [at, path] of sections.strings("paths").entries()) records.set(path, new StoredRecord(columns, at, path));
  for (const record of others) records.set(record.path, record);
  return records;
}

function startsOf(lengths: Uint32Array): Float64Array {
  const starts = new Float64Array(lengths.length + 1);
  for (let at = 0; at < lengths.length; at++) starts[at + 1] = starts[at]! + lengths[at]!;
  return starts;
}
