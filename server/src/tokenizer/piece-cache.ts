import type { IntList } from "./int-list";

/** Pieces longer than this many UTF-16 units are not remembered: they hardly ever come back. */
export const longestCachedPiece = 64;

const entryLimit = 1 << 17;
const charLimit = 1 << 21;
const dataLimit = 1 << 21;
const slotMask = (1 << 18) - 1;

/**
 * Piece -> tokens, keyed by the characters themselves: no substring is made for a piece that is known, which is what
 * makes encoding fast. Bounded: when one of the arenas is full, everything is forgotten (about 15 MB at most).
 */
export class PieceCache {
  private readonly slots = new Int32Array(slotMask + 1);
  private readonly chars = new Uint16Array(charLimit);
  /** Per entry: the ids, then [start, end) of each token in UTF-16 units of the piece. */
  private readonly data = new Int32Array(dataLimit);
  private readonly hashes = new Int32Array(entryLimit);
  private readonly charStart = new Int32Array(entryLimit + 1);
  private readonly dataStart = new Int32Array(entryLimit + 1);
  private entries = 0;
  private slot = 0;
  private hash = 0;

  /** Entry of text[start, end), or -1; the next `store` is for this piece. */
  find(text: string, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash ^= hash >>> 15;
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

  private isEqual(entry: number, text: string, start: number, end: number): boolean {
    const from = this.charStart[entry]!;
    if (this.charStart[entry + 1]! - from !== end - start) return false;
    for (let i = start; i < end; i++) if (this.chars[from + i - start] !== text.charCodeAt(i)) return false;
    return true;
  }
}
