import type { MergeTable } from "./merge-table";
import type { WholePieces } from "./packed-vocabulary";

/** Pieces up to this many bytes are merged by scanning for the best pair; longer ones through a heap, so that a one-line megabyte stays n log n. */
const heapFrom = 96;

/** Rank and position as one exact double: ranks stay below 2^21, positions below 2^32. */
const positionBase = 2 ** 32;

export interface BpeModelParts {
  readonly merges: MergeTable;
  /** Id of each single byte, -1 for bytes that the vocabulary leaves out: they are dropped, as in the reference without an unknown token. */
  readonly byteIds: Int32Array;
  /** Whole pieces that are tokens stay one (ignore_merges, tiktoken). */
  readonly wholePieces?: WholePieces;
}

/** Valid until the next call of the merger that gave it. */
export interface MergedPiece {
  readonly ids: Int32Array;
  readonly lengths: Int32Array;
  readonly count: number;
}

/**
 * Byte-pair merging of one piece: always the pair of lowest rank, the leftmost among equals, until none is left
 * (the order of the reference, `tokenizers` word.rs and tiktoken).
 */
export class BpeMerger {
  private ids = new Int32Array(256);
  /** Byte length of each symbol; 0 once it was merged into its left neighbour (heap path). */
  private lengths = new Int32Array(256);
  /** Slot of the merge of each symbol with the next one, -1 where there is none, and its rank. */
  private slots = new Int32Array(256);
  private ranks = new Int32Array(256);
  private previous = new Int32Array(256);
  private readonly heap = new NumberHeap();
  private readonly merges: MergeTable;
  private readonly byteIds: Int32Array;
  /** Slots of the merges of two bytes: every piece begins with these. */
  private readonly bytePairs: Int32Array;

  constructor(parts: BpeModelParts) {
    this.merges = parts.merges;
    this.byteIds = parts.byteIds;
    this.bytePairs = bytePairSlots(parts);
  }

  /** Token ids and byte lengths of the piece; valid until the next call. */
  merge(bytes: Uint8Array, length: number): MergedPiece {
    this.reserve(length);
    for (let i = 0; i < length; i++) {
      this.ids[i] = this.byteIds[bytes[i]!]!;
      this.lengths[i] = 1;
    }
    for (let i = 0; i + 1 < length; i++) this.setPair(i, this.bytePairs[(bytes[i]! << 8) | bytes[i + 1]!]!);
    return this.run(length);
  }

  /** The same for symbols that are no bytes (SentencePiece): the lengths count symbols. */
  mergeSymbols(symbols: Int32Array, length: number): MergedPiece {
    this.reserve(length);
    this.ids.set(symbols.subarray(0, length));
    this.lengths.fill(1, 0, length);
    for (let i = 0; i + 1 < length; i++) this.setPair(i, this.merges.find(this.ids[i]!, this.ids[i + 1]!));
    return this.run(length);
  }

  private reserve(length: number): void {
    if (this.ids.length >= length) return;
    this.ids = new Int32Array(length * 2);
    this.lengths = new Int32Array(length * 2);
    this.slots = new Int32Array(length * 2);
    this.ranks = new Int32Array(length * 2);
    this.previous = new Int32Array(length * 2);
  }

  private run(length: number): MergedPiece {
    const count = length < heapFrom ? this.mergeShort(length) : this.mergeLong(length);
    return { ids: this.ids, lengths: this.lengths, count };
  }

  private setPair(at: number, slot: number): void {
    this.slots[at] = slot;
    this.ranks[at] = slot < 0 ? noRank : this.merges.rankAt(slot);
  }

