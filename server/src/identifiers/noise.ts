/** Names are shorter; beyond this it is data or the output of a tool. */
const longestName = 96;

/** Why a word with the shape of a name is none: nobody wrote it. */
export type NoiseReason = "hash" | "encoded" | "generated" | "too-long";

/**
 * Text with the shape of a name that nobody wrote, which would lead every ranking by cost (the first "saver" on a large C#
 * repository was a public key of 320 digits):
 * - `hash`: hexadecimal digests, ids, parts of UUIDs;
 * - `encoded`: base64 and random keys;
 * - `generated`: mangled names (`_ZN4core3fmt`), names of obfuscators and minifiers (`_0x3fa2b1`), names with a serial
 *   number or a time stamp of six digits and more (`tmp_20240131`);
 * - `too-long`: more than 96 characters.
 */
export function noiseReason(word: string): NoiseReason | undefined {
  if (word.length > longestName) return "too-long";
  if (word.length >= 7 && /^[0-9a-fA-F]+$/.test(word) && /\d/.test(word) && /[a-fA-F]/.test(word)) return "hash";
  if (word.length >= 16 && /^_*[0-9a-fA-F_]{16,}$/.test(word) && /\d/.test(word)) return "hash";
  if (/^_0x[0-9a-f]{3,}$|^_{1,3}Z[NKTL]?\d|^_R[NCMXI]\w*\d|\d{6}/.test(word)) return "generated";
  return word.length >= 20 && isScrambled(word) ? "encoded" : undefined;
}

/** Digits, capitals and small letters that change places too often for words: base64 and random identifiers. */
function isScrambled(word: string): boolean {
  let changes = 0;
  let digits = 0;
  let longestRun = 0;
  for (let i = 0, run = 0; i < word.length; i++) {
    if (/\d/.test(word[i]!)) digits++;
    run = i > 0 && charKind(word[i]!) === charKind(word[i - 1]!) ? run + 1 : 1;
    if (run === 1 && i > 0) changes++;
    longestRun = Math.max(longestRun, run);
  }
  return digits >= 2 && longestRun <= 6 && changes / word.length > 0.4;
}

function charKind(char: string): number {
  if (char >= "0" && char <= "9") return 0;
  return char >= "A" && char <= "Z" ? 1 : 2;
}
