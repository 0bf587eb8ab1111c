/**
 * A piece of text as UTF-8, with the UTF-16 units behind each byte. Bytes that the vocabulary leaves out are dropped, as
 * in the reference without an unknown token.
 */
export class PieceBytes {
  bytes = new Uint8Array(256);
  length = 0;
  /** First UTF-16 unit of the character behind each byte, and the unit after it; relative to the start of the piece. */
  unitStart = new Int32Array(256);
  unitEnd = new Int32Array(256);
  private readonly hasUnknownBytes: boolean;

  constructor(private readonly byteIds: Int32Array) {
    this.hasUnknownBytes = byteIds.includes(-1);
  }

  /** A lone surrogate becomes U+FFFD and has its one unit. */
  read(text: string, from: number, to: number): void {
    this.reserve(3 * (to - from));
    const { bytes, unitStart, unitEnd } = this;
    let length = 0;
    for (let i = from; i < to;) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80) {
        bytes[length] = unit;
        unitStart[length] = i - from;
        unitEnd[length++] = ++i - from;
        continue;
      }
      const wide = isPair(text, i, to);
      const first = length;
      length = wide ? putFour(bytes, length, unit, text.charCodeAt(i + 1)) : putTwoOrThree(bytes, length, unit);
      const next = i + (wide ? 2 : 1);
      for (let byte = first; byte < length; byte++) {
        unitStart[byte] = i - from;
        unitEnd[byte] = next - from;
      }
      i = next;
    }
    this.length = length;
  }

  dropUnknownBytes(): void {
    if (!this.hasUnknownBytes) return;
    let write = 0;
    for (let read = 0; read < this.length; read++) {
      if (this.byteIds[this.bytes[read]!]! < 0) continue;
      this.bytes[write] = this.bytes[read]!;
      this.unitStart[write] = this.unitStart[read]!;
      this.unitEnd[write++] = this.unitEnd[read]!;
    }
    this.length = write;
  }

  /** Whether a character begins at this byte. */
  startsCharacter(byte: number): boolean {
    return byte === 0 || this.unitStart[byte] !== this.unitStart[byte - 1];
  }

  private reserve(bytes: number): void {
    if (this.bytes.length >= bytes) return;
    this.bytes = new Uint8Array(2 * bytes);
    this.unitStart = new Int32Array(2 * bytes);
    this.unitEnd = new Int32Array(2 * bytes);
  }
}

export function isPair(text: string, at: number, end: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 && at + 1 < end && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
}

function putFour(bytes: Uint8Array, at: number, high: number, low: number): number {
  const point = ((high - 0xd800) << 10) + (low - 0xdc00) + 0x10000;
  bytes[at] = 0xf0 | (point >> 18);
  bytes[at + 1] = 0x80 | ((point >> 12) & 0x3f);
  bytes[at + 2] = 0x80 | ((point >> 6) & 0x3f);
  bytes[at + 3] = 0x80 | (point & 0x3f);
  return at + 4;
}

/** A unit that is no part of a pair; a lone surrogate becomes U+FFFD, as in every conversion to UTF-8. */
function putTwoOrThree(bytes: Uint8Array, at: number, unit: number): number {
  if (unit < 0x800) {
    bytes[at] = 0xc0 | (unit >> 6);
    bytes[at + 1] = 0x80 | (unit & 0x3f);
    return at + 2;
  }
  const point = (unit & 0xf800) === 0xd800 ? 0xfffd : unit;
  bytes[at] = 0xe0 | (point >> 12);
  bytes[at + 1] = 0x80 | ((point >> 6) & 0x3f);
  bytes[at + 2] = 0x80 | (point & 0x3f);
  return at + 3;
}
