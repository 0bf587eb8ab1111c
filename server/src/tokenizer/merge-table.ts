/** One slot: left id, right id, rank; -1 as left id where it is empty. */
const slotSize = 3;

/** Everything there is to a table: what a cache keeps. */
export interface MergeTableArrays {
  readonly slots: Int32Array;
  /** Merged id by rank; empty where every rank is the merged id itself, as in rank files. */
  readonly merged: Int32Array;
}

/** (left id, right id) -> (rank, merged id): open addressing in one Int32Array, since a JavaScript Map of pairs costs ten times the memory. */
export class MergeTable {
  private readonly slots: Int32Array;
  private merged: Int32Array;
  /** Of a hash, from 0 up to 2^32, to the number of slots, which is no power of two: a cache reads and checks every byte of them. */
  private readonly scale: number;
  private ranks = 0;

  /** @param from the number of pairs that will come, or a table made before. */
  constructor(from: number | MergeTableArrays) {
    this.slots = typeof from === "number" ? emptySlots(from) : from.slots;
    this.merged = typeof from === "number" ? new Int32Array(0) : from.merged;
    this.scale = this.slots.length / slotSize / 2 ** 32;
  }

  get arrays(): MergeTableArrays {
    return { slots: this.slots, merged: this.ranks === 0 ? this.merged : this.merged.subarray(0, this.ranks) };
  }

  /**
   * A pair that is set twice keeps the last rank, as in the reference.
   * @param merged left out where the rank is the merged id; for all pairs of a table or for none.
   */
  set(left: number, right: number, rank: number, merged?: number): void {
    const { slots } = this;
    let at = slotSize * ((hashOf(left, right) * this.scale) | 0);
    while (slots[at] !== -1 && !(slots[at] === left && slots[at + 1] === right)) {
      at += slotSize;
      if (at === slots.length) at = 0;
    }
    slots[at] = left;
    slots[at + 1] = right;
    slots[at + 2] = rank;
    if (merged !== undefined) this.setMerged(rank, merged);
  }

  /** Rank of the merge of a pair, or -1. */
  find(left: number, right: number): number {
    const { slots } = this;
    let at = slotSize * ((hashOf(left, right) * this.scale) | 0);
    for (;;) {
      const found = slots[at]!;
      if (found === left && slots[at + 1] === right) return slots[at + 2]!;
      if (found === -1) return -1;
      at += slotSize;
      if (at === slots.length) at = 0;
    }
  }

  mergedOf(rank: number): number {
    return this.merged.length === 0 ? rank : this.merged[rank]!;
  }

  private setMerged(rank: number, merged: number): void {
    if (rank >= this.merged.length) {
      const grown = new Int32Array(Math.max(1024, 2 * rank, Math.floor(this.slots.length / slotSize / 2)));
      grown.set(this.merged);
      this.merged = grown;
    }
    this.merged[rank] = merged;
    this.ranks = Math.max(this.ranks, rank + 1);
  }
}

function emptySlots(expected: number): Int32Array {
  return new Int32Array(slotSize * (16 + Math.ceil(expected * 1.6))).fill(-1);
}

/** Even over 0 to 2^32. */
function hashOf(left: number, right: number): number {
  let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
