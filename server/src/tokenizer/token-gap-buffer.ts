import type { Encoding } from "./tokenizer";

/**
 * Tokens with a gap where the last edit was. Those before the gap have their spans from the start of the text, those
 * behind from its end, so that an edit moves none of them; the gap moves only as far as the next edit is away.
 */
export class TokenGapBuffer {
  private ids = new Int32Array(1024);
  /** Start and end per token; negative behind the gap: less the length of the text. */
  private spans = new Int32Array(2048);
  private front = 0;
  private back = 0;

  get count(): number {
    return this.front + this.back;
  }

  /**
   * Puts the tokens of `encoding`, its spans moved by `shift`, in the place of tokens first … last - 1.
   * @param length of the text after the edit. @param growth how much longer it became.
   */
  replace(first: number, last: number, encoding: Encoding, shift: number, length: number, growth = 0): void {
    this.moveGap(last, length - growth);
    this.front = first;
    this.reserve(encoding.ids.length);
    this.ids.set(encoding.ids, first);
    for (let i = 0; i < encoding.offsets.length; i++) this.spans[2 * first + i] = encoding.offsets[i]! + shift;
    this.front += encoding.ids.length;
  }

  encoding(length: number): Encoding {
    const ids = new Int32Array(this.count);
    const offsets = new Int32Array(2 * this.count);
    const behind = this.ids.length - this.back;
    ids.set(this.ids.subarray(0, this.front));
    ids.set(this.ids.subarray(behind), this.front);
    offsets.set(this.spans.subarray(0, 2 * this.front));
    for (let i = 0; i < 2 * this.back; i++) offsets[2 * this.front + i] = this.spans[2 * behind + i]! + length;
    return { ids, offsets };
  }

  /** First token that starts at or behind a position. */
  firstStartingFrom(position: number, length: number): number {
    return this.search((token) => this.span(token, 0, length) >= position);
  }

  /** First token that ends behind a position. */
  firstEndingAfter(position: number, length: number): number {
    return this.search((token) => this.span(token, 1, length) > position);
  }

  /** First token for which a test holds that holds for all behind it. */
  private search(test: (token: number) => boolean): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (test(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private span(token: number, side: 0 | 1, length: number): number {
    if (token < this.front) return this.spans[2 * token + side]!;
    return this.spans[2 * (token + this.ids.length - this.count) + side]! + length;
  }

  /** So that `front` tokens are before it. */
  private moveGap(front: number, length: number): void {
    const gap = this.ids.length - this.count;
    while (this.front < front) this.carry(this.front + gap, this.front++, length, -1);
    while (this.front > front) this.carry(--this.front, this.front + gap, -length, 1);
  }

  private carry(from: number, to: number, shift: number, back: 1 | -1): void {
    this.ids[to] = this.ids[from]!;
    this.spans[2 * to] = this.spans[2 * from]! + shift;
    this.spans[2 * to + 1] = this.spans[2 * from + 1]! + shift;
    this.back += back;
  }

  private reserve(tokens: number): void {
    const needed = this.front + this.back + tokens;
    if (needed <= this.ids.length) return;
    const capacity = Math.max(needed, 2 * this.ids.length);
    const behind = this.ids.length - this.back;
    const ids = new Int32Array(capacity);
    const spans = new Int32Array(2 * capacity);
    ids.set(this.ids.subarray(0, this.front));
    ids.set(this.ids.subarray(behind), capacity - this.back);
    spans.set(this.spans.subarray(0, 2 * this.front));
    spans.set(this.spans.subarray(2 * behind), 2 * (capacity - this.back));
    this.ids = ids;
    this.spans = spans;
  }
}
