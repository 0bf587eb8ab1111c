import type { Pacer } from "../pacer";
import { assemble, edgeOf, joinMethod, type Deduplication, type RemovedDocument, type SimilarityEdge } from "./deduplicate";
import { exactGroups, normalisedHash } from "./exact-groups";
import { Preference } from "./preference";
import { ShingleLookup } from "./shingle-lookup";
import type { ShingleSource } from "./shingle-spill";
import type { Shingles } from "./shingles";
import { duplicateThreshold, jaccard, reaches, splitThreshold } from "./similarity-join";
import type { KeyedDocument, SimilarityState } from "./similarity-state";

type Lanes = Pick<Shingles, "high" | "low">;

/** Beyond so many documents that are new since the state was kept, or gone, or judged again, a cold run is not much slower. */
const mostChanges = 600;

const unknown = -2;
const twin = -1;

/** A document at least half alike. */
interface Neighbour {
  readonly document: number;
  readonly jaccard: number;
  readonly duplicate: boolean;
}

/** Shingles of candidates kept in memory, which many documents of a cluster have in common. */
const mostKeptShingles = 8 << 20;

/** Finds neighbours: through the state's index among documents it knows, one by one among the others. */
class Neighbours {
  readonly #state: SimilarityState;
  readonly #now: Int32Array;
  readonly #source: ShingleSource;
  readonly #others = new Map<number, Lanes>();
  readonly #kept = new Map<number, Lanes>();
  #keptShingles = 0;

  /** @param now numbers of the state's documents in this run, -1 for those that are not compared any more */
  constructor(state: SimilarityState, now: Int32Array, others: readonly number[], source: ShingleSource) {
    this.#state = state;
    this.#now = now;
    this.#source = source;
    for (const document of others) this.#others.set(document, this.#copy(document));
  }

  #copy(document: number): Lanes {
    const { high, low } = this.#source.shingles(document);
    return { high: high.slice(), low: low.slice() };
  }

  #lanes(document: number): Lanes {
    const kept = this.#others.get(document) ?? this.#kept.get(document);
    if (kept !== undefined) return kept;
    const lanes = this.#copy(document);
    if (this.#keptShingles > mostKeptShingles) {
      this.#kept.clear();
      this.#keptShingles = 0;
    }
    this.#kept.set(document, lanes);
    this.#keptShingles += lanes.low.length;
    return lanes;
  }

  /** Undefined when the index is damaged. */
  of(document: number): Neighbour[] | undefined {
    const own = this.#lanes(document);
    const size = own.low.length;
    if (size === 0) return [];
    const known = this.#state.candidates(own.low);
    if (known === undefined) return undefined;
    const lookup = new ShingleLookup(own);
    const found: Neighbour[] = [];
    const verify = (other: number, lanes: Lanes): void => {
      const together = lanes.low.length;
      const overlap = lookup.overlap(lanes);
      if (overlap === 0 || !reaches(splitThreshold, overlap, size, together)) return;
      const duplicate = reaches(duplicateThreshold, overlap, size, together);
      found.push({ document: other, jaccard: jaccard(overlap, size, together), duplicate });
    };
    for (const entry of known) {
      const other = this.#now[entry]!;
      if (other >= 0 && other !== document && !this.#others.has(other)) verify(other, this.#lanes(other));
    }
    for (const [other, lanes] of this.#others) {
      const possible = 2 * Math.min(size, lanes.low.length) >= Math.max(size, lanes.low.length);
      if (other !== document && possible) verify(other, lanes);
    }
    return found;
  }
}

/** Documents that wait to be judged, the preferred one first. */
class Waiting {
  readonly #preference: Preference;
  readonly #queue: number[] = [];
  readonly #known = new Set<number>();

  constructor(preference: Preference) {
    this.#preference = preference;
  }

  add(document: number): void {
    if (this.#known.has(document)) return;
    this.#known.add(document);
    let low = 0;
    let high = this.#queue.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#preference.compare(this.#queue[middle]!, document) > 0) low = middle + 1;
      else high = middle;
    }
    this.#queue.splice(low, 0, document);
  }

  next(): number | undefined {
    return this.#queue.pop();
  }
}

interface Situation {
  readonly preference: Preference;
  /** Per document: itself, the one it hangs on, `twin` or `unknown`. Judging fills it. */
  readonly hangsOn: Int32Array;
  readonly likeness: Float64Array;
  readonly neighbours: Neighbours;
}

/** The most alike duplicate among preferred survivors; of equally alike ones the preferred. */
function bestSurvivor(document: number, found: readonly Neighbour[], preference: Preference, hangsOn: Int32Array): Neighbour | undefined {
  let best: Neighbour | undefined;
  for (const other of found) {
    if (!other.duplicate || hangsOn[other.document] !== other.document) continue;
    if (best !== undefined && other.jaccard < best.jaccard) continue;
    if (preference.compare(other.document, document) > 0) continue;
    if (best === undefined || other.jaccard > best.jaccard || preference.compare(other.document, best.document) < 0) best = other;
  }
  return best;
}

