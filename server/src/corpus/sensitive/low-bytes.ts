/** What a very large text needs would be held for ever. */
const largestKept = 1 << 21;
let buffer = Buffer.allocUnsafeSlow(1 << 20);

/**
 * The low bytes of a text's UTF-16 units, one for each, valid until the next call. Byte positions are text positions; what is found in the
 * bytes has to be compared with the text, since other characters share their low byte with ASCII ones.
 */
export function lowBytes(text: string): Uint8Array {
  if (text.length > largestKept) return Buffer.from(text, "latin1");
  if (buffer.length < text.length) buffer = Buffer.allocUnsafeSlow(text.length * 2);
  buffer.write(text, 0, text.length, "latin1");
  return buffer;
}
