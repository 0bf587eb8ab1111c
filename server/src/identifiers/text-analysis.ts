/** Terms and tokens of one text. Hover, hints, file figures and report all start here. */
import type { FileFragmentation, TermHere } from "@midtrain/protocol/tokens";
import type { Encoding, Tokenizer } from "../tokenizer";
import { extractTerms, type TermOccurrence } from "./extract-terms";
import { termLengths } from "./term-lengths";
import { tokensOfSpans, type SpanTokens } from "./token-overlap";

export interface TextAnalysis {
  readonly text: string;
  readonly encoding: Encoding;
  readonly terms: readonly TermOccurrence[];
  readonly tokens: readonly SpanTokens[];
}

export function analyseText(text: string, language: string, tokenizer: Tokenizer): TextAnalysis {
  const terms = extractTerms(text, language);
  const encoding = tokenizer.encodeWithOffsets(text, { special: "ordinary" });
  return { text, encoding, terms, tokens: tokensOfSpans(encoding, terms) };
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

export function fileFragmentation(text: string, language: string, tokenizer: Tokenizer): FileFragmentation {
  const { encoding, terms, tokens } = recentAnalysis(text, language, tokenizer);
  const credit = tokens.reduce((sum, span) => sum + span.credit, 0);
  const split = tokens.filter((span) => span.to - span.from >= 2).length;
  return {
    tokenizer: { name: tokenizer.identity.name, hash: tokenizer.identity.hash },
    tokens: encoding.ids.length,
    bytes: Buffer.byteLength(text),
    terms: new Set(terms.map(({ term }) => term)).size,
    occurrences: terms.length,
    meanInContext: terms.length === 0 ? 0 : credit / terms.length,
    splitShare: terms.length === 0 ? 0 : split / terms.length,
  };
}

/** The term at an offset, with its pieces as they are here. */
export function termAt(text: string, language: string, offset: number, tokenizer: Tokenizer): TermHere | undefined {
  const analysis = recentAnalysis(text, language, tokenizer);
  const index = analysis.terms.findIndex(({ start, end }) => start <= offset && offset <= end);
  return index < 0 ? undefined : termHere(analysis, index, tokenizer);
}

export function termsInRange(
  text: string,
  language: string,
  range: { readonly start: number; readonly end: number },
  tokenizer: Tokenizer,
): readonly TermHere[] {
  const analysis = recentAnalysis(text, language, tokenizer);
  return analysis.terms.flatMap((term, index) =>
    term.start < range.end && term.end > range.start ? [termHere(analysis, index, tokenizer)] : [],
  );
}

function termHere(analysis: TextAnalysis, index: number, tokenizer: Tokenizer): TermHere {
  const { term, kind, start, end } = analysis.terms[index]!;
  const { from, to } = analysis.tokens[index]!;
  const { isolated, afterSpace } = termLengths(term, tokenizer);
  return { term, kind, start, end, pieces: piecesHere(analysis, from, to, start, end), here: to - from, isolated, afterSpace };
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
