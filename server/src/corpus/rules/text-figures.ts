/** Figures of a text that tell hand-written from machine-made, from one pass over it. */
export interface TextFigures {
  readonly length: number;
  readonly lines: number;
  readonly longestLine: number;
  /** Characters in lines longer than `longLine`. */
  readonly inLongLines: number;
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

/** Prose in comments and long calls end before this; what is written by machines does not care. */
export const longLine = 300;

/** Base64 and hex come in runs of at least this many characters (a line of a MIME body has 76, a digest 40 or 64). */
const shortestEncodedRun = 40;

/**
 * What each UTF-16 unit adds to the counts of a stretch, as fields of one integer: letters from bit 0, digits from bit 10, white space
 * from bit 20; bit 30 tells that it belongs to words. A stretch of `stretch` units cannot overflow a field.
 */
const additions = new Int32Array(65_536);
const letter = 1;
const digit = 1 << 10;
const space = 1 << 20;
const inWord = 1 << 30;
const stretch = 1_000;
const field = 1_023;

/** 1 for what base64 and hex consist of. */
const encodes = new Uint8Array(65_536);

for (let code = 0; code < 65_536; code++) {
  const character = String.fromCharCode(code);
  if (code >= 128 || /[A-Za-z]/.test(character)) additions[code] = inWord | letter;
  else if (/\d/.test(character)) additions[code] = inWord | digit;
  else if (/\s/.test(character)) additions[code] = space;
  else if (character === "_") additions[code] = inWord;
  if (/[A-Za-z0-9+/=]/.test(character)) encodes[code] = 1;
}

/** Long paths and identifiers have no digits to speak of; digests have one case, base64 has both. */
function isEncodedRun(units: Uint16Array, start: number, end: number): boolean {
  let digits = 0;
  let lower = 0;
  let upper = 0;
  for (let at = start; at < end; at++) {
    const unit = units[at]!;
    if (unit >= 97 && unit <= 122) lower++;
    else if (unit >= 65 && unit <= 90) upper++;
    else if (unit >= 48 && unit <= 57) digits++;
  }
  return digits * 12 >= end - start && (lower * upper > 0 || digits * 5 >= end - start);
}

/** A run of 40 covers a unit whose index is a multiple of 40: only there is it looked for. */
function measureEncoded(units: Uint16Array, length: number): { encoded: number; longestEncoded: number } {
  let encoded = 0;
  let longestEncoded = 0;
  for (let probe = shortestEncodedRun - 1; probe < length; probe += shortestEncodedRun) {
    if (encodes[units[probe]!] === 0) continue;
    let start = probe;
    while (start > 0 && encodes[units[start - 1]!] === 1) start--;
    let end = probe + 1;
    while (end < length && encodes[units[end]!] === 1) end++;
    if (end - start >= shortestEncodedRun && isEncodedRun(units, start, end)) {
      encoded += end - start;
      if (end - start > longestEncoded) longestEncoded = end - start;
    }
    while (probe + shortestEncodedRun < end) probe += shortestEncodedRun;
  }
  return { encoded, longestEncoded };
}

function measureUnits(units: Uint16Array, length: number): TextFigures {
  let letters = 0;
  let digits = 0;
  let spaces = 0;
  let words = 0;
  let numbers = 0;
  let before = 0;
  let lines = 1;
  let lineStart = 0;
  let longestLine = 0;
  let inLongLines = 0;
  for (let from = 0; from < length; from += stretch) {
    const to = Math.min(length, from + stretch);
    let sum = 0;
    for (let at = from; at < to; at++) {
      const unit = units[at]!;
      const addition = additions[unit]!;
      const isWord = addition >>> 30;
      const starts = isWord & (before ^ 1);
      words = (words + starts) | 0;
      numbers = (numbers + (starts & (addition >>> 10))) | 0;
      sum = (sum + (addition & (inWord - 1))) | 0;
      before = isWord;
      if (unit === 10) {
        const line = at - lineStart;
        if (line > longestLine) longestLine = line;
        if (line > longLine) inLongLines += line;
        lineStart = at + 1;
        lines++;
      }
    }
    letters += sum & field;
    digits += (sum >>> 10) & field;
    spaces += sum >>> 20;
  }
  const last = length - lineStart;
  return {
    length,
    lines,
    longestLine: Math.max(longestLine, last),
    inLongLines: last > longLine ? inLongLines + last : inLongLines,
    letters,
    digits,
    visible: length - spaces,
    words,
    numbers,
    ...measureEncoded(units, length),
  };
}

/** Reused from file to file: a fresh array of each size would cost more than the count. */
let scratch = Buffer.allocUnsafeSlow(1 << 18);

export function measureText(text: string): TextFigures {
  // Old Macintosh files end their lines with CR alone; they have lines too.
  const lined = text.includes("\n") || !text.includes("\r") ? text : text.replaceAll("\r", "\n");
  if (scratch.length < lined.length * 2) scratch = Buffer.allocUnsafeSlow(lined.length * 3);
  scratch.write(lined, "utf16le");
  return measureUnits(new Uint16Array(scratch.buffer, 0, lined.length), lined.length);
}
