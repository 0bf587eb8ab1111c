import { textKernel, type Deflated } from "../kernel/text-kernel";
import { deflatedOf, lastBlock, type PackedText } from "./packed-text";

const polynomial = 0xedb88320;

/** Product of two polynomials over GF(2) modulo that of CRC-32, bits reversed. */
function product(a: number, b: number): number {
  let sum = 0;
  for (let bit = 1 << 31; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) sum ^= b;
    b = (b & 1) === 0 ? b >>> 1 : (b >>> 1) ^ polynomial;
  }
  return sum;
}

/** x to the power of 8, 16, 32 …: what one, two, four … bytes behind it do to a CRC. */
const powers: number[] = [1 << 23];

/** CRC-32 of two stretches of bytes one behind the other. */
export function combinedCrc(first: number, second: number, secondLength: number): number {
  let crc = first;
  for (let bit = 0, left = secondLength; left > 0; bit++, left = Math.floor(left / 2)) {
    if (bit === powers.length) powers.push(product(powers[bit - 1]!, powers[bit - 1]!));
    if (left % 2 === 1) crc = product(powers[bit]!, crc);
  }
  return (crc ^ second) >>> 0;
}

/** Method deflate, no name, no time, fastest, of an unknown system: equal contents give equal files everywhere. */
const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255);

/** A gzip file of one member (RFC 1952) of parts that were compressed apart. */
export class GzipParts {
  readonly #parts: Uint8Array[] = [header];
  #crc = 0;
  #length = 0;

  /** The bytes are kept, not copied. */
  add({ bytes, length, crc }: Deflated): void {
    this.#parts.push(bytes);
    this.#crc = combinedCrc(this.#crc, crc, length);
    this.#length += length;
  }

  finish(): Buffer {
    const end = Buffer.alloc(8);
    end.writeUInt32LE(this.#crc, 0);
    end.writeUInt32LE(this.#length % 2 ** 32, 4);
    return Buffer.concat([...this.#parts, lastBlock, end]);
  }
}

/** A document's line: its text, and what stands around it. */
export interface LineParts {
  readonly head: string;
  readonly text: PackedText;
  readonly tail: string;
}

/** Lines as one gzip file. Texts are compressed already; what stands between two of them is compressed in one piece. */
export function gzipLines(lines: Iterable<LineParts>): Buffer {
  const parts = new GzipParts();
  let between = "";
  for (const { head, text, tail } of lines) {
    parts.add(deflatedCopy(between + head));
    parts.add(deflatedOf(text));
    between = tail;
  }
  parts.add(deflatedCopy(between));
  return parts.finish();
}

/** The bytes are the caller's own. */
function deflatedCopy(text: string): Deflated {
  const kernel = textKernel();
  kernel.loadText(text);
  const { bytes, length, crc } = kernel.deflated();
  return { bytes: Buffer.from(bytes), length, crc };
}
