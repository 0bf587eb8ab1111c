import { isKeyword } from "./keywords";
import { nameShape, type NameShape } from "./name-kinds";
import { noiseReason, type NoiseReason } from "./noise";

/** Shorter names say nothing. */
export const shortestTerm = 3;

/** What a word is wherever it stands in code of its language. `term` is one string for all its places. */
export type Word =
  | { readonly use: true; readonly term: string; readonly shape: NameShape }
  | { readonly use: false; readonly term: string; readonly noise?: NoiseReason };

const words = new Map<string, Map<string, Word>>();
const mostWords = 500_000;
let wordCount = 0;

/** Judged once: repositories repeat their words. */
export function wordOf(spelling: string, language: string): Word {
  let known = words.get(language);
  if (known === undefined) words.set(language, (known = new Map()));
  const found = known.get(spelling);
  if (found !== undefined) return found;
  if (++wordCount > mostWords) {
    words.clear();
    wordCount = 0;
  }
  const word = judge(ownCopy(spelling), language);
  known.set(word.term, word);
  return word;
}

function judge(term: string, language: string): Word {
  if (term.length < shortestTerm || isKeyword(term, language)) return { use: false, term };
  const noise = noiseReason(term);
  return noise === undefined ? { use: true, term, shape: nameShape(term) } : { use: false, term, noise };
}

/** A slice of a text would keep the whole text alive. */
export function ownCopy(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
