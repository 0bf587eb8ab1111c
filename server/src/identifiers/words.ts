import { isKeyword } from "./keywords";
import { nameShape, type NameShape } from "./name-kinds";
import { noiseReason, type NoiseReason } from "./noise";
import { WordTable } from "./word-table";

/** Shorter names say nothing. */
export const shortestTerm = 3;

/** What a word is wherever it stands in code of its language. */
export interface Word {
  /** One string for all its places. */
  readonly term: string;
  /** Undefined where it is no name: a keyword, or noise. */
  readonly shape: NameShape | undefined;
  readonly noise: NoiseReason | undefined;
  /** Number of the text that was read last with it, and its row there. */
  text: number;
  row: number;
}

/** More are forgotten together. */
const mostWords = 1 << 18;

/** The words of one language, judged once: repositories repeat their words. */
class LanguageWords {
  private table = new WordTable();
  private words: Word[] = [];

  constructor(private readonly language: string) {}

  at(text: string, start: number, end: number): Word {
    const number = this.table.numberOf(text, start, end);
    if (number < this.words.length) return this.words[number]!;
    const word = judge(ownCopy(text.slice(start, end)), this.language);
    if (number < mostWords) this.words.push(word);
    else {
      this.table = new WordTable();
      this.words = [];
    }
    return word;
  }
}

const languages = new Map<string, LanguageWords>();

export function wordsOf(language: string): LanguageWords {
  let words = languages.get(language);
  if (words === undefined) languages.set(language, (words = new LanguageWords(language)));
  return words;
}

function judge(term: string, language: string): Word {
  const unused = { term, text: 0, row: 0 };
  if (term.length < shortestTerm || isKeyword(term, language)) return { ...unused, shape: undefined, noise: undefined };
  const noise = noiseReason(term);
  return { ...unused, shape: noise === undefined ? nameShape(term) : undefined, noise };
}

/** A slice of a text would keep the whole text alive. */
export function ownCopy(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
