import type { Pacer } from "../pacer";
import { OccurrenceCounts } from "./occurrence-counts";
import { lowLane, type ShingleSource } from "./shingle-spill";
import { ShingleSetBuilder, type ShingleSets } from "./shingle-sets";
import type { Threshold } from "./similarity-join";

const mostRounds = 4;

/** Rounds stop when one leaves out less than this share. */
const worthwhile = 0.15;

interface Pruned {
  /** Rising. */
  readonly documents: readonly number[];
  readonly counts: OccurrenceCounts;
  readonly shingles: number;
}

async function countAll(
  documents: readonly number[],
  source: ShingleSource,
  expected: number,
  pacer: Pacer,
  onDocument: () => void,
): Promise<OccurrenceCounts> {
  const counts = new OccurrenceCounts(expected);
  for (const document of documents) {
    if (pacer.due()) await pacer.rest();
    counts.add(lowLane(source, document));
    onDocument();
  }
  counts.finish();
  return counts;
}

async function prune(
  documents: readonly number[],
  counts: OccurrenceCounts,
  source: ShingleSource,
  threshold: Threshold,
  expected: number,
  pacer: Pacer,
  onDocument: () => void,
): Promise<Pruned> {
  const next = new OccurrenceCounts(expected);
  const kept: number[] = [];
  let shingles = 0;
  for (const document of documents) {
    if (pacer.due()) await pacer.rest();
    onDocument();
    const low = lowLane(source, document);
    const needed = Math.ceil((threshold.numerator * low.length) / threshold.denominator);
    if (low.length === 0 || !counts.sharesAtLeast(low, needed)) continue;
    kept.push(document);
    next.add(low);
    shingles += low.length;
  }
  next.finish();
  return { documents: kept, counts: next, shingles };
}

/** Documents that may have a partner, and their sets; set i is that of `documents[i]`. */
export interface Comparable {
  readonly documents: readonly number[];
  readonly sets: ShingleSets;
}

/**
 * Leaves out, exactly, what can have no partner: a document shares at least the share `threshold` of its own shingles with any
 * partner, so one with fewer shingles that occur elsewhere has none. Leaving it out makes further shingles unique, hence rounds.
 * Of the Linux tree a fifth of the documents and a tenth of the shingles are left, and only those are ever held in memory.
 * @param documents in the order in which the sets shall stand
 * @param expected about how many shingles they have together; a bad guess costs time, never exactness
 * @param onStep documents dealt with so far, at most as many as there are
 */
export async function comparable(
  documents: readonly number[],
  source: ShingleSource,
  threshold: Threshold,
  expected: number,
  pacer: Pacer,
  onStep: (done: number) => void,
): Promise<Comparable> {
  const rising = [...documents].sort((a, b) => a - b);
  let steps = 0;
  const onDocument = (): void => onStep(Math.min(documents.length, ++steps >> 1));
  const counts = await countAll(rising, source, expected, pacer, onDocument);
  let left = await prune(rising, counts, source, threshold, expected, pacer, onDocument);
  for (let round = 1, before = rising.length; round < mostRounds && left.documents.length < before * (1 - worthwhile); round++) {
    before = left.documents.length;
    left = await prune(left.documents, left.counts, source, threshold, left.shingles, pacer, onDocument);
  }
  const stay = new Set(left.documents);
  const inOrder = documents.filter((document) => stay.has(document));
  const place = new Map(inOrder.map((document, index) => [document, index]));
  const builder = new ShingleSetBuilder(inOrder.length, left.shingles / 2);
  for (const document of left.documents) {
    if (pacer.due()) await pacer.rest();
    builder.add(place.get(document)!, source.shingles(document), left.counts);
  }
  return { documents: inOrder, sets: await builder.finish(pacer) };
}
