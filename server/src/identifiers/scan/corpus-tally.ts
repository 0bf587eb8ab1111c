/** Sums over documents with one tokenizer. All sums are whole numbers, so the order of the documents does not matter. */
import { termKinds } from "@midtrain/protocol/tokens";
import { ownCopy } from "../words";
import { mostTokens, type DocumentTally, type TermTally } from "./document-tally";

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
    let occurrences = 0;
    let credit = 0;
    let split = 0;
    for (const tally of document.terms) {
      if (isIgnored(tally.term)) {
        bump(this.excluded, "ignored", tally.count);
        continue;
      }
      occurrences += tally.count;
      credit += tally.credit;
      split += this.addTerm(tally);
    }
    document.ids.forEach((id, index) => {
      this.tokenFrequency[id]! += document.idCounts[index]!;
    });
    for (const [reason, count] of Object.entries(document.excluded)) bump(this.excluded, reason, count);
    if (document.malformed !== undefined) this.malformed.push({ path, problem: document.malformed });
    if (document.byGrammar) this.byGrammar++;
    this.files.push({ path, bytes: document.bytes, tokens: document.tokens, occurrences, credit, split });
  }

  /** Returns how many of its occurrences are split. */
  private addTerm({ term, count, credit, kinds, here, keyPaths }: TermTally): number {
    const at = this.rowOf(term);
    let split = 0;
    for (let i = 0; i < here.length; i += 2) {
      this.distribution[here[i]!]! += here[i + 1]!;
      if (here[i]! >= 2) split += here[i + 1]!;
    }
    const { values } = this;
    values[at + columns.count]! += count;
    values[at + columns.files]! += 1;
    values[at + columns.credit]! += credit;
    values[at + columns.split]! += split;
    for (let i = 0; i < kinds.length; i += 2) values[at + columns.kinds + kinds[i]!]! += kinds[i + 1]!;
    if (keyPaths !== undefined) this.addKeyPaths(term, keyPaths);
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
      this.numbers.set(ownCopy(term), row);
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
