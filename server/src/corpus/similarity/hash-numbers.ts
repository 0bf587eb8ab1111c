/** Words of a table entry: both lanes of the hash and its number + 1 (0 marks a free one); a power of two, so that no entry crosses a cache line. */
const entryWords = 4;

/** Numbers distinct 64-bit hashes 0, 1, 2, … (open addressing, linear probing, at most three quarters full). */
export class HashNumbers {
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

  /** The number of a hash, or -1 when it has none. */
  find(high: number, low: number): number {
    const entries = this.#entries;
    const mask = this.#size - 1;
    let at = (low & mask) * entryWords;
    while (entries[at + 2] !== 0) {
      if (entries[at + 1] === low && entries[at] === high) return entries[at + 2]! - 1;
      at = ((at / entryWords + 1) & mask) * entryWords;
    }
    return -1;
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
