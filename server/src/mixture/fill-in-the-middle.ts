import { seededRandom, type Random } from "../platform/random";
import type { FillTokens } from "./model-tokens";
import type { PackingTokenizer } from "./packing-types";

export interface FillInTheMiddle {
  readonly tokens: FillTokens;
  /** Share of the fragments that are turned around. */
  readonly share: number;
  /** Of those, the share with the suffix before the prefix (SPM); the others begin with the prefix (PSM). */
  readonly suffixFirstShare: number;
  readonly seed: number;
}

/** Tokens that a turned fragment may take more than before: three marks, the end, and what the two cuts cost. */
export const fillReserve = 10;
const fewestCharacters = 40;

type Which = readonly [document: string, fragment: number];

/** Whether a fragment is to be turned around: known before its text is, so that room is left for it. */
export function isChosen(which: Which, { share, seed }: FillInTheMiddle): boolean {
  return seededRandom("fill-in-the-middle", "share", seed, ...which).float() < share;
}

/**
 * Turns a chosen fragment of a document around (Bavarian 2207.14255, at the level of the context: after cutting, so that all three parts are in
 * one row). Half of the cuts are between characters, half at line starts. The parts joined are the text again.
 * @param which names the fragment: equal names and seeds give equal cuts
 * @param capacity tokens that the result may have
 * @returns undefined for a fragment that stays as it is
 */
export function fillInTheMiddle(
  text: string,
  which: Which,
  { tokens, suffixFirstShare, seed }: FillInTheMiddle,
  tokenizer: PackingTokenizer,
  capacity: number,
): Int32Array | undefined {
  if (text.length < fewestCharacters) return undefined;
  const random = seededRandom("fill-in-the-middle", seed, ...which);
  const suffixFirst = random.float() < suffixFirstShare;
  const [start, end] = random.float() < 0.5 ? cutCharacters(text, random) : cutLines(text, random);
  const encode = (from: number, to: number): readonly number[] => [...tokenizer.encode(text.slice(from, to), { special: "ordinary" })];
  const [prefix, middle, suffix] = [encode(0, start), encode(start, end), encode(end, text.length)];
  const ids = suffixFirst
    ? [tokens.prefix.id, tokens.suffix.id, ...suffix, tokens.middle.id, ...prefix, ...middle]
    : [tokens.prefix.id, ...prefix, tokens.suffix.id, ...suffix, tokens.middle.id, ...middle];
  // The middle has an end also where the document goes on: that is what a model must know when it fills a gap.
  if (tokenizer.endOfText !== undefined) ids.push(tokenizer.endOfText);
  return ids.length > capacity ? undefined : Int32Array.from(ids);
}

/** Two different places, in order. */
function twoOf(random: Random, places: number): [number, number] {
  const one = random.int(places);
  const other = (one + 1 + random.int(places - 1)) % places;
  return one < other ? [one, other] : [other, one];
}

function cutCharacters(text: string, random: Random): [number, number] {
  const [start, end] = twoOf(random, text.length + 1);
  const from = beforePair(text, start);
  return [from, Math.max(beforePair(text, end), from)];
}

/** Not between the two halves of a character. */
function beforePair(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

function cutLines(text: string, random: Random): [number, number] {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  if (starts[starts.length - 1] !== text.length) starts.push(text.length);
  if (starts.length < 3) return cutCharacters(text, random);
  const [one, other] = twoOf(random, starts.length);
  return [starts[one]!, starts[other]!];
}
