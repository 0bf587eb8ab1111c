import { packedCombining, packedExclusions, packedMappings, packedScripts } from "./unicode-mappings";
import { unpackRanges } from "./unicode-classes";

/** What a code point falls apart into, by code point. */
export type CodePointMapping = ReadonlyMap<number, readonly number[]>;

const hangul = { syllable: 0xac00, lead: 0x1100, vowel: 0x1161, tail: 0x11a7, vowels: 21, tails: 28, syllables: 11172 } as const;

const mappings = new Map<keyof typeof packedMappings, CodePointMapping>();

/** Canonical or compatibility decompositions (full; the latter only where they differ from the former), or lower case. */
export function mappingOf(name: keyof typeof packedMappings): CodePointMapping {
  const known = mappings.get(name);
  if (known) return known;
  const mapping = new Map<number, readonly number[]>();
  let position = 0;
  for (const entry of packedMappings[name].split(" ")) position = unpackEntry(entry, position, mapping);
  mappings.set(name, mapping);
  return mapping;
}

function unpackEntry(entry: string, position: number, mapping: Map<number, readonly number[]>): number {
  const numbers = entry.split(/[:,]/).map((part) => parseInt(part, 36));
  const first = position + numbers[0]!;
  if (!entry.includes(":")) {
    mapping.set(first, numbers.slice(1));
    return first;
  }
  const [, length, step, target] = numbers as [number, number, number, number];
  for (let i = 0; i < length; i++) mapping.set(first + i * step, [target + i * step]);
  return first + (length - 1) * step;
}

/** Appends the full decomposition of a code point. */
export function decompose(point: number, compatible: boolean, out: number[]): void {
  const syllable = point - hangul.syllable;
  if (syllable >= 0 && syllable < hangul.syllables) {
    const block = hangul.vowels * hangul.tails;
    out.push(hangul.lead + Math.floor(syllable / block), hangul.vowel + Math.floor((syllable % block) / hangul.tails));
    if (syllable % hangul.tails > 0) out.push(hangul.tail + (syllable % hangul.tails));
    return;
  }
  const parts = (compatible ? mappingOf("compatible").get(point) : undefined) ?? mappingOf("canonical").get(point);
  if (parts) out.push(...parts);
  else out.push(point);
}

let ranks: Uint8Array | undefined;

/** 0 for a starter, else the rank of the combining class: only the order of the classes matters. */
export function combiningRanks(): Uint8Array {
  return (ranks ??= numbered(packedCombining));
}

let scripts: Uint8Array | undefined;

/** By code point a number for what UnicodeScripts keeps together; 0 for what it passes over. */
export function scriptGroups(): Uint8Array {
  return (scripts ??= numbered(packedScripts));
}

/** By code point the number, from 1, of the ranges that it is in. */
function numbered(groups: readonly string[]): Uint8Array {
  const table = new Uint8Array(0x110000);
  for (const [index, packed] of groups.entries()) for (const [start, end] of unpackRanges(packed)) table.fill(index + 1, start, end);
  return table;
}

let composed: ReadonlyMap<number, number> | undefined;

/** Key of a pair of code points. */
const pairKey = (first: number, second: number): number => first * 0x110000 + second;

/**
 * Pairs that compose. The last step of a composition takes all parts of the full decomposition but the last as one
 * character already: that character is found by composing those parts first.
 */
function compositions(): ReadonlyMap<number, number> {
  if (composed) return composed;
  const excluded = new Set(
    unpackRanges(packedExclusions).flatMap(([start, end]) => Array.from({ length: end - start }, (_, i) => start + i)),
  );
  const pairs = new Map<number, number>();
  const candidates = [...mappingOf("canonical")].filter(([point]) => !excluded.has(point)).sort((a, b) => a[1].length - b[1].length);
  for (const [point, parts] of candidates) {
    const first = parts.slice(1, -1).reduce((left, part) => pairs.get(pairKey(left, part)) ?? -1, parts[0]!);
    pairs.set(pairKey(first, parts.at(-1)!), point);
  }
  composed = pairs;
  return pairs;
}

/** The character that two compose to, or -1. */
export function compose(first: number, second: number): number {
  const lead = first - hangul.lead;
  const vowel = second - hangul.vowel;
  if (lead >= 0 && lead < 19 && vowel >= 0 && vowel < hangul.vowels) return hangul.syllable + (lead * hangul.vowels + vowel) * hangul.tails;
  const syllable = first - hangul.syllable;
  const tail = second - hangul.tail;
  const open = syllable >= 0 && syllable < hangul.syllables && syllable % hangul.tails === 0;
  if (open && tail > 0 && tail < hangul.tails) return first + tail;
  return compositions().get(pairKey(first, second)) ?? -1;
}

let unstable: Uint8Array | undefined;

/**
 * 1 for every code point that form C can change or that can change what stands before it: decompositions that do not
 * compose again, combining marks, and whatever is the second of a pair. Text without one is in form C.
 */
export function unstableInFormC(): Uint8Array {
  if (unstable) return unstable;
  const table = new Uint8Array(0x110000);
  for (const packed of packedCombining) for (const [start, end] of unpackRanges(packed)) table.fill(1, start, end);
  for (const [start, end] of unpackRanges(packedExclusions)) table.fill(1, start, end);
  for (const pair of compositions().keys()) table[pair % 0x110000] = 1;
  table.fill(1, hangul.vowel, hangul.vowel + hangul.vowels);
  table.fill(1, hangul.tail + 1, hangul.tail + hangul.tails);
  unstable = table;
  return table;
}
