import type { AlignedText } from "./aligned-text";
import { combiningRanks, compose, decompose } from "./unicode-forms";

export type NormalForm = "NFC" | "NFD" | "NFKC" | "NFKD";

/** Characters with the change that each stands for (see AlignedText.transform). */
export interface ChangedText {
  readonly points: number[];
  readonly changes: number[];
}

/** A Unicode normalization form, by the reference's tables and with its bookkeeping of spans. */
export function normalForm(form: NormalForm): (text: AlignedText) => AlignedText {
  const composing = form.endsWith("C");
  const compatible = form.includes("K");
  return (text) => {
    if (isAscii(text.text)) return text;
    const { points, changes } = normalized(text.text, compatible, composing);
    return text.transform(points, changes);
  };
}

function isAscii(text: string): boolean {
  return /^[\u0000-\u007f]*$/.test(text);
}

/** The whole text in its form. */
export function normalized(text: string, compatible: boolean, composing: boolean): ChangedText {
  const out = decomposed(text, compatible);
  return composing ? recomposed(out) : out;
}

/** Full decomposition in canonical order; all parts of a character but the first count as put in. */
function decomposed(text: string, compatible: boolean): ChangedText {
  const ranks = combiningRanks();
  const points: number[] = [];
  const changes: number[] = [];
  let pending = 0;
  for (const char of text) {
    const first = points.length;
    decompose(char.codePointAt(0)!, compatible, points);
    for (let i = first; i < points.length; i++) {
      changes.push(i === first ? 0 : 1);
      if (ranks[points[i]!] !== 0) continue;
      sortMarks(points, changes, pending, i, ranks);
      pending = i + 1;
    }
  }
  sortMarks(points, changes, pending, points.length, ranks);
  return { points, changes };
}

/** Sorts [from, to) by rank and keeps the order of equals. */
function sortMarks(points: number[], changes: number[], from: number, to: number, ranks: Uint8Array): void {
  if (to - from < 2) return;
  const order = Array.from({ length: to - from }, (_, index) => from + index);
  if (order.every((at, index) => index === 0 || ranks[points[at - 1]!]! <= ranks[points[at]!]!)) return;
  order.sort((a, b) => ranks[points[a]!]! - ranks[points[b]!]! || a - b);
  const sortedPoints = order.map((at) => points[at]!);
  const sortedChanges = order.map((at) => changes[at]!);
  for (let i = 0; i < order.length; i++) {
    points[from + i] = sortedPoints[i]!;
    changes[from + i] = sortedChanges[i]!;
  }
}

/**
 * Canonical composition. A mark that composes is taken into the character before it, whose change then counts one
 * swallowed character more.
 */
function recomposed(text: ChangedText): ChangedText {
  const ranks = combiningRanks();
  const points: number[] = [];
  const changes: number[] = [];
  let base = -1;
  let lastRank = -1;
  for (let i = 0; i < text.points.length; i++) {
    const point = text.points[i]!;
    const rank = ranks[point]!;
    const blocked = lastRank >= rank;
    const whole = base >= 0 && !blocked ? compose(points[base]!, point) : -1;
    if (whole >= 0) {
      points[base] = whole;
      changes[base]! += text.changes[i]! - 1;
      continue;
    }
    points.push(point);
    changes.push(text.changes[i]!);
    if (rank === 0) {
      base = points.length - 1;
      lastRank = -1;
    } else if (base >= 0) lastRank = rank;
  }
  return { points, changes };
}

/** Lone surrogates as U+FFFD: what every conversion to UTF-8 makes of them. */
export function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, "\ufffd");
}
