/** Terms and tokens of one text. Hover, hints and file figures start here; the report counts the same spans (token-overlap). */
import type { FileFragmentation, TermHere } from "@midtrain/protocol/tokens";
import type { Encoding, Tokenizer } from "../tokenizer";
import { readColumns, type TermOccurrence } from "./extract-terms";
import { liveEncoding } from "./live-encoding";
import { termLengths } from "./term-lengths";
import { creditUnit, tokensOfSpans, type SpanTokens } from "./token-overlap";

interface TextAnalysis {
  readonly text: string;
  readonly encoding: Encoding;
  readonly terms: readonly TermOccurrence[];
  readonly spans: SpanTokens;
}

function analyseText(text: string, language: string, tokenizer: Tokenizer): TextAnalysis {
  const { columns } = readColumns(text, language);
  const encoding = liveEncoding(text, tokenizer);
  return { text, encoding, terms: columns.occurrences(), spans: tokensOfSpans(encoding, columns) };
}

/** The last few texts: an editor asks for hover, hints and figures of the same version one after the other. */
const recent: { readonly text: string; readonly language: string; readonly tokenizer: Tokenizer; readonly analysis: TextAnalysis }[] = [];
const remembered = 4;

function recentAnalysis(text: string, language: string, tokenizer: Tokenizer): TextAnalysis {
  const known = recent.find((entry) => entry.tokenizer === tokenizer && entry.language === language && entry.text === text);
  if (known) return known.analysis;
  const analysis = analyseText(text, language, tokenizer);
  recent.unshift({ text, language, tokenizer, analysis });
  recent.length = Math.min(recent.length, remembered);
  return analysis;
}

/** The tokens behind all figures of a text. */
export function encodingOf(text: string, language: string, tokenizer: Tokenizer): Encoding {
  return recentAnalysis(text, language, tokenizer).encoding;
}

/** Left out of figures, hovers and hints; see `termIgnore`. */
export type IsIgnored = (term: string) => boolean;

const nothing: IsIgnored = () => false;

export function fileFragmentation(text: string, language: string, tokenizer: Tokenizer, isIgnored: IsIgnored = nothing): FileFragmentation {
  const { encoding, terms, spans } = recentAnalysis(text, language, tokenizer);
  const distinct = new Set<string>();
  let occurrences = 0;
  let credit = 0;
  let split = 0;
  terms.forEach(({ term }, index) => {
    if (isIgnored(term)) return;
    distinct.add(term);
    occurrences++;
    credit += spans.credit[index]!;
    if (spans.to[index]! - spans.from[index]! >= 2) split++;
  });
  return {
    tokenizer: { name: tokenizer.identity.name, hash: tokenizer.identity.hash },
    tokens: encoding.ids.length,
    bytes: Buffer.byteLength(text),
    terms: distinct.size,
    occurrences,
    meanInContext: occurrences === 0 ? 0 : credit / creditUnit / occurrences,
    splitShare: occurrences === 0 ? 0 : split / occurrences,
    contextCost: credit / creditUnit - occurrences,
  };
}

/** The term at an offset, with its pieces as they are here. */
export function termAt(
  text: string,
  language: string,
  offset: number,
  tokenizer: Tokenizer,
  isIgnored: IsIgnored = nothing,
): TermHere | undefined {
  const analysis = recentAnalysis(text, language, tokenizer);
  const index = firstEndingFrom(analysis.terms, offset);
  const term = analysis.terms[index];
  return term === undefined || term.start > offset || isIgnored(term.term) ? undefined : termHere(analysis, index, tokenizer);
}

export function termsInRange(
  text: string,
  language: string,
  range: { readonly start: number; readonly end: number },
  tokenizer: Tokenizer,
  isIgnored: IsIgnored = nothing,
): readonly TermHere[] {
  const analysis = recentAnalysis(text, language, tokenizer);
  const found: TermHere[] = [];
  for (let index = firstEndingFrom(analysis.terms, range.start + 1); index < analysis.terms.length; index++) {
    const { term, start } = analysis.terms[index]!;
    if (start >= range.end) break;
    if (!isIgnored(term)) found.push(termHere(analysis, index, tokenizer));
  }
  return found;
}

/** Terms are in order and do not overlap. */
function firstEndingFrom(terms: readonly TermOccurrence[], offset: number): number {
  let low = 0;
  for (let high = terms.length; low < high;) {
    const middle = (low + high) >> 1;
    if (terms[middle]!.end < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function termHere(analysis: TextAnalysis, index: number, tokenizer: Tokenizer): TermHere {
  const { term, kind, start, end, keyPath } = analysis.terms[index]!;
  const from = analysis.spans.from[index]!;
  const to = analysis.spans.to[index]!;
  const { isolated, afterSpace } = termLengths(term, tokenizer);
  const pieces = piecesHere(analysis, from, to, start, end);
  return { term, kind, start, end, pieces, here: to - from, isolated, afterSpace, ...(keyPath === undefined ? {} : { keyPath }) };
}

/** Tokens cut to the span; those inside one character share it, so it is shown once. */
function piecesHere({ text, encoding }: TextAnalysis, from: number, to: number, start: number, end: number): readonly string[] {
  const pieces: string[] = [];
  let shown = start;
  for (let token = from; token < to; token++) {
    const right = Math.min(end, encoding.offsets[2 * token + 1]!);
    if (right > shown) pieces.push(text.slice(shown, right));
    shown = Math.max(shown, right);
  }
  return pieces;
}
