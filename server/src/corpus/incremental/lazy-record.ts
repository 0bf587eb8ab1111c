import type { HeaderAnalysis } from "../headers/licence-header";
import type { SeenFinding, TextFacts } from "../reading/file-work";
import type { DocumentRecord, LinedSpan } from "./file-record";

/** What most harvests need of few files only: it stays text until somebody asks. */
export interface Detail {
  readonly findings: readonly SeenFinding[];
  readonly header: HeaderAnalysis;
  readonly spans: readonly LinedSpan[];
}

const nothing: Detail = { findings: [], header: { licence: [] }, spans: [] };

/** Details of one file in the bytes that were kept. */
export class StoredDetail {
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #end: number;
  #parsed: Detail | undefined;

  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
  }

  get(): Detail {
    if (this.#start === this.#end) return nothing;
    return (this.#parsed ??= JSON.parse(this.#bytes.toString("utf8", this.#start, this.#end)) as Detail);
  }
}

/** Facts of a text as an earlier harvest kept them. Spread or sent elsewhere they lose their lazy part: `plainFacts` first. */
export class StoredTextFacts implements TextFacts {
  readonly kind = "text";
  readonly bytes: number;
  readonly blob: string;
  readonly class: TextFacts["class"];
  readonly language: string;
  readonly encoding: string;
  declare readonly warnedLicence?: string;
  /** Does one of its values have to be redacted wherever it stands? */
  readonly redactsEverywhere: boolean;
  readonly #detail: StoredDetail;

  constructor(parts: Omit<TextFacts, "kind" | "findings" | "header">, redactsEverywhere: boolean, detail: StoredDetail) {
    this.bytes = parts.bytes;
    this.blob = parts.blob;
    this.class = parts.class;
    this.language = parts.language;
    this.encoding = parts.encoding;
    if (parts.warnedLicence !== undefined) this.warnedLicence = parts.warnedLicence;
    this.redactsEverywhere = redactsEverywhere;
    this.#detail = detail;
  }

  get findings(): readonly SeenFinding[] {
    return this.#detail.get().findings;
  }

  get header(): HeaderAnalysis {
    return this.#detail.get().header;
  }
}

/** A cleaned document as an earlier harvest kept it. */
export class StoredDocument implements DocumentRecord {
  readonly kind = "document";
  readonly redactedBytes: number;
  readonly strippedBytes: number;
  readonly words: string;
  declare readonly side?: NonNullable<DocumentRecord["side"]>;
  readonly #detail: StoredDetail;

  constructor(parts: Omit<DocumentRecord, "kind" | "spans">, detail: StoredDetail) {
    this.redactedBytes = parts.redactedBytes;
    this.strippedBytes = parts.strippedBytes;
    this.words = parts.words;
    if (parts.side !== undefined) this.side = parts.side;
    this.#detail = detail;
  }

  get spans(): readonly LinedSpan[] {
    return this.#detail.get().spans;
  }
}

/** Must values of this file be redacted wherever they stand? */
export function redactsEverywhere(facts: TextFacts): boolean {
  return facts instanceof StoredTextFacts ? facts.redactsEverywhere : facts.findings.some((finding) => finding.everywhere);
}

/** The same facts as an object that can be copied and sent to a thread. */
export function plainFacts(facts: TextFacts): TextFacts {
  if (!(facts instanceof StoredTextFacts)) return facts;
  const { bytes, blob, class: documentClass, language, encoding, findings, header, warnedLicence } = facts;
  const plain: TextFacts = { kind: "text", bytes, blob, class: documentClass, language, encoding, findings, header };
  return warnedLicence === undefined ? plain : { ...plain, warnedLicence };
}
