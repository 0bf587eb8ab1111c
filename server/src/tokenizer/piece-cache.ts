import type { IntList } from "./int-list";

/** Pieces longer than this many UTF-16 units are not remembered: they hardly ever come back. */
export const longestCachedPiece = 64;

const entryLimit = 1 << 17;
const charLimit = 1 << 21;
const dataLimit = 1 << 21;
/** All arenas begin this many times smaller than they may become. */
const firstShare = 8;

/**
 * Piece -> tokens, keyed by the characters themselves: no substring is made for a piece that is known, which is what
 * makes encoding fast. Bounded: when one of the arenas is full, everything is forgotten (about 15 MB at most,
 * and less until so much was seen).
 */
export class PieceCache {
  /** Two for each entry that there may be. */
  private slots = new Int32Array((2 * entryLimit) / firstShare);
  private slotMask = this.slots.length - 1;
  private chars = new Uint16Array(charLimit / firstShare);
  /** Per entry: the ids, then [start, end) of each token in UTF-16 units of the piece. */
  private data = new Int32Array(dataLimit / firstShare);
  private hashes = new Int32Array(entryLimit / firstShare);
  private charStart = new Int32Array(entryLimit / firstShare + 1);
  private dataStart = new Int32Array(entryLimit / firstShare + 1);
  private entries = 0;
  private slot = 0;
  private hash = 0;

  /** Entry of text[start, end), or -1; the next `store` is for this piece. */
  find(text: string, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash ^= hash >>> 15;
    const { slotMask } = this;
    let slot = hash & slotMask;
    for (; ; slot = (slot + 1) & slotMask) {
      const entry = this.slots[slot]! - 1;
      if (entry < 0) break;
      if (this.hashes[entry] === hash && this.isEqual(entry, text, start, end)) return entry;
    }
    this.slot = slot;
    this.hash = hash;
    return -1;
  }

  /** Remembers the tokens of the piece that `find` has just missed. @param spans [start, end) per token, relative to the piece. */
  store(text: string, start: number, end: number, ids: Int32Array, spans: Int32Array, count: number): void {
    const charAt = this.charStart[this.entries]!;
    const dataAt = this.dataStart[this.entries]!;
    if (this.entries === entryLimit || charAt + end - start > charLimit || dataAt + 3 * count > dataLimit) {
      this.slots.fill(0);
      this.entries = 0;
      return;
    }
    if (this.entries === this.hashes.length) this.growEntries();
    if (charAt + end - start > this.chars.length) this.chars = larger(this.chars, new Uint16Array(2 * this.chars.length));
    if (dataAt + 3 * count > this.data.length) this.data = larger(this.data, new Int32Array(2 * this.data.length));
    for (let i = start; i < end; i++) this.chars[charAt + i - start] = text.charCodeAt(i);
    for (let i = 0; i < count; i++) this.data[dataAt + i] = ids[i]!;
    for (let i = 0; i < 2 * count; i++) this.data[dataAt + count + i] = spans[i]!;
    this.hashes[this.entries] = this.hash;
    this.entries++;
    this.charStart[this.entries] = charAt + end - start;
    this.dataStart[this.entries] = dataAt + 3 * count;
    this.slots[this.slot] = this.entries;
  }

  /** Appends the tokens of an entry, and their spans moved by `shift`. */
  copy(entry: number, ids: IntList, offsets: IntList | undefined, shift: number): void {
    const from = this.dataStart[entry]!;
    const count = (this.dataStart[entry + 1]! - from) / 3;
    const data = this.data;
    for (let i = 0; i < count; i++) ids.push(data[from + i]!);
    if (!offsets) return;
    for (let i = from + count; i < from + 3 * count; i++) offsets.push(data[i]! + shift);
  }

  private growEntries(): void {
    const capacity = 2 * this.hashes.length;
    this.hashes = larger(this.hashes, new Int32Array(capacity));
    this.charStart = larger(this.charStart, new Int32Array(capacity + 1));
    this.dataStart = larger(this.dataStart, new Int32Array(capacity + 1));
    this.slots = new Int32Array(2 * capacity);
    this.slotMask = this.slots.length - 1;
    for (let entry = 0; entry < this.entries; entry++) this.slots[this.freeSlot(this.hashes[entry]!)] = entry + 1;
    this.slot = this.freeSlot(this.hash);
  }

  private freeSlot(hash: number): number {
    let slot = hash & this.slotMask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & this.slotMask;
    return slot;
  }

  private isEqual(entry: number, text: string, start: number, end: number): boolean {
    const from = this.charStart[entry]!;
    if (this.charStart[entry + 1]! - from !== end - start) return false;
    for (let i = start; i < end; i++) if (this.chars[from + i - start] !== text.charCodeAt(i)) return false;
    return true;
  }
}

function larger<T extends Uint16Array | Int32Array>(array: T, into: T): T {
  into.set(array);
  return into;
}
