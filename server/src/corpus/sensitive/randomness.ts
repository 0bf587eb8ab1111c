import { boundarySymbol, digitSymbol, pairBits, symbolCount } from "./letter-pairs";

/** Bits of a change of case, or of none, between two letters: in words, then in random text. */
const caseChange = { words: 3.1, random: 1 };
const caseKept = { words: 0.18, random: 1 };

/** Counts of the kinds of characters of a value. */
interface Mix {
  readonly upper: number;
  readonly lower: number;
  readonly digits: number;
  readonly hexOnly: boolean;
}

function mixOf(value: string): Mix {
  let upper = 0;
  let lower = 0;
  let digits = 0;
  let hexOnly = true;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code >= 97 && code <= 122) {
      lower++;
      if (code > 102) hexOnly = false;
    } else if (code >= 65 && code <= 90) {
      upper++;
      if (code > 70) hexOnly = false;
    } else if (code >= 48 && code <= 57) digits++;
  }
  return { upper, lower, digits, hexOnly: hexOnly && !(upper > 0 && lower > 0) };
}

/**
 * How many bits of evidence say that a machine drew the characters rather than that somebody named a thing: the logarithm of the
 * likelihood ratio between independent characters of the value's own alphabet and a first-order model of the words of code, case apart.
 * Positive is random. A random value of 24 characters has some 25 bits or more, a name of that length about as many below zero.
 */
export function randomBits(value: string): number {
  const { upper, lower, digits, hexOnly } = mixOf(value);
  const letters = upper + lower;
  if (letters === 0) return 0;
  const digitShare = Math.min(0.7, Math.max(0.12, digits / (letters + digits)));
  const letterBits = Math.log2(hexOnly ? 6 : 26) - Math.log2(1 - digitShare);
  const digitBits = -Math.log2(digitShare);
  const isMixed = upper > 0 && lower > 0;
  let bits = 0;
  let last = boundarySymbol;
  let lastCase = 0;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    const isUpper = code >= 65 && code <= 90;
    const isLetter = isUpper || (code >= 97 && code <= 122);
    const symbol = isLetter ? (code | 32) - 97 : code >= 48 && code <= 57 ? digitSymbol : boundarySymbol;
    if (symbol === boundarySymbol) {
      // A sign says nothing by itself; the letter before it need not end a word.
      last = boundarySymbol;
      lastCase = 0;
      continue;
    }
    bits += Math.min(6, pairBits[last * symbolCount + symbol]!) - (symbol === digitSymbol ? digitBits : letterBits);
    const thisCase = !isLetter ? 0 : isUpper ? 1 : 2;
    if (isMixed && lastCase !== 0 && thisCase !== 0) {
      const kind = thisCase === lastCase ? caseKept : caseChange;
      bits += kind.words - kind.random;
    }
    last = symbol;
    lastCase = thisCase;
  }
  return bits;
}

const hexDigits = /^[0-9a-f]+$/i;

export function isHex(value: string): boolean {
  return hexDigits.test(value);
}

/** Bits per character of the value's own character distribution (Shannon 1948). */
export function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const n of counts.values()) bits -= (n / value.length) * Math.log2(n / value.length);
  return bits;
}

/** Alphabets, counters and runs: machine-made, but known to everybody. */
export function isSequence(value: string): boolean {
  const repeated = /(.{1,12})\1{2,}/.exec(value.slice(0, 200));
  if (repeated !== null && repeated[0].length >= 5 && repeated[0].length * 4 >= value.length) return true;
  let steps = 0;
  for (let at = 1; at < value.length; at++) {
    steps = Math.abs(value.charCodeAt(at) - value.charCodeAt(at - 1)) === 1 ? steps + 1 : 0;
    if (steps >= 5) return true;
  }
  return /deadbeef|cafebabe|13579bdf|2468ace/i.test(value);
}
