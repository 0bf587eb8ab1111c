import { isAscii } from "node:buffer";
import type { DocumentClass, RedactionRecord, TextSpan } from "@midtrain/protocol/corpus";
import { plural } from "@midtrain/protocol/words";
import { analyseFile } from "../analyse-file";
import { cleanFile, combineSpans, headerSpans, isEmptied, redactionRecords, type CleanFile } from "../clean-file";
import type { ResolvedCorpusConfig } from "../corpus-config";
import type { HeaderAnalysis } from "../headers/licence-header";
import type { ListedFile } from "../listing/list-git";
import { blobId, ContentReader } from "../listing/read-content";
import { makeAnalysisContext, type AnalysisContext } from "../rules/analysis-context";
import { decode } from "../rules/decode";
import { makeAllowList } from "../sensitive/allow-list";
import { findCredentials, type Finding } from "../sensitive/sensitive-scan";
import { SensitiveValues } from "../sensitive/sensitive-values";
import { EvaluationOverlap } from "../similarity/evaluation-overlap";
import { heldShingles, type Shingles } from "../similarity/shingles";
import { textKernel } from "../kernel/text-kernel";
import type { PackedText } from "../written/packed-text";
import { PackedRoom, ReadingRoom } from "./rooms";
import { ValueKeys, type ValueKey } from "./value-keys";

/** Everything that a thread needs to work on files; crosses to worker threads. */
export interface FileWorkSetup {
  readonly directory: string;
  readonly config: ResolvedCorpusConfig;
  readonly objectFormat: "sha1" | "sha256";
  /** Items of the evaluation: a file that holds runs of one is left out. */
  readonly evaluation: readonly string[];
  /** Of the keys of values. */
  readonly salt: string;
  /** Contents held between the two looks, so that small repositories are read once. */
  readonly memoryBytes: number;
}

/** A listed file and its number in the listing. */
export interface NumberedFile {
  readonly number: number;
  readonly file: ListedFile;
}

export interface SeenFinding extends Finding {
  readonly key: ValueKey;
}

/** What one look at a file found; it holds no text and no value, so that it may be kept. */
export type FileFacts =
  | {
      readonly kind: "reject";
      /** As records may show it. */
      readonly path: string;
      readonly rule: string;
      readonly reason: string;
      readonly bytes: number;
      /** Of the content, when it was read. */
      readonly blob?: string;
    }
  | {
      readonly kind: "text";
      readonly bytes: number;
      readonly blob: string;
      readonly class: DocumentClass;
      readonly language: string;
      readonly encoding: string;
      readonly findings: readonly SeenFinding[];
      readonly header: HeaderAnalysis;
      /** SPDX expression of a licence that the configuration warns of. */
      readonly warnedLicence?: string;
    };

export type TextFacts = Extract<FileFacts, { kind: "text" }>;

export interface Look {
  readonly facts: FileFacts;
  /** Values that are redacted wherever they stand, in memory only. */
  readonly everywhere: readonly EverywhereValue[];
}

export interface EverywhereValue extends Pick<Finding, "rule" | "family"> {
  readonly key: ValueKey;
  readonly value: string;
}

/** What all files together showed. */
export interface Knowledge {
  readonly placeholders: ReadonlyMap<ValueKey, string>;
  readonly everywhere: readonly EverywhereValue[];
  /** Keys of headers and blocks that open many files. */
  readonly recurring: ReadonlySet<string>;
}

export interface CleanRequest extends NumberedFile {
  readonly facts: TextFacts;
}

/** A cleaned file; its bytes hold until the next one is asked for. */
export type Cleaned = { readonly kind: "reject"; readonly rule: string; readonly reason: string } | CleanedDocument;

export interface CleanedDocument extends Shingles {
  readonly kind: "document";
  readonly spans: readonly TextSpan[];
  readonly redactions: readonly RedactionRecord[];
  readonly redactedBytes: number;
  readonly strippedBytes: number;
  readonly text: PackedText;
}

function overlapReason(runs: number): string {
  return `It shares ${plural(runs, "run")} of 13 words with what the model is measured on; learning the answers would spoil the measurement.`;
}

const vanished = { rule: "vanished", reason: "The file changed or went away while it was being harvested." } as const;

/** A path in a record must not show a credential. */
function hideCredentials(path: string): string | undefined {
  const findings = findCredentials(path);
  if (findings.length === 0) return undefined;
  let shown = "";
  let at = 0;
  for (const finding of findings) {
    shown += `${path.slice(at, finding.start)}<SECRET:${finding.rule}>`;
    at = finding.end;
  }
  return shown + path.slice(at);
}

