import { assignCodes, codeRoom, longestCode, makeCodes, reversed } from "./prefix-codes";
import { setWeight, weight } from "./words";

/**
 * Raw deflate (RFC 1951) of one text at a time, for speed: greedy matches of at least four bytes, found through a table of two places for
 * each hash. The bytes that come out depend on the text alone, and end at a byte, so that outputs can stand behind one another.
 */

const window: u32 = 32768;
const shortestMatch: u32 = 4;
const longestMatch: u32 = 258;
/** With one of so many bytes the second place is not looked at. */
const goodMatch: u32 = 8;
const hashBits: u32 = 14;
const blockTokens: usize = 16384;
const longestHeaderCode: u32 = 7;

/** Where everything stands, from `work` on; `deflateRoom` bytes in all, zero at first. */
const tableBytes: usize = 8 << hashBits;
const tokensAt: usize = tableBytes;
const literalsAt: usize = tokensAt + (blockTokens << 2);
const distancesAt: usize = literalsAt + 288 * 4;
const headerAt: usize = distancesAt + 32 * 4;
const literalCodesAt: usize = headerAt + 32 * 4;
const distanceCodesAt: usize = literalCodesAt + 288 * 4;
const headerCodesAt: usize = distanceCodesAt + 32 * 4;
const codeRoomAt: usize = headerCodesAt + 32 * 4;
const lengthsAt: usize = codeRoomAt + codeRoom;
const runsAt: usize = lengthsAt + 320 * 4;
const positionAt: usize = runsAt + 320 * 4;

/** Bits that wait to be written. */
let bits: u64 = 0;
let bitCount: u64 = 0;
let out: usize = 0;

function put(value: u64, count: u64): void {
  bits |= value << bitCount;
  bitCount += count;
}

/** At most 7 bits wait behind it. */
function flush(): void {
  store<u64>(out, bits);
  const bytes = bitCount >> 3;
  out += <usize>bytes;
  // A shift by 64 would be one by 0.
  bits = bytes == 8 ? 0 : bits >> (bytes << 3);
  bitCount &= 7;
}

function toByte(): void {
  bitCount = (bitCount + 7) & ~7;
  flush();
}

/** The codes of a block without a table (RFC 1951, 3.2.6). */
function fixedCodes(work: usize): void {
  const codes = work + literalCodesAt;
  const counts = work + codeRoomAt;
  memory.fill(counts, 0, 64 * 4);
  setWeight(counts, 7, 24);
  setWeight(counts, 8, 152);
  setWeight(counts, 9, 112);
  for (let symbol: u32 = 0; symbol < 288; symbol++)
    setWeight(codes, symbol, (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8) << 16);
  assignCodes(codes, 288, counts);
  for (let symbol: u32 = 0; symbol < 32; symbol++) setWeight(work + distanceCodesAt, symbol, (5 << 16) | reversed(symbol, 5));
}

/** Bits of all symbols with these codes, without what stands behind them. */
function bitsOf(frequencies: usize, codes: usize, symbols: u32): u32 {
  let sum: u32 = 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) sum += weight(frequencies, symbol) * (weight(codes, symbol) >> 16);
  return sum;
}

function fixedBits(frequencies: usize): u32 {
  let sum: u32 = 0;
  for (let symbol: u32 = 0; symbol < 286; symbol++)
    sum += weight(frequencies, symbol) * (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8);
  return sum;
}

/** Bits behind the codes of lengths and distances. */
function extraBits(work: usize): u32 {
  let sum: u32 = 0;
  for (let symbol: u32 = 265; symbol < 285; symbol++) sum += weight(work + literalsAt, symbol) * ((symbol - 261) >> 2);
  for (let symbol: u32 = 4; symbol < 30; symbol++) sum += weight(work + distancesAt, symbol) * ((symbol >> 1) - 1);
  return sum;
}

/** Symbols up to the last one that has a code, `fewest` at least. */
function lastUsed(codes: usize, symbols: u32, fewest: u32): u32 {
  while (symbols > fewest && weight(codes, symbols - 1) == 0) symbols--;
  return symbols;
}

function addRun(work: usize, count: u32, symbol: u32, extra: u32): u32 {
  setWeight(work + runsAt, count, symbol | (extra << 8));
  setWeight(work + headerAt, symbol, weight(work + headerAt, symbol) + 1);
  return count + 1;
}

