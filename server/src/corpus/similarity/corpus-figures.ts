import type { RepetitionFigures } from "@midtrain/protocol/corpus-check";
import { comparePaths } from "../listing/path-names";
import { forEachLine } from "./line-hashes";

/** Of a large corpus one line in four and one shingle in sixteen is looked at; which, the hash decides. */
export interface RepetitionRates {
  readonly lines: number;
  readonly shingles: number;
}

const sampledFrom = 32 << 20;

/** @param bytes of the corpus, about: what was seen will do */
export function repetitionRates(bytes: number): RepetitionRates {
  return bytes > sampledFrom ? { lines: 4, shingles: 16 } : { lines: 1, shingles: 1 };
}

const templateDocuments = 10;
const fewestDocuments = 20;

/** 32-bit hashes of lines of a text, for `RepetitionSample`. */
export function sampledLines(text: string, { lines: rate }: RepetitionRates): Uint32Array<ArrayBuffer> {
  const lines: number[] = [];
  forEachLine(text, (high, low) => {
    if (((high ^ (high >>> 15)) & (rate - 1)) === 0) lines.push(low);
  });
  return Uint32Array.from(lines);
}

/** Counts 32-bit keys. */
class Counts {
  readonly #keys: Uint32Array;
  readonly #counts: Uint32Array;

  constructor(most: number) {
    const size = 2 ** Math.ceil(Math.log2(most * 1.5 + 16));
    this.#keys = new Uint32Array(size);
    this.#counts = new Uint32Array(size);
  }

  #place(key: number): number {
    const mask = this.#keys.length - 1;
    let place = (Math.imul(key ^ (key >>> 16), 0x85ebca6b) >>> 4) & mask;
    while (this.#counts[place] !== 0 && this.#keys[place] !== key) place = (place + 1) & mask;
    return place;
  }

  add(key: number): void {
    const place = this.#place(key);
    this.#keys[place] = key;
    this.#counts[place]!++;
  }

  of(key: number): number {
    return this.#counts[this.#place(key)]!;
  }
}

/** Sampled shingles and lines of documents, kept while they are read: a few bytes in a hundred of the text. */
export class RepetitionSample {
  readonly #rate: number;
  readonly shingles: Uint32Array[] = [];
  readonly lines: Uint32Array[] = [];

  constructor({ shingles }: RepetitionRates) {
    this.#rate = shingles;
  }

  add(document: number, shingles: { readonly low: Uint32Array }, lines: Uint32Array): void {
    this.shingles[document] = shingles.low.filter((hash) => (hash & (this.#rate - 1)) === 0);
    this.lines[document] = lines;
  }
}

interface Sums {
  documents: number;
  shingles: number;
  distinct: number;
  templated: number;
  lines: number;
  repeated: number;
  alike: number;
}

/** The whole corpus and its directories of at most two levels. */
function directoriesOf(path: string): string[] {
  const first = path.indexOf("/");
  if (first < 0) return [""];
  const second = path.indexOf("/", first + 1);
  return second < 0 ? ["", path.slice(0, first)] : ["", path.slice(0, first), path.slice(0, second)];
}

function total(arrays: readonly Uint32Array[], documents: readonly number[]): number {
  return documents.reduce((sum, document) => sum + arrays[document]!.length, 0);
}

function countsOf(arrays: readonly Uint32Array[], documents: readonly number[]): Counts {
  const counts = new Counts(total(arrays, documents));
  for (const document of documents) for (const key of arrays[document]!) counts.add(key);
  return counts;
}

/**
 * Repetition of what is left after deduplication, measured and never cut: the whole corpus first, then its directories of at least
 * twenty documents by name.
 * @param survivors indices into documents and into the sample
 * @param edges pairs of survivors at least half alike
 */
export function corpusFigures(
  documents: readonly { readonly path: string }[],
  survivors: readonly number[],
  edges: readonly { readonly a: number; readonly b: number }[],
  sample: RepetitionSample,
): RepetitionFigures[] {
  const shingles = countsOf(sample.shingles, survivors);
  const lines = countsOf(sample.lines, survivors);
  const alike = new Set(edges.flatMap(({ a, b }) => [a, b]));
  const sums = new Map<string, Sums>();
  for (const document of survivors) {
    const own: Sums = { documents: 1, shingles: 0, distinct: 0, templated: 0, lines: 0, repeated: 0, alike: alike.has(document) ? 1 : 0 };
    for (const key of sample.shingles[document]!) {
      const others = shingles.of(key);
      own.shingles++;
      own.distinct += 1 / others;
      if (others >= templateDocuments) own.templated++;
    }
    for (const key of sample.lines[document]!) {
      own.lines++;
      if (lines.of(key) > 1) own.repeated++;
    }
    for (const directory of directoriesOf(documents[document]!.path)) addTo(sums, directory, own);
  }
  return [...sums]
    .filter(([directory, { documents: count }]) => directory === "" || count >= fewestDocuments)
    .sort(([a], [b]) => comparePaths(a, b))
    .map(([directory, each]) => ({
      directory,
      documents: each.documents,
      diversity: share(each.distinct, each.shingles),
      templated: share(each.templated, each.shingles),
      repeatedLines: share(each.repeated, each.lines),
      alikeDocuments: share(each.alike, each.documents),
    }));
}

function addTo(sums: Map<string, Sums>, directory: string, own: Sums): void {
  const known = sums.get(directory);
  if (known === undefined) {
    sums.set(directory, { ...own });
    return;
  }
  for (const name of Object.keys(own) as (keyof Sums)[]) known[name] += own[name];
}

/** Rounded, so that the order of adding does not show. */
function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1e4) / 1e4;
}