type ReadFile =
  | { readonly kind: "content"; readonly content: Buffer; readonly blob: string }
  | { readonly kind: "reject"; readonly path: string; readonly rule: string; readonly reason: string; readonly bytes: number };

/** The work of one thread on files: a look at each, then cleaning with what all of them showed. */
export class FileWork {
  readonly #setup: FileWorkSetup;
  readonly #reader: ContentReader;
  readonly #context: AnalysisContext;
  readonly #keys: ValueKeys;
  readonly #overlap: EvaluationOverlap;
  readonly #isAllowed: ReturnType<typeof makeAllowList>;
  readonly #contents = new Map<number, Buffer>();
  readonly #room = new ReadingRoom();
  readonly #packed = new PackedRoom();
  #memoryLeft: number;
  #values = new SensitiveValues();
  #knowledge: Knowledge = { placeholders: new Map(), everywhere: [], recurring: new Set() };

  constructor(setup: FileWorkSetup) {
    this.#setup = setup;
    this.#reader = new ContentReader(setup.directory, setup.config.maxFileBytes);
    this.#context = makeAnalysisContext(setup.config);
    this.#keys = new ValueKeys(setup.salt);
    this.#overlap = new EvaluationOverlap(setup.evaluation);
    this.#isAllowed = makeAllowList(setup.config.allow);
    this.#memoryLeft = setup.memoryBytes;
  }

