/**
 * Loops over the bytes of a text (UTF-8) that take most of the time of a harvest: words, shingles, JSON escapes.
 * AssemblyScript, compiled by scripts/text-kernel.mjs. The caller lays out the memory and grows it; nothing is allocated here.
 * Behind every text stand at least 128 bytes of zero.
 */

import { between } from "./bytes";

export { crc32, prepareCrc } from "./crc32";
export { deflate } from "./deflate";
export { findRuns } from "./random-runs";

/** Word units of a stretch of 64 bytes that holds none beyond ASCII: a bit for each byte. */
function wordBits16(at: usize): u64 {
  const bytes = v128.load(at);
  const letters = i8x16.le_u(i8x16.sub(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(0x61)), i8x16.splat(25));
  const digits = i8x16.le_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(9));
  const others = i8x16.eq(bytes, i8x16.splat(0x5f));
  return <u64>i8x16.bitmask(v128.or(v128.or(letters, digits), others));
}

function wordBits(at: usize): u64 {
  return wordBits16(at) | (wordBits16(at + 16) << 16) | (wordBits16(at + 32) << 32) | (wordBits16(at + 48) << 48);
}

function highBits(at: usize): bool {
  const all = v128.or(v128.or(v128.load(at), v128.load(at + 16)), v128.or(v128.load(at + 32), v128.load(at + 48)));
  return i8x16.bitmask(all) != 0;
}

/** Bits of the bytes of a word beyond ASCII. A character that begins in the stretch before is looked at from its first byte. */
function wideBits(from: usize, text: usize, table: usize): u64 {
  let at = from;
  while (at > text && from - at < 3 && (load<u8>(at) & 0xc0) == 0x80) at--;
  let bits: u64 = 0;
  const end = from + 64;
  while (at < end) {
    const first = <u32>load<u8>(at);
    const length: usize = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (length > 1) {
      let point = first & ((<u32>0x7f) >> (<u32>length));
      for (let next: usize = 1; next < length; next++) point = (point << 6) | ((<u32>load<u8>(at + next)) & 0x3f);
      if ((load<u8>(table + (point >> 3)) >> (<u8>(point & 7))) & 1)
        for (let next: usize = 0; next < length; next++) {
          const place = at + next;
          if (place >= from && place < end) bits |= (1 as u64) << ((place - from) as u64);
        }
    }
    at += length;
  }
  return bits;
}

/**
 * Marks where words are: a bit for each byte, from `marks` on, one stretch of 64 bytes more than the text has. Returns the number of words.
 * `table` holds a bit for each code point beyond ASCII that belongs to words; 0: the text is ASCII.
 */
export function markWords(text: usize, length: usize, marks: usize, table: usize): i32 {
  let words: u64 = 0;
  let before: u64 = 0;
  for (let at: usize = 0; at <= length; at += 64) {
    let bits = wordBits(text + at);
    if (table != 0 && highBits(text + at)) bits |= wideBits(text + at, text, table);
    store<u64>(marks + (at >> 3), bits);
    words += popcnt<u64>(bits & ~((bits << 1) | before));
    before = bits >> 63;
  }
  return <i32>words;
}

const wordSeed: u64 = 0x9e3779b97f4a7c15;
const wordFactor: u64 = 0xd6e8feb86659fd93;
const wordFactor2: u64 = 0xa0761d6478bd642f;
const base: u64 = 0x2545f4914f6cdd1d;

function hashOf(from: usize, to: usize): u64 {
  let length = to - from;
  let hash = wordSeed ^ (<u64>length);
  let at = from;
  while (length > 8) {
    hash = (hash ^ load<u64>(at)) * wordFactor;
    hash ^= hash >> 32;
    at += 8;
    length -= 8;
  }
  hash = (hash ^ (load<u64>(at) & ((<u64>-1) >> ((<u64>(8 - length)) << 3)))) * wordFactor;
  hash = (hash ^ (hash >> 32)) * wordFactor2;
  return hash ^ (hash >> 29);
}

/** 64-bit hashes of the marked words, from `hashes` on. Returns an order-sensitive fingerprint of them. */
export function hashWords(text: usize, length: usize, marks: usize, hashes: usize): u64 {
  let out = hashes;
  let before: u64 = 0;
  let start: usize = 0;
  let print: u64 = 0;
  for (let at: usize = 0; at <= length; at += 64) {
    const bits = load<u64>(marks + (at >> 3));
    let edges = bits ^ ((bits << 1) | before);
    // Inside a word from here on, or not.
    let inside = before;
    while (edges != 0) {
      const place = text + at + <usize>ctz<u64>(edges);
      edges &= edges - 1;
      if (inside != 0) {
        const hash = hashOf(start, place);
        store<u64>(out, hash);
        print = print * base + hash;
        out += 8;
      }
      start = place;
      inside ^= 1;
    }
    before = bits >> 63;
  }
  return print;
}

