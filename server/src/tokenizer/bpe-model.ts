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
  private ranks = new Int32Array(256);
  private previous = new Int32Array(256);
  private readonly heap = new NumberHeap();
  private readonly merges: MergeTable;
  private readonly byteIds: Int32Array;

  constructor(parts: BpeModelParts) {
    this.merges = parts.merges;
    this.byteIds = parts.byteIds;
  }

  /** Token ids and byte lengths of the piece; valid until the next call. */
  merge(bytes: Uint8Array, length: number): MergedPiece {
    this.reserve(length);
    for (let i = 0; i < length; i++) {
      this.ids[i] = this.byteIds[bytes[i]!]!;
      this.lengths[i] = 1;
    }
    return this.run(length);
  }

  /** The same for symbols that are no bytes (SentencePiece): the lengths count symbols. */
  mergeSymbols(symbols: Int32Array, length: number): MergedPiece {
    this.reserve(length);
    this.ids.set(symbols.subarray(0, length));
    this.lengths.fill(1, 0, length);
    return this.run(length);
  }

  private reserve(length: number): void {
    if (this.ids.length >= length) return;
    this.ids = new Int32Array(length * 2);
    this.lengths = new Int32Array(length * 2);
    this.ranks = new Int32Array(length * 2);
    this.previous = new Int32Array(length * 2);
  }

  private run(length: number): MergedPiece {
    const count = length < heapFrom ? this.mergeShort(length) : this.mergeLong(length);
    return { ids: this.ids, lengths: this.lengths, count };
  }

  private rankOf(left: number, right: number): number {
    const slot = this.merges.find(left, right);
    return slot < 0 ? noRank : this.merges.rankAt(slot);
  }

  private mergeShort(length: number): number {
    const { ids, lengths, ranks } = this;
    let count = length;
    for (let i = 0; i + 1 < count; i++) ranks[i] = this.rankOf(ids[i]!, ids[i + 1]!);
    while (count > 1) {
      let best = 0;
      for (let i = 1; i + 1 < count; i++) if (ranks[i]! < ranks[best]!) best = i;
      if (ranks[best] === noRank) break;
      ids[best] = this.merges.mergedAt(this.merges.find(ids[best]!, ids[best + 1]!));
      lengths[best]! += lengths[best + 1]!;
      count--;
      ids.copyWithin(best + 1, best + 2, count + 1);
      lengths.copyWithin(best + 1, best + 2, count + 1);
      ranks.copyWithin(best, best + 1, count);
      if (best + 1 < count) ranks[best] = this.rankOf(ids[best]!, ids[best + 1]!);
      if (best > 0) ranks[best - 1] = this.rankOf(ids[best - 1]!, ids[best]!);
    }
    return count;
  }

  /** The same over a linked list: `lengths` steps forward, `previous` back. */
  private mergeLong(length: number): number {
    const { ids, lengths, ranks } = this;
    const { previous, heap } = this;
    heap.clear();
    for (let i = 0; i < length; i++) {
      previous[i] = i - 1;
      this.offer(heap, i, i + 1, length);
    }
    for (let key = heap.pop(); key >= 0; key = heap.pop()) {
      const at = key % positionBase;
      const rank = Math.floor(key / positionBase);
      const next = at + lengths[at]!;
      if (lengths[at] === 0 || ranks[at] !== rank || next >= length) continue;
      ids[at] = this.merges.mergedAt(this.merges.find(ids[at]!, ids[next]!));
      lengths[at]! += lengths[next]!;
      lengths[next] = 0;
      const after = at + lengths[at]!;
      if (after < length) previous[after] = at;
      this.offer(heap, at, after, length);
      if (previous[at]! >= 0) this.offer(heap, previous[at]!, at, length);
    }
    let count = 0;
    for (let at = 0; at < length;) {
      const step = lengths[at]!;
      ids[count] = ids[at]!;
      lengths[count++] = step;
      at += step;
    }
    return count;
  }

  private offer(heap: NumberHeap, at: number, next: number, length: number): void {
    const rank = next < length ? this.rankOf(this.ids[at]!, this.ids[next]!) : noRank;
    this.ranks[at] = rank;
    if (rank !== noRank) heap.push(rank * positionBase + at);
  }
}

const noRank = 0x7fffffff;

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
