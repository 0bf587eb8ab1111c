/** Numbers as variable-length bytes, low seven bits first. */
export class ByteWriter {
  private data = new Uint8Array(1 << 16);
  private length = 0;

  /** A whole number from 0 up to 2^53. */
  number(value: number): void {
    if (this.length + 8 > this.data.length) this.grow();
    let rest = value;
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 0x80)) this.data[this.length++] = (rest % 0x80) | 0x80;
    for (; rest >= 0x80; rest >>>= 7) this.data[this.length++] = (rest & 0x7f) | 0x80;
    this.data[this.length++] = rest;
  }

  bytes(): Uint8Array {
    return this.data.subarray(0, this.length);
  }

  private grow(): void {
    const larger = new Uint8Array(2 * this.data.length);
    larger.set(this.data);
    this.data = larger;
  }
}

export class ByteReader {
  private at = 0;

  constructor(private readonly data: Uint8Array) {}

  get done(): boolean {
    return this.at >= this.data.length;
  }

  /** @throws RangeError at the end of the data. */
  number(): number {
    const first = this.data[this.at];
    if (first !== undefined && first < 0x80) {
      this.at++;
      return first;
    }
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.data[this.at++];
      if (byte === undefined) throw new RangeError("the data ends early");
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }
}
