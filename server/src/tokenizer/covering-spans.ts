/**
 * Spans of SentencePiece-like tokens, where they can be proved: the tokens written out (▁ as space, <0xNN> as a byte)
 * must spell the text, with at most one space put before it. UTF-16 [start, end) per token, or undefined.
 */
export function coveringSpans(text: string, tokens: readonly string[]): Int32Array | undefined {
  const target = Buffer.from(text.replaceAll("▁", " "), "utf8");
  const pieces = tokens.map(tokenBytes);
  const spelled = Buffer.concat(pieces);
  const prefix = spelled.length - target.length;
  if (prefix !== 0 && !(prefix === 1 && spelled[0] === 0x20)) return undefined;
  if (!spelled.subarray(prefix).equals(target)) return undefined;
  const units = unitsOfBytes(text.replaceAll("▁", " "), target.length);
  const spans = new Int32Array(2 * tokens.length);
  let byte = -prefix;
  for (const [index, piece] of pieces.entries()) {
    const next = byte + piece.length;
    const start = byte >= target.length ? text.length : units.starts[Math.max(0, byte)]!;
    spans[2 * index] = start;
    spans[2 * index + 1] = next > Math.max(0, byte) ? units.ends[next - 1]! : start;
    byte = next;
  }
  return spans;
}

function tokenBytes(token: string): Buffer {
  const byte = /^<0x([0-9A-F]{2})>$/.exec(token);
  return byte ? Buffer.from([parseInt(byte[1]!, 16)]) : Buffer.from(token.replaceAll("▁", " "), "utf8");
}

/** For each UTF-8 byte the first UTF-16 unit of its character and the unit after it. */
function unitsOfBytes(text: string, length: number): { readonly starts: Int32Array; readonly ends: Int32Array } {
  const starts = new Int32Array(length);
  const ends = new Int32Array(length);
  let byte = 0;
  let unit = 0;
  for (const char of text) {
    const next = byte + Buffer.byteLength(char);
    starts.fill(unit, byte, next);
    ends.fill(unit + char.length, byte, next);
    byte = next;
    unit += char.length;
  }
  return { starts, ends };
}
