import type { SplitSide } from "@midtrain/protocol/corpus";
import { recurringKeys, type HeaderAnalysis } from "../headers/licence-header";
import type { SeenFinding, TextFacts } from "../reading/file-work";
import type { DocumentRecord, FileRecord, LinedSpan } from "./file-record";

/** What most harvests need of few files only: it stays text until somebody asks. */
export interface Detail {
  readonly findings: readonly SeenFinding[];
  readonly header: HeaderAnalysis;
  readonly spans: readonly LinedSpan[];
}

/** What a finding is of, without where it stands. */
export type FindingKind = Pick<SeenFinding, "key" | "rule" | "family" | "everywhere">;

/** Records of many files as columns: see `record-table`. */
export interface StoredColumns {
  readonly names: readonly string[];
  readonly kinds: readonly FindingKind[];
  readonly otherSources: ReadonlyMap<number, string>;
  readonly blobs: readonly string[];
  readonly words: readonly string[];
  readonly attributes: Uint32Array;
  readonly bytes: Uint32Array;
  readonly redacted: Uint32Array;
  readonly stripped: Uint32Array;
  readonly classes: Uint16Array;
  readonly languages: Uint16Array;
  readonly encodings: Uint16Array;
  readonly licences: Uint16Array;
  readonly flags: Uint16Array;
  /** First 16 bits of the hash of each path. */
  readonly pathBits: Uint16Array;
  /** See `documentKey`. */
  readonly keys: Float64Array;
  /** Numbers of the kinds of its findings, in order; those of file i begin at `findingsStarts[i]`. */
  readonly findings: Uint32Array;
  readonly findingsStarts: Uint32Array;
  /** Numbers of what may turn out to recur in it. */
  readonly blocks: Uint32Array;
  readonly blocksStarts: Uint32Array;
  readonly recurring: readonly string[];
  /** Bytes of the lines of each file in redactions.jsonl, if it survives, and numbers of the rules of these lines among the names. */
  readonly redactionBytes: Uint32Array;
  readonly rules: Uint32Array;
  readonly rulesStarts: Uint32Array;
  readonly detailStarts: Float64Array;
  readonly detailTexts: Buffer;
}

export const sides: readonly (SplitSide | undefined)[] = [undefined, "train", "held-out", "sealed"];

/** Bits of the flags of a file, beside the two of its side: it holds a value that is redacted wherever it stands; a later harvest cannot trust it; see `dependsOnOthers`. */
export const flags = { everywhere: 4, noSource: 8, others: 16 } as const;

const nothing: Detail = { findings: [], header: { licence: [] }, spans: [] };

/** What an earlier harvest kept of a document. Small objects in front of the columns, because there are tens of thousands. */
export class StoredRecord implements FileRecord {
  readonly path: string;
  readonly facts: StoredTextFacts;
  readonly cleaned: StoredDocument;

  constructor(columns: StoredColumns, at: number, path: string) {
    this.path = path;
    this.facts = new StoredTextFacts(columns, at);
    this.cleaned = new StoredDocument(this.facts);
  }

  get attributes(): number {
    return this.facts.columns.attributes[this.facts.at]!;
  }

  get source(): string | undefined {
    const { columns, at, blob } = this.facts;
    if ((columns.flags[at]! & flags.noSource) !== 0) return undefined;
    return columns.otherSources.size === 0 ? blob : (columns.otherSources.get(at) ?? blob);
  }
}

/** Facts of a text as an earlier harvest kept them. Spread or sent elsewhere they lose themselves: `plainFacts` first. */
export class StoredTextFacts implements TextFacts {
  readonly columns: StoredColumns;
  readonly at: number;
  declare readonly warnedLicence?: string;
  #detail: Detail | undefined;

  constructor(columns: StoredColumns, at: number) {
    this.columns = columns;
    this.at = at;
    const licence = columns.licences[at]!;
    if (licence > 0) this.warnedLicence = columns.names[licence - 1]!;
  }

  get kind(): "text" {
    return "text";
  }

  get bytes(): number {
    return this.columns.bytes[this.at]!;
  }

  get blob(): string {
    return this.columns.blobs[this.at]!;
  }

  get class(): TextFacts["class"] {
    return this.columns.names[this.columns.classes[this.at]!]! as TextFacts["class"];
  }

  get language(): string {
    return this.columns.names[this.columns.languages[this.at]!]!;
  }

  get encoding(): string {
    return this.columns.names[this.columns.encodings[this.at]!]!;
  }

