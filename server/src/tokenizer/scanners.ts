import type { IntList } from "./int-list";
import { charBits, charBitTable, codePointAt } from "./unicode-classes";

/**
 * Cuts text[start, end) into consecutive pieces that cover it: pushes the end of each piece. The range is a string of
 * its own for the pattern: nothing before `start` or from `end` on is looked at, also not by lookahead.
 */
export type Splitter = (text: string, start: number, end: number, ends: IntList) => void;

const { letter: L, number: N, space: S, newline: NL } = charBits;
const LNS = L | N | S;

/** Length of `'s 't 're 've 'm 'll 'd` at `at` (an apostrophe), 0 if there is none; U+017F folds to s. */
function contraction(text: string, at: number, end: number, foldCase: boolean): number {
  if (at + 1 >= end) return 0;
  const fold = foldCase ? 0x20 : 0;
  const one = text.charCodeAt(at + 1) | fold;
  if (one === 0x73 || one === 0x74 || one === 0x6d || one === 0x64) return 2;
  if (foldCase && text.charCodeAt(at + 1) === 0x17f) return 2;
  if (at + 2 >= end) return 0;
  const two = text.charCodeAt(at + 2) | fold;
  const match = (one === 0x72 && two === 0x65) || (one === 0x76 && two === 0x65) || (one === 0x6c && two === 0x6c);
  return match ? 3 : 0;
}

/** End of the run of code points that have (`want` true) or have not a bit of `mask`. */
function runEnd(table: Uint8Array, text: string, start: number, end: number, mask: number, want: boolean): number {
  let i = start;
  while (i < end) {
    const unit = text.charCodeAt(i);
    if ((unit & 0xfc00) !== 0xd800) {
      if (((table[unit]! & mask) !== 0) !== want) return i;
      i++;
      continue;
    }
    const point = codePointAt(text, i, end);
    if (((table[point]! & mask) !== 0) !== want) return i;
    i += point > 0xffff ? 2 : 1;
  }
  return i;
}

/** `\s+(?!\S)|\s+` at the start of a whitespace run that ends at `stop`. */
function spaceEnd(start: number, stop: number, end: number): number {
  return stop === end || stop === start + 1 ? stop : stop - 1;
}

/** After the last line break of a whitespace run (`\s*[\r\n]+`), or -1. */
function lastBreak(text: string, start: number, stop: number): number {
  for (let i = stop; i > start; i--) {
    const unit = text.charCodeAt(i - 1);
    if (unit === 0x0a || unit === 0x0d) return i;
  }
  return -1;
}

/** The pattern of GPT-2's ByteLevel: `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`. */
export function gpt2Scanner(): Splitter {
  const table = charBitTable();
  const next = (text: string, at: number, end: number): number => {
    const unit = text.charCodeAt(at);
    if (unit === 0x27) {
      const length = contraction(text, at, end, false);
      if (length > 0) return at + length;
    }
    const body = unit === 0x20 && at + 1 < end ? at + 1 : at;
    const kind = table[codePointAt(text, body, end)]!;
    if (kind & L) return runEnd(table, text, body, end, L, true);
    if (kind & N) return runEnd(table, text, body, end, N, true);
    if (!(kind & S)) return runEnd(table, text, body, end, LNS, false);
    return spaceEnd(at, runEnd(table, text, at, end, S, true), end);
  };
  return (text, start, end, ends) => {
    for (let at = start; at < end; ends.push(at)) at = next(text, at, end);
  };
}

/**
 * The pattern of cl100k_base, Llama-3 (`digits` 3) and Qwen2 (`digits` 1):
 * `(?i:'s|…)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`.
 */
export function cl100kScanner(digits: number): Splitter {
  const table = charBitTable();
  const numberEnd = (text: string, at: number, end: number): number => {
    let i = at;
    for (let count = 0; count < digits && i < end; count++) {
      const point = codePointAt(text, i, end);
      if (!(table[point]! & N)) break;
      i += point > 0xffff ? 2 : 1;
    }
    return i;
  };
  const next = (text: string, at: number, end: number): number => {
    const point = codePointAt(text, at, end);
    const kind = table[point]!;
    if (kind & L) return runEnd(table, text, at + (point > 0xffff ? 2 : 1), end, L, true);
    if (kind & N) return numberEnd(text, at, end);
    if (point === 0x27) {
      const length = contraction(text, at, end, true);
      if (length > 0) return at + length;
    }
    const after = at + (point > 0xffff ? 2 : 1);
    if (!(kind & NL) && after < end && table[codePointAt(text, after, end)]! & L) return runEnd(table, text, after, end, L, true);
    const body = point === 0x20 && after < end ? after : at;
    if (!(table[codePointAt(text, body, end)]! & LNS)) {
      return runEnd(table, text, runEnd(table, text, body, end, LNS, false), end, NL, true);
    }
    const stop = runEnd(table, text, at, end, S, true);
    const broken = lastBreak(text, at, stop);
    return broken > 0 ? broken : spaceEnd(at, stop, end);
  };
  return (text, start, end, ends) => {
    for (let at = start; at < end; ends.push(at)) at = next(text, at, end);
  };
}

/** `Digits`: numeric code points apart from the rest, one by one or in runs. */
export function digitsScanner(individual: boolean): Splitter {
  const table = charBitTable();
  return (text, start, end, ends) => {
    for (let at = start; at < end; ends.push(at)) {
      const point = codePointAt(text, at, end);
      const numeric = (table[point]! & charBits.numeric) !== 0;
      if (numeric && individual) at += point > 0xffff ? 2 : 1;
      else at = runEnd(table, text, at, end, charBits.numeric, numeric);
    }
  };
}

/** `Punctuation`: ASCII punctuation and category P apart from the rest, one by one (Isolated) or in runs (Contiguous). */
export function punctuationScanner(contiguous: boolean): Splitter {
  const table = charBitTable();
  return (text, start, end, ends) => {
    for (let at = start; at < end; ends.push(at)) {
      const point = codePointAt(text, at, end);
      const punctuation = (table[point]! & charBits.punctuation) !== 0;
      if (punctuation && !contiguous) at += point > 0xffff ? 2 : 1;
      else at = runEnd(table, text, at, end, charBits.punctuation, punctuation);
    }
  };
}
