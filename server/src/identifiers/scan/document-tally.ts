/** What one document adds to the figures of a corpus with one tokenizer. It holds no text but the terms, so that it may be kept. */
import { termKinds, type TermKind } from "@midtrain/protocol/tokens";
import type { Tokenizer } from "../../tokenizer";
import type { FileTerms } from "../extract-terms";
import { tokensOfSpans } from "../token-overlap";

/** Occurrences with this many tokens and more are one row of the distribution. */
export const mostTokens = 16;

export interface TermTally {
  readonly term: string;
  count: number;
  /** In units of 1/creditUnit. */
  credit: number;
  /** Occurrences by kind: index of termKinds, number, index, number, … */
  readonly kinds: number[];
  /** Occurrences by whole tokens that overlap: tokens (at most {@link mostTokens}), number, … */
  readonly here: number[];
  /** Of configuration keys: occurrences by path of keys. */
  readonly keyPaths: Map<string, number> | undefined;
}

export interface DocumentTally {
  readonly bytes: number;
  readonly tokens: number;
  /** Distinct terms in the order of their first occurrence. */
  readonly terms: readonly TermTally[];
  /** Distinct ids in ascending order and how often each occurs. */
  readonly ids: Int32Array;
  readonly idCounts: Int32Array;
  readonly excluded: Readonly<Record<string, number>>;
  readonly malformed: string | undefined;
  /** Kinds come from a grammar's syntax tree. */
  readonly byGrammar: boolean;
}

/** Every place of the room in which tokens are counted asks this: text as it stands, no special tokens read out of it. */
const ordinary = { special: "ordinary" } as const;

/**
 * @param kinds by occurrence, from a grammar; without them those of the lexer.
 * @param scratch one number per id of the tokenizer, all zero before and after.
 */
export function tallyDocument(
  text: string,
  { terms, excluded, malformed }: FileTerms,
  tokenizer: Tokenizer,
  scratch: Int32Array,
  kinds?: readonly TermKind[],
): DocumentTally {
  const encoding = terms.length === 0 ? undefined : tokenizer.encodeWithOffsets(text, ordinary);
  const ids = encoding?.ids ?? tokenizer.encode(text, ordinary);
  const tallies = new Map<string, TermTally>();
  if (encoding !== undefined) {
    const spans = tokensOfSpans(encoding, terms);
    terms.forEach(({ term, kind, keyPath }, index) => {
      let tally = tallies.get(term);
      if (tally === undefined) {
        tally = { term, count: 0, credit: 0, kinds: [], here: [], keyPaths: keyPath === undefined ? undefined : new Map<string, number>() };
        tallies.set(term, tally);
      }
      tally.count++;
      tally.credit += spans.credit[index]!;
      addOne(tally.kinds, termKinds.indexOf(kinds?.[index] ?? kind));
      addOne(tally.here, Math.min(mostTokens, spans.to[index]! - spans.from[index]!));
      if (keyPath !== undefined) tally.keyPaths?.set(keyPath, (tally.keyPaths.get(keyPath) ?? 0) + 1);
    });
  }
  const counted = countIds(ids, scratch);
  return {
    bytes: Buffer.byteLength(text),
    tokens: ids.length,
    terms: [...tallies.values()],
    ...counted,
    excluded,
    malformed,
    byGrammar: kinds !== undefined,
  };
}

/** Lists of (value, number) pairs are short: one or two values a term. */
function addOne(pairs: number[], value: number): void {
  for (let i = 0; i < pairs.length; i += 2) {
    if (pairs[i] !== value) continue;
    pairs[i + 1]!++;
    return;
  }
  pairs.push(value, 1);
}

function countIds(ids: Int32Array, scratch: Int32Array): { readonly ids: Int32Array; readonly idCounts: Int32Array } {
  let distinct = 0;
  for (const id of ids) if (scratch[id]!++ === 0) distinct++;
  const found = new Int32Array(distinct);
  const counts = new Int32Array(distinct);
  let at = 0;
  for (const id of ids) {
    if (scratch[id]! <= 0) continue;
    found[at++] = id;
    scratch[id] = -scratch[id]!;
  }
  found.sort();
  found.forEach((id, index) => {
    counts[index] = -scratch[id]!;
    scratch[id] = 0;
  });
  return { ids: found, idCounts: counts };
}
