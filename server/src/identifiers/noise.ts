/** Names are shorter; beyond this it is data or the output of a tool. */
const longestName = 96;

/**
 * Text with the shape of a name that nobody wrote: hexadecimal digests, base64, and keys, which would lead every
 * ranking by cost (the first "saver" on a large C# repository was a public key of 320 digits).
 */
export function isNoise(word: string): boolean {
  if (word.length > longestName) return true;
  if (word.length >= 7 && /^[0-9a-fA-F]+$/.test(word) && /\d/.test(word) && /[a-fA-F]/.test(word)) return true;
  if (word.length >= 16 && /^_*[0-9a-fA-F_]{16,}$/.test(word) && /\d/.test(word)) return true;
  return word.length >= 20 && isScrambled(word);
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
