/** Strings that are no names: hashes, base64, generated numbers. The top "saver" of a real repository was a key of 320 hex digits. */
const hex = /^(?:0x)?[0-9a-f]{12,}$/i;
const longest = 80;

export function isNoise(word: string): boolean {
  if (word.length > longest) return true;
  if (hex.test(word) && /\d/.test(word)) return true;
  return word.length >= 20 && looksRandom(word);
}

/** Base64-like: digits and both cases change places far more often than in a name made of words. */
function looksRandom(word: string): boolean {
  if (/[_\-./]/.test(word)) return false;
  const classes = [...word].map((unit) => (/\d/.test(unit) ? "d" : /[A-Z]/.test(unit) ? "u" : "l"));
  const changes = classes.filter((kind, index) => index > 0 && kind !== classes[index - 1]).length;
  return /\d/.test(word) && changes / word.length > 0.45;
}
