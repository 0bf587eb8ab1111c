import { isKeyword } from "./keywords";
import { nameShape, type NameShape } from "./name-kinds";
import { noiseReason, type NoiseReason } from "./noise";
import { WordTable } from "./word-table";

/** Shorter names say nothing. */
export const shortestTerm = 3;

/** What a word is wherever it stands in code of its language: a name of a shape, noise, or a keyword. */
export type Verdict =
  { readonly shape: NameShape; readonly noise: undefined } | { readonly shape: undefined; readonly noise: NoiseReason } | undefined;

const verdicts: readonly Verdict[] = [
  undefined,
  { shape: "constant", noise: undefined },
  { shape: "capitalised", noise: undefined },
  { shape: "plain", noise: undefined },
  { shape: undefined, noise: "hash" },
  { shape: undefined, noise: "encoded" },
  { shape: undefined, noise: "generated" },
  { shape: undefined, noise: "too-long" },
];

/** More are forgotten together. */
const mostWords = 1 << 18;

/** The words of one language, judged once: repositories repeat their words. */
export class LanguageWords {
  private table = new WordTable();
  /** One string for all places of a word, by its number. */
  private terms: string[] = [];

  constructor(private readonly language: string) {}

  /** The word text[start, end). @param units of the text. */
  at(text: string, units: Uint16Array, start: number, end: number): number {
    const known = this.table.find(units, start, end);
    return known >= 0 ? known : this.add(text, units, start, end);
  }

  termOf(word: number): string {
    return this.terms[this.table.numberOf(word)]!;
  }

  verdictOf(word: number): Verdict {
    return verdicts[this.table.verdictOf(word)];
  }

  /** Row that the word has in a text, or -1. */
  rowIn(text: number, word: number): number {
    return this.table.rowIn(text, word);
  }

  setRow(text: number, word: number, row: number): void {
    this.table.setRow(text, word, row);
  }

  private add(text: string, units: Uint16Array, start: number, end: number): number {
    if (this.terms.length === mostWords) {
      this.table = new WordTable();
      this.terms = [];
      this.table.find(units, start, end);
    }
    const term = ownCopy(text.slice(start, end));
    this.terms.push(term);
    return this.table.add(units, start, end, verdictOn(term, this.language));
  }
}

const languages = new Map<string, LanguageWords>();

export function wordsOf(language: string): LanguageWords {
  let words = languages.get(language);
  if (words === undefined) languages.set(language, (words = new LanguageWords(language)));
  return words;
}

/** Index of `verdicts`. */
function verdictOn(term: string, language: string): number {
  if (term.length < shortestTerm || isKeyword(term, language)) return 0;
  const noise = noiseReason(term);
  const shape = noise === undefined ? nameShape(term) : undefined;
  return verdicts.findIndex((verdict) => verdict !== undefined && verdict.noise === noise && verdict.shape === shape);
}

/** A slice of a text would keep the whole text alive. */
export function ownCopy(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
