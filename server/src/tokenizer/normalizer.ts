import { AlignedText } from "./aligned-text";
import { normalized, wellFormed } from "./normal-forms";
import { unstableInFormC } from "./unicode-forms";

/** Text after form C, and for each of its UTF-16 units the span it came from. */
export interface Normalized {
  readonly text: string;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/**
 * Form C of text[start, end) for the fast path, or undefined when the text is in it already: only stretches around
 * characters that can change are looked at. Spans count from the beginning of `text`.
 */
export function normalizeC(text: string, start: number, end: number): Normalized | undefined {
  const range = start === 0 && end === text.length ? text : text.slice(start, end);
  const stretches = unstableStretches(range);
  if (stretches.length === 0) return undefined;
  const out = new AlignedSplice(range, start);
  for (const [from, to] of stretches) {
    const part = new AlignedText(wellFormed(range.slice(from, to)), start + from);
    const { points, changes } = normalized(part.text, false, true);
    const form = part.transform(points, changes);
    if (form.text !== part.text) out.replace(from, to, form);
  }
  return out.finish();
}

/** From the stable character before an unstable one to the next stable one; what lies between two stretches is in form C. */
function unstableStretches(text: string): (readonly [from: number, to: number])[] {
  if (!/[^\u0000-\u02ff]/.test(text)) return [];
  const unstable = unstableInFormC();
  const stretches: [number, number][] = [];
  let before = 0;
  for (let at = 0; at < text.length;) {
    const point = text.codePointAt(at)!;
    const next = at + (point > 0xffff ? 2 : 1);
    if (unstable[point]) {
      const last = stretches.at(-1);
      if (last && last[1] >= before && last[1] === at) last[1] = next;
      else stretches.push([before, next]);
    } else before = at;
    at = next;
  }
  return stretches;
}

/** A text of which some stretches are replaced by aligned ones. */
class AlignedSplice {
  private readonly parts: { readonly from: number; readonly to: number; readonly by: AlignedText }[] = [];

  constructor(
    private readonly text: string,
    private readonly shift: number,
  ) {}

  replace(from: number, to: number, by: AlignedText): void {
    this.parts.push({ from, to, by });
  }

  finish(): Normalized | undefined {
    if (this.parts.length === 0) return undefined;
    let text = "";
    let done = 0;
    const length = this.parts.reduce((sum, { from, to, by }) => sum + by.text.length - (to - from), this.text.length);
    const starts = new Int32Array(length);
    const ends = new Int32Array(length);
    let at = 0;
    const keep = (to: number): void => {
      for (const whole = new AlignedText(this.text, this.shift); done < to; done++) {
        starts[at] = whole.startOf(done);
        ends[at++] = whole.endOf(done);
      }
    };
    for (const { from, to, by } of this.parts) {
      text += this.text.slice(done, from) + by.text;
      keep(from);
      for (let unit = 0; unit < by.text.length; unit++) {
        starts[at] = by.startOf(unit);
        ends[at++] = by.endOf(unit);
      }
      done = to;
    }
    text += this.text.slice(done);
    keep(this.text.length);
    return { text, starts, ends };
  }
}
