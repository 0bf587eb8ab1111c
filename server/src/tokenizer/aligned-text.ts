/**
 * A stretch of text on its way through the normalizers and pre-tokenizers, with the place in the original that each of
 * its UTF-16 units came from. The arithmetic of the spans is that of the reference (`NormalizedString`), in UTF-16 units
 * instead of bytes; all units of a character share one span.
 */
export class AlignedText {
  /**
   * @param text what it is now.
   * @param origin where it begins in the original.
   * @param starts per unit the start of its span in the original; undefined together with `ends` when nothing was moved.
   */
  constructor(
    readonly text: string,
    readonly origin: number,
    private readonly starts?: Int32Array,
    private readonly ends?: Int32Array,
  ) {}

  /** Start of the span of a unit in the original. */
  startOf(unit: number): number {
    if (this.starts) return this.starts[unit]!;
    return this.origin + unit - (isLowOfPair(this.text, unit) ? 1 : 0);
  }

  /** End of the span of a unit in the original. */
  endOf(unit: number): number {
    if (this.ends) return this.ends[unit]!;
    return this.origin + unit + 1 + (isLowOfPair(this.text, unit + 1) ? 1 : 0);
  }

  /** A part; it begins in the original where its first character does, whatever the normalizer took out before it. */
  slice(from: number, to: number): AlignedText {
    if (from === 0 && to === this.text.length && (to === 0 || !this.starts || this.starts[0] === this.origin)) return this;
    const text = this.text.slice(from, to);
    if (!this.starts || !this.ends) return new AlignedText(text, this.origin + from);
    return new AlignedText(
      text,
      from < to ? this.starts[from]! : this.origin,
      this.starts.subarray(from, to),
      this.ends.subarray(from, to),
    );
  }

  /** The same characters under a mapping of one unit to one unit. */
  withText(text: string): AlignedText {
    if (text === this.text) return this;
    if (text.length !== this.text.length) throw new RangeError("a mapping of units must keep their number");
    const { starts, ends } = this.spans();
    return new AlignedText(text, this.origin, starts, ends);
  }

  /**
   * New characters in place of the old: each with a change of 0 (it replaces one character), 1 (it was put in behind one
   * and shares that one's span) or -n (it replaces one and the n after it are gone).
   * @param removed characters that are gone before the first.
   */
  transform(points: readonly number[], changes: readonly number[], removed = 0): AlignedText {
    const out = new SpanWriter(points.length);
    let unit = 0;
    for (let i = 0; i < removed; i++) unit = this.after(unit);
    for (const [index, point] of points.entries()) {
      const change = changes[index]!;
      if (change > 0) out.put(point, unit < 1 ? this.origin : this.startOf(unit - 1), unit < 1 ? this.origin : this.endOf(unit - 1));
      else {
        out.put(point, this.startOf(unit), this.endOf(unit));
        for (let i = change; i <= 0; i++) unit = this.after(unit);
      }
    }
    return out.finish(this.origin);
  }

  /** Every [from, to) of `matches`, which are in order, non-empty and disjoint, replaced by `content`, which has the span of the last character it replaces. */
  replace(matches: readonly (readonly [from: number, to: number])[], content: string): AlignedText {
    if (matches.length === 0) return this;
    const keep = content.length === 1 && matches.every(([from, to]) => to - from === 1);
    const { starts, ends } = this.spans();
    if (keep) return new AlignedText(replaceUnits(this.text, matches, content), this.origin, starts, ends);
    const out = new SpanWriter(this.text.length);
    let done = 0;
    for (const [from, to] of matches) {
      out.copy(this.text, starts, ends, done, from);
      out.fill(content, starts[to - 1]!, ends[to - 1]!);
      done = to;
    }
    out.copy(this.text, starts, ends, done, this.text.length);
    return out.finish(this.origin);
  }

  /** `content` before the text, with the span of the first character; nothing before nothing. */
  prepend(content: string): AlignedText {
    if (this.text === "" || content === "") return this;
    const { starts, ends } = this.spans();
    const out = new SpanWriter(this.text.length + content.length);
    out.fill(content, starts[0]!, ends[0]!);
    out.copy(this.text, starts, ends, 0, this.text.length);
    return out.finish(this.origin);
  }

  private after(unit: number): number {
    return unit + (isLowOfPair(this.text, unit + 1) ? 2 : 1);
  }

  private spans(): { readonly starts: Int32Array; readonly ends: Int32Array } {
    if (this.starts && this.ends) return { starts: this.starts, ends: this.ends };
    const starts = new Int32Array(this.text.length);
    const ends = new Int32Array(this.text.length);
    for (let unit = 0; unit < starts.length; unit++) {
      starts[unit] = this.startOf(unit);
      ends[unit] = this.endOf(unit);
    }
    return { starts, ends };
  }
}

/** Whether the unit is the second half of a surrogate pair. */
function isLowOfPair(text: string, unit: number): boolean {
  return (text.charCodeAt(unit) & 0xfc00) === 0xdc00 && unit > 0 && (text.charCodeAt(unit - 1) & 0xfc00) === 0xd800;
}

function replaceUnits(text: string, matches: readonly (readonly [number, number])[], content: string): string {
  const parts: string[] = [];
  let done = 0;
  for (const [from, to] of matches) {
    parts.push(text.slice(done, from), content);
    done = to;
  }
  parts.push(text.slice(done));
  return parts.join("");
}

/** Text and spans of its units, written in order. */
class SpanWriter {
  private readonly parts: string[] = [];
  private starts: Int32Array;
  private ends: Int32Array;
  private length = 0;

  constructor(expected: number) {
    this.starts = new Int32Array(expected + 8);
    this.ends = new Int32Array(expected + 8);
  }

  put(point: number, start: number, end: number): void {
    this.fill(String.fromCodePoint(point), start, end);
  }

  fill(content: string, start: number, end: number): void {
    this.reserve(content.length);
    this.starts.fill(start, this.length, this.length + content.length);
    this.ends.fill(end, this.length, this.length + content.length);
    this.parts.push(content);
    this.length += content.length;
  }

  copy(text: string, starts: Int32Array, ends: Int32Array, from: number, to: number): void {
    this.reserve(to - from);
    this.starts.set(starts.subarray(from, to), this.length);
    this.ends.set(ends.subarray(from, to), this.length);
    this.parts.push(text.slice(from, to));
    this.length += to - from;
  }

  finish(origin: number): AlignedText {
    return new AlignedText(this.parts.join(""), origin, this.starts.subarray(0, this.length), this.ends.subarray(0, this.length));
  }

  private reserve(more: number): void {
    if (this.length + more <= this.starts.length) return;
    const size = 2 * (this.length + more);
    const starts = new Int32Array(size);
    const ends = new Int32Array(size);
    starts.set(this.starts.subarray(0, this.length));
    ends.set(this.ends.subarray(0, this.length));
    this.starts = starts;
    this.ends = ends;
  }
}
