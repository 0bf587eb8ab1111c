import { TokenGapBuffer } from "./token-gap-buffer";
import type { EncodeOptions, Encoding, Tokenizer } from "./tokenizer";
import { codePointAt, codePointBefore } from "./unicode-classes";

/** Half-open range of UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Tokens first, first + 1, … last - 1. */
export interface TokenRange {
  readonly first: number;
  readonly last: number;
}

/**
 * A text that is edited, and its tokens: after an edit only the stretch between the nearest places around it is encoded
 * again at which the tokenizer cuts every text (`Tokenizer.breaksBetween`), which gives the tokens of a full encode. A
 * tokenizer that proves no such places encodes everything again: slower, never different.
 */
export class EditedText {
  private current: string;
  private readonly tokens = new TokenGapBuffer();

  constructor(
    private readonly tokenizer: Tokenizer,
    text: string,
    private readonly options: EncodeOptions = {},
  ) {
    this.current = text;
    this.tokens.replace(0, 0, tokenizer.encodeWithOffsets(text, options), 0, text.length);
  }

  get text(): string {
    return this.current;
  }

  get tokenCount(): number {
    return this.tokens.count;
  }

  /** Ids and spans of the whole text; copies. */
  encoding(): Encoding {
    return this.tokens.encoding(this.current.length);
  }

  /**
   * Puts `replacement` in the place of text[start, end). @returns the range of the new text that was encoded again.
   * @throws RangeError when the range is not in the text.
   */
  edit(start: number, end: number, replacement: string): TextRange {
    if (!(start >= 0 && start <= end && end <= this.current.length)) throw new RangeError(`${start}, ${end} is not a range of the text.`);
    const before = this.current;
    const text = before.slice(0, start) + replacement + before.slice(end);
    const growth = text.length - before.length;
    const from = this.breakBefore(text, start);
    const to = this.breakAfter(text, start + replacement.length);
    const first = this.tokens.firstStartingFrom(from, before.length);
    const last = to === text.length ? this.tokens.count : this.tokens.firstStartingFrom(to - growth, before.length);
    const encoded = this.encodeStretch(text, from, to);
    this.tokens.replace(first, last, encoded, from, text.length, growth);
    this.current = text;
    return { start: from, end: to };
  }

  /** Tokens of which at least one unit lies in the range; O(log n). */
  tokensIn({ start, end }: TextRange): TokenRange {
    if (start >= end) return { first: 0, last: 0 };
    const first = this.tokens.firstEndingAfter(start, this.current.length);
    return { first, last: Math.max(first, this.tokens.firstStartingFrom(end, this.current.length)) };
  }

  countIn(range: TextRange): number {
    const { first, last } = this.tokensIn(range);
    return last - first;
  }

  /** Up to the next character behind it, which the pieces before may look at. */
  private encodeStretch(text: string, from: number, to: number): Encoding {
    const beyond = to === text.length ? to : to + (codePointAt(text, to, text.length) > 0xffff ? 2 : 1);
    const { ids, offsets } = this.tokenizer.encodeWithOffsets(text.slice(from, beyond), this.options);
    let count = ids.length;
    while (count > 0 && offsets[2 * count - 2]! >= to - from) count--;
    return { ids: ids.subarray(0, count), offsets: offsets.subarray(0, 2 * count) };
  }

  /** The last break at or before which both characters are as they were. */
  private breakBefore(text: string, start: number): number {
    const breaks = this.tokenizer.breaksBetween?.bind(this.tokenizer);
    if (!breaks) return 0;
    // The character behind the place must end before the edit, and a pair must not come into being there.
    for (let at = start - 2; at > 0; at--) {
      if (isInsidePair(text, at)) continue;
      if (breaks(codePointBefore(text, at, 0), codePointAt(text, at, text.length))) return at;
    }
    return 0;
  }

  private breakAfter(text: string, end: number): number {
    const breaks = this.tokenizer.breaksBetween?.bind(this.tokenizer);
    if (!breaks) return text.length;
    for (let at = end + 2; at < text.length; at++) {
      if (isInsidePair(text, at)) continue;
      if (breaks(codePointBefore(text, at, 0), codePointAt(text, at, text.length))) return at;
    }
    return text.length;
  }
}

function isInsidePair(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
}
