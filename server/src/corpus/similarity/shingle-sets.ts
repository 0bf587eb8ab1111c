import type { Pacer } from "../pacer";
import { HashNumbers } from "./hash-numbers";
import type { OccurrenceCounts } from "./occurrence-counts";
import type { Shingles } from "./shingles";

/**
 * Documents as sets of shingles, ready for a set-similarity join. Shingles that occur in one document only can never be shared:
 * they are counted, not kept. The others are numbered by rising document frequency, so that a short prefix is a rare one.
 */
export interface ShingleSets {
  /** |x|: distinct shingles of each document. */
  readonly sizes: Uint32Array;
  /** Distinct shingles of each document that no other document has. */
  readonly singles: Uint32Array;
  /** Ranks of the shared shingles of each document, rising. */
  readonly shared: readonly Uint32Array[];
  /** Number of shared shingles in all. */
  readonly ranks: number;
}

/** Collects documents one by one; `finish` ranks the shingles. */
export class ShingleSetBuilder {
  readonly #numbers: HashNumbers;
  readonly #sets: Uint32Array[];
  readonly #sizes: Uint32Array;
  #frequency = new Uint32Array(1 << 16);
  #buffer = new Uint32Array(1 << 14);

  /** @param expected about how many distinct shingles will have to be numbered, so that the table need not grow often */
  constructor(documents: number, expected: number) {
    this.#numbers = new HashNumbers(2 ** Math.min(24, Math.max(14, Math.ceil(Math.log2(expected + 1)))));
    this.#sets = new Array<Uint32Array>(documents).fill(new Uint32Array(0));
    this.#sizes = new Uint32Array(documents);
  }

  /** @param shingles distinct ones; those that `counts` knows to be unique are counted, not kept */
  add(document: number, shingles: Pick<Shingles, "high" | "low">, counts: OccurrenceCounts): void {
    const { high, low } = shingles;
    if (this.#buffer.length < low.length) this.#buffer = new Uint32Array(2 * low.length);
    const set = this.#buffer;
    let size = 0;
    for (let at = 0; at < low.length; at++) {
      if (!counts.isShared(low[at]!)) continue;
      const number = this.#numbers.numberOf(high[at]!, low[at]!);
      if (number >= this.#frequency.length) this.#grow();
      this.#frequency[number]!++;
      set[size++] = number;
    }
    this.#sets[document] = set.slice(0, size);
    this.#sizes[document] = low.length;
  }

  #grow(): void {
    const frequency = new Uint32Array(this.#frequency.length * 2);
    frequency.set(this.#frequency);
    this.#frequency = frequency;
  }

  async finish(pacer: Pacer): Promise<ShingleSets> {
    const { rankOf, ranks } = this.#rank();
    const singles = new Uint32Array(this.#sets.length);
    for (const [document, set] of this.#sets.entries()) {
      if (pacer.due()) await pacer.rest();
      let count = 0;
      for (const number of set) if (this.#frequency[number]! > 1) set[count++] = rankOf[number]!;
      singles[document] = this.#sizes[document]! - count;
      this.#sets[document] = (count * 2 < set.length ? set.slice(0, count) : set.subarray(0, count)).sort();
    }
    return { sizes: this.#sizes, singles, shared: this.#sets, ranks };
  }

  /** Counting sort of the shared shingles by document frequency. */
  #rank(): { rankOf: Uint32Array; ranks: number } {
    const total = this.#numbers.count;
    const highest = this.#sets.length;
    const starts = new Uint32Array(highest + 2);
    let ranks = 0;
    for (let number = 0; number < total; number++) {
      if (this.#frequency[number]! < 2) continue;
      starts[this.#frequency[number]! + 1]!++;
      ranks++;
    }
    for (let frequency = 1; frequency < starts.length; frequency++) starts[frequency]! += starts[frequency - 1]!;
    const rankOf = new Uint32Array(total);
    for (let number = 0; number < total; number++) if (this.#frequency[number]! >= 2) rankOf[number] = starts[this.#frequency[number]!]!++;
    return { rankOf, ranks };
  }
}
