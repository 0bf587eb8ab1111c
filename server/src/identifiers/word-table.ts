/** Spellings -> numbers, looked up by the characters of a text themselves: no substring is made of a word that is known. */
export class WordTable {
  private slots = new Int32Array(1 << 11);
  private mask = this.slots.length - 1;
  private chars = new Uint16Array(1 << 13);
  private hashes = new Int32Array(1 << 10);
  private starts = new Int32Array((1 << 10) + 1);
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Number of text[start, end), counted from 0 in the order in which words came; `size` as it was before when it is new. */
  numberOf(text: string, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash ^= hash >>> 15;
    let slot = hash & this.mask;
    for (; this.slots[slot] !== 0; slot = (slot + 1) & this.mask) {
      const word = this.slots[slot]! - 1;
      if (this.hashes[word] === hash && this.isEqual(word, text, start, end)) return word;
    }
    return this.add(text, start, end, hash, slot);
  }

  private isEqual(word: number, text: string, start: number, end: number): boolean {
    const from = this.starts[word]!;
    if (this.starts[word + 1]! - from !== end - start) return false;
    for (let i = start; i < end; i++) if (this.chars[from + i - start] !== text.charCodeAt(i)) return false;
    return true;
  }

  private add(text: string, start: number, end: number, hash: number, slot: number): number {
    const word = this.count++;
    const at = this.starts[word]!;
    if (at + end - start > this.chars.length) this.chars = grown(this.chars, new Uint16Array(2 * (at + end - start)));
    for (let i = start; i < end; i++) this.chars[at + i - start] = text.charCodeAt(i);
    this.hashes[word] = hash;
    this.starts[word + 1] = at + end - start;
    this.slots[slot] = this.count;
    if (this.count === this.hashes.length) this.grow();
    return word;
  }

  private grow(): void {
    const capacity = 2 * this.hashes.length;
    this.hashes = grown(this.hashes, new Int32Array(capacity));
    this.starts = grown(this.starts, new Int32Array(capacity + 1));
    this.slots = new Int32Array(2 * capacity);
    this.mask = this.slots.length - 1;
    for (let word = 0; word < this.count; word++) {
      let slot = this.hashes[word]! & this.mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & this.mask;
      this.slots[slot] = word + 1;
    }
  }
}

function grown<T extends Uint16Array | Int32Array>(array: T, larger: T): T {
  larger.set(array);
  return larger;
}
