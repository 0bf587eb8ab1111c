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
 * The form is that of the JavaScript engine's Unicode version; over all assigned characters it differs from tokenizers
 * 0.23.2 in three that compose since Unicode 16 (U+113C2, U+1611E, U+16D67).
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

/**
 * The reference's bookkeeping, character by character: each part of a decomposition carries whether it replaces a
 * character (0) or was added behind one (+1), reordering moves parts with their mark, and a composition adds the marks
 * of its parts less one per part it swallows. An added character has the span of the character before it.
 */
function sources(part: string, form: string): Source[] {
  const parts = orderedParts(part);
  const chars = Array.from(part);
  const out: Source[] = [];
  let index = 0;
  let from = 0;
  let to = 0;
  const consume = (): void => {
    to += chars[index++]?.length ?? 0;
  };
  for (const char of form) {
    const own = Array.from(char.normalize("NFD"), (piece) => takePart(parts, piece));
    const change = own.reduce<number>((sum, mark) => sum + mark - 1, 1);
    if (change <= 0) {
      from = to;
      consume();
    }
    out.push({ units: char.length, from, to });
    const first = to;
    for (let skip = change; skip < 0; skip++) consume();
    if (to > first) from = to - (chars[index - 1]?.length ?? 0);
  }
  return out;
}

interface Part {
  readonly char: string;
  readonly mark: 0 | 1;
}

/** The full decomposition in canonical order, each part with its mark. */
function orderedParts(part: string): Part[] {
  const written = Array.from(part).flatMap((char) =>
    Array.from(char.normalize("NFD"), (piece, index): Part => ({ char: piece, mark: index === 0 ? 0 : 1 })),
  );
  return Array.from(part.normalize("NFD"), (char) => ({ char, mark: takePart(written, char) }));
}

/** Equal parts keep their order, so the first one left is the right one. */
function takePart(parts: Part[], char: string): 0 | 1 {
  const at = parts.findIndex((candidate) => candidate.char === char);
  return at < 0 ? 0 : parts.splice(at, 1)[0]!.mark;
}
