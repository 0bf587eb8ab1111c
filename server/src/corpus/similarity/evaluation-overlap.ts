import { GramIndex } from "./decontaminate";
import { HashNumbers } from "./hash-numbers";
import { shinglesOf, type Shingles } from "./shingles";

/** 32 KB, so that looking up stays in the nearest cache. */
const filterBits = 18;
/** A run of 13 words holds nine five-word shingles; where words repeat, fewer different ones. */
const fewestShared = 4;

/**
 * Finds documents that hold 13-word runs of evaluation items. Almost none does: a bit for each five-word shingle of the items tells that
 * from the shingles that a document has anyway.
 */
export class EvaluationOverlap {
  readonly #texts: readonly string[];
  /** Made when a document may share runs, which hardly any does. */
  #grams: GramIndex | undefined;
  readonly #shingles = new HashNumbers(1 << 14);
  readonly #filter = new Uint8Array(1 << (filterBits - 3));

  constructor(texts: readonly string[]) {
    this.#texts = texts;
    for (const text of texts) {
      const { high, low } = shinglesOf(text);
      for (let at = 0; at < low.length; at++) {
        const bit = low[at]! >>> (32 - filterBits);
        this.#filter[bit >> 3]! |= 1 << (bit & 7);
        this.#shingles.numberOf(high[at]!, low[at]!);
      }
    }
  }

  /** Could a text with these shingles share runs with the items? False is certain. */
  mayShare({ high, low }: Pick<Shingles, "high" | "low">): boolean {
    if (this.#texts.length === 0) return false;
    let shared = 0;
    const filter = this.#filter;
    for (let at = 0; at < low.length; at++) {
      const bit = low[at]! >>> (32 - filterBits);
      if (((filter[bit >> 3]! >> (bit & 7)) & 1) === 1 && this.#shingles.find(high[at]!, low[at]!) >= 0) shared++;
    }
    return shared >= fewestShared;
  }

  /** Runs that the text shares with the items; takes the kernel for itself. */
  sharedRuns(text: string): number {
    if (this.#grams === undefined) {
      this.#grams = new GramIndex();
      for (const item of this.#texts) this.#grams.add(item);
    }
    return this.#grams.overlap(text).shared;
  }
}
