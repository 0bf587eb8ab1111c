/** What one document adds to the figures of a corpus with one tokenizer. It holds no text but the terms, so that it may be kept. */
import { termKinds, type TermKind } from "@midtrain/protocol/tokens";
import type { Tokenizer } from "../../tokenizer";
import type { FileColumns } from "../extract-terms";
import { kindNumber, type TermColumns } from "../term-columns";
import { tokensOfSpans, type SpanTokens } from "../token-overlap";

/** Occurrences with this many tokens and more are one row of the distribution. */
export const mostTokens = 16;

/** Columns of {@link TermTallies.numbers}: occurrences, those of each kind, and those by whole tokens that overlap, from 0 to `mostTokens`. */
export const tallyColumns = { count: 0, kinds: 1, here: 1 + termKinds.length } as const;
export const tallyWidth = tallyColumns.here + mostTokens + 1;

/** One row a distinct term, in the order of their first occurrence. */
export interface TermTallies {
  readonly terms: readonly string[];
  /** `tallyWidth` numbers a row. */
  readonly numbers: Int32Array;
  /** By row, in units of 1/creditUnit. */
  readonly credit: Float64Array;
  /** Of configuration keys, by row: occurrences by path of keys. */
  readonly keyPaths: ReadonlyMap<number, ReadonlyMap<string, number>>;
}

export interface DocumentTally {
  readonly bytes: number;
  readonly tokens: number;
  readonly terms: TermTallies;
  /** Distinct ids in ascending order and how often each occurs. */
  readonly ids: Int32Array;
  readonly idCounts: Int32Array;
  readonly excluded: Readonly<Record<string, number>>;
  readonly malformed: string | undefined;
  /** Kinds come from a grammar's syntax tree. */
  readonly byGrammar: boolean;
}

/** Every place of the room in which tokens are counted asks this: text as it stands, no special tokens read out of it. */
const ordinary = { special: "ordinary" } as const;

/**
 * @param kinds by occurrence, from a grammar; without them those of the lexer.
 * @param scratch one number per id of the tokenizer, all zero before and after.
 */
export function tallyDocument(
  text: string,
  { columns, excluded, malformed }: FileColumns,
  tokenizer: Tokenizer,
  scratch: Int32Array,
  kinds?: readonly TermKind[],
): DocumentTally {
  const encoding = columns.length === 0 ? undefined : tokenizer.encodeWithOffsets(text, ordinary);
  const ids = encoding?.ids ?? tokenizer.encode(text, ordinary);
  return {
    bytes: Buffer.byteLength(text),
    tokens: ids.length,
    terms: tallyTerms(columns, encoding && tokensOfSpans(encoding, columns), kinds),
    ...countIds(ids, scratch),
    excluded,
    malformed,
    byGrammar: kinds !== undefined,
  };
}

function tallyTerms(columns: TermColumns, spans: SpanTokens | undefined, kinds: readonly TermKind[] | undefined): TermTallies {
  const { terms } = columns;
  const numbers = new Int32Array(terms.length * tallyWidth);
  const credit = new Float64Array(terms.length);
  for (let index = 0; spans !== undefined && index < columns.length; index++) {
    const row = columns.rows.items[index]!;
    const kind = kinds === undefined ? columns.kinds.items[index]! : kindNumber[kinds[index]!];
    const at = row * tallyWidth;
    numbers[at + tallyColumns.count]!++;
    numbers[at + tallyColumns.kinds + kind]!++;
    numbers[at + tallyColumns.here + Math.min(mostTokens, spans.to[index]! - spans.from[index]!)]!++;
    credit[row]! += spans.credit[index]!;
  }
  return { terms, numbers, credit, keyPaths: keyPathsByRow(columns) };
}

function keyPathsByRow({ keyPaths, rows }: TermColumns): TermTallies["keyPaths"] {
  const byRow = new Map<number, Map<string, number>>();
  for (const [index, path] of keyPaths) {
    const row = rows.items[index]!;
    let paths = byRow.get(row);
    if (paths === undefined) byRow.set(row, (paths = new Map()));
    paths.set(path, (paths.get(path) ?? 0) + 1);
  }
  return byRow;
}

function countIds(ids: Int32Array, scratch: Int32Array): { readonly ids: Int32Array; readonly idCounts: Int32Array } {
  const found = new Int32Array(ids.length);
  let distinct = 0;
  for (let index = 0; index < ids.length; index++) {
    const id = ids[index]!;
    if (scratch[id]!++ === 0) found[distinct++] = id;
  }
  const sorted = found.slice(0, distinct).sort();
  const counts = new Int32Array(distinct);
  for (let index = 0; index < distinct; index++) {
    const id = sorted[index]!;
    counts[index] = scratch[id]!;
    scratch[id] = 0;
  }
  return { ids: sorted, idCounts: counts };
}
