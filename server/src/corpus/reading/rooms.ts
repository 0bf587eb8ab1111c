import type { Deflated } from "../kernel/text-kernel";
import { packedBytes, putPacked, type PackedText } from "../written/packed-text";

/** What a very large file needs is not held for ever. */
const largestKept = 4 << 20;

/** A buffer that is used again and again: one for each file would have to be made, collected and given back. */
class Room {
  #buffer = Buffer.allocUnsafeSlow(1 << 18);

  of(bytes: number): Buffer {
    if (bytes > largestKept) return Buffer.allocUnsafeSlow(bytes);
    if (bytes > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(Math.min(largestKept, 2 * bytes));
    return this.#buffer.subarray(0, bytes);
  }
}

/** Room for the content of one file at a time. */
export class ReadingRoom {
  readonly #room = new Room();

  readonly of = (bytes: number): Buffer => this.#room.of(bytes);
}

/** Room for one text at a time. */
export class PackedRoom {
  readonly #room = new Room();

  /** A copy, which holds until the next one. */
  hold(deflated: Deflated): PackedText {
    const packed = this.#room.of(packedBytes(deflated));
    putPacked(deflated, packed);
    return packed;
  }
}
