/** 1 for each ASCII code whose character the expression matches: asking a table is many times faster than asking the expression. */
export function asciiTable(character: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (character.test(String.fromCharCode(code)) ? 1 : 0));
}
