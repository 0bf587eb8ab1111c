/** Sums over documents with one tokenizer. All sums are whole numbers, so the order of the documents does not matter. */
import { termKinds } from "@midtrain/protocol/tokens";
import { mostTokens, tallyColumns, tallyWidth, type DocumentTally, type TermTallies } from "./document-tally";

const kindCount = termKinds.length;
/** Columns of a term. */
export const columns = { count: 0, files: 1, credit: 2, split: 3, kinds: 4 } as const;
export const columnCount = columns.kinds + kindCount;

export interface FileRow {
  readonly path: string;
  readonly bytes: number;
  readonly tokens: number;
  readonly occurrences: number;
  /** In units of 1/creditUnit. */
  readonly credit: number;
  readonly split: number;
}

/** As it crosses to another thread: terms joined by line breaks, which no term holds. */
export interface CorpusTallyParts {
  readonly terms: string;
  readonly values: Float64Array;
  readonly tokenFrequency: Float64Array;
  readonly distribution: Float64Array;
  readonly files: readonly FileRow[];
  readonly keyPaths: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly excluded: ReadonlyMap<string, number>;
  readonly malformed: readonly { readonly path: string; readonly problem: string }[];
  readonly byGrammar: number;
}

export class CorpusTally {
  private readonly numbers = new Map<string, number>();
  values = new Float64Array(1024 * columnCount);
  readonly tokenFrequency: Float64Array;
  readonly distribution = new Float64Array(mostTokens + 1);
  readonly files: FileRow[] = [];
  readonly keyPaths = new Map<string, Map<string, number>>();
  readonly excluded = new Map<string, number>();
  readonly malformed: { readonly path: string; readonly problem: string }[] = [];
  byGrammar = 0;

  constructor(vocabularySize: number) {
    this.tokenFrequency = new Float64Array(vocabularySize);
  }

  get terms(): Iterable<string> {
    return this.numbers.keys();
  }

  get size(): number {
    return this.numbers.size;
  }

  /** @param isIgnored terms that the user does not want to see; they are counted as excluded. */
  add(path: string, document: DocumentTally, isIgnored: (term: string) => boolean): void {
    const { terms, numbers } = document.terms;
    let occurrences = 0;
    let credit = 0;
    let split = 0;
    for (let row = 0; row < terms.length; row++) {
      const count = numbers[row * tallyWidth + tallyColumns.count]!;
      if (isIgnored(terms[row]!)) {
        bump(this.excluded, "ignored", count);
        continue;
      }
      occurrences += count;
      credit += document.terms.credit[row]!;
      split += this.addTerm(document.terms, row);
    }
    const { ids, idCounts } = document;
    for (let index = 0; index < ids.length; index++) this.tokenFrequency[ids[index]!]! += idCounts[index]!;
    for (const [reason, count] of Object.entries(document.excluded)) bump(this.excluded, reason, count);
    if (document.malformed !== undefined) this.malformed.push({ path, problem: document.malformed });
    if (document.byGrammar) this.byGrammar++;
    this.files.push({ path, bytes: document.bytes, tokens: document.tokens, occurrences, credit, split });
  }

  /** Returns how many of its occurrences are split. */
  private addTerm({ terms, numbers, credit, keyPaths }: TermTallies, row: number): number {
    const from = row * tallyWidth;
    const at = this.rowOf(terms[row]!);
    const { values, distribution } = this;
    let split = 0;
    for (let tokens = 0; tokens <= mostTokens; tokens++) {
      const occurrences = numbers[from + tallyColumns.here + tokens]!;
      distribution[tokens]! += occurrences;
      if (tokens >= 2) split += occurrences;
    }
    values[at + columns.count]! += numbers[from + tallyColumns.count]!;
    values[at + columns.files]! += 1;
    values[at + columns.credit]! += credit[row]!;
    values[at + columns.split]! += split;
    for (let kind = 0; kind < kindCount; kind++) values[at + columns.kinds + kind]! += numbers[from + tallyColumns.kinds + kind]!;
    const paths = keyPaths.get(row);
    if (paths !== undefined) this.addKeyPaths(terms[row]!, paths);
    return split;
  }

  merge(parts: CorpusTallyParts): void {
    if (parts.terms !== "")
      parts.terms.split("\n").forEach((term, index) => {
        const at = this.rowOf(term);
        for (let column = 0; column < columnCount; column++) this.values[at + column]! += parts.values[index * columnCount + column]!;
      });
    parts.tokenFrequency.forEach((frequency, id) => (this.tokenFrequency[id]! += frequency));
    parts.distribution.forEach((occurrences, tokens) => (this.distribution[tokens]! += occurrences));
    for (const file of parts.files) this.files.push(file);
    for (const [term, paths] of parts.keyPaths) this.addKeyPaths(term, paths);
    for (const [reason, count] of parts.excluded) bump(this.excluded, reason, count);
    this.malformed.push(...parts.malformed);
    this.byGrammar += parts.byGrammar;
  }

  toParts(): CorpusTallyParts {
    const { values, tokenFrequency, distribution, files, keyPaths, excluded, malformed, byGrammar } = this;
    const terms = [...this.terms].join("\n");
    return {
      terms,
      values: values.slice(0, this.size * columnCount),
      tokenFrequency,
      distribution,
      files,
      keyPaths,
      excluded,
      malformed,
      byGrammar,
    };
  }

  private rowOf(term: string): number {
    let row = this.numbers.get(term);
    if (row === undefined) {
      row = this.numbers.size;
      this.numbers.set(term, row);
      if ((row + 1) * columnCount > this.values.length) {
        const larger = new Float64Array(2 * this.values.length);
        larger.set(this.values);
        this.values = larger;
      }
    }
    return row * columnCount;
  }

  private addKeyPaths(term: string, paths: ReadonlyMap<string, number>): void {
    let known = this.keyPaths.get(term);
    if (known === undefined) this.keyPaths.set(term, (known = new Map()));
    for (const [path, count] of paths) known.set(path, (known.get(path) ?? 0) + count);
  }
}

function bump(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
