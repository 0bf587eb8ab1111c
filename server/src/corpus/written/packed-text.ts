import { inflateRawSync } from "node:zlib";
import { textKernel, type Deflated } from "../kernel/text-kernel";

/**
 * A text as a part of a shard: its JSON string literal in UTF-8, compressed where the text is made, so that the bulk of the corpus is
 * small on its way through threads and files. Before the compressed bytes stand the literal's length and its CRC-32 (little-endian).
 */
export type PackedText = Uint8Array;

const headBytes = 8;

/** Room that `packHeldText` takes at most for a text whose literal was compressed to so many bytes. */
export function packedBytes({ bytes }: Deflated): number {
  return headBytes + bytes.length;
}

/** @param into of exactly `packedBytes` */
export function putPacked({ bytes, length, crc }: Deflated, into: Uint8Array): void {
  const head = new DataView(into.buffer, into.byteOffset, headBytes);
  head.setUint32(0, length, true);
  head.setUint32(4, crc, true);
  into.set(bytes, headBytes);
}

/** The bytes are the caller's own. */
export function packText(text: string): PackedText {
  const kernel = textKernel();
  kernel.loadText(text);
  const deflated = kernel.deflatedJson();
  const packed = new Uint8Array(packedBytes(deflated));
  putPacked(deflated, packed);
  return packed;
}

/** What `putPacked` was given; the bytes are a view. */
export function deflatedOf(packed: PackedText): Deflated {
  const head = new DataView(packed.buffer, packed.byteOffset, headBytes);
  return { bytes: packed.subarray(headBytes), length: head.getUint32(0, true), crc: head.getUint32(4, true) };
}

/** An empty last block: ends what otherwise would go on. */
export const lastBlock = Uint8Array.of(3, 0);

export function unpackText(packed: PackedText): string {
  return JSON.parse(inflateRawSync(Buffer.concat([packed.subarray(headBytes), lastBlock])).toString("utf8")) as string;
}