/** The lengths of both codes as symbols of the header: runs, from `runsAt` on. Returns how many. */
function headerRuns(work: usize, literals: u32, distances: u32): u32 {
  const lengths = work + lengthsAt;
  for (let at: u32 = 0; at < literals; at++) setWeight(lengths, at, weight(work + literalCodesAt, at) >> 16);
  for (let at: u32 = 0; at < distances; at++) setWeight(lengths, literals + at, weight(work + distanceCodesAt, at) >> 16);
  memory.fill(work + headerAt, 0, 32 * 4);
  const all = literals + distances;
  let count: u32 = 0;
  for (let at: u32 = 0; at < all;) {
    const length = weight(lengths, at);
    let run: u32 = 1;
    while (at + run < all && weight(lengths, at + run) == length) run++;
    at += run;
    if (length == 0) {
      for (; run >= 11; run -= min<u32>(run, 138)) count = addRun(work, count, 18, min<u32>(run, 138) - 11);
      if (run >= 3) {
        count = addRun(work, count, 17, run - 3);
        run = 0;
      }
    } else {
      count = addRun(work, count, length, 0);
      run--;
      for (; run >= 3; run -= min<u32>(run, 6)) count = addRun(work, count, 16, min<u32>(run, 6) - 3);
    }
    for (; run > 0; run--) count = addRun(work, count, length, 0);
  }
  return count;
}

/** In this order the header tells the lengths of its own code (RFC 1951, 3.2.7): 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1 15. */
function headerOrder(at: u32): u32 {
  if (at < 3) return 16 + at;
  if (at == 3) return 0;
  return (at & 1) == 0 ? 8 + ((at - 4) >> 1) : 7 - ((at - 5) >> 1);
}

function runExtraBits(symbol: u32): u32 {
  return symbol == 16 ? 2 : symbol == 17 ? 3 : symbol == 18 ? 7 : 0;
}

function putHeader(work: usize, literals: u32, distances: u32, orders: u32, runs: u32): void {
  put((<u64>(literals - 257)) | ((<u64>(distances - 1)) << 5) | ((<u64>(orders - 4)) << 10), 14);
  flush();
  for (let at: u32 = 0; at < orders; at++) {
    put(<u64>(weight(work + headerCodesAt, headerOrder(at)) >> 16), 3);
    flush();
  }
  for (let at: u32 = 0; at < runs; at++) {
    const run = weight(work + runsAt, at);
    const symbol = run & 255;
    const code = weight(work + headerCodesAt, symbol);
    put(<u64>(code & 0xffff), <u64>(code >> 16));
    put(<u64>(run >> 8), <u64>runExtraBits(symbol));
    flush();
  }
}

function lengthSymbol(more: u32): u32 {
  if (more < 8) return 257 + more;
  if (more == 255) return 285;
  const extra = 29 - clz<u32>(more);
  return 261 + 4 * extra + ((more >> extra) & 3);
}

function distanceSymbol(less: u32): u32 {
  if (less < 4) return less;
  const extra = 30 - clz<u32>(less);
  return 2 * extra + 2 + ((less >> extra) & 1);
}

function putTokens(work: usize, tokens: usize, count: usize): void {
  const literalCodes = work + literalCodesAt;
  const distanceCodes = work + distanceCodesAt;
  for (let at: usize = 0; at < count; at++) {
    const token = load<u32>(tokens + (at << 2));
    if ((token & 0x80000000) == 0) {
      const code = load<u32>(literalCodes + ((<usize>token) << 2));
      put(<u64>(code & 0xffff), <u64>(code >> 16));
      if (bitCount > 40) flush();
      continue;
    }
    flush();
    const more = token & 255;
    const less = (token >> 8) & 0x7fff;
    const symbol = lengthSymbol(more);
    const code = load<u32>(literalCodes + ((<usize>symbol) << 2));
    put(<u64>(code & 0xffff), <u64>(code >> 16));
    if (symbol >= 265 && symbol < 285) {
      const extra = (symbol - 261) >> 2;
      put(<u64>(more & (((1 as u32) << extra) - 1)), <u64>extra);
    }
    const distance = distanceSymbol(less);
    const distanceCode = load<u32>(distanceCodes + ((<usize>distance) << 2));
    put(<u64>(distanceCode & 0xffff), <u64>(distanceCode >> 16));
    if (distance >= 4) {
      const extra = (distance >> 1) - 1;
      put(<u64>(less & (((1 as u32) << extra) - 1)), <u64>extra);
    }
    flush();
  }
  const end = load<u32>(literalCodes + 256 * 4);
  flush();
  put(<u64>(end & 0xffff), <u64>(end >> 16));
  flush();
}

function putStored(from: usize, length: usize): void {
  put(0, 3);
  toByte();
  store<u16>(out, <u16>length);
  store<u16>(out, <u16>~length, 2);
  memory.copy(out + 4, from, length);
  out += 4 + length;
}

