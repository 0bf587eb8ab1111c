/** Words of a text as a short key: two texts with the same words, whatever their layout, have the same one. Years do not count. */
export interface WordsKey {
  readonly key: string;
  readonly words: number;
}

const isWordCode = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code > 127;

function isYear(text: string, start: number, end: number): boolean {
  if (end - start !== 4) return false;
  const century = text.slice(start, start + 2);
  return (century === "19" || century === "20") && /^\d\d$/.test(text.slice(start + 2, end));
}

/** Two 32-bit hashes (FNV-1a and a multiplicative one) run over the words; 64 bits keep a million different texts apart. */
export function wordsKey(texts: readonly string[]): WordsKey {
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  let words = 0;
  for (const text of texts) {
    for (let at = 0; at < text.length; at++) {
      const start = at;
      while (at < text.length && isWordCode(text.charCodeAt(at))) at++;
      if (at === start || isYear(text, start, at)) continue;
      words++;
      for (let index = start; index <= at; index++) {
        const code = index === at ? 32 : text.charCodeAt(index);
        first = Math.imul(first ^ code, 0x01000193);
        second = Math.imul(second ^ code, 0x85ebca6b) + 0x27d4eb2f;
        second ^= second >>> 15;
      }
    }
  }
  return { key: (first >>> 0).toString(36) + (second >>> 0).toString(36).padStart(7, "0"), words };
}
