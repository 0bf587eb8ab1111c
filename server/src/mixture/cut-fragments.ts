import type { PackingTokenizer } from "./packing-types";

/** Lines at which a text is cut, best first: before a top-level line that follows a blank one, after a blank line, at any line. */
type BoundaryRank = 0 | 1 | 2;

/** A fragment as ids, and its text, unless it is a part of a line that was cut between tokens. */
export interface Fragment {
  readonly tokens: Int32Array;
  readonly text: string | undefined;
}

interface Line {
  readonly text: string;
  /** Tokens of the line alone: close to what it adds to a fragment. */
  readonly tokens: Int32Array;
  /** How good a place its start is to cut at. */
  readonly rank: BoundaryRank;
}

/** A better boundary may cost this part of a fragment at most: at rows of 512 tokens half costs 15 % padding, 0.85 costs 5 %. */
const fullEnough = 0.85;

/** Splits after every line feed; the parts joined give the text again. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function readLines(text: string, tokenizer: PackingTokenizer): Line[] {
  let previousBlank = false;
  return splitLines(text).map((line) => {
    const blank = line.trim() === "";
    const topLevel = !blank && !/^[\s})\]]/.test(line);
    const rank: BoundaryRank = previousBlank && topLevel ? 0 : previousBlank && !blank ? 1 : 2;
    previousBlank = blank;
    return { text: line, tokens: tokenizer.encode(line, { special: "ordinary" }), rank };
  });
}

/**
 * The end of the fragment that starts at line `from`: as many lines as fit the capacity by their own counts, moved back to the last
 * boundary of the best rank among those that leave it full enough.
 */
function chooseEnd(lines: readonly Line[], from: number, capacity: number): number {
  let used = 0;
  let end = from;
  let earliest = from + 1;
  while (end < lines.length && used + lines[end]!.tokens.length <= capacity) {
    used += lines[end]!.tokens.length;
    end++;
    if (used < capacity * fullEnough) earliest = end + 1;
  }
  if (end >= lines.length || end <= from + 1) return end;
  for (const rank of [0, 1] as const) {
    for (let cut = end; cut >= Math.max(earliest, from + 1); cut--) if (lines[cut]!.rank === rank) return cut;
  }
  return end;
}

/** A line longer than a whole fragment is cut at token boundaries: its own tokens in order, none changed. */
function cutLongLine(tokens: Int32Array, first: number, capacityOf: (fragment: number) => number): Int32Array[] {
  const parts: Int32Array[] = [];
  for (let start = 0; start < tokens.length;) {
    const end = start + capacityOf(first + parts.length);
    parts.push(tokens.subarray(start, end));
    start = end;
  }
  return parts;
}

/**
 * Cuts a text into fragments of at most `capacityOf` their number tokens each (chapter §3.3, research/corpus §5.1: at structural lines, not at token L).
 * A fragment is encoded on its own, as it will be read: the texts of the fragments joined are the text, no token crosses a cut.
 */
export function cutFragments(text: string, tokenizer: PackingTokenizer, capacityOf: (fragment: number) => number): Fragment[] {
  const whole = tokenizer.encode(text, { special: "ordinary" });
  if (whole.length <= capacityOf(0)) return [{ tokens: whole, text }];
  const lines = readLines(text, tokenizer);
  const fragments: Fragment[] = [];
  let from = 0;
  while (from < lines.length) {
    const capacity = capacityOf(fragments.length);
    let end = chooseEnd(lines, from, capacity);
    if (end === from) {
      for (const tokens of cutLongLine(lines[from]!.tokens, fragments.length, capacityOf)) fragments.push({ tokens, text: undefined });
      from++;
      continue;
    }
    // Encoded together, lines seldom take more tokens than alone; when they do, the last line moves to the next fragment.
    let fragment = encodeLines(lines, from, end, tokenizer);
    while (fragment.tokens.length > capacity && end > from + 1) fragment = encodeLines(lines, from, --end, tokenizer);
    fragments.push(fragment);
    from = end;
  }
  return fragments;
}

function encodeLines(lines: readonly Line[], from: number, end: number, tokenizer: PackingTokenizer): Fragment {
  const text = lines
    .slice(from, end)
    .map((line) => line.text)
    .join("");
  return { text, tokens: end === from + 1 ? lines[from]!.tokens : tokenizer.encode(text, { special: "ordinary" }) };
}
