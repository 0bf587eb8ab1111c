/** Keys and values of one batch of sequences, per layer [rows, heads, slots, size]; grows by blocks and drops finished rows. */
export class KeyValueCache {
  private slots = 0;
  private tensors: Float32Array[];

  /** @param count tensors: keys and values of every layer */
  constructor(
    private rows: number,
    private readonly heads: number,
    private readonly size: number,
    count: number,
  ) {
    this.tensors = Array.from({ length: count }, () => new Float32Array(0));
  }

  get shape(): readonly number[] {
    return [this.rows, this.heads, this.slots, this.size];
  }

  tensor(index: number): Float32Array {
    return this.tensors[index]!;
  }

  /** Makes room for `slots` tokens per row. */
  reserve(slots: number): void {
    if (slots <= this.slots) return;
    const wanted = Math.ceil(slots / 64) * 64;
    this.rebuild(
      Array.from({ length: this.rows }, (_, row) => row),
      wanted,
    );
  }

  /** Keeps these rows, in this order. */
  keep(rows: readonly number[]): void {
    if (rows.length < this.rows) this.rebuild(rows, this.slots);
  }

  /** Copies `count` tokens of a graph output [rows, heads, length, size] into one row's slots from `slot` on. */
  write(index: number, row: number, slot: number, values: Float32Array, length: number, count: number): void {
    const target = this.tensors[index]!;
    for (let head = 0; head < this.heads; head++) {
      const block = row * this.heads + head;
      const from = block * length * this.size;
      target.set(values.subarray(from, from + count * this.size), (block * this.slots + slot) * this.size);
    }
  }

  private rebuild(rows: readonly number[], slots: number): void {
    this.tensors = this.tensors.map((old) => {
      const next = new Float32Array(rows.length * this.heads * slots * this.size);
      for (const [target, row] of rows.entries()) {
        for (let head = 0; head < this.heads; head++) {
          const from = (row * this.heads + head) * this.slots * this.size;
          next.set(old.subarray(from, from + this.slots * this.size), (target * this.heads + head) * slots * this.size);
        }
      }
      return next;
    });
    this.rows = rows.length;
    this.slots = slots;
  }
}
