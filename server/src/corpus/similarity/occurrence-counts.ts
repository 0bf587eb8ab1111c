/**
 * How many documents have a shingle: none, one, or more, two bits a slot, slots chosen by hash. Two shingles in one slot make
 * each look more frequent than it is, never less: what is counted once surely occurs once.
 */
export class OccurrenceCounts {
  readonly #counts: Int32Array;
  readonly #mask: number;

  /** @param occurrences how many will be added, about; memory is half a byte for each, at most 64 MB. */
  constructor(occurrences: number) {
    const slots = 2 ** Math.min(28, Math.max(16, Math.ceil(Math.log2(2 * occurrences + 1))));
    this.#counts = new Int32Array(slots / 16);
    this.#mask = slots - 1;
  }

  /** Adds the distinct shingles of one document. */
  add(low: Uint32Array): void {
    const counts = this.#counts;
    const mask = this.#mask;
    for (let at = 0; at < low.length; at++) {
      const slot = low[at]! & mask;
      const word = slot >>> 4;
      const shift = (slot & 15) << 1;
      const value = counts[word]!;
      if (((value >>> shift) & 2) === 0) counts[word] = value + (1 << shift);
    }
  }

  /** How many of these shingles perhaps occur in more than one document. */
  shared(low: Uint32Array): number {
    const counts = this.#counts;
    const mask = this.#mask;
    let shared = 0;
    for (let at = 0; at < low.length; at++) {
      const slot = low[at]! & mask;
      shared += (counts[slot >>> 4]! >>> (((slot & 15) << 1) + 1)) & 1;
    }
    return shared;
  }

  isShared(low: number): boolean {
    const slot = low & this.#mask;
    return ((this.#counts[slot >>> 4]! >>> (((slot & 15) << 1) + 1)) & 1) === 1;
  }
}
