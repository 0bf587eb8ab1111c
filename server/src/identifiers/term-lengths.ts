import type { Tokenizer } from "../tokenizer";

export interface TermLengths {
  /** Tokens of the term alone. */
  readonly isolated: number;
  /** Tokens that overlap the term when one space stands before it. */
  readonly afterSpace: number;
  /** Tokens of the term alone. */
  readonly pieces: Int32Array;
}

export function termLengths(term: string, tokenizer: Tokenizer): TermLengths {
  const pieces = tokenizer.encode(term, { special: "ordinary" });
  const { ids, offsets } = tokenizer.encodeWithOffsets(` ${term}`, { special: "ordinary" });
  let afterSpace = 0;
  for (let token = 0; token < ids.length; token++) if (offsets[2 * token + 1]! > 1) afterSpace++;
  return { isolated: pieces.length, afterSpace, pieces };
}

/** A piece seen this often in the corpus counts as learned: the snippets a new token needs (research/tokenizer.md §3.3). */
export const learnedAfter = 100;

/**
 * Learning cost L(u) = Σ over the pieces of u alone of max(0, log(f_min / f(piece))), nats: how far the pieces are from being
 * seen often enough to be put together (§6.1). A piece that the corpus never holds counts as seen once.
 */
function learningCost(pieces: Int32Array, frequencyOf: (id: number) => number): number {
  let sum = 0;
  for (const piece of pieces) sum += Math.max(0, Math.log(learnedAfter / Math.max(1, frequencyOf(piece))));
  return sum;
}

/** Columns, one row a term. */
export interface TermCosts {
  readonly isolated: Int32Array;
  readonly afterSpace: Int32Array;
  readonly learning: Float64Array;
}

export function termCosts(terms: readonly string[], tokenizer: Tokenizer, tokenFrequency: ArrayLike<number>): TermCosts {
  const isolated = new Int32Array(terms.length);
  const afterSpace = new Int32Array(terms.length);
  const learning = new Float64Array(terms.length);
  terms.forEach((term, row) => {
    const lengths = termLengths(term, tokenizer);
    isolated[row] = lengths.isolated;
    afterSpace[row] = lengths.afterSpace;
    learning[row] = learningCost(lengths.pieces, (id) => tokenFrequency[id]!);
  });
  return { isolated, afterSpace, learning };
}
