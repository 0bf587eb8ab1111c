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
  /** Called for every document in the order of the sets, with every pair at or above the threshold; the pairs of one `later` document come together. */
  onDocument(later: number, pairs: readonly SimilarPair[]): "index" | "leave-out";
}

/** Inverted index over the prefixes of the documents seen so far: a linked list of (document, place in its set) per shingle rank. */
class PrefixIndex {
  readonly head: Int32Array;
  next = new Int32Array(1 << 14);
  documents = new Int32Array(1 << 14);
  places = new Int32Array(1 << 14);
  #count = 0;

  constructor(ranks: number) {
    this.head = new Int32Array(ranks).fill(-1);
  }

  add(rank: number, document: number, place: number): void {
    const entry = this.#count++;
    if (entry === this.next.length) {
      const grown = (from: Int32Array): Int32Array<ArrayBuffer> => {
        const array = new Int32Array(entry * 2);
        array.set(from);
        return array;
      };
      this.next = grown(this.next);
      this.documents = grown(this.documents);
      this.places = grown(this.places);
    }
    this.next[entry] = this.head[rank]!;
    this.documents[entry] = document;
    this.places[entry] = place;
    this.head[rank] = entry;
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

/** Shingles at the head of a set in which every partner at the threshold must share one, in the common order; unique ones come first and are not listed. */
function prefixLength(sets: ShingleSets, document: number, threshold: Threshold): number {
  const size = sets.sizes[document]!;
  const prefix = size - Math.ceil((threshold.numerator * size) / threshold.denominator) + 1 - sets.singles[document]!;
  return Math.max(0, Math.min(sets.shared[document]!.length, prefix));
}

/** Candidate partners of documents, each once: what shares a prefix shingle and can still reach the threshold from there (length and positional filter). */
class Candidates {
  readonly found: Int32Array;
  count = 0;
  readonly #sets: ShingleSets;
  readonly #threshold: Threshold;
  readonly #seen: Int32Array;

  constructor(sets: ShingleSets, threshold: Threshold) {
    this.#sets = sets;
    this.#threshold = threshold;
    this.#seen = new Int32Array(sets.sizes.length).fill(-1);
    this.found = new Int32Array(sets.sizes.length);
  }

  collect(later: number, prefix: number, index: PrefixIndex): void {
    this.count = 0;
    const { sizes, shared } = this.#sets;
    const own = shared[later]!;
    const { head, next, documents, places } = index;
    for (let at = 0; at < prefix; at++) {
      for (let entry = head[own[at]!]!; entry >= 0; entry = next[entry]!) {
        const earlier = documents[entry]!;
        if (this.#seen[earlier] === later) continue;
        this.#seen[earlier] = later;
        const most = Math.min(own.length - at, shared[earlier]!.length - places[entry]!);
        if (most >= requiredOverlap(this.#threshold, sizes[later]!, sizes[earlier]!)) this.found[this.count++] = earlier;
      }
    }
  }
}

/**
 * All pairs of documents with Jaccard at or above the threshold: exact set-similarity join with prefix, length and positional filter
 * (Bayardo 2007, Xiao 2008). Two sets at the threshold must share a shingle within the first |x| - ceil(t|x|) + 1 of each,
 * in an order common to both; rare shingles come first, so few candidates have to be verified, and each is verified exactly.
 * A document that `decisions` leaves out is compared with the ones before it, but no later one with it.
 */
export async function joinSimilar(sets: ShingleSets, threshold: Threshold, decisions: JoinDecisions, pacer: Pacer): Promise<void> {
  const index = new PrefixIndex(sets.ranks);
  const candidates = new Candidates(sets, threshold);
  for (let later = 0; later < sets.sizes.length; later++) {
    const shared = sets.shared[later]!;
    const prefix = prefixLength(sets, later, threshold);
    candidates.collect(later, prefix, index);
    const pairs: SimilarPair[] = [];
    for (let at = 0; at < candidates.count; at++) {
      if (pacer.due()) await pacer.rest();
      const earlier = candidates.found[at]!;
      const required = requiredOverlap(threshold, sets.sizes[later]!, sets.sizes[earlier]!);
      const overlap = overlapOf(shared, sets.shared[earlier]!, required);
      if (overlap >= 0) pairs.push({ earlier, later, overlap });
    }
    if (pacer.due()) await pacer.rest();
    if (decisions.onDocument(later, pairs) === "index") for (let at = 0; at < prefix; at++) index.add(shared[at]!, later, at);
  }
}
