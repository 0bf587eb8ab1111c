import { GramIndex, gramWords } from "./decontaminate";
import { shinglesOf } from "./shingles";

const filterBits = 20;
/** A run of 13 words holds so many different five-word shingles, but for words that repeat. */
const fewestHits = gramWords - 5 + 1;

/**
 * Finds documents that hold 13-word runs of evaluation items. Almost none does: a bit for each five-word shingle of the items tells that
 * from the shingles that a document has anyway.
 */
export class EvaluationOverlap {
  readonly #grams = new GramIndex();
  readonly #filter = new Uint8Array(1 << (filterBits - 3));

  constructor(texts: readonly string[]) {
    for (const text of texts) {
      this.#grams.add(text);
      for (const low of shinglesOf(text).low) this.#filter[(low >>> (32 - filterBits)) >> 3]! |= 1 << ((low >>> (32 - filterBits)) & 7);
    }
  }

  /** @param low lanes of the shingles of the text @returns runs that the text shares with the items */
  sharedRuns(text: string, low: Uint32Array): number {
    if (this.#grams.grams === 0) return 0;
    let hits = 0;
    const filter = this.#filter;
    for (let at = 0; at < low.length; at++) {
      const bit = low[at]! >>> (32 - filterBits);
      hits += (filter[bit >> 3]! >> (bit & 7)) & 1;
    }
    return hits < fewestHits ? 0 : this.#grams.overlap(text).shared;
  }
}