  private mergeShort(length: number): number {
    const { ids, lengths, ranks, slots, merges } = this;
    let count = length;
    while (count > 1) {
      let best = 0;
      let lowest = ranks[0]!;
      for (let i = 1; i + 1 < count; i++) {
        if (ranks[i]! < lowest) {
          best = i;
          lowest = ranks[i]!;
        }
      }
      if (lowest === noRank) break;
      ids[best] = merges.mergedAt(slots[best]!);
      lengths[best]! += lengths[best + 1]!;
      count--;
      for (let i = best + 1; i < count; i++) {
        ids[i] = ids[i + 1]!;
        lengths[i] = lengths[i + 1]!;
        ranks[i] = ranks[i + 1]!;
        slots[i] = slots[i + 1]!;
      }
      if (best + 1 < count) this.setPair(best, merges.find(ids[best]!, ids[best + 1]!));
      if (best > 0) this.setPair(best - 1, merges.find(ids[best - 1]!, ids[best]!));
    }
    return count;
  }

  /** The same over a linked list: `lengths` steps forward, `previous` back. */
  private mergeLong(length: number): number {
    const { ids, lengths, ranks, slots, previous, heap, merges } = this;
    heap.clear();
    this.ranks[length - 1] = noRank;
    for (let i = 0; i < length; i++) {
      previous[i] = i - 1;
      if (ranks[i] !== noRank) heap.push(ranks[i]! * positionBase + i);
    }
    for (let key = heap.pop(); key >= 0; key = heap.pop()) {
      const at = key % positionBase;
      if (lengths[at] === 0 || ranks[at] !== Math.floor(key / positionBase)) continue;
      const next = at + lengths[at]!;
      ids[at] = merges.mergedAt(slots[at]!);
      lengths[at]! += lengths[next]!;
      lengths[next] = 0;
      const after = at + lengths[at]!;
      if (after < length) previous[after] = at;
      this.offer(at, after, length);
      if (previous[at]! >= 0) this.offer(previous[at]!, at, length);
    }
    return this.gather(length);
  }

  private offer(at: number, next: number, length: number): void {
    this.setPair(at, next < length ? this.merges.find(this.ids[at]!, this.ids[next]!) : -1);
    if (this.ranks[at] !== noRank) this.heap.push(this.ranks[at]! * positionBase + at);
  }

  /** The symbols that are left, side by side. */
  private gather(length: number): number {
    const { ids, lengths } = this;
    let count = 0;
    for (let at = 0; at < length;) {
      const step = lengths[at]!;
      ids[count] = ids[at]!;
      lengths[count++] = step;
      at += step;
    }
    return count;
  }
}

const noRank = 0x7fffffff;

/** Mergers of one model share it. */
const bytePairsOf = new WeakMap<BpeModelParts, Int32Array>();

function bytePairSlots(parts: BpeModelParts): Int32Array {
  const known = bytePairsOf.get(parts);
  if (known) return known;
  const { merges, byteIds } = parts;
  const bytesOf = new Map<number, number[]>();
  for (const [byte, id] of byteIds.entries()) {
    const bytes = bytesOf.get(id);
    if (bytes) bytes.push(byte);
    else if (id >= 0) bytesOf.set(id, [byte]);
  }
  const slots = new Int32Array(1 << 16).fill(-1);
  merges.eachPair((left, right, slot) => {
    const second = bytesOf.get(right);
    if (second) for (const byte of bytesOf.get(left) ?? []) for (const other of second) slots[(byte << 8) | other] = slot;
  });
  bytePairsOf.set(parts, slots);
  return slots;
}

/** Binary min-heap of doubles, its memory kept. */
class NumberHeap {
  private keys = new Float64Array(512);
  private count = 0;

  clear(): void {
    this.count = 0;
  }

  push(key: number): void {
    if (this.count === this.keys.length) {
      const grown = new Float64Array(2 * this.count);
      grown.set(this.keys);
      this.keys = grown;
    }
    const keys = this.keys;
    let at = this.count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (keys[parent]! <= key) break;
      keys[at] = keys[parent]!;
      at = parent;
    }
    keys[at] = key;
  }

  /** The smallest key, or -1. */
  pop(): number {
    const { keys } = this;
    if (this.count === 0) return -1;
    const top = keys[0]!;
    const last = keys[--this.count]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.count) break;
      if (child + 1 < this.count && keys[child + 1]! < keys[child]!) child++;
      if (keys[child]! >= last) break;
      keys[at] = keys[child]!;
      at = child;
    }
    keys[at] = last;
    return top;
  }
}