function finish(hash: u64): u64 {
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
  return hash ^ (hash >> 33);
}

/**
 * Hashes of runs of `width` of the words, each kept once, in the order of their first occurrence: two columns of 32 bits.
 * `places` is a table of `mask + 1` words of 32 bits, at least twice as many as there are words. Returns how many are kept.
 */
export function rollShingles(hashes: usize, words: u32, width: u32, places: usize, mask: u32, high: usize, low: usize): u32 {
  memory.fill(places, 0, (<usize>mask + 1) << 2);
  let lead: u64 = 1;
  for (let step: u32 = 0; step < width; step++) lead *= base;
  let sum: u64 = 0;
  let count: u32 = 0;
  for (let word: u32 = 0; word < words; word++) {
    sum = sum * base + load<u64>(hashes + ((<usize>word) << 3));
    if (word >= width) sum -= load<u64>(hashes + ((<usize>(word - width)) << 3)) * lead;
    if (word + 1 < width) continue;
    const hash = finish(sum ^ (<u64>width));
    const lowHash = <u32>hash;
    const highHash = <u32>(hash >> 32);
    let place = lowHash & mask;
    let entry = load<u32>(places + ((<usize>place) << 2));
    while (
      entry != 0 &&
      (load<u32>(low + ((<usize>(entry - 1)) << 2)) != lowHash || load<u32>(high + ((<usize>(entry - 1)) << 2)) != highHash)
    ) {
      place = (place + 1) & mask;
      entry = load<u32>(places + ((<usize>place) << 2));
    }
    if (entry != 0) continue;
    store<u32>(high + ((<usize>count) << 2), highHash);
    store<u32>(low + ((<usize>count) << 2), lowHash);
    store<u32>(places + ((<usize>place) << 2), ++count);
  }
  return count;
}

/** How many bytes the text has as a JSON string literal. `escapes` holds 8 bytes for each ASCII byte: what is written for it, and in the last one its length. */
export function jsonLength(text: usize, length: usize, escapes: usize): usize {
  let more: usize = 2;
  for (let at: usize = 0; at < length; at += 16) {
    let bits = specials(text + at);
    while (bits != 0) {
      const place = at + <usize>ctz<u32>(bits);
      bits &= bits - 1;
      if (place < length) more += <usize>load<u8>(escapes + ((<usize>load<u8>(text + place)) << 3) + 7) - 1;
    }
  }
  return length + more;
}

function specials(at: usize): u32 {
  const bytes = v128.load(at);
  const controls = i8x16.lt_u(bytes, i8x16.splat(0x20));
  const quotes = v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c)));
  return <u32>i8x16.bitmask(v128.or(controls, quotes));
}

/** Writes the text as a JSON string literal; returns its length. Up to 16 bytes behind it are overwritten. */
export function writeJson(text: usize, length: usize, escapes: usize, out: usize): usize {
  let to = out;
  store<u8>(to++, 0x22);
  let at = text;
  const end = text + length;
  while (at < end) {
    v128.store(to, v128.load(at));
    const bits = specials(at);
    const plain = bits == 0 ? <usize>16 : <usize>ctz<u32>(bits);
    at += plain;
    to += plain;
    if (at >= end) {
      to -= at - end;
      break;
    }
    if (bits == 0) continue;
    const escape = escapes + ((<usize>load<u8>(at++)) << 3);
    store<u64>(to, load<u64>(escape));
    to += <usize>load<u8>(escape + 7);
  }
  store<u8>(to++, 0x22);
  return to - out;
}

/** Places in `out`: letters, digits, white space, words, numbers, lines ended, longest line, characters in long lines, start of the last line, runs. */
function put(out: usize, field: usize, value: u64): void {
  store<u32>(out + (field << 2), <u32>value);
}

/**
 * Counts of an ASCII text into ten words of 32 bits at `out`; behind them, an index into each run of at least 40 of `[A-Za-z0-9+/=]`.
 * A line of more than `longLine` bytes is long; what follows the last line end is left to the caller.
 */
