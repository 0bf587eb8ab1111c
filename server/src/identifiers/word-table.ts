/** Of an entry: number of the word, its hash, its length, what it was judged to be, and the text that was read last with it and its row there. */
const field = { number: 0, hash: 1, length: 2, verdict: 3, text: 4, row: 5 } as const;
const headerSize = 6;

/**
 * Words by their characters: no substring is made of one that is known, and all there is to it lies side by side, since
 * a look-up costs what its misses of the processor's cache cost.
 */
export class WordTable {
  private slots = new Int32Array(1 << 11);
  private arena: Int32Array = new Int32Array(1 << 14);
  private used = 0;
  private count = 0;
  private slot = 0;
  private hash = 0;

  /** Entry of units[start, end), or -1; the next `add` is for this word. */
  find(units: Uint16Array, start: number, end: number): number {
    let hash = end - start;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ units[i]!, 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const entry = this.slots[slot]! - 1;
      if (this.arena[entry + field.hash] === hash && this.isEqual(entry, units, start, end)) return entry;
    }
    this.slot = slot;
    this.hash = hash;
    return -1;
  }

  /** Adds the word that `find` has just missed; words are numbered from 0 in their order. */
  add(units: Uint16Array, start: number, end: number, verdict: number): number {
    const entry = this.used;
    const needed = entry + headerSize + end - start;
    if (needed > this.arena.length) this.arena = grown(this.arena, 2 * needed);
    const { arena } = this;
    arena[entry + field.number] = this.count++;
    arena[entry + field.hash] = this.hash;
    arena[entry + field.length] = end - start;
    arena[entry + field.verdict] = verdict;
    arena[entry + field.text] = arena[entry + field.row] = 0;
    for (let i = start, at = entry + headerSize; i < end; i++) arena[at++] = units[i]!;
    this.used = needed;
    this.slots[this.slot] = entry + 1;
    if (2 * this.count === this.slots.length) this.growSlots();
    return entry;
  }

  numberOf(entry: number): number {
    return this.arena[entry + field.number]!;
  }

  verdictOf(entry: number): number {
    return this.arena[entry + field.verdict]!;
  }

  /** Row of the word in a text, or -1 where it was not set. @param text from 1. */
  rowIn(text: number, entry: number): number {
    return this.arena[entry + field.text] === text ? this.arena[entry + field.row]! : -1;
  }

  setRow(text: number, entry: number, row: number): void {
    this.arena[entry + field.text] = text;
    this.arena[entry + field.row] = row;
  }

  private isEqual(entry: number, units: Uint16Array, start: number, end: number): boolean {
    const { arena } = this;
    if (arena[entry + field.length] !== end - start) return false;
    for (let i = start, at = entry + headerSize; i < end; i++, at++) if (arena[at] !== units[i]) return false;
    return true;
  }

  private growSlots(): void {
    this.slots = new Int32Array(2 * this.slots.length);
    const mask = this.slots.length - 1;
    for (let entry = 0; entry < this.used; entry += headerSize + this.arena[entry + field.length]!) {
      let slot = this.arena[entry + field.hash]! & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = entry + 1;
    }
  }
}

function grown(array: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
