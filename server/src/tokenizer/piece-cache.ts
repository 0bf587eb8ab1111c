import type { IntList } from "./int-list";

/** Pieces longer than this many UTF-16 units are not remembered: they hardly ever come back. */
export const longestCachedPiece = 64;

const entryLimit = 1 << 17;
const arenaLimit = 3 << 20;
/** The arena and the slots begin this many times smaller than they may become. */
const firstShare = 8;

/** Of a slot: where its entry is in the arena, plus 1; above it the upper bits of the hash. */
const placeMask = (1 << 22) - 1;
/** Of an entry: length of the piece and number of tokens; its hash; then two units a number, the ids, and a span a number. */
const headerSize = 2;

/**
 * Piece -> tokens, keyed by the characters themselves: no substring is made for a piece that is known, which is what
 * makes encoding fast. All of an entry lies side by side, because a look-up costs what its misses of the processor's
 * cache cost. Bounded: when the arena is full, everything is forgotten (about 13 MB at most, and less until so much was seen).
 */
export class PieceCache {
  /** Two for each entry that there may be. */
  private slots = new Int32Array((2 * entryLimit) / firstShare);
  private slotMask = this.slots.length - 1;
  private arena = new Int32Array(arenaLimit / firstShare);
  private used = 0;
  private entries = 0;
  private slot = 0;
  private hash = 0;

  /** Entry of text[start, end), or -1; the next `store` is for this piece. */
  find(text: string, start: number, end: number): number {
    const hash = hashOf(text, start, end);
    const { slots, slotMask } = this;
    let slot = hash & slotMask;
    for (; ; slot = (slot + 1) & slotMask) {
      const found = slots[slot]!;
      if (found === 0) break;
      if ((found ^ hash) >>> 22 !== 0) continue;
      const entry = (found & placeMask) - 1;
      if (this.isEqual(entry, text, start, end)) return entry;
    }
    this.slot = slot;
    this.hash = hash;
    return -1;
  }

  /** Remembers the tokens of the piece that `find` has just missed. @param spans [start, end) per token, relative to the piece. */
  store(text: string, start: number, end: number, ids: Int32Array, spans: Int32Array, count: number): void {
    const needed = this.used + headerSize + ((end - start + 1) >> 1) + 2 * count;
    if (this.entries === entryLimit || needed > arenaLimit) {
      this.slots.fill(0);
      this.entries = this.used = 0;
      return;
    }
    if (needed > this.arena.length) this.growArena();
    if (2 * this.entries === this.slots.length) this.growSlots();
    const { arena } = this;
    let at = this.used;
    this.slots[this.slot] = slotValue(this.hash, at);
    arena[at++] = (end - start) | (count << 8);
    arena[at++] = this.hash;
    for (let i = start; i < end; i += 2) arena[at++] = unitsAt(text, i, end);
    for (let i = 0; i < count; i++) arena[at++] = ids[i]!;
    for (let i = 0; i < count; i++) arena[at++] = spans[2 * i]! | (spans[2 * i + 1]! << 8);
    this.used = at;
    this.entries++;
  }

  /** Appends the tokens of an entry, and their spans moved by `shift`. */
  copy(entry: number, ids: IntList, offsets: IntList | undefined, shift: number): void {
    const { arena } = this;
    const header = arena[entry]!;
    const count = header >> 8;
    const from = entry + headerSize + (((header & 0xff) + 1) >> 1);
    for (let i = from; i < from + count; i++) ids.push(arena[i]!);
    if (!offsets) return;
    for (let i = from + count; i < from + 2 * count; i++) {
      const span = arena[i]!;
      offsets.push((span & 0xff) + shift);
      offsets.push((span >> 8) + shift);
    }
  }

  private growArena(): void {
    const larger = new Int32Array(2 * this.arena.length);
    larger.set(this.arena);
    this.arena = larger;
  }

  private growSlots(): void {
    this.slots = new Int32Array(2 * this.slots.length);
    this.slotMask = this.slots.length - 1;
    for (let entry = 0; entry < this.used;) {
      const header = this.arena[entry]!;
      const hash = this.arena[entry + 1]!;
      this.slots[this.freeSlot(hash)] = slotValue(hash, entry);
      entry += headerSize + (((header & 0xff) + 1) >> 1) + 2 * (header >> 8);
    }
    this.slot = this.freeSlot(this.hash);
  }

  private freeSlot(hash: number): number {
    let slot = hash & this.slotMask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & this.slotMask;
    return slot;
  }

  private isEqual(entry: number, text: string, start: number, end: number): boolean {
    const { arena } = this;
    if ((arena[entry]! & 0xff) !== end - start) return false;
    for (let i = start, at = entry + headerSize; i < end; i += 2, at++) if (arena[at] !== unitsAt(text, i, end)) return false;
    return true;
  }
}

/** Two units of a text, or the last one. */
function unitsAt(text: string, at: number, end: number): number {
  const first = text.charCodeAt(at);
  return at + 1 < end ? first | (text.charCodeAt(at + 1) << 16) : first;
}

function hashOf(text: string, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i < end; i += 2) {
    hash = Math.imul(hash ^ unitsAt(text, i, end), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

function slotValue(hash: number, entry: number): number {
  return (hash & ~placeMask) | (entry + 1);
}