/** Judges what changed and whatever depends on it, each after all that precede it. Neighbours of those judged, or undefined when it gets too much. */
async function judgeAgain(
  { preference, hangsOn, likeness, neighbours }: Situation,
  first: readonly number[],
  pacer: Pacer,
): Promise<Map<number, readonly Neighbour[]> | undefined> {
  const waiting = new Waiting(preference);
  for (const document of first) waiting.add(document);
  const judged = new Map<number, readonly Neighbour[]>();
  for (let document = waiting.next(); document !== undefined; document = waiting.next()) {
    if (pacer.due()) await pacer.rest();
    const found = neighbours.of(document);
    if (found === undefined || judged.size >= mostChanges) return undefined;
    judged.set(document, found);
    const best = bestSurvivor(document, found, preference, hangsOn);
    const stayed = hangsOn[document] === document;
    hangsOn[document] = best?.document ?? document;
    likeness[document] = best?.jaccard ?? 0;
    if (best === undefined && !stayed) {
      for (const other of found) if (other.duplicate && preference.compare(other.document, document) > 0) waiting.add(other.document);
    } else if (best !== undefined && stayed) {
      hangsOn.forEach((survivor, other) => {
        if (survivor === document && other !== document) waiting.add(other);
      });
    }
  }
  return judged;
}

/**
 * The same result as `deduplicate`, from what a cold run kept: only documents that changed since then, and those whose judgement
 * depends on them, are compared again, with candidates from the kept index.
 * @param source computes the shingles of a document anew; asked for the changed ones and for candidates
 * @returns undefined when too much changed or the index is damaged: run `deduplicate` then.
 */
export async function deduplicateIncremental(
  state: SimilarityState,
  documents: readonly KeyedDocument[],
  source: ShingleSource,
  pacer: Pacer,
  mostExactDocuments = Infinity,
): Promise<Deduplication | undefined> {
  const before = state.lookUp(documents);
  let fresh = 0;
  for (const place of before) if (place < 0) fresh++;
  if (fresh > mostChanges || state.count - (documents.length - fresh) > mostChanges) return undefined;
  const preference = new Preference(documents);
  const exact = exactGroups(documents, preference, (index) => {
    const known = before[index]! < 0 ? undefined : state.textHash(before[index]!);
    return known ?? normalisedHash(documents[index]!.text());
  });
  // A cold run would not find all pairs; what is kept would give more than it.
  if (joinMethod(exact.distinct.length, mostExactDocuments) !== "exact") return undefined;
  const now = new Int32Array(state.count).fill(-1);
  const others: number[] = [];
  const hangsOn = new Int32Array(documents.length).fill(twin);
  for (const document of exact.distinct) {
    const place = before[document]!;
    hangsOn[document] = unknown;
    if (place >= 0 && state.hangsOn[place]! >= 0) now[place] = document;
    else others.push(document);
  }
  if (others.length > mostChanges) return undefined;
  const likeness = new Float64Array(documents.length);
  const first = [...others];
  for (let place = 0; place < now.length; place++) {
    const document = now[place]!;
    if (document < 0) continue;
    const survivor = now[state.hangsOn[place]!]!;
    if (survivor < 0) first.push(document);
    else {
      hangsOn[document] = survivor;
      likeness[document] = state.jaccard[place]!;
    }
  }
  if (first.length > mostChanges) return undefined;
  const neighbours = new Neighbours(state, now, others, source);
  const judged = await judgeAgain({ preference, hangsOn, likeness, neighbours }, first, pacer);
  if (judged === undefined) return undefined;
  const near = exact.distinct.flatMap((document): RemovedDocument[] =>
    hangsOn[document] === document ? [] : [{ document, survivor: hangsOn[document]!, jaccard: likeness[document]!, kind: "near" }],
  );
  return { ...assemble(exact, near, edgesOf(state, now, hangsOn, judged)), method: "exact" };
}

/** Edges that still hold, and those of the documents that were judged again. */
function edgesOf(
  state: SimilarityState,
  now: Int32Array,
  hangsOn: Int32Array,
  judged: ReadonlyMap<number, readonly Neighbour[]>,
): SimilarityEdge[] {
  const { a, b, jaccard: likeness } = state.edges;
  const stays = (document: number): boolean => document >= 0 && hangsOn[document] === document;
  const edges: SimilarityEdge[] = [];
  for (let at = 0; at < a.length; at++) {
    const [one, other] = [now[a[at]!]!, now[b[at]!]!];
    if (stays(one) && stays(other) && !judged.has(one) && !judged.has(other)) edges.push(edgeOf(one, other, likeness[at]!));
  }
  for (const [document, found] of judged) {
    if (!stays(document)) continue;
    for (const { document: other, jaccard: similarity } of found)
      if (stays(other) && (!judged.has(other) || document < other)) edges.push(edgeOf(document, other, similarity));
  }
  return edges;
}
