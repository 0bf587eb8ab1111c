/** A growing Int32Array; `items` may be longer than `length`. */
export class IntList {
  items: Int32Array;
  length = 0;

  constructor(capacity = 1024) {
    this.items = new Int32Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.items.length) this.reserve(1);
    this.items[this.length++] = value;
  }

  /** Makes room for `count` more items. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.items.length) return;
    const grown = new Int32Array(Math.max(needed, this.items.length * 2));
    grown.set(this.items.subarray(0, this.length));
    this.items = grown;
  }

  clear(): void {
    this.length = 0;
  }

  /** A copy of exactly the items. */
  toArray(): Int32Array {
    return this.items.slice(0, this.length);
  }
}
