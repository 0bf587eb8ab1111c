let shared = Buffer.alloc(1 << 18);

/**
 * The UTF-16 units of a text, good until the next call: reading them out of an array costs a third of asking the string
 * for each. Units beyond the text's length are those of another.
 */
export function unitsOf(text: string): Uint16Array {
  if (shared.length < 2 * text.length) shared = Buffer.alloc(4 * text.length);
  shared.write(text, 0, "utf16le");
  return new Uint16Array(shared.buffer, shared.byteOffset, text.length);
}
