/** Slots that wait to be counted: enough of them, put in order, meet every cache line of the counters more than once. */
const batchSlots = 4 << 20;
const partitionBits = 8;

/**
 * How many documents have a shingle: none, one, or more, two bits a slot, slots chosen by hash. Two shingles in one slot make
 * each look more frequent than it is, never less: what is counted once surely occurs once.
 */
export class OccurrenceCounts {
  readonly #counts: Int32Array;
  readonly #mask: number;
  readonly #shift: number;
  #waiting: Uint32Array;
  #ordered: Uint32Array;
  #length = 0;

  /** @param occurrences how many will be added, about; memory is half a byte for each, at most 64 MB, and 32 MB while adding. */
  constructor(occurrences: number) {
    const bits = Math.min(28, Math.max(16, Math.ceil(Math.log2(2 * occurrences + 1))));
    this.#counts = new Int32Array(2 ** (bits - 4));
    this.#mask = 2 ** bits - 1;
    this.#shift = bits - partitionBits;
    const batch = Math.min(batchSlots, Math.max(1 << 14, 2 ** bits / 16));
    this.#waiting = new Uint32Array(batch);
    this.#ordered = new Uint32Array(batch);
  }

  /** Adds the distinct shingles of one document. */
  add(low: Uint32Array): void {
    const mask = this.#mask;
    for (let from = 0; from < low.length;) {
      if (this.#length === this.#waiting.length) this.#count();
      const waiting = this.#waiting;
      const to = Math.min(low.length, from + waiting.length - this.#length);
      let length = this.#length;
      for (; from < to; from++) waiting[length++] = low[from]! & mask;
      this.#length = length;
    }
  }

  /** All is added: what only adding needs is given up. */
  finish(): void {
    this.#count();
    this.#waiting = this.#ordered = new Uint32Array(0);
  }

  /** Counts what waits, partition after partition, so that counters lie close together. */
  #count(): void {
    const waiting = this.#waiting;
    const ordered = this.#ordered;
    const shift = this.#shift;
    const length = this.#length;
    const starts = new Uint32Array(2 ** partitionBits + 1);
    for (let at = 0; at < length; at++) starts[(waiting[at]! >>> shift) + 1]!++;
    for (let partition = 1; partition < starts.length; partition++) starts[partition]! += starts[partition - 1]!;
    for (let at = 0; at < length; at++) {
      const slot = waiting[at]!;
      ordered[starts[slot >>> shift]!++] = slot;
    }
    const counts = this.#counts;
    for (let at = 0; at < length; at++) {
      const slot = ordered[at]!;
      const bit = (slot & 15) << 1;
      const value = counts[slot >>> 4]!;
      if (((value >>> bit) & 2) === 0) counts[slot >>> 4] = value + (1 << bit);
    }
    this.#length = 0;
  }

  /** True when at least `needed` of these shingles perhaps occur in more than one document. */
  sharesAtLeast(low: Uint32Array, needed: number): boolean {
    const counts = this.#counts;
    const mask = this.#mask;
    const mostUnique = low.length - needed;
    let shared = 0;
    for (let at = 0; at < low.length;) {
      for (const to = Math.min(low.length, at + 64); at < to; at++) {
        const slot = low[at]! & mask;
        shared += (counts[slot >>> 4]! >>> (((slot & 15) << 1) + 1)) & 1;
      }
      if (shared >= needed) return true;
      if (at - shared > mostUnique) return false;
    }
    return shared >= needed;
  }

  isShared(low: number): boolean {
    const slot = low & this.#mask;
    return ((this.#counts[slot >>> 4]! >>> (((slot & 15) << 1) + 1)) & 1) === 1;
  }
}
