import { termKinds, type TermKind } from "@midtrain/protocol/tokens";
import { IntList } from "../tokenizer";
import type { TermOccurrence } from "./extract-terms";
import { ownCopy, type LanguageWords } from "./words";

/** Index of termKinds. */
export const kindNumber = Object.fromEntries(termKinds.map((kind, number) => [kind, number])) as Readonly<Record<TermKind, number>>;

let texts = 0;

/**
 * The occurrences of the terms of one text, in order and without overlap, a column for each of their parts: a repository
 * has millions of them, and an object for each would cost as much as finding it.
 */
export class TermColumns {
  /** Distinct terms in the order of their first occurrence; no slices of the text. */
  readonly terms: string[] = [];
  /** By occurrence: index of `terms`. */
  readonly rows = new IntList();
  /** UTF-16 units. */
  readonly starts = new IntList();
  readonly ends = new IntList();
  /** Index of termKinds. */
  readonly kinds = new IntList();
  /** Of configuration keys, by occurrence: the keys on the way to it, joined by dots. */
  readonly keyPaths = new Map<number, string>();
  private readonly text = ++texts;
  private readonly rowOfTerm = new Map<string, number>();

  get length(): number {
    return this.rows.length;
  }

  addWord(words: LanguageWords, word: number, kind: TermKind, start: number, end: number): void {
    let row = words.rowIn(this.text, word);
    if (row < 0) {
      row = this.rowOf(words.termOf(word));
      words.setRow(this.text, word, row);
    }
    this.push(row, kind, start, end);
  }

  add({ term, kind, start, end, keyPath }: TermOccurrence): void {
    if (keyPath !== undefined) this.keyPaths.set(this.length, keyPath);
    this.push(this.rowOfTerm.get(term) ?? this.rowOf(ownCopy(term)), kind, start, end);
  }

  /** One object an occurrence. */
  occurrences(): TermOccurrence[] {
    return Array.from({ length: this.length }, (_, index) => {
      const keyPath = this.keyPaths.get(index);
      return {
        term: this.terms[this.rows.items[index]!]!,
        kind: termKinds[this.kinds.items[index]!]!,
        start: this.starts.items[index]!,
        end: this.ends.items[index]!,
        ...(keyPath === undefined ? {} : { keyPath }),
      };
    });
  }

  private push(row: number, kind: TermKind, start: number, end: number): void {
    this.rows.push(row);
    this.kinds.push(kindNumber[kind]);
    this.starts.push(start);
    this.ends.push(end);
  }

  private rowOf(term: string): number {
    let row = this.rowOfTerm.get(term);
    if (row === undefined) {
      row = this.terms.push(term) - 1;
      this.rowOfTerm.set(term, row);
    }
    return row;
  }
}
