import { packedClasses, type UnicodeClassName } from "./unicode-data";

/** Half-open code point range. */
export type CodePointRange = readonly [start: number, end: number];

const rangesByName = new Map<string, readonly CodePointRange[]>();

const letterClasses = ["Lu", "Ll", "Lt", "Lm", "Lo"] as const satisfies readonly UnicodeClassName[];

/** Classes that are made of others. */
const unions = {
  L: letterClasses,
  M: ["Mn", "Mc", "Me"],
  N: ["Nd", "Nl", "No"],
  P: ["Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"],
  S: ["Sm", "Sc", "Sk", "So"],
  Z: ["Zs", "Zl", "Zp"],
} as const satisfies Readonly<Record<string, readonly UnicodeClassName[]>>;

type UnionName = keyof typeof unions;

/** The code points of a class, in order, disjoint. */
export function classRanges(name: UnicodeClassName | UnionName): readonly CodePointRange[] {
  const known = rangesByName.get(name);
  if (known) return known;
  const ranges = Object.hasOwn(unions, name)
    ? joinRanges(unions[name as UnionName].flatMap((part) => classRanges(part)))
    : unpackRanges(packedClasses[name as UnicodeClassName]);
  rangesByName.set(name, ranges);
  return ranges;
}

/** Ranges as scripts/unicode-data.mjs packs them. */
export function unpackRanges(packed: string): CodePointRange[] {
  const ranges: CodePointRange[] = [];
  let position = 0;
  for (const entry of packed.split(" ")) {
    const [gap, length] = entry.split(",");
    const start = position + parseInt(gap!, 36);
    position = start + (length === undefined ? 1 : parseInt(length, 36));
    ranges.push([start, position]);
  }
  return ranges;
}

function joinRanges(ranges: readonly CodePointRange[]): CodePointRange[] {
  const joined: CodePointRange[] = [];
  for (const range of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last && range[0] <= last[1]) joined[joined.length - 1] = [last[0], Math.max(last[1], range[1])];
    else joined.push(range);
  }
  return joined;
}

const sets = new Map<string, Uint8Array>();

/** Membership of a class, by a bitmap that is built on first use. */
export function classSet(name: UnicodeClassName): (point: number) => boolean {
  let bitmap = sets.get(name);
  if (!bitmap) {
    bitmap = new Uint8Array(0x110000 / 8);
    for (const [start, end] of classRanges(name)) for (let point = start; point < end; point++) bitmap[point >> 3]! |= 1 << (point & 7);
    sets.set(name, bitmap);
  }
  const bits = bitmap;
  return (point) => (bits[point >> 3]! & (1 << (point & 7))) !== 0;
}

/** What the scanners ask of a code point; several bits may be set. */
export const charBits = { letter: 1, number: 2, space: 4, newline: 8, numeric: 16, punctuation: 32, word: 64 } as const;

let bits: Uint8Array | undefined;

function mark(table: Uint8Array, name: UnicodeClassName | UnionName, bit: number): void {
  for (const [start, end] of classRanges(name)) {
    for (let point = start; point < end; point++) table[point]! |= bit;
  }
}

/** One byte of `charBits` per code point; built on first use. Surrogates have no bit, like the U+FFFD that they are encoded as. */
export function charBitTable(): Uint8Array {
  if (bits) return bits;
  const table = new Uint8Array(0x110000);
  for (const name of letterClasses) mark(table, name, charBits.letter);
  mark(table, "N", charBits.number);
  mark(table, "White_Space", charBits.space);
  mark(table, "Numeric", charBits.numeric);
  mark(table, "Punctuation", charBits.punctuation);
  mark(table, "Word", charBits.word);
  table[0x0a]! |= charBits.newline;
  table[0x0d]! |= charBits.newline;
  bits = table;
  return table;
}

/** Code point at a UTF-16 index, never reading at or beyond `end`. */
export function codePointAt(text: string, index: number, end: number): number {
  const high = text.charCodeAt(index);
  if ((high & 0xfc00) !== 0xd800 || index + 1 >= end) return high;
  const low = text.charCodeAt(index + 1);
  return (low & 0xfc00) === 0xdc00 ? ((high - 0xd800) << 10) + (low - 0xdc00) + 0x10000 : high;
}

/** Code point that ends before a UTF-16 index, never reading before `start`. */
export function codePointBefore(text: string, index: number, start: number): number {
  const low = text.charCodeAt(index - 1);
  if ((low & 0xfc00) !== 0xdc00 || index - 2 < start) return low;
  const high = text.charCodeAt(index - 2);
  return (high & 0xfc00) === 0xd800 ? ((high - 0xd800) << 10) + (low - 0xdc00) + 0x10000 : low;
}
