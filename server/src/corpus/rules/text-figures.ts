import { figureCount, textKernel } from "../kernel/text-kernel";

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

type Units = Uint16Array | Uint8Array;

/** Long paths and identifiers have no digits to speak of; digests have one case, base64 has both. */
function isEncodedRun(units: Units, start: number, end: number): boolean {
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

/** @param runs an index in each run that may be long enough. */
function measureEncoded(units: Units, length: number, runs: readonly number[]): Pick<TextFigures, "encoded" | "longestEncoded"> {
  let encoded = 0;
  let longestEncoded = 0;
  for (const inside of runs) {
    let start = inside;
    while (start > 0 && encodes[units[start - 1]!] === 1) start--;
    let end = inside + 1;
    while (end < length && encodes[units[end]!] === 1) end++;
    if (end - start < shortestEncodedRun || !isEncodedRun(units, start, end)) continue;
    encoded += end - start;
    if (end - start > longestEncoded) longestEncoded = end - start;
  }
  return { encoded, longestEncoded };
}

/** What a pass over the characters counts, so far. */
interface Tally {
  letters: number;
  digits: number;
  spaces: number;
  words: number;
  numbers: number;
  lines: number;
  lineStart: number;
  longestLine: number;
  inLongLines: number;
  /** An index in each run of base64 or hex digits that may be long enough. */
  runs: number[];
}

function emptyTally(): Tally {
  return { letters: 0, digits: 0, spaces: 0, words: 0, numbers: 0, lines: 0, lineStart: 0, longestLine: 0, inLongLines: 0, runs: [] };
}

function endLine(tally: Tally, at: number): void {
  const line = at - tally.lineStart;
  if (line > tally.longestLine) tally.longestLine = line;
  if (line > longLine) tally.inLongLines += line;
  tally.lineStart = at + 1;
  tally.lines++;
}

function addSum(tally: Tally, sum: number): void {
  tally.letters += sum & field;
  tally.digits += (sum >>> 10) & field;
  tally.spaces += sum >>> 20;
}

function countUnits(units: Uint16Array, length: number): Tally {
  const tally = emptyTally();
  const [additionsOf, encodesOf, longRun] = [additions, encodes, shortestEncodedRun];
  let words = 0;
  let numbers = 0;
  let before = 0;
  let run = 0;
  for (let from = 0; from < length; from += stretch) {
    const to = Math.min(length, from + stretch);
    let sum = 0;
    for (let at = from; at < to; at++) {
      const unit = units[at]!;
      const addition = additionsOf[unit]!;
      const isWord = addition >>> 30;
      const starts = isWord & (before ^ 1);
      words = (words + starts) | 0;
      numbers = (numbers + (starts & (addition >>> 10))) | 0;
      sum = (sum + (addition & (inWord - 1))) | 0;
      before = isWord;
      run = (run + 1) & -encodesOf[unit]!;
      if (run === longRun) tally.runs.push(at);
      if (unit === 10) endLine(tally, at);
    }
    addSum(tally, sum);
  }
  tally.words = words;
  tally.numbers = numbers;
  return tally;
}

/** The same for ASCII, by the kernel. */
function countAscii(text: string): { readonly tally: Tally; readonly units: Units } {
  const kernel = textKernel();
  kernel.loadLow(text);
  const figures = kernel.measure(longLine);
  const [letters, digits, spaces, words, numbers, lines, longestLine, inLongLines, lineStart, runs] = Array.from(
    figures.subarray(0, figureCount),
  ) as [number, number, number, number, number, number, number, number, number, number];
  const inside = Array.from(figures.subarray(figureCount, figureCount + runs));
  const tally = { letters, digits, spaces, words, numbers, lines, longestLine, inLongLines, lineStart, runs: inside };
  return { tally, units: kernel.bytes() };
}

function figuresOf(tally: Tally, units: Units, length: number): TextFigures {
  endLine(tally, length);
  const { lines, longestLine, inLongLines, letters, digits, spaces, words, numbers } = tally;
  return {
    length,
    lines,
    longestLine,
    inLongLines,
    letters,
    digits,
    visible: length - spaces,
    words,
    numbers,
    ...measureEncoded(units, length, tally.runs),
  };
}

/** Reused from file to file: a fresh array of each size would cost more than the count. */
let scratch = Buffer.allocUnsafeSlow(1 << 18);
/** What a very large text needs would be held for ever. */
const largestKept = 4 << 20;

function scratchOf(bytes: number): Buffer<ArrayBuffer> {
  if (bytes > largestKept) return Buffer.allocUnsafeSlow(bytes);
  if (scratch.length < bytes) scratch = Buffer.allocUnsafeSlow(bytes + (bytes >> 1));
  return scratch;
}

export function measureText(text: string): TextFigures {
  // Old Macintosh files end their lines with CR alone; they have lines too.
  const lined = text.includes("\n") || !text.includes("\r") ? text : text.replaceAll("\r", "\n");
  const length = lined.length;
  if (Buffer.byteLength(lined) === length) {
    const { tally, units } = countAscii(lined);
    return figuresOf(tally, units, length);
  }
  const room = scratchOf(length * 2);
  room.write(lined, "utf16le");
  const units = new Uint16Array(room.buffer, 0, length);
  return figuresOf(countUnits(units, length), units, length);
}
