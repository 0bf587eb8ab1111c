/** 64-bit hashes of the distinct 5-word shingles of a text, as two parallel 32-bit lanes, unsorted and perhaps repeated. */
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

let highWords = new Int32Array(1 << 14);
let lowWords = new Int32Array(1 << 14);

/** Hashes of the words of a text into the two module buffers (grown as needed, reused between calls). Returns how many. */
function hashWords(text: string): number {
  let count = 0;
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
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
      if (count === highWords.length) growWords();
      highWords[count] = finish(high);
      lowWords[count++] = finish(low);
      high = 0x811c9dc5;
      low = 0x9747b28c;
      inWord = false;
    }
  }
  return count;
}

function growWords(): void {
  const high = new Int32Array(highWords.length * 2);
  const low = new Int32Array(lowWords.length * 2);
  high.set(highWords);
  low.set(lowWords);
  highWords = high;
  lowWords = low;
}

const highBase = 0x9e3779b1;
const lowBase = 0x85ebca77;
const highLead = Math.imul(Math.imul(highBase, highBase), Math.imul(highBase, highBase));
const lowLead = Math.imul(Math.imul(lowBase, lowBase), Math.imul(lowBase, lowBase));

/**
 * Shingles of a text: words are maximal runs of [\p{L}\p{N}_], case kept; a text of one to four words is one shingle; without words there is none.
 * The hash of a shingle is a polynomial of the hashes of its words, rolled in constant time per word.
 */
export function shinglesOf(text: string): Shingles {
  const words = hashWords(text);
  const width = Math.min(shingleWords, words);
  const count = words === 0 ? 0 : words - width + 1;
  const high = new Uint32Array(count);
  const low = new Uint32Array(count);
  let sumHigh = 0;
  let sumLow = 0;
  let allHigh = 0;
  let allLow = 0;
  for (let word = 0; word < words; word++) {
    if (word >= width) {
      sumHigh = (sumHigh - Math.imul(highWords[word - width]!, highLead)) | 0;
      sumLow = (sumLow - Math.imul(lowWords[word - width]!, lowLead)) | 0;
    }
    sumHigh = (Math.imul(sumHigh, highBase) + highWords[word]!) | 0;
    sumLow = (Math.imul(sumLow, lowBase) + lowWords[word]!) | 0;
    allHigh = (Math.imul(allHigh, highBase) + highWords[word]!) | 0;
    allLow = (Math.imul(allLow, lowBase) + lowWords[word]!) | 0;
    const shingle = word - width + 1;
    if (shingle >= 0) {
      high[shingle] = finish(sumHigh);
      low[shingle] = finish(sumLow ^ width);
    }
  }
  return { high, low, words: `${words}:${allHigh}:${allLow}` };
}
