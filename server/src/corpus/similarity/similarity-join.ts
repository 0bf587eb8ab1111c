import type { Pacer } from "../pacer";
import type { ShingleSets } from "./shingle-sets";

/** J >= numerator / denominator, compared in whole numbers so that no rounding decides. */
export interface Threshold {
  readonly numerator: number;
  readonly denominator: number;
}

export const duplicateThreshold: Threshold = { numerator: 7, denominator: 10 };
export const splitThreshold: Threshold = { numerator: 5, denominator: 10 };

/** Two documents (`earlier` came first in the order) and how many shingles they share. */
export interface SimilarPair {
  readonly earlier: number;
  readonly later: number;
  readonly overlap: number;
}

/** Smallest overlap with which sets of sizes a and b reach the threshold: o/(a+b-o) >= n/d. */
function requiredOverlap(threshold: Threshold, a: number, b: number): number {
  return Math.ceil((threshold.numerator * (a + b)) / (threshold.numerator + threshold.denominator));
}

export function reaches(threshold: Threshold, overlap: number, a: number, b: number): boolean {
  return overlap * (threshold.numerator + threshold.denominator) >= threshold.numerator * (a + b);
}

export function jaccard(overlap: number, a: number, b: number): number {
  return a + b === 0 ? 0 : overlap / (a + b - overlap);
}

export interface JoinDecisions {
  /** Called with every pair at or above the threshold, the documents in the order given; the pairs of one `later` document come together. */
  onDocument(later: number, pairs: readonly SimilarPair[]): "index" | "leave-out";
}

/** Inverted index over the prefixes of the documents seen so far: a linked list of documents per shingle rank. */
class PrefixIndex {
  readonly #head: Int32Array;
  #next = new Int32Array(1 << 14);
  #document = new Int32Array(1 << 14);
  #count = 0;

  constructor(ranks: number) {
    this.#head = new Int32Array(ranks).fill(-1);
  }

  add(rank: number, document: number): void {
    if (this.#count === this.#next.length) {
      const next = new Int32Array(this.#count * 2);
      const documents = new Int32Array(this.#count * 2);
      next.set(this.#next);
      documents.set(this.#document);
      this.#next = next;
      this.#document = documents;
    }
    this.#next[this.#count] = this.#head[rank]!;
    this.#document[this.#count] = document;
    this.#head[rank] = this.#count++;
  }

  /** Fills `into` with the documents under `rank`; returns how many. */
  collect(rank: number, seen: Int32Array, mark: number, into: number[]): void {
    for (let entry = this.#head[rank]!; entry >= 0; entry = this.#next[entry]!) {
      const document = this.#document[entry]!;
      if (seen[document] === mark) continue;
      seen[document] = mark;
      into.push(document);
    }
  }
}

/** |x ∩ y|, or -1 as soon as `required` is out of reach. */
function overlapOf(x: Uint32Array, y: Uint32Array, required: number): number {
  let i = 0;
  let j = 0;
  let overlap = 0;
  while (i < x.length && j < y.length) {
    const a = x[i]!;
    const b = y[j]!;
    if (a === b) {
      overlap++;
      i++;
      j++;
    } else {
      if (a < b) i++;
      else j++;
      if (overlap + Math.min(x.length - i, y.length - j) < required) return -1;
    }
  }
  return overlap < required ? -1 : overlap;
}

/**
 * All pairs of documents with Jaccard at or above the threshold: exact set-similarity join with prefix and length filter
 * (Bayardo 2007, Xiao 2008). Two sets at the threshold must share a shingle within the first |x| - ceil(t|x|) + 1 of each,
 * in an order common to both; rare shingles come first, so few candidates have to be verified, and each is verified exactly.
 * A document that `decisions` leaves out is compared with the ones before it, but no later one with it.
 */
export async function joinSimilar(
  sets: ShingleSets,
  order: readonly number[],
  threshold: Threshold,
  decisions: JoinDecisions,
  pacer: Pacer,
): Promise<void> {
  const index = new PrefixIndex(sets.ranks);
  const seen = new Int32Array(sets.sizes.length).fill(-1);
  for (const later of order) {
    const size = sets.sizes[later]!;
    const shared = sets.shared[later]!;
    const prefix = Math.max(
      0,
      Math.min(shared.length, size - Math.ceil((threshold.numerator * size) / threshold.denominator) + 1 - sets.singles[later]!),
    );
    const candidates: number[] = [];
    for (let at = 0; at < prefix; at++) index.collect(shared[at]!, seen, later, candidates);
    const pairs: SimilarPair[] = [];
    for (const earlier of candidates) {
      if (pacer.due()) await pacer.rest();
      const required = requiredOverlap(threshold, size, sets.sizes[earlier]!);
      if (Math.min(shared.length, sets.shared[earlier]!.length) < required) continue;
      const overlap = overlapOf(shared, sets.shared[earlier]!, required);
      if (overlap >= 0) pairs.push({ earlier, later, overlap });
    }
    if (pacer.due()) await pacer.rest();
    if (decisions.onDocument(later, pairs) === "index") for (let at = 0; at < prefix; at++) index.add(shared[at]!, later);
  }
}
