import { classRanges, type CodePointRange } from "./unicode-classes";

const categories = ["L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe"] as const;
const moreCategories = ["Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "Cc", "Cf"] as const;
const scripts = ["Han", "Hiragana", "Katakana", "Hangul", "Latin", "Greek", "Cyrillic", "Arabic", "Hebrew", "Thai", "Devanagari"] as const;

const patternClasses = new Map<string, Parameters<typeof classRanges>[0]>([
  ...[...categories, ...moreCategories, ...scripts].map((name) => [name, name] as const),
  ["s", "White_Space"],
  ["White_Space", "White_Space"],
  ["d", "Nd"],
  ["w", "RegexWord"],
]);

/** The class tables that `\p{…}` and `\s`, `\d`, `\w` may name; undefined for another name. */
export function patternClass(name: string): readonly CodePointRange[] | undefined {
  const known = patternClasses.get(name);
  return known === undefined ? undefined : classRanges(known);
}

/** Ordered, disjoint, touching ranges joined. */
export function mergeRanges(ranges: readonly CodePointRange[]): CodePointRange[] {
  const merged: CodePointRange[] = [];
  for (const range of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && range[0] <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], range[1])];
    else merged.push(range);
  }
  return merged;
}

/** All other code points. @param ranges ordered and disjoint. */
export function complement(ranges: readonly CodePointRange[]): CodePointRange[] {
  const out: CodePointRange[] = [];
  let position = 0;
  for (const [start, end] of ranges) {
    if (start > position) out.push([position, start]);
    position = end;
  }
  if (position < 0x110000) out.push([position, 0x110000]);
  return out;
}

/** Code points that no set of a pattern tells apart, as one number each. */
export interface Alphabet {
  /** Class by code point. */
  readonly classOf: Uint8Array;
  /** Number of classes; the class `size` stands for the end of the text. */
  readonly size: number;
  /** For each set, whether a class belongs to it; one entry more, 0, for the end of the text. */
  readonly members: readonly Uint8Array[];
}

/** @returns undefined when the sets tell more than 255 classes apart. */
export function alphabetOf(sets: readonly (readonly CodePointRange[])[]): Alphabet | undefined {
  const toggles = sets.flatMap((ranges, set) => ranges.flatMap(([start, end]) => [[start, set] as const, [end, set] as const]));
  toggles.sort((a, b) => a[0] - b[0]);
  const classOf = new Uint8Array(0x110000);
  const inside = new Uint8Array(sets.length);
  /** The sets that the current code point is in, 32 to a number: tables of classes have thousands of ranges. */
  const masks = new Int32Array(Math.ceil(sets.length / 32));
  const known = new Map<number | string, number>();
  const signatures: Uint8Array[] = [];
  for (let i = 0, start = 0; start < 0x110000;) {
    for (; i < toggles.length && toggles[i]![0] === start; i++) {
      const set = toggles[i]![1];
      inside[set]! ^= 1;
      masks[set >> 5]! ^= 1 << (set & 31);
    }
    const end = i < toggles.length ? toggles[i]![0] : 0x110000;
    const key = masks.length === 1 ? masks[0]! : masks.join();
    let id = known.get(key);
    if (id === undefined) {
      id = signatures.push(inside.slice()) - 1;
      if (id > 254) return undefined;
      known.set(key, id);
    }
    if (id > 0) classOf.fill(id, start, end);
    start = end;
  }
  const size = signatures.length;
  return { classOf, size, members: sets.map((_, set) => Uint8Array.from([...signatures.map((signature) => signature[set]!), 0])) };
}
