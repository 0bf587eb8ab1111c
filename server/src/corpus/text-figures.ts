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

const other = 0;
const lower = 1;
const upper = 2;
const digit = 3;
const space = 4;
const newline = 5;
const encodedSymbol = 6;
const underscore = 7;

const kinds = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[a-z]/.test(character)) kinds[code] = lower;
  else if (/[A-Z]/.test(character)) kinds[code] = upper;
  else if (/\d/.test(character)) kinds[code] = digit;
  else if (character === "\n") kinds[code] = newline;
  else if (/\s/.test(character)) kinds[code] = space;
  else if (/[+/=]/.test(character)) kinds[code] = encodedSymbol;
  else if (character === "_") kinds[code] = underscore;
  else kinds[code] = other;
}

/** Base64 and hex come in runs of at least this many characters (a line of a MIME body has 76, a digest 40 or 64). */
const shortestEncodedRun = 40;

export function measureText(text: string): TextFigures {
  let lines = 1;
  let longestLine = 0;
  let lineStart = 0;
  let letters = 0;
  let digits = 0;
  let blanks = 0;
  let words = 0;
  let numbers = 0;
  let inWord = false;
  let encoded = 0;
  let longestEncoded = 0;
  let runStart = 0;
  let runDigits = 0;
  let runLower = 0;
  let runUpper = 0;
  const length = text.length;
  for (let at = 0; at <= length; at++) {
    const code = at < length ? text.charCodeAt(at) : 10;
    const kind = code < 128 ? kinds[code]! : other;
    if (kind === lower || kind === upper || kind === digit || kind === encodedSymbol) {
      if (kind === digit) runDigits++;
      else if (kind === lower) runLower++;
      else if (kind === upper) runUpper++;
    } else {
      const run = at - runStart;
      // Long paths and identifiers have no digits to speak of; digests have one case, base64 has both.
      if (run >= shortestEncodedRun && runDigits * 12 >= run && (runLower * runUpper > 0 || runDigits * 5 >= run)) {
        encoded += run;
        if (run > longestEncoded) longestEncoded = run;
      }
      runStart = at + 1;
      runDigits = 0;
      runLower = 0;
      runUpper = 0;
    }
    if (kind === lower || kind === upper || kind === digit || kind === underscore || code >= 128) {
      if (kind === digit) digits++;
      else if (kind !== underscore) letters++;
      if (!inWord) {
        words++;
        if (kind === digit) numbers++;
        inWord = true;
      }
    } else {
      inWord = false;
      if (kind === newline) {
        if (at - lineStart > longestLine) longestLine = at - lineStart;
        lineStart = at + 1;
        if (at < length) lines++;
        blanks++;
      } else if (kind === space) blanks++;
    }
  }
  return { length, lines, longestLine, letters, digits, visible: length + 1 - blanks, words, numbers, encoded, longestEncoded };
}
