/** (left id, right id) -> (rank, merged id): open addressing over Int32Arrays, since a JavaScript Map of pairs costs ten times the memory. */
export class MergeTable {
  private readonly mask: number;
  private readonly left: Int32Array;
  private readonly right: Int32Array;
  private readonly rank: Int32Array;
  /** Merged id by slot. */
  private readonly merged: Int32Array;

  constructor(expected: number) {
    let capacity = 16;
    while (capacity < expected * 1.6) capacity *= 2;
    this.mask = capacity - 1;
    this.left = new Int32Array(capacity).fill(-1);
    this.right = new Int32Array(capacity);
    this.rank = new Int32Array(capacity);
    this.merged = new Int32Array(capacity);
  }

  /** A pair that is set twice keeps the last rank, as in the reference. */
  set(left: number, right: number, rank: number, merged: number): void {
    let slot = this.slotOf(left, right);
    while (this.left[slot] !== -1 && !(this.left[slot] === left && this.right[slot] === right)) slot = (slot + 1) & this.mask;
    this.left[slot] = left;
    this.right[slot] = right;
    this.rank[slot] = rank;
    this.merged[slot] = merged;
  }

  /** Slot of a pair, or -1; `rankAt` and `mergedAt` read it. */
  find(left: number, right: number): number {
    let slot = this.slotOf(left, right);
    for (;;) {
      const found = this.left[slot]!;
      if (found === left && this.right[slot] === right) return slot;
      if (found === -1) return -1;
      slot = (slot + 1) & this.mask;
    }
  }

  rankAt(slot: number): number {
    return this.rank[slot]!;
  }

  mergedAt(slot: number): number {
    return this.merged[slot]!;
  }

  private slotOf(left: number, right: number): number {
    let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    return (hash ^ (hash >>> 13)) & this.mask;
  }
}
