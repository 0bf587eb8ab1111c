import type { Tokenizer } from "../tokenizer";

export interface TermLengths {
  /** Tokens of the term alone. */
  readonly isolated: number;
  /** Tokens that overlap the term when one space stands before it. */
  readonly afterSpace: number;
  readonly pieces: Int32Array;
}

export function termLengths(term: string, tokenizer: Tokenizer): TermLengths {
  const pieces = tokenizer.encode(term, { special: "ordinary" });
  const { ids, offsets } = tokenizer.encodeWithOffsets(` ${term}`, { special: "ordinary" });
  let afterSpace = 0;
  for (let token = 0; token < ids.length; token++) if (offsets[2 * token + 1]! > 1) afterSpace++;
  return { isolated: pieces.length, afterSpace, pieces };
}
