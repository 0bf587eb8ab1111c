/** Text after a normalizer, and for each of its UTF-16 units the span it came from. */
export interface Normalized {
  readonly text: string;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** A character and what can combine with it: marks, and the Hangul vowels and finals that compose although they are letters. */
const cluster = /[^\p{M}\u1160-\u11ff][\p{M}\u1160-\u11ff]*|[\p{M}\u1160-\u11ff]+/gu;

/** All below U+0300 is in form C already. */
const maybeChanged = /[^\u0000-\u02ff]/;

/**
 * Unicode form C of text[start, end), or undefined when the text is in it already.
 * Spans follow the reference: a composed character has the span of the first character that went into it.
 */
export function normalizeC(text: string, start: number, end: number): Normalized | undefined {
  const range = start === 0 && end === text.length ? text : text.slice(start, end);
  if (!maybeChanged.test(range)) return undefined;
  const normalized = range.normalize("NFC");
  if (normalized === range) return undefined;
  const clusters = range.match(cluster) ?? [];
  // Clusters normalize on their own in all text known to us; if ever not, the whole text is one cluster.
  const independent = clusters.map((part) => part.normalize("NFC")).join("") === normalized;
  return align(independent ? clusters : [range], normalized, start);
}

function align(clusters: readonly string[], normalized: string, shift: number): Normalized {
  const starts = new Int32Array(normalized.length);
  const ends = new Int32Array(normalized.length);
  let write = 0;
  let read = shift;
  const put = (from: number, to: number): void => {
    starts[write] = read + from;
    ends[write++] = read + to;
  };
  for (const part of clusters) {
    const form = part.normalize("NFC");
    if (form === part) for (let unit = 0; unit < part.length; unit++) put(unit, unit + 1);
    else for (const { units, from, to } of sources(part, form)) for (let unit = 0; unit < units; unit++) put(from, to);
    read += part.length;
  }
  return { text: normalized, starts, ends };
}

interface Source {
  /** UTF-16 units of the normalized character. */
  readonly units: number;
  /** Span of the character that it came from. */
  readonly from: number;
  readonly to: number;
}

/** Walks characters and normalized characters side by side, counted in the parts of their full decomposition. */
function sources(part: string, form: string): Source[] {
  const chars = Array.from(part);
  const out: Source[] = [];
  let index = -1;
  let from = 0;
  let to = 0;
  let left = 0;
  const next = (): boolean => {
    const char = chars[++index];
    if (char === undefined) return false;
    from = to;
    to += char.length;
    left += partsOf(char);
    return true;
  };
  for (const char of form) {
    const needed = partsOf(char);
    if (left < needed) next();
    out.push({ units: char.length, from, to });
    while (left < needed && next());
    left -= needed;
  }
  return out;
}

function partsOf(char: string): number {
  return Array.from(char.normalize("NFD")).length;
}
