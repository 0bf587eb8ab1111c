import type { Pacer } from "../pacer";
import { fewestEqualBytes, lshBands, MinHashes, sketchBytes } from "./candidate-lsh";
import { OccurrenceCounts } from "./occurrence-counts";
import { ShingleLookup } from "./shingle-lookup";
import type { ShingleSource } from "./shingle-spill";
import type { Shingles } from "./shingles";
import { reaches, type JoinDecisions, type SimilarPair, type Threshold } from "./similarity-join";

type Lanes = Pick<Shingles, "high" | "low">;

/** Documents that may have a partner, as sketches: 364 bytes each, however long they are. */
export interface SketchedDocuments {
  /** In the order in which they are judged. */
  readonly documents: readonly number[];
  /** Distinct shingles of each. */
  readonly sizes: Uint32Array;
  readonly sketches: Uint8Array;
  /** Band by band: the nearest document before this one with the same key, or -1. */
  readonly previous: Int32Array;
}

/**
 * Sketches what may have a partner at the threshold. Left out, exactly, is a document of which too few shingles occur elsewhere, as in
 * `comparable`, in one round.
 * @param documents in the order in which they are judged
 * @param expected about how many shingles they have together
 * @param onStep documents dealt with so far, at most as many as there are
 */
export async function sketchDocuments(
  documents: readonly number[],
  source: ShingleSource,
  threshold: Threshold,
  expected: number,
  pacer: Pacer,
  onStep: (done: number) => void,
): Promise<SketchedDocuments> {
  const rising = [...documents].sort((a, b) => a - b);
  const counts = new OccurrenceCounts(expected);
  let steps = 0;
  const step = async (): Promise<void> => {
    onStep(++steps >> 1);
    if (pacer.due()) await pacer.rest();
  };
  for (const document of rising) {
    counts.add(source.shingles(document).low);
    await step();
  }
  counts.finish();
  const left = await perhapsPaired(rising, source, counts, threshold, pacer);
  const inOrder = documents.filter((document) => left.has(document));
  const sketched = makeRoom(inOrder);
  const places = new Map(inOrder.map((document, place) => [document, place]));
  const minima = new MinHashes();
  for (const document of rising) {
    const place = places.get(document);
    if (place !== undefined) addSketch(sketched, place, source.shingles(document), minima);
    await step();
  }
  for (let band = 0; band < lshBands; band++) {
    linkBand(sketched.previous.subarray(band * inOrder.length, (band + 1) * inOrder.length));
    if (pacer.due()) await pacer.rest();
  }
  return sketched;
}

/** Documents of which enough shingles perhaps occur elsewhere. */
async function perhapsPaired(
  documents: readonly number[],
  source: ShingleSource,
  counts: OccurrenceCounts,
  threshold: Threshold,
  pacer: Pacer,
): Promise<ReadonlySet<number>> {
  const left = new Set<number>();
  for (const document of documents) {
    const { low } = source.shingles(document);
    const needed = Math.ceil((threshold.numerator * low.length) / threshold.denominator);
    if (low.length > 0 && counts.sharesAtLeast(low, needed)) left.add(document);
    if (pacer.due()) await pacer.rest();
  }
  return left;
}

function makeRoom(documents: readonly number[]): SketchedDocuments {
  return {
    documents,
    sizes: new Uint32Array(documents.length),
    sketches: new Uint8Array(documents.length * sketchBytes),
    previous: new Int32Array(documents.length * lshBands),
  };
}

/** Until the bands are linked, `previous` holds their keys. */
function addSketch({ documents, sizes, sketches, previous }: SketchedDocuments, place: number, shingles: Lanes, minima: MinHashes): void {
  sizes[place] = shingles.low.length;
  minima.take(shingles);
  minima.sketch(sketches, place * sketchBytes);
  for (let band = 0; band < lshBands; band++) previous[band * documents.length + place] = minima.bandKey(band);
}

/** Replaces keys by the place of the nearest earlier document with the same key. */
function linkBand(band: Int32Array): void {
  const size = 2 ** Math.ceil(Math.log2(2 * band.length + 2));
  const keys = new Int32Array(size);
  const latest = new Int32Array(size).fill(-1);
  for (let place = 0; place < band.length; place++) {
    const key = band[place]!;
    let slot = key & (size - 1);
    while (latest[slot]! >= 0 && keys[slot] !== key) slot = (slot + 1) & (size - 1);
    band[place] = latest[slot]!;
    keys[slot] = key;
    latest[slot] = place;
  }
}

