/**
 * GPT-2's byte alphabet: every byte has one printable character, and the vocabulary of a byte-level BPE is written in
 * these characters ("Ġ" is a space).
 */
function buildAlphabet(): string[] {
  const alphabet: string[] = [];
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    alphabet.push(String.fromCharCode(printable ? byte : next++));
  }
  return alphabet;
}

export const byteToChar: readonly string[] = buildAlphabet();

const charToByteTable = new Int16Array(0x144).fill(-1);
byteToChar.forEach((char, byte) => (charToByteTable[char.charCodeAt(0)] = byte));

/** The byte behind a character of the alphabet, or -1. */
function byteOfChar(unit: number): number {
  return charToByteTable[unit] ?? -1;
}

/** Bytes of a token that is written in the alphabet; undefined when a character is not of it (an added token). */
export function alphabetToBytes(token: string): Uint8Array | undefined {
  const bytes = new Uint8Array(token.length);
  for (let i = 0; i < token.length; i++) {
    const byte = byteOfChar(token.charCodeAt(i));
    if (byte < 0) return undefined;
    bytes[i] = byte;
  }
  return bytes;
}

export function bytesToAlphabet(bytes: ArrayLike<number>, length = bytes.length): string {
  let token = "";
  for (let i = 0; i < length; i++) token += byteToChar[bytes[i]!]!;
  return token;
}
