/** Figures of a text that tell hand-written from machine-made, from one pass over it. */
export interface TextFigures {
  readonly length: number;
  readonly lines: number;
  readonly longestLine: number;
  readonly letters: number;
  readonly digits: number;
  readonly visible: number;
  /** Runs of letters, digits and underscores. */
  readonly words: number;
  /** Words that start with a digit: numbers of any base. */
  readonly numbers: number;
  /** Characters inside long runs of base64 or hex digits. */
  readonly encoded: number;
  readonly longestEncoded: number;
}

/** Kinds of UTF-16 units. Everything from `underscore` on belongs to words, everything from `lower` to `encodedSymbol` to base64 and hex. */
const newline = 0;
const space = 1;
const other = 2;
const encodedSymbol = 3;
const lower = 4;
const upper = 5;
const digit = 6;
const underscore = 7;
const foreign = 8;

const kinds = new Uint8Array(65536).fill(foreign);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (character === "\n") kinds[code] = newline;
  else if (/\s/.test(character)) kinds[code] = space;
  else if (/[+/=]/.test(character)) kinds[code] = encodedSymbol;
  else if (/[a-z]/.test(character)) kinds[code] = lower;
  else if (/[A-Z]/.test(character)) kinds[code] = upper;
  else if (/\d/.test(character)) kinds[code] = digit;
  else kinds[code] = character === "_" ? underscore : other;
}

/** Base64 and hex come in runs of at least this many characters (a line of a MIME body has 76, a digest 40 or 64). */
const shortestEncodedRun = 40;

/** Long paths and identifiers have no digits to speak of; digests have one case, base64 has both. */
function isEncodedRun(text: string, start: number, end: number): boolean {
  const counts = new Uint32Array(9);
  for (let at = start; at < end; at++) counts[kinds[text.charCodeAt(at)]!]!++;
  const digits = counts[digit]!;
  return digits * 12 >= end - start && (counts[lower]! * counts[upper]! > 0 || digits * 5 >= end - start);
}

export function measureText(text: string): TextFigures {
  const counts = new Uint32Array(9);
  let longestLine = 0;
  let lineStart = 0;
  let words = 0;
  let numbers = 0;
  let inWord = false;
  let encoded = 0;
  let longestEncoded = 0;
  let runStart = 0;
  const length = text.length;
  for (let at = 0; at <= length; at++) {
    const kind = at < length ? kinds[text.charCodeAt(at)]! : newline;
    counts[kind]!++;
    if (kind >= lower) {
      if (!inWord) {
        inWord = true;
        words++;
        if (kind === digit) numbers++;
      }
      if (kind <= digit) continue;
    } else {
      inWord = false;
      if (kind === encodedSymbol) continue;
      if (kind === newline) {
        if (at - lineStart > longestLine) longestLine = at - lineStart;
        lineStart = at + 1;
      }
    }
    // Here ends a run of characters that base64 or hex may consist of.
    if (at - runStart >= shortestEncodedRun && isEncodedRun(text, runStart, at)) {
      encoded += at - runStart;
      if (at - runStart > longestEncoded) longestEncoded = at - runStart;
    }
    runStart = at + 1;
  }
  const letters = counts[lower]! + counts[upper]! + counts[foreign]!;
  const visible = length + 1 - counts[newline]! - counts[space]!;
  return {
    length,
    lines: counts[newline]!,
    longestLine,
    letters,
    digits: counts[digit]!,
    visible,
    words,
    numbers,
    encoded,
    longestEncoded,
  };
}
