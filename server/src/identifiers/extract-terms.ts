/** Terms of a repository (§6.1): names that a team writes again and again, with their kind. */
import type { TermKind } from "@midtrain/protocol/tokens";
import { languageKind } from "../corpus";
import { configKeys } from "./config-keys";
import { isKeyword } from "./keywords";
import { isCode, lexCode } from "./lexer";
import { isNoise } from "./noise";

export interface TermOccurrence {
  readonly term: string;
  readonly kind: TermKind;
  /** [start, end) in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

const shortest = 3;
const pathLike = /^(?:\.{0,2}\/)?[\w@.-]+(?:\/[\w@.*-]+)+\/?$/;
const inlineCode = /`([^`\n]{3,80})`/g;
const declaration = /\b(?:def|fn|func|fun|function|sub|class|interface|trait|struct|enum|type)\s+$/;

/** All occurrences in order of their start. Texts in prose give only their inline code. */
export function extractTerms(text: string, language: string): readonly TermOccurrence[] {
  if (isCode(language)) return fromCode(text, language);
  const keys = configKeys(text, language);
  if (keys.length > 0) return keys.flatMap(({ start, end }) => termOf(text, start, end, () => "config-key"));
  return languageKind(language) === "prose" ? fromProse(text) : [];
}

function fromCode(text: string, language: string): readonly TermOccurrence[] {
  const found: TermOccurrence[] = [];
  for (const piece of lexCode(text, language)) {
    if (piece.kind === "word")
      found.push(...termOf(text, piece.start, piece.end, (term) => kindOfName(term, text, piece.start, piece.end)));
    else if (piece.end - piece.start <= 200 && pathLike.test(text.slice(piece.start, piece.end)))
      found.push(...termOf(text, piece.start, piece.end, () => "path"));
  }
  return found;
}

function fromProse(text: string): readonly TermOccurrence[] {
  return [...text.matchAll(inlineCode)].flatMap((match) => {
    const content = match[1]!;
    const start = match.index + 1;
    if (pathLike.test(content)) return termOf(text, start, start + content.length, () => "path");
    return /^[\w$]+(?:\(\))?$/.test(content)
      ? termOf(text, start, start + content.replace(/\(\)$/, "").length, (term) => kindOfName(term, content, 0, term.length))
      : [];
  });
}

function termOf(text: string, start: number, end: number, kind: (term: string) => TermKind): readonly TermOccurrence[] {
  const term = text.slice(start, end);
  if (term.length < shortest || isKeyword(term) || isNoise(term) || /^[_$\d]+$/.test(term)) return [];
  return [{ term, kind: kind(term), start, end }];
}

/**
 * Kind of a name, by how it is written and what stands beside it: SCREAMING_CASE is a constant; PascalCase a
 * type unless it is called; a name that is called or declared as a function an API name; all else an identifier.
 */
function kindOfName(term: string, text: string, start: number, end: number): TermKind {
  if (/^[A-Z][A-Z0-9_]*$/.test(term) && term.length > shortest) return "constant";
  const called = /^\s{0,2}(?:::)?\(/.test(text.slice(end, end + 5)) || /^<[\w, ]{0,30}>\(/.test(text.slice(end, end + 36));
  if (/^[A-Z]/.test(term) && /[a-z]/.test(term)) return "type";
  const before = text.slice(Math.max(0, start - 16), start);
  if (called || (declaration.test(before) && !/\b(?:class|interface|trait|struct|enum|type)\s+$/.test(before))) return "api-name";
  return "identifier";
}