  get detail(): Detail {
    const bytes = this.detailBytes();
    return (this.#detail ??= bytes.length === 0 ? nothing : (JSON.parse(bytes.toString("utf8")) as Detail));
  }

  get findings(): readonly SeenFinding[] {
    return this.detail.findings;
  }

  get header(): HeaderAnalysis {
    return this.detail.header;
  }

  detailBytes(): Buffer {
    const { detailTexts, detailStarts } = this.columns;
    return detailTexts.subarray(detailStarts[this.at]!, detailStarts[this.at + 1]!);
  }
}

/** A cleaned document as an earlier harvest kept it. */
export class StoredDocument implements DocumentRecord {
  readonly #facts: StoredTextFacts;

  constructor(facts: StoredTextFacts) {
    this.#facts = facts;
  }

  get kind(): "document" {
    return "document";
  }

  get redactedBytes(): number {
    return this.#facts.columns.redacted[this.#facts.at]!;
  }

  get strippedBytes(): number {
    return this.#facts.columns.stripped[this.#facts.at]!;
  }

  get words(): string {
    return this.#facts.columns.words[this.#facts.at]!;
  }

  get side(): SplitSide | undefined {
    return sides[this.#facts.columns.flags[this.#facts.at]! & 3];
  }

  get spans(): readonly LinedSpan[] {
    return this.#facts.detail.spans;
  }

  get redactionBytes(): number {
    return this.#facts.columns.redactionBytes[this.#facts.at]!;
  }

  get redactionRules(): readonly string[] {
    const { names, rules, rulesStarts } = this.#facts.columns;
    return items(names, rules, rulesStarts, this.#facts.at);
  }

  get key(): number {
    return this.#facts.columns.keys[this.#facts.at]!;
  }

  get pathBits(): number {
    return this.#facts.columns.pathBits[this.#facts.at]!;
  }

  get dependsOnOthers(): boolean {
    return (this.#facts.columns.flags[this.#facts.at]! & flags.others) !== 0;
  }
}

/** Is something of this document redacted that other files may have a say in: a secret, or what no finding of its own covers? */
export function dependsOnOthers(facts: TextFacts, cleaned: DocumentRecord): boolean {
  if (cleaned instanceof StoredDocument) return cleaned.dependsOnOthers;
  if (cleaned.redactedBytes === 0) return false;
  const own = new Set(facts.findings.map(({ start, end }) => `${start} ${end}`));
  return cleaned.spans.some(
    ({ start, end, placeholder }) => placeholder !== undefined && (placeholder.startsWith("<SECRET:") || !own.has(`${start} ${end}`)),
  );
}

/** Must values of this file be redacted wherever they stand? */
export function redactsEverywhere(facts: TextFacts): boolean {
  return facts instanceof StoredTextFacts
    ? (facts.columns.flags[facts.at]! & flags.everywhere) !== 0
    : facts.findings.some((finding) => finding.everywhere);
}

/** What the findings of a file are of, in order. */
export function findingKinds(facts: TextFacts): readonly FindingKind[] {
  if (!(facts instanceof StoredTextFacts)) return facts.findings;
  const { kinds, findings, findingsStarts } = facts.columns;
  return items(kinds, findings, findingsStarts, facts.at);
}

/** Keys of everything in a file that may turn out to recur, each once. */
export function blockKeys(facts: TextFacts): readonly string[] {
  if (!(facts instanceof StoredTextFacts)) return recurringKeys(facts.header);
  const { recurring, blocks, blocksStarts } = facts.columns;
  return items(recurring, blocks, blocksStarts, facts.at);
}

const none: readonly never[] = [];

function items<Item>(all: readonly Item[], numbers: Uint32Array, starts: Uint32Array, at: number): readonly Item[] {
  const [start, end] = [starts[at]!, starts[at + 1]!];
  if (start === end) return none;
  const some: Item[] = [];
  for (let place = start; place < end; place++) some.push(all[numbers[place]!]!);
  return some;
}

/** The same facts as an object that can be copied and sent to a thread. */
export function plainFacts(facts: TextFacts): TextFacts {
  if (!(facts instanceof StoredTextFacts)) return facts;
  const { bytes, blob, class: documentClass, language, encoding, findings, header, warnedLicence } = facts;
  const plain: TextFacts = { kind: "text", bytes, blob, class: documentClass, language, encoding, findings, header };
  return warnedLicence === undefined ? plain : { ...plain, warnedLicence };
}
