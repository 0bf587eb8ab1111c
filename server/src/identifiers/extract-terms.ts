import type { TermKind } from "@midtrain/protocol/tokens";
import { configKeys } from "./config-keys";
import { isKeyword } from "./keywords";
import { lex } from "./lex";
import { lexicalFamily, type LexicalFamily } from "./lexical-families";
import { isNoise } from "./noise";
import { markdownCode } from "./markdown-code";
import { markupScripts } from "./markup-scripts";

/** One occurrence of a term, [start, end) in UTF-16 units. Occurrences come in order and do not overlap. */
export interface TermOccurrence {
  readonly term: string;
  readonly kind: TermKind;
  readonly start: number;
  readonly end: number;
}

/** Shorter names say nothing. */
const shortestTerm = 3;

/**
 * The terms of a file (§6.1): length of at least three, no keyword of its language, no digest or encoded data.
 *
 * How the kind is decided, from the text alone:
 * - `constant`: capitals, digits and underscores only (`MAX_RETRIES`);
 * - `api-name`: called as a member (`client.fetchAll(`, `Foo::bar(`, `p->run(`);
 * - `type`: declared after class, struct, interface, enum, trait, protocol, type, record or union, or a capital
 *   with small letters after it (`RetryQueue`);
 * - `path`: a string literal, include or import of segments separated by slashes (`src/core/queue.ts`);
 * - `config-key`: a key of JSON, YAML, TOML, INI, properties, .env or an XML element;
 * - `identifier`: every other name of code.
 * Comments are skipped; of prose only code spans and blocks are read; of markup only scripts.
 */
export function extractTerms(text: string, language: string): readonly TermOccurrence[] {
  const keys = configKeys(text, language);
  if (keys) return keys.filter(isTerm);
  if (language === "markdown")
    return markdownCode(text).flatMap((part) => codeTerms(text, part.language ?? "typescript", part.start, part.end));
  const scripts = markupScripts(text, language);
  if (scripts) return scripts.flatMap((part) => codeTerms(text, part.language, part.start, part.end));
  return codeTerms(text, language, 0, text.length);
}

function isTerm({ term }: TermOccurrence): boolean {
  return term.length >= shortestTerm && !isNoise(term) && /\p{L}/u.test(term);
}

function codeTerms(text: string, language: string, from: number, to: number): TermOccurrence[] {
  const family = lexicalFamily(language);
  return family ? [...readCode(text, language, family, from, to)] : [];
}

function* readCode(text: string, language: string, family: LexicalFamily, from: number, to: number): Generator<TermOccurrence> {
  for (const { kind, start, end } of lex(text, family, from, to)) {
    const term = text.slice(start, end);
    if (kind === "string") {
      if (isPath(term)) yield { term, kind: "path", start, end };
      continue;
    }
    if (term.length < shortestTerm || isKeyword(term, language) || isNoise(term)) continue;
    yield { term, kind: nameKind(text, term, start, end), start, end };
  }
}

const pathShape = /^(?:\.{0,2}\/|@)?[\w.+~@-]+(?:\/[\w.+~@-]+)+\/?$/;

function isPath(content: string): boolean {
  if (content.length < 5 || content.length > 200 || !content.includes("/") || !pathShape.test(content)) return false;
  const segments = content.split("/").filter((segment) => segment !== "" && segment !== "." && segment !== "..");
  return segments.some((segment) => /[A-Za-z]{2}/.test(segment)) && !segments.some(isNoise) && !/^[\w-]+\/\d/.test(content);
}

const constantShape = /^_*[A-Z][A-Z0-9]*(?:_+[A-Z0-9]+)*_*$/;
const pascalShape = /^_*\p{Lu}[\p{L}\p{N}]*\p{Ll}[\p{L}\p{N}_]*$/u;
const declaresType = /\b(?:class|struct|interface|enum|trait|protocol|type|record|union|newtype|typedef|actor)\s+$/;
const memberAccess = /(?:\.|->|::)\s*$/;
const opensCall = /^\s*(?:\(|::<|<[\w\s,.[\]<>]{1,60}>\()/;

function nameKind(text: string, term: string, start: number, end: number): TermKind {
  if (constantShape.test(term)) return "constant";
  const before = text.slice(Math.max(0, start - 16), start);
  if (memberAccess.test(before) && !/\.\.\.?\s*$/.test(before) && opensCall.test(text.slice(end, end + 64))) return "api-name";
  return pascalShape.test(term) || declaresType.test(before) ? "type" : "identifier";
}