/** Shingles kept of candidates, which the documents of a cluster have in common. */
const mostKeptShingles = 8 << 20;

/** Shingles by place, copied: a source gives them until its next call only. */
class KeptShingles {
  readonly #documents: readonly number[];
  readonly #source: ShingleSource;
  readonly #kept = new Map<number, Lanes>();
  #shingles = 0;

  constructor(documents: readonly number[], source: ShingleSource) {
    this.#documents = documents;
    this.#source = source;
  }

  of(place: number): Lanes {
    const known = this.#kept.get(place);
    if (known !== undefined) return known;
    const { high, low } = this.#source.shingles(this.#documents[place]!);
    const lanes = { high: high.slice(), low: low.slice() };
    if (this.#shingles > mostKeptShingles) {
      this.#kept.clear();
      this.#shingles = 0;
    }
    this.#kept.set(place, lanes);
    this.#shingles += low.length;
    return lanes;
  }
}

/** Earlier documents that share a band with a later one; those that were left out are stepped over, and the way around them is remembered. */
class BandChains {
  readonly #previous: Int32Array;
  readonly #count: number;
  readonly #seen: Int32Array;
  readonly #leftOut: Uint8Array;
  readonly found: number[] = [];

  constructor({ previous, documents }: SketchedDocuments) {
    this.#previous = previous;
    this.#count = documents.length;
    this.#seen = new Int32Array(documents.length).fill(-1);
    this.#leftOut = new Uint8Array(documents.length);
  }

  leaveOut(place: number): void {
    this.#leftOut[place] = 1;
  }

  collect(later: number): void {
    this.found.length = 0;
    const previous = this.#previous;
    for (let band = 0; band < lshBands; band++) {
      const start = band * this.#count;
      let from = later;
      for (let earlier = previous[start + from]!; earlier >= 0; earlier = previous[start + from]!) {
        if (this.#leftOut[earlier] === 1) {
          previous[start + from] = previous[start + earlier]!;
          continue;
        }
        from = earlier;
        if (this.#seen[earlier] === later) continue;
        this.#seen[earlier] = later;
        this.found.push(earlier);
      }
    }
  }
}

function equalBytes(sketches: Uint8Array, one: number, other: number): number {
  const [a, b] = [one * sketchBytes, other * sketchBytes];
  let equal = 0;
  for (let at = 0; at < sketchBytes; at++) if (sketches[a + at] === sketches[b + at]) equal++;
  return equal;
}

/**
 * Pairs of documents with Jaccard at or above the threshold, as `joinSimilar` gives them: candidates by bands of MinHash, each verified
 * with the shingles themselves, so that every pair is a true one; which true ones may be missed says `candidateProbability`.
 */
export async function joinByBands(
  sketched: SketchedDocuments,
  source: ShingleSource,
  threshold: Threshold,
  decisions: JoinDecisions,
  pacer: Pacer,
): Promise<void> {
  const { documents, sizes, sketches } = sketched;
  const chains = new BandChains(sketched);
  const kept = new KeptShingles(documents, source);
  const fewestEqual = fewestEqualBytes(threshold.numerator / threshold.denominator);
  for (let later = 0; later < documents.length; later++) {
    chains.collect(later);
    const pairs: SimilarPair[] = [];
    let own: ShingleLookup | undefined;
    for (const earlier of chains.found) {
      if (pacer.due()) await pacer.rest();
      const [least, most] = [Math.min(sizes[later]!, sizes[earlier]!), Math.max(sizes[later]!, sizes[earlier]!)];
      if (!reaches(threshold, least, least, most) || equalBytes(sketches, later, earlier) < fewestEqual) continue;
      own ??= new ShingleLookup(kept.of(later));
      const overlap = own.overlap(kept.of(earlier));
      if (reaches(threshold, overlap, least, most)) pairs.push({ earlier, later, overlap });
    }
    if (pacer.due()) await pacer.rest();
    if (decisions.onDocument(later, pairs) === "leave-out") chains.leaveOut(later);
  }
}
