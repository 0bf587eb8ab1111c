/** 64-bit hashes of the distinct 5-word shingles of a text, as two parallel 32-bit lanes, in the order of their first occurrence. */
export interface Shingles {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  /** Fingerprint of the sequence of words: texts that differ in white space only have equal ones. */
  readonly words: string;
}

const shingleWords = 5;

/** 1 for UTF-16 units of letters, digits and underscore; 2 for surrogates, whose pair decides. */
const wordUnits = (() => {
  const table = new Uint8Array(65536);
  const isWord = /[\p{L}\p{N}_]/u;
  for (let unit = 0; unit < 65536; unit++) {
    if (unit >= 0xd800 && unit < 0xe000) table[unit] = 2;
    else if (isWord.test(String.fromCharCode(unit))) table[unit] = 1;
  }
  return table;
})();

const astralWord = /[\p{L}\p{N}]/u;

function isWordAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  const kind = wordUnits[code]!;
  if (kind !== 2) return kind === 1;
  const isLow = code >= 0xdc00;
  const point = text.codePointAt(isLow ? at - 1 : at);
  return point !== undefined && point > 0xffff && astralWord.test(String.fromCodePoint(point));
}

/** Mixes all bits into all bits (the finisher of MurmurHash3). */
function finish(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Buffers of this module, grown as needed and reused between calls: what is allocated in the loops below would be most of their time. */
let highWords = new Int32Array(1 << 14);
let lowWords = new Int32Array(1 << 14);
let highShingles = new Int32Array(1 << 14);
let lowShingles = new Int32Array(1 << 14);
let places = new Int32Array(1 << 15);
let bytes = new Uint8Array(1 << 16);
const encoder = new TextEncoder();

function powerAbove(count: number): number {
  return 2 ** Math.ceil(Math.log2(count + 1));
}

/** At least as many words as a text has. */
function mostWords(text: string): number {
  // There is a gap after every word; of a large text they are counted, because its words are few.
  if (text.length <= largestKept) return (text.length >> 1) + 1;
  let words = 1;
  let inWord = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isWord = code < 128 && wordUnits[code] === 1;
    if (code >= 128 || (isWord && !inWord)) words++;
    inWord = isWord;
  }
  return words;
}

/** Room for a text and its words. */
function makeRoom(text: string): void {
  const units = text.length;
  if (bytes.length <= units) bytes = new Uint8Array(powerAbove(units));
  const words = mostWords(text);
  if (highWords.length >= words) return;
  const room = powerAbove(words);
  highWords = new Int32Array(room);
  lowWords = new Int32Array(room);
  highShingles = new Int32Array(room);
  lowShingles = new Int32Array(room);
}

/** Texts of more units are rare, and what they need would be held for ever. */
const largestKept = 1 << 21;

/** Gives back what a very large text needed. */
function releaseRoom(units: number): void {
  if (units <= largestKept) return;
  bytes = new Uint8Array(1 << 16);
  highWords = new Int32Array(1 << 14);
  lowWords = new Int32Array(1 << 14);
  highShingles = new Int32Array(1 << 14);
  lowShingles = new Int32Array(1 << 14);
  places = new Int32Array(1 << 15);
}

/** Hashes of the words of a text into the two module buffers. Returns how many. */
function hashWords(text: string): number {
  makeRoom(text);
  const { read, written } = encoder.encodeInto(text, bytes);
  return read === text.length && written === read ? hashAsciiWords(written) : hashAnyWords(text);
}

const highSeed = 0x811c9dc5 | 0;
const lowSeed = 0x9747b28c | 0;

/** @param length bytes of ASCII in the module buffer, which is longer. */
function hashAsciiWords(length: number): number {
  const text = bytes;
  const isWord = wordUnits;
  text[length] = 32;
  let count = 0;
  let at = 0;
  for (;;) {
    while (at < length && isWord[text[at]!] === 0) at++;
    if (at >= length) return count;
    let high = highSeed;
    let low = lowSeed;
    let code = text[at]!;
    do {
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul(low ^ code, 0x5bd1e995);
      low ^= low >>> 15;
      code = text[++at]!;
    } while (isWord[code] === 1);
    highWords[count] = finish(high);
    lowWords[count++] = finish(low);
  }
}

