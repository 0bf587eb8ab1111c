import type { CorpusManifest, DocumentClass } from "@midtrain/protocol/corpus";
import { documentClasses } from "@midtrain/protocol/corpus";
import { readCheckedFile, writeCheckedFile, type CacheFile } from "../listing/checked-file";
import type { HeaderAnalysis } from "../headers/licence-header";
import type { FileFacts, SeenFinding } from "../reading/file-work";
import type { CleanRecord, FileRecord, LinedSpan } from "./file-record";

/** What a harvest leaves for the next one under the same settings. */
export interface HarvestState {
  /** Salt of the keys of values. */
  readonly salt: string;
  readonly corpus: string;
  readonly shards: CorpusManifest["shards"];
  /** In path order. */
  readonly files: readonly FileRecord[];
}

/**
 * On disk a record is a row of plain values, because tens of thousands of them are read at every harvest:
 * [path, source, attributes, facts…]; numbers stand for words that repeat.
 */
type Row = readonly unknown[];

const sides = ["train", "held-out", "sealed"] as const;
const families = ["secret", "personal"] as const;
const spanKinds = ["redacted", "stripped"] as const;

class Words {
  readonly list: string[];
  readonly #numbers = new Map<string, number>();

  constructor(list: readonly string[] = []) {
    this.list = [...list];
    this.list.forEach((word, number) => this.#numbers.set(word, number));
  }

  numberOf(word: string): number {
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    this.#numbers.set(word, this.list.length);
    return this.list.push(word) - 1;
  }

  of(number: unknown): string {
    return this.list[number as number]!;
  }
}

function findingsRow(findings: readonly SeenFinding[], words: Words): unknown[] {
  return findings.flatMap(({ start, end, rule, family, everywhere, key }) => [
    start,
    end,
    words.numberOf(rule),
    families.indexOf(family) * 2 + (everywhere ? 1 : 0),
    key,
  ]);
}

function findingsOf(row: Row, words: Words): SeenFinding[] {
  return Array.from({ length: row.length / 5 }, (_, index): SeenFinding => {
    const [start, end, rule, flags, key] = row.slice(index * 5, index * 5 + 5) as [number, number, number, number, string];
    return { start, end, rule: words.of(rule), family: families[flags >> 1]!, everywhere: (flags & 1) === 1, key };
  });
}

function spansRow(spans: readonly LinedSpan[], words: Words): unknown[] {
  return spans.flatMap(({ start, end, kind, rule, placeholder, line }) => [
    start,
    end,
    spanKinds.indexOf(kind),
    words.numberOf(rule),
    placeholder ?? 0,
    line ?? 0,
  ]);
}

function spansOf(row: Row, words: Words): LinedSpan[] {
  return Array.from({ length: row.length / 6 }, (_, index): LinedSpan => {
    const [start, end, kind, rule, placeholder, line] = row.slice(index * 6, index * 6 + 6) as [
      number,
      number,
      number,
      number,
      string | 0,
      number,
    ];
    return {
      start,
      end,
      kind: spanKinds[kind]!,
      rule: words.of(rule),
      ...(placeholder === 0 ? {} : { placeholder }),
      ...(line === 0 ? {} : { line }),
    };
  });
}

function cleanedRow(cleaned: CleanRecord | undefined, words: Words): unknown[] | 0 {
  if (cleaned === undefined) return 0;
  if (cleaned.kind === "reject") return [words.numberOf(cleaned.rule), words.numberOf(cleaned.reason)];
  const side = cleaned.side === undefined ? -1 : sides.indexOf(cleaned.side);
  return [cleaned.redactedBytes, cleaned.strippedBytes, cleaned.words, side, spansRow(cleaned.spans, words)];
}

function cleanedOf(row: Row | 0, words: Words): CleanRecord | undefined {
  if (row === 0) return undefined;
  if (row.length === 2) return { kind: "reject", rule: words.of(row[0]), reason: words.of(row[1]) };
  const [redactedBytes, strippedBytes, fingerprint, side, spans] = row as [number, number, string, number, Row];
  const where = sides[side];
  return {
    kind: "document",
    spans: spansOf(spans, words),
    redactedBytes,
    strippedBytes,
    words: fingerprint,
    ...(where === undefined ? {} : { side: where }),
  };
}

function recordRow(record: FileRecord, words: Words): Row {
  const { path, source, attributes, facts } = record;
  const about = [path, source ?? 0, words.numberOf(attributes), facts.bytes, facts.blob === source ? 0 : (facts.blob ?? 1)];
  if (facts.kind === "reject") return [...about, words.numberOf(facts.rule), facts.reason, facts.path === path ? 0 : facts.path];
  return [
    ...about,
    documentClasses.indexOf(facts.class),
    words.numberOf(facts.language),
    words.numberOf(facts.encoding),
    findingsRow(facts.findings, words),
    facts.header,
    cleanedRow(record.cleaned, words),
    ...(facts.warnedLicence === undefined ? [] : [words.numberOf(facts.warnedLicence)]),
  ];
}

function factsOf(row: Row, path: string, blob: string | undefined, words: Words): FileFacts {
  const bytes = row[3] as number;
  if (row.length === 8) {
    const shown = row[7] as string | 0;
    return {
      kind: "reject",
      path: shown === 0 ? path : shown,
      rule: words.of(row[5]),
      reason: row[6] as string,
      bytes,
      ...(blob === undefined ? {} : { blob }),
    };
  }
  return {
    kind: "text",
    bytes,
    blob: blob!,
    class: documentClasses[row[5] as number] as DocumentClass,
    language: words.of(row[6]),
    encoding: words.of(row[7]),
    findings: findingsOf(row[8] as Row, words),
    header: row[9] as HeaderAnalysis,
    ...(row[11] === undefined ? {} : { warnedLicence: words.of(row[11]) }),
  };
}

function recordOf(row: Row, words: Words): FileRecord {
  const path = row[0] as string;
  const source = row[1] === 0 ? undefined : (row[1] as string);
  const blob = row[4] === 0 ? source : row[4] === 1 ? undefined : (row[4] as string);
  const facts = factsOf(row, path, blob, words);
  const cleaned = facts.kind === "text" ? cleanedOf(row[10] as Row | 0, words) : undefined;
  return { path, source, attributes: words.of(row[2]), facts, ...(cleaned === undefined ? {} : { cleaned }) };
}

interface StateDocument {
  readonly salt: string;
  readonly corpus: string;
  readonly shards: CorpusManifest["shards"];
  readonly words: readonly string[];
  readonly files: readonly Row[];
}

/** @param key hash of rules and settings: a state made under others is not there. */
export function readState(file: CacheFile, key: string): HarvestState | undefined {
  const body = readCheckedFile(file, key);
  if (body === undefined) return undefined;
  const { salt, corpus, shards, words: list, files } = JSON.parse(body.toString("utf8")) as StateDocument;
  const words = new Words(list);
  return { salt, corpus, shards, files: files.map((row) => recordOf(row, words)) };
}

/** A state that cannot be written costs time at the next harvest, nothing else. */
export function writeState(file: CacheFile, key: string, state: HarvestState): void {
  const words = new Words();
  const files = state.files.map((record) => recordRow(record, words));
  const document: StateDocument = { salt: state.salt, corpus: state.corpus, shards: state.shards, words: words.list, files };
  writeCheckedFile(file, key, Buffer.from(JSON.stringify(document)));
}