  look({ number, file }: NumberedFile): Look {
    const read = this.#read(file);
    if (read.kind === "reject") return { facts: read, everywhere: [] };
    const { content, blob } = read;
    const analysis = analyseFile(file, content, this.#context);
    if (analysis.kind === "reject") {
      const { rule, reason } = analysis;
      return { facts: { kind: "reject", path: file.path, rule, reason, bytes: content.length, blob }, everywhere: [] };
    }
    this.#hold(number, content);
    const { class: documentClass, language, encoding, header } = analysis;
    const everywhere: EverywhereValue[] = [];
    const findings = analysis.findings.flatMap((finding): SeenFinding[] => {
      const value = analysis.decoded.text.slice(finding.start, finding.end);
      if (this.#isAllowed(file.path, finding, value)) return [];
      const key = this.#keys.of(value);
      if (finding.everywhere) everywhere.push({ key, value, rule: finding.rule, family: finding.family });
      return [{ ...finding, key }];
    });
    const bytes = content.length;
    const facts = { kind: "text", bytes, blob, class: documentClass, language, encoding, findings, header } as const;
    return { facts: analysis.hasLicenceWarning === true ? { ...facts, warnedLicence: analysis.licence ?? "" } : facts, everywhere };
  }

  learn(knowledge: Knowledge): void {
    this.#knowledge = knowledge;
    this.#values = new SensitiveValues();
    for (const { value, rule, family } of knowledge.everywhere)
      this.#values.learn(value, [{ start: 0, end: value.length, rule, family, everywhere: true }]);
  }

  clean({ number, file, facts }: CleanRequest): Cleaned {
    const content = this.#contentAgain(number, file, facts);
    if (content === undefined) return { kind: "reject", ...vanished };
    return this.#cleanBytes(content, file, facts) ?? this.#cleanText(content, file, facts);
  }

  /** ASCII in which no value of another file stands, as most files are, never becomes a string. */
  #cleanBytes(content: Buffer, { path }: ListedFile, { encoding, findings, header }: TextFacts): Cleaned | undefined {
    if (encoding !== "utf-8" || !isAscii(content) || this.#values.isIn(content)) return undefined;
    const { recurring, placeholders } = this.#knowledge;
    const strips = headerSpans(header, (key) => recurring.has(key));
    const spans = findings.length === 0 ? strips : combineSpans(strips, findings, ({ key }) => placeholders.get(key) ?? unnumbered);
    const kept = partsOutside(content, spans);
    if (!kept.some(hasLetterOrDigit)) return emptied(spans.length > 0);
    const redactedBytes = spans.reduce((sum, { start, end, kind }) => (kind === "redacted" ? sum + end - start : sum), 0);
    const strippedBytes = content.length - kept.reduce((sum, part) => sum + part.length, 0) - redactedBytes;
    const redactions = redactedBytes === 0 ? noRedactions : redactionRecords(path, (at) => content.indexOf(10, at), spans);
    const parts = redactedBytes === 0 ? kept : withPlaceholders(kept, spans);
    return this.#document(
      { spans, redactions, redactedBytes, strippedBytes },
      () => textKernel().load(parts, true),
      () => parts.map((part) => part.toString("latin1")).join(""),
    );
  }

  #cleanText(content: Buffer, file: ListedFile, facts: TextFacts): Cleaned {
    const decoded = decode(content, file.attributes.encoding);
    if (decoded.kind !== "text") return { kind: "reject", ...vanished };
    const { recurring, placeholders } = this.#knowledge;
    const values = {
      complete: (text: string, findings: readonly Finding[]) =>
        this.#values
          .complete(text, findings)
          .filter((finding) => !this.#isAllowed(file.path, finding, text.slice(finding.start, finding.end))),
      placeholder: (value: string) => placeholders.get(this.#keys.of(value)) ?? unnumbered,
    };
    const clean = cleanFile(file.path, { ...facts, decoded }, values, (key) => recurring.has(key));
    if (isEmptied(clean.text, clean.redactedBytes > 0)) return emptied(clean.spans.length > 0);
    return this.#document(
      clean,
      () => textKernel().loadText(clean.text),
      () => clean.text,
    );
  }

  /** @param load gives the kernel the text */
  #document({ spans, redactions, redactedBytes, strippedBytes }: Omit<CleanFile, "text">, load: () => void, text: () => string): Cleaned {
    load();
    const packed = this.#packed.hold(textKernel().deflatedJson());
    const shingles = heldShingles();
    const document = { kind: "document", spans, redactions, redactedBytes, strippedBytes, text: packed } as const;
    if (!this.#overlap.mayShare(shingles)) return { ...document, ...shingles };
    const shared = this.#overlap.sharedRuns(text());
    if (shared > 0) return { kind: "reject", rule: "evaluation-overlap", reason: overlapReason(shared) };
    load();
    return { ...document, ...heldShingles() };
  }

  #read(file: ListedFile): ReadFile {
    const hidden = hideCredentials(file.path);
    if (hidden !== undefined) {
      const reason = "The path itself holds a credential; rename the file and revoke the credential.";
      return { kind: "reject", path: hidden, rule: "secret-in-path", reason, bytes: this.#reader.size(file) };
    }
    const isLink = file.index?.mode === "120000";
    const byPath = isLink ? { rule: "symlink", reason: "Symbolic links are not followed." } : this.#context.paths.reject(file);
    if (byPath !== undefined) return { kind: "reject", path: file.path, ...byPath, bytes: this.#reader.size(file) };
    const read = this.#reader.read(file, this.#room.of);
    if (read.kind === "reject") return { ...read, path: file.path };
    const known = file.unchanged ? file.index?.blob : undefined;
    return { kind: "content", content: read.content, blob: known ?? blobId(read.content, this.#setup.objectFormat) };
  }

  #hold(number: number, content: Buffer): void {
    if (content.length > this.#memoryLeft || this.#contents.has(number)) return;
    this.#memoryLeft -= content.length;
    this.#contents.set(number, Buffer.from(content));
  }

  #contentAgain(number: number, file: ListedFile, facts: TextFacts): Buffer | undefined {
    const held = this.#contents.get(number);
    if (held !== undefined) {
      this.#contents.delete(number);
      this.#memoryLeft += held.length;
      return held;
    }
    const again = this.#reader.read(file, this.#room.of);
    return again.kind === "content" && blobId(again.content, this.#setup.objectFormat) === facts.blob ? again.content : undefined;
  }
}

const noRedactions: readonly RedactionRecord[] = [];
const unnumbered = "<SECRET:unnumbered>";

function emptied(wasCut: boolean): Cleaned {
  return wasCut
    ? { kind: "reject", rule: "empty-after-cleaning", reason: "Nothing is left after secrets and headers are taken out." }
    : { kind: "reject", rule: "empty", reason: "The file holds no word." };
}

/** What the spans leave; rising, not overlapping. */
function partsOutside(content: Buffer, spans: readonly TextSpan[]): Buffer[] {
  const parts: Buffer[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    parts.push(content.subarray(at, start));
    at = end;
  }
  parts.push(content.subarray(at));
  return parts;
}

/** What is kept, with what stands for each span between. */
function withPlaceholders(kept: readonly Buffer[], spans: readonly TextSpan[]): Buffer[] {
  return kept.flatMap((part, at) => {
    const placeholder = spans[at]?.placeholder;
    return placeholder === undefined ? [part] : [part, Buffer.from(placeholder, "latin1")];
  });
}

function hasLetterOrDigit(ascii: Uint8Array): boolean {
  for (const byte of ascii) if ((byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90) || (byte >= 48 && byte <= 57)) return true;
  return false;
}
