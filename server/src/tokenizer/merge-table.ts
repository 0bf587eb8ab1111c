/** One slot: left id, right id, rank, merged id; -1 as left id where it is empty. */
const slotSize = 4;

/** (left id, right id) -> (rank, merged id): open addressing in one Int32Array, since a JavaScript Map of pairs costs ten times the memory. */
export class MergeTable {
  /** Everything there is to the table: what a cache keeps. */
  readonly slots: Int32Array;
  private readonly mask: number;

  /** @param from the number of pairs that will come, or the slots of a table made before. */
  constructor(from: number | Int32Array) {
    this.slots = typeof from === "number" ? emptySlots(from) : from;
    this.mask = this.slots.length / slotSize - 1;
  }

  /** A pair that is set twice keeps the last rank, as in the reference. */
  set(left: number, right: number, rank: number, merged: number): void {
    const { slots, mask } = this;
    let slot = slotOf(left, right) & mask;
    while (slots[slotSize * slot] !== -1 && !(slots[slotSize * slot] === left && slots[slotSize * slot + 1] === right))
      slot = (slot + 1) & mask;
    slots[slotSize * slot] = left;
    slots[slotSize * slot + 1] = right;
    slots[slotSize * slot + 2] = rank;
    slots[slotSize * slot + 3] = merged;
  }

  /** Slot of a pair, or -1; `rankAt` and `mergedAt` read it. */
  find(left: number, right: number): number {
    const { slots, mask } = this;
    let slot = slotOf(left, right) & mask;
    for (;;) {
      const found = slots[slotSize * slot]!;
      if (found === left && slots[slotSize * slot + 1] === right) return slot;
      if (found === -1) return -1;
      slot = (slot + 1) & mask;
    }
  }

  rankAt(slot: number): number {
    return this.slots[slotSize * slot + 2]!;
  }

  mergedAt(slot: number): number {
    return this.slots[slotSize * slot + 3]!;
  }
}

function emptySlots(expected: number): Int32Array {
  let capacity = 16;
  while (capacity < expected * 1.6) capacity *= 2;
  return new Int32Array(capacity * slotSize).fill(-1);
}

function slotOf(left: number, right: number): number {
  let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
