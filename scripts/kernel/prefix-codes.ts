import { setWeight, weight } from "./words";

/** Prefix codes of deflate (RFC 1951, 3.2.2), of at most 288 symbols. */

export const longestCode: u32 = 15;
/** Counts of lengths, keys, a tree. */
export const codeRoom: usize = (64 + 288 + 288) * 4;

/** Symbols with a count, rarest first, as `count << 9 | symbol`. Two of them at least. */
function sortedKeys(frequencies: usize, symbols: u32, keys: usize): u32 {
  let used: u32 = 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const count = weight(frequencies, symbol);
    if (count != 0) setWeight(keys, used++, (count << 9) | symbol);
  }
  for (let symbol: u32 = 0; used < 2; symbol++) if (weight(frequencies, symbol) == 0) setWeight(keys, used++, (1 << 9) | symbol);
  for (let gap: u32 = 57; gap > 0; gap = gap == 57 ? 23 : gap == 23 ? 10 : gap == 10 ? 4 : gap == 4 ? 1 : 0) {
    for (let at = gap; at < used; at++) {
      const key = weight(keys, at);
      let to = at;
      for (; to >= gap && weight(keys, to - gap) > key; to -= gap) setWeight(keys, to, weight(keys, to - gap));
      setWeight(keys, to, key);
    }
  }
  return used;
}

/** Lengths of an optimal prefix code in place of rising weights (Moffat and Katajainen 1995). The rarest come first and are longest. */
function optimalLengths(tree: usize, used: u32): void {
  setWeight(tree, 0, weight(tree, 0) + weight(tree, 1));
  let root: u32 = 0;
  let leaf: u32 = 2;
  for (let next: u32 = 1; next < used - 1; next++) {
    let sum: u32 = 0;
    for (let half = 0; half < 2; half++) {
      if (leaf >= used || (root < next && weight(tree, root) < weight(tree, leaf))) {
        sum += weight(tree, root);
        setWeight(tree, root++, next);
      } else sum += weight(tree, leaf++);
    }
    setWeight(tree, next, sum);
  }
  setWeight(tree, used - 2, 0);
  for (let next: i32 = <i32>used - 3; next >= 0; next--) setWeight(tree, next, weight(tree, weight(tree, next)) + 1);
  let available: u32 = 1;
  let depth: u32 = 0;
  let inner: i32 = <i32>used - 2;
  let to: i32 = <i32>used - 1;
  while (available > 0) {
    let taken: u32 = 0;
    while (inner >= 0 && weight(tree, inner) == depth) {
      taken++;
      inner--;
    }
    for (; available > taken; available--) setWeight(tree, to--, depth);
    available = 2 * taken;
    depth++;
  }
}

/** How many codes have each length, none above `limit`, in `counts`: a code that is too long takes the place of a shorter one. */
function limitLengths(tree: usize, used: u32, limit: u32, counts: usize): void {
  memory.fill(counts, 0, 64 * 4);
  for (let at: u32 = 0; at < used; at++) {
    const length = weight(tree, at);
    const place = counts + ((<usize>(length > limit ? limit : length)) << 2);
    store<u32>(place, load<u32>(place) + 1);
  }
  let total: u32 = 0;
  for (let length: u32 = 1; length <= limit; length++) total += load<u32>(counts + ((<usize>length) << 2)) << (limit - length);
  for (; total > (1 as u32) << limit; total--) {
    const last = counts + ((<usize>limit) << 2);
    store<u32>(last, load<u32>(last) - 1);
    let length = limit - 1;
    while (load<u32>(counts + ((<usize>length) << 2)) == 0) length--;
    const place = counts + ((<usize>length) << 2);
    store<u32>(place, load<u32>(place) - 1);
    store<u32>(place + 4, load<u32>(place + 4) + 2);
  }
}

export function reversed(code: u32, length: u32): u32 {
  code = ((code >> 1) & 0x5555) | ((code & 0x5555) << 1);
  code = ((code >> 2) & 0x3333) | ((code & 0x3333) << 2);
  code = ((code >> 4) & 0x0f0f) | ((code & 0x0f0f) << 4);
  code = ((code >> 8) & 0x00ff) | ((code & 0x00ff) << 8);
  return code >> (16 - length);
}

/** Turns lengths (`length << 16` for each symbol) into codes: `length << 16 | code`, the code's first bit lowest. */
export function assignCodes(codes: usize, symbols: u32, counts: usize): void {
  let code: u32 = 0;
  for (let length: u32 = 1; length <= longestCode; length++) {
    const place = counts + ((<usize>length) << 2);
    const count = load<u32>(place);
    store<u32>(place, code);
    code = (code + count) << 1;
  }
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length = load<u32>(codes + ((<usize>symbol) << 2)) >> 16;
    if (length == 0) continue;
    const place = counts + ((<usize>length) << 2);
    const next = load<u32>(place);
    store<u32>(place, next + 1);
    store<u32>(codes + ((<usize>symbol) << 2), (length << 16) | reversed(next, length));
  }
}

/** An optimal prefix code of the symbols, none longer than `limit`. `room` is `codeRoom` bytes of scratch. */
export function makeCodes(room: usize, frequencies: usize, symbols: u32, limit: u32, codes: usize): void {
  const counts = room;
  const keys = room + 64 * 4;
  const tree = keys + 288 * 4;
  const used = sortedKeys(frequencies, symbols, keys);
  for (let at: u32 = 0; at < used; at++) setWeight(tree, at, weight(keys, at) >> 9);
  optimalLengths(tree, used);
  limitLengths(tree, used, limit, counts);
  memory.fill(codes, 0, (<usize>symbols) << 2);
  let at: u32 = 0;
  for (let length = limit; length > 0; length--)
    for (let left = weight(counts, length); left > 0; left--) setWeight(codes, weight(keys, at++) & 511, length << 16);
  assignCodes(codes, symbols, counts);
}