/** Writes a block of the tokens in whichever way takes the fewest bits; `from` and `length` are the bytes that they stand for. */
function putBlock(work: usize, count: usize, from: usize, length: usize): void {
  const literals = work + literalsAt;
  const distances = work + distancesAt;
  setWeight(literals, 256, 1);
  makeCodes(work + codeRoomAt, literals, 286, longestCode, work + literalCodesAt);
  makeCodes(work + codeRoomAt, distances, 30, longestCode, work + distanceCodesAt);
  const literalCount = lastUsed(work + literalCodesAt, 286, 257);
  const distanceCount = lastUsed(work + distanceCodesAt, 30, 1);
  const runs = headerRuns(work, literalCount, distanceCount);
  makeCodes(work + codeRoomAt, work + headerAt, 19, longestHeaderCode, work + headerCodesAt);
  let orders: u32 = 19;
  while (orders > 4 && weight(work + headerCodesAt, headerOrder(orders - 1)) == 0) orders--;
  const extra = extraBits(work);
  let dynamic = extra + 14 + 3 * orders + bitsOf(work + headerAt, work + headerCodesAt, 19);
  for (let symbol: u32 = 16; symbol < 19; symbol++) dynamic += weight(work + headerAt, symbol) * runExtraBits(symbol);
  dynamic += bitsOf(literals, work + literalCodesAt, 286) + bitsOf(distances, work + distanceCodesAt, 30);
  let fixed = extra + fixedBits(literals);
  for (let symbol: u32 = 0; symbol < 30; symbol++) fixed += 5 * weight(distances, symbol);
  if (length < 65536 && <u32>((length + 4) << 3) + 7 < min(fixed, dynamic)) putStored(from, length);
  else if (fixed <= dynamic) {
    put(1 << 1, 3);
    fixedCodes(work);
    putTokens(work, work + tokensAt, count);
  } else {
    put(2 << 1, 3);
    putHeader(work, literalCount, distanceCount, orders, runs);
    putTokens(work, work + tokensAt, count);
  }
  memory.fill(literals, 0, 288 * 4);
  memory.fill(distances, 0, 32 * 4);
}

function matchLength(at: usize, before: usize, most: u32): u32 {
  let length: u32 = 4;
  while (length < most) {
    const unlike = load<u64>(at + <usize>length) ^ load<u64>(before + <usize>length);
    if (unlike != 0) return min(most, length + ((<u32>ctz<u64>(unlike)) >> 3));
    length += 8;
  }
  return most;
}

function placeOf(four: u32): usize {
  return (<usize>((four * 0x9e3779b1) >> (32 - hashBits))) << 3;
}

/** Compresses `length` bytes; returns how many were written to `to`. `work` is `deflateRoom` bytes that are kept from call to call. */
export function deflate(text: usize, length: usize, work: usize, to: usize): usize {
  out = to;
  bits = bitCount = 0;
  // Places of earlier texts stay in the table, below `base`.
  let base = load<u32>(work + positionAt);
  if (base == 0 || base > 0x7fffffff - <u32>length) {
    memory.fill(work, 0, tableBytes);
    base = 1;
  }
  store<u32>(work + positionAt, base + <u32>length);
  const shift = text - <usize>base;
  const end = text + length;
  const tokens = work + tokensAt;
  let count: usize = 0;
  let blockStart = text;
  let at = text;
  while (at < end) {
    if (count == blockTokens) {
      putBlock(work, count, blockStart, at - blockStart);
      blockStart = at;
      count = 0;
    }
    let best: u32 = 0;
    let distance: u32 = 0;
    if (at + 4 <= end) {
      const four = load<u32>(at);
      const place = work + placeOf(four);
      const here = <u32>(at - shift);
      const near = load<u32>(place);
      const far = load<u32>(place, 4);
      store<u32>(place, here);
      store<u32>(place, near, 4);
      const most = <u32>min<usize>(longestMatch, end - at);
      if (near >= base && here - near <= window && load<u32>(shift + <usize>near) == four) {
        best = matchLength(at, shift + <usize>near, most);
        distance = here - near;
      }
      if (far >= base && here - far <= window && best < goodMatch && load<u32>(shift + <usize>far) == four) {
        const other = matchLength(at, shift + <usize>far, most);
        if (other > best) {
          best = other;
          distance = here - far;
        }
      }
    }
    if (best < shortestMatch) {
      const byte = <u32>load<u8>(at++);
      store<u32>(tokens + (count++ << 2), byte);
      const place = work + literalsAt + ((<usize>byte) << 2);
      store<u32>(place, load<u32>(place) + 1);
      continue;
    }
    store<u32>(tokens + (count++ << 2), 0x80000000 | ((distance - 1) << 8) | (best - 3));
    const lengthPlace = work + literalsAt + ((<usize>lengthSymbol(best - 3)) << 2);
    store<u32>(lengthPlace, load<u32>(lengthPlace) + 1);
    const distancePlace = work + distancesAt + ((<usize>distanceSymbol(distance - 1)) << 2);
    store<u32>(distancePlace, load<u32>(distancePlace) + 1);
    const next = at + <usize>best;
    const last = min(next, end - 3);
    // Every second place inside a match is enough to find what comes again.
    for (at++; at < last; at += 2) {
      const place = work + placeOf(load<u32>(at));
      store<u32>(place, load<u32>(place), 4);
      store<u32>(place, <u32>(at - shift));
    }
    at = next;
  }
  if (count > 0) putBlock(work, count, blockStart, end - blockStart);
  if (bitCount > 0) putStored(end, 0);
  return out - to;
}
