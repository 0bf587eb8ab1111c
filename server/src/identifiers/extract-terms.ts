import type { TermKind } from "@midtrain/protocol/tokens";
import { commentSyntax, languageKind } from "../corpus";
import { readConfigKeys } from "./config-keys";
import { lex, type LexemeSink } from "./lex";
import { lexicalFamily } from "./lexical-families";
import type { LexicalFamily } from "./lexical-pattern";
import { markdownCode } from "./markdown-code";
import { markupScripts } from "./markup-scripts";
import { nameKind } from "./name-kinds";
import { noiseReason, type NoiseReason } from "./noise";
import { isServiceName, serviceNames } from "./service-names";
import { TermColumns } from "./term-columns";
import { unitsOf } from "./text-units";
import { shortestTerm, wordsOf, type LanguageWords } from "./words";

/** One occurrence of a term, [start, end) in UTF-16 units. Occurrences come in order and do not overlap. */
export interface TermOccurrence {
  readonly term: string;
  readonly kind: TermKind;
  readonly start: number;
  readonly end: number;
  /** Of a configuration key: the keys on the way to it, joined by dots (`services.web.image`). */
  readonly keyPath?: string;
}

/** The terms of a file, and what was left out of them. */
export interface FileTerms {
  readonly terms: readonly TermOccurrence[];
  /** Names that nobody wrote, by reason; keywords and names of one or two letters are not counted. */
  readonly excluded: Readonly<Partial<Record<NoiseReason, number>>>;
  /** A configuration file that its format's rules do not allow; its keys are those that could be read. */
  readonly malformed?: string;
}

/** Raises when the same text may give other terms: figures kept from older versions are then counted again. */
export const lexerVersion = 2;

export function readTerms(text: string, language: string): FileTerms {
  const { columns, excluded, malformed } = readColumns(text, language);
  return { terms: columns.occurrences(), excluded, ...(malformed === undefined ? {} : { malformed }) };
}

export function extractTerms(text: string, language: string): readonly TermOccurrence[] {
  return readTerms(text, language).terms;
}

/** The same as {@link FileTerms}, for whole repositories. */
export interface FileColumns {
  readonly columns: TermColumns;
  readonly excluded: FileTerms["excluded"];
  readonly malformed: string | undefined;
}

/**
 * The terms of a file (§6.1): length of at least three, no keyword of its language, no digest, encoded data or generated name.
 * Kinds of names in code are those of {@link nameKind}; beside them
 * - `path`: a string literal, include or import of segments separated by slashes (`src/core/queue.ts`);
 * - `config-key`: a key of JSON, YAML, TOML, INI, properties, .env or an XML element, with its path of keys;
 * - `service`: a name given to a service ({@link serviceNames}).
 * Comments are skipped; of prose only code spans and blocks are read; of markup only scripts.
 */
export function readColumns(text: string, language: string): FileColumns {
  const collected = new Collector();
  const keys = readConfigKeys(text, language);
  if (keys !== undefined) {
    for (const key of serviceNames(text, language, keys.terms)) collected.add(key);
    return collected.result(keys.malformed);
  }
  if (language === "markdown")
    for (const part of markdownCode(text)) codeTerms(collected, text, part.language ?? "typescript", part.start, part.end);
  else {
    const scripts = markupScripts(text, language);
    if (scripts) for (const part of scripts) codeTerms(collected, text, part.language, part.start, part.end);
    else codeTerms(collected, text, language, 0, text.length);
  }
  return collected.result(undefined);
}

class Collector {
  readonly columns = new TermColumns();
  private readonly excluded: Partial<Record<NoiseReason, number>> = {};

  /** Takes a term in whole, unless nobody wrote it. */
  add(occurrence: TermOccurrence): void {
    const { term } = occurrence;
    if (term.length < shortestTerm || !/\p{L}/u.test(term)) return;
    const noise = noiseReason(term);
    if (noise === undefined) this.columns.add(occurrence);
    else this.exclude(noise);
  }

  exclude(reason: NoiseReason): void {
    this.excluded[reason] = (this.excluded[reason] ?? 0) + 1;
  }

  result(malformed: string | undefined): FileColumns {
    return { columns: this.columns, excluded: this.excluded, malformed };
  }
}

function familyOf(language: string): LexicalFamily | undefined {
  const known = lexicalFamily(language);
  if (known !== undefined || languageKind(language) !== "code") return known;
  const { line, block } = commentSyntax(language);
  return lexicalFamily(language, line[0] ?? (block[0]?.[0] === "/*" ? "//" : undefined));
}

function codeTerms(collected: Collector, text: string, language: string, from: number, to: number): void {
  const family = familyOf(language);
  if (family === undefined) return;
  const units = unitsOf(text);
  lex(text, units, family, from, to, new CodeTerms(collected, text, units, language));
}

class CodeTerms implements LexemeSink {
  private readonly words: LanguageWords;
  private readonly columns: TermColumns;

  constructor(
    private readonly collected: Collector,
    private readonly text: string,
    private readonly units: Uint16Array,
    private readonly language: string,
  ) {
    this.words = wordsOf(language);
    this.columns = collected.columns;
  }

  name(start: number, end: number): void {
    if (end - start < shortestTerm) return;
    const { words, text } = this;
    const word = words.at(text, this.units, start, end);
    const verdict = words.verdictOf(word);
    if (verdict === undefined) return;
    if (verdict.noise !== undefined) this.collected.exclude(verdict.noise);
    else this.columns.addWord(words, word, nameKind(text, words.termOf(word), start, end, verdict.shape, this.language), start, end);
  }

  string(start: number, end: number): void {
    if (end - start < shortestTerm) return;
    const term = this.text.slice(start, end);
    const kind = kindOfString(term);
    if (kind !== undefined) this.columns.add({ term, kind, start, end });
  }
}

const pathShape = /^(?:\.{0,2}\/|@)?[\w.+~@-]+(?:\/[\w.+~@-]+)+\/?$/;

function kindOfString(content: string): TermKind | undefined {
  if (content.length > 200) return undefined;
  if (content.includes("/")) return isPath(content) ? "path" : undefined;
  return isServiceName(content) ? "service" : undefined;
}

function isPath(content: string): boolean {
  if (content.length < 5 || !pathShape.test(content)) return false;
  const segments = content.split("/").filter((segment) => segment !== "" && segment !== "." && segment !== "..");
  return (
    segments.some((segment) => /[A-Za-z]{2}/.test(segment)) &&
    !segments.some((segment) => noiseReason(segment) !== undefined) &&
    !/^[\w-]+\/\d/.test(content)
  );
}