function hashAnyWords(text: string): number {
  let count = 0;
  let high = highSeed;
  let low = lowSeed;
  let inWord = false;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 32;
    const isWord = code < 128 ? wordUnits[code] === 1 : isWordAt(text, at);
    if (isWord) {
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul(low ^ code, 0x5bd1e995);
      low ^= low >>> 15;
      inWord = true;
    } else if (inWord) {
      highWords[count] = finish(high);
      lowWords[count++] = finish(low);
      high = highSeed;
      low = lowSeed;
      inWord = false;
    }
  }
  return count;
}

const highBase = 0x9e3779b1 | 0;
const lowBase = 0x85ebca77 | 0;

/** base ** exponent in 32 bits. */
function power(base: number, exponent: number): number {
  let result = 1;
  for (let step = 0; step < exponent; step++) result = Math.imul(result, base);
  return result;
}

/** Hashes of runs of `width` words, each kept once, into the module buffers. Returns how many. A polynomial of the words' hashes, rolled in constant time per word. */
function rollShingles(words: number, width: number): number {
  const mask = powerAbove(2 * words) - 1;
  if (places.length <= mask) places = new Int32Array(mask + 1);
  else places.fill(0, 0, mask + 1);
  const table = places;
  const highLead = power(highBase, width);
  const lowLead = power(lowBase, width);
  let sumHigh = 0;
  let sumLow = 0;
  let count = 0;
  for (let word = 0; word < words; word++) {
    sumHigh = (Math.imul(sumHigh, highBase) + highWords[word]!) | 0;
    sumLow = (Math.imul(sumLow, lowBase) + lowWords[word]!) | 0;
    if (word >= width) {
      sumHigh = (sumHigh - Math.imul(highWords[word - width]!, highLead)) | 0;
      sumLow = (sumLow - Math.imul(lowWords[word - width]!, lowLead)) | 0;
    }
    if (word < width - 1) continue;
    const high = finish(sumHigh);
    const low = finish(sumLow ^ width);
    let place = low & mask;
    let entry = table[place]!;
    while (entry !== 0 && (lowShingles[entry - 1] !== low || highShingles[entry - 1] !== high)) {
      place = (place + 1) & mask;
      entry = table[place]!;
    }
    if (entry !== 0) continue;
    highShingles[count] = high;
    lowShingles[count++] = low;
    table[place] = count;
  }
  return count;
}

/** Order-sensitive fingerprint of the words in the module buffers. */
function fingerprint(words: number): string {
  let high = 0;
  let low = 0;
  for (let word = 0; word < words; word++) {
    high = (Math.imul(high, highBase) + highWords[word]!) | 0;
    low = (Math.imul(low, lowBase) + lowWords[word]!) | 0;
  }
  return `${words}:${high}:${low}`;
}

/**
 * Distinct shingles of a text: words are maximal runs of [\p{L}\p{N}_], case kept; a text of one to four words is one shingle; without words there is none.
 * The arrays are the caller's own.
 */
export function shinglesOf(text: string): Shingles {
  const words = hashWords(text);
  const count = words === 0 ? 0 : rollShingles(words, Math.min(shingleWords, words));
  const shingles = {
    high: new Uint32Array(highShingles.buffer, 0, count).slice(),
    low: new Uint32Array(lowShingles.buffer, 0, count).slice(),
    words: fingerprint(words),
  };
  releaseRoom(text.length);
  return shingles;
}

/** Distinct runs of `width` words of a text, hashed like its shingles; a text of fewer words has none. The arrays are the caller's own. */
export function gramsOf(text: string, width: number): Pick<Shingles, "high" | "low"> {
  const words = hashWords(text);
  const count = words < width ? 0 : rollShingles(words, width);
  const grams = {
    high: new Uint32Array(highShingles.buffer, 0, count).slice(),
    low: new Uint32Array(lowShingles.buffer, 0, count).slice(),
  };
  releaseRoom(text.length);
  return grams;
}