export function measure(text: usize, length: usize, longLine: u32, out: usize): void {
  let letters: u64 = 0,
    digits: u64 = 0,
    spaces: u64 = 0,
    words: u64 = 0,
    numbers: u64 = 0,
    lines: u64 = 0,
    inLong: u64 = 0;
  let longest: u32 = 0,
    lineStart: u32 = 0,
    runs: usize = 0;
  let before: u64 = 0,
    run: u64 = 0;
  for (let at: usize = 0; at <= length; at += 64) {
    let letter: u64 = 0,
      digit: u64 = 0,
      space: u64 = 0,
      word: u64 = 0,
      encoded: u64 = 0,
      newline: u64 = 0;
    for (let part: usize = 0; part < 64; part += 16) {
      const bytes = v128.load(text + at + part);
      const isLetter = between(v128.or(bytes, i8x16.splat(0x20)), 0x61, 25);
      const isDigit = between(bytes, 0x30, 9);
      const alike = v128.or(isLetter, isDigit);
      const signs = v128.or(
        i8x16.eq(bytes, i8x16.splat(0x2b)),
        v128.or(i8x16.eq(bytes, i8x16.splat(0x2f)), i8x16.eq(bytes, i8x16.splat(0x3d))),
      );
      const shift = <u64>part;
      letter |= (<u64>i8x16.bitmask(isLetter)) << shift;
      digit |= (<u64>i8x16.bitmask(isDigit)) << shift;
      space |= (<u64>i8x16.bitmask(v128.or(between(bytes, 9, 4), i8x16.eq(bytes, i8x16.splat(0x20))))) << shift;
      word |= (<u64>i8x16.bitmask(v128.or(alike, i8x16.eq(bytes, i8x16.splat(0x5f))))) << shift;
      encoded |= (<u64>i8x16.bitmask(v128.or(alike, signs))) << shift;
      newline |= (<u64>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(10)))) << shift;
    }
    const starts = word & ~((word << 1) | before);
    before = word >> 63;
    letters += popcnt<u64>(letter);
    digits += popcnt<u64>(digit);
    spaces += popcnt<u64>(space);
    words += popcnt<u64>(starts);
    numbers += popcnt<u64>(starts & digit);
    lines += popcnt<u64>(newline);
    while (newline != 0) {
      const end = <u32>at + <u32>ctz<u64>(newline);
      newline &= newline - 1;
      const line = end - lineStart;
      lineStart = end + 1;
      if (line > longest) longest = line;
      if (line > longLine) inLong += line;
    }
    if (encoded == <u64>-1) {
      run += 64;
      continue;
    }
    const lead = ctz<u64>(~encoded);
    if (run + lead >= 40) put(out, 10 + runs++, <u64>at + lead - 1);
    run = clz<u64>(~encoded);
    // What neither begins with the stretch nor ends with it.
    let inner = (encoded >> lead) << lead;
    if (run > 0) inner = (inner << run) >> run;
    inner &= inner >> 1;
    inner &= inner >> 2;
    inner &= inner >> 4;
    inner &= inner >> 8;
    inner &= inner >> 16;
    inner &= inner >> 8;
    if (inner != 0) put(out, 10 + runs++, <u64>at + ctz<u64>(inner));
  }
  put(out, 0, letters);
  put(out, 1, digits);
  put(out, 2, spaces);
  put(out, 3, words);
  put(out, 4, numbers);
  put(out, 5, lines);
  put(out, 6, longest);
  put(out, 7, inLong);
  put(out, 8, lineStart);
  put(out, 9, runs);
}

/**
 * Places from `from` to `end` whose last three bytes are looked for: `classes` gives 5 bits for each byte, `lists` a number of 16 bits for
 * each three of them, 0 for those that nobody looks for; before the text stands class 31. Writes pairs (place of the last byte, number)
 * of 32 bits; returns how many.
 */
export function findWindows(text: usize, from: usize, end: usize, classes: usize, lists: usize, out: usize): u32 {
  let to = out;
  let window: u32 = 0x7fff;
  for (let at: usize = from > 2 ? from - 2 : 0; at < end; at++) {
    window = ((window << 5) | (<u32>load<u8>(classes + <usize>load<u8>(text + at)))) & 0x7fff;
    const list = <u32>load<u16>(lists + ((<usize>window) << 1));
    if (list == 0 || at < from) continue;
    store<u32>(to, <u32>at);
    store<u32>(to, list, 4);
    to += 8;
  }
  return <u32>((to - out) >> 3);
}
