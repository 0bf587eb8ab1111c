import type { Pacer } from "../pacer";
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

/** Words of a table entry: both lanes of the hash and its number + 1 (0 marks a free one); a power of two, so that no entry crosses a cache line. */
const entryWords = 4;

/** Numbers distinct 64-bit hashes 0, 1, 2, … (open addressing, linear probing, at most three quarters full). */
class HashNumbers {
  #size: number;
  #entries: Uint32Array;
  #count = 0;

  /** @param size power of two */
  constructor(size: number) {
    this.#size = size;
    this.#entries = new Uint32Array(size * entryWords);
  }

  get count(): number {
    return this.#count;
  }

  numberOf(high: number, low: number): number {
    const entries = this.#entries;
    const mask = this.#size - 1;
    let at = (low & mask) * entryWords;
    while (entries[at + 2] !== 0) {
      if (entries[at + 1] === low && entries[at] === high) return entries[at + 2]! - 1;
      at = ((at / entryWords + 1) & mask) * entryWords;
    }
    entries[at] = high;
    entries[at + 1] = low;
    entries[at + 2] = ++this.#count;
    if (this.#count * 4 > this.#size * 3) this.#grow();
    return this.#count - 1;
  }

  #grow(): void {
    const old = this.#entries;
    this.#size *= 2;
    const mask = this.#size - 1;
    const entries = new Uint32Array(this.#size * entryWords);
    for (let from = 0; from < old.length; from += entryWords) {
      if (old[from + 2] === 0) continue;
      let at = (old[from + 1]! & mask) * entryWords;
      while (entries[at + 2] !== 0) at = ((at / entryWords + 1) & mask) * entryWords;
      entries[at] = old[from]!;
      entries[at + 1] = old[from + 1]!;
      entries[at + 2] = old[from + 2]!;
    }
    this.#entries = entries;
  }
}

/** Collects documents one by one; `finish` ranks the shingles. */
export class ShingleSetBuilder {
  readonly #numbers: HashNumbers;
  readonly #sets: Uint32Array[] = [];
  #frequency = new Uint32Array(1 << 16);
  #lastDocument = new Int32Array(1 << 16).fill(-1);

  /** @param textBytes size of the texts to come, so that the table need not grow often: code has about one distinct shingle in ten bytes. */
  constructor(textBytes = 0) {
    this.#numbers = new HashNumbers(2 ** Math.min(26, Math.max(14, Math.ceil(Math.log2(textBytes / 7.5 + 1)))));
  }

  add(shingles: Shingles): void {
    const document = this.#sets.length;
    const set = new Uint32Array(shingles.low.length);
    let size = 0;
    for (let at = 0; at < shingles.low.length; at++) {
      const number = this.#numbers.numberOf(shingles.high[at]!, shingles.low[at]!);
      if (number >= this.#frequency.length) this.#grow();
      if (this.#lastDocument[number] === document) continue;
      this.#lastDocument[number] = document;
      this.#frequency[number]!++;
      set[size++] = number;
    }
    this.#sets.push(set.slice(0, size));
  }

  #grow(): void {
    const frequency = new Uint32Array(this.#frequency.length * 2);
    frequency.set(this.#frequency);
    const last = new Int32Array(frequency.length).fill(-1);
    last.set(this.#lastDocument);
    this.#frequency = frequency;
    this.#lastDocument = last;
  }

  async finish(pacer: Pacer): Promise<ShingleSets> {
    const { rankOf, ranks } = this.#rank();
    const sizes = new Uint32Array(this.#sets.length);
    const singles = new Uint32Array(this.#sets.length);
    const shared: Uint32Array[] = [];
    for (const [document, set] of this.#sets.entries()) {
      if (pacer.due()) await pacer.rest();
      const own = new Uint32Array(set.length);
      let count = 0;
      for (const number of set) if (this.#frequency[number]! > 1) own[count++] = rankOf[number]!;
      sizes[document] = set.length;
      singles[document] = set.length - count;
      shared.push(own.slice(0, count).sort());
    }
    return { sizes, singles, shared, ranks };
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
