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
function combinedCrc(first: number, second: number, secondLength: number): number {
  let crc = first;
  for (let bit = 0, left = secondLength; left > 0; bit++, left = Math.floor(left / 2)) {
    if (bit === powers.length) powers.push(product(powers[bit - 1]!, powers[bit - 1]!));
    if (left % 2 === 1) crc = product(powers[bit]!, crc);
  }
  return (crc ^ second) >>> 0;
}

/** Method deflate, no name, no time, fastest, of an unknown system: equal contents give equal files everywhere. */
const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255);

/** Bytes one behind the other in a buffer that grows, and is used again for the next file: thousands of small ones would all be collected. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafeSlow(1 << 20);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was written; it holds until more is. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  add(bytes: Uint8Array): void {
    const end = this.#length + bytes.length;
    if (end > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(end, 2 * this.#buffer.length));
      grown.set(this.bytes);
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = end;
  }
}

/** A gzip file of one member (RFC 1952) of parts that were compressed apart. */
class GzipParts {
  readonly #out: ByteWriter;
  #crc = 0;
  #length = 0;

  constructor(out: ByteWriter) {
    this.#out = out;
    out.add(header);
  }

  add({ bytes, length, crc }: Deflated): void {
    this.#out.add(bytes);
    this.#crc = combinedCrc(this.#crc, crc, length);
    this.#length += length;
  }

  addText(text: string): void {
    const kernel = textKernel();
    kernel.loadText(text);
    this.add(kernel.deflated());
  }

  finish(): void {
    const end = Buffer.alloc(8);
    end.writeUInt32LE(this.#crc, 0);
    end.writeUInt32LE(this.#length % 2 ** 32, 4);
    this.#out.add(lastBlock);
    this.#out.add(end);
  }
}

/** A document's line: its text, and what stands around it. */
export interface LineParts {
  readonly head: string;
  /** Asked for once, when its place has come; it need not hold longer. */
  text(): PackedText;
  readonly tail: string;
}

/** Writes lines as one gzip file. Texts are compressed already; what stands between two of them is compressed in one piece. */
export function gzipLines(lines: readonly LineParts[], out: ByteWriter): void {
  const parts = new GzipParts(out);
  let between = "";
  for (const line of lines) {
    parts.addText(between + line.head);
    parts.add(deflatedOf(line.text()));
    between = line.tail;
  }
  parts.addText(between);
  parts.finish();
}
