import type { ClusterRecord } from "@midtrain/protocol/corpus";
import { comparePaths } from "../listing/path-names";
import type { Pacer } from "../pacer";
import { joinByBands, sketchDocuments } from "./candidate-lsh-join";
import { comparable } from "./comparable";
import { exactGroups, normalisedHash, type ExactGroups } from "./exact-groups";
import { Preference, reasonFor } from "./preference";
import type { ShingleSource } from "./shingle-spill";
import { duplicateThreshold, jaccard, joinSimilar, reaches, splitThreshold, type JoinDecisions, type SimilarPair } from "./similarity-join";

/** What deduplication needs of a document; `text()` may read and decode again, and is asked for few. */
export interface DedupDocument {
  readonly path: string;
  readonly blob: string;
  /** On-disk bytes. */
  readonly bytes: number;
  /** Fingerprint of the sequence of words, as `shinglesOf` gives it. */
  readonly words: string;
  text(): string;
}

export type DuplicateKind = ClusterRecord["removed"][number]["kind"];

export interface RemovedDocument {
  readonly document: number;
  readonly survivor: number;
  readonly jaccard: number;
  readonly kind: DuplicateKind;
}

export interface SimilarityEdge {
  readonly a: number;
  readonly b: number;
  readonly jaccard: number;
}

export interface Deduplication {
  /** Indices of the documents that stay, rising. */
  readonly survivors: readonly number[];
  /** Rising by document. */
  readonly removed: readonly RemovedDocument[];
  /** Pairs of survivors at or above the split threshold; a < b, rising. */
  readonly edges: readonly SimilarityEdge[];
  /** Documents that equal no other one but for white space and were compared, rising. */
  readonly distinct: readonly number[];
  /** Hashes of the texts that had to be compared for equality, by document. */
  readonly textHashes: ReadonlyMap<number, string>;
  readonly method: JoinMethod;
}

/** How near duplicates were found: all pairs by an exact join, or candidates by MinHash in bands, each verified exactly. */
export type JoinMethod = "exact" | "minhash-lsh";

/** @param documents that are not equal to another one */
export function joinMethod(documents: number, mostExactDocuments: number): JoinMethod {
  return documents > mostExactDocuments ? "minhash-lsh" : "exact";
}

/** Code has about one distinct shingle in so many bytes. */
const bytesPerShingle = 12;

/**
 * One survivor per cluster, every near duplicate at least 0.7 alike to its survivor (a star, never a chain), and no two survivors that alike.
 * Documents are judged in a fixed order of preference: each either resembles an earlier survivor, or becomes one.
 * @param source gives the shingles of a document as often as asked; memory does not grow with it
 * @param onStep documents dealt with so far
 * @param mostExactDocuments beyond which candidates come from MinHash in bands: a pair half alike may then be missed, one in a thousand
 */
export async function deduplicate(
  documents: readonly DedupDocument[],
  source: ShingleSource,
  pacer: Pacer,
  onStep: (done: number) => void,
  mostExactDocuments = Infinity,
): Promise<Deduplication> {
  const preference = new Preference(documents);
  const exact = exactGroups(documents, preference, (index) => normalisedHash(documents[index]!.text()));
  const { distinct, twins } = exact;
  const bytes = distinct.reduce((sum, document) => sum + documents[document]!.bytes, 0);
  const expected = bytes / bytesPerShingle;
  const inOrder = preference.sort(distinct);
  const onCompared = (done: number): void => onStep(twins.length + done);
  const findings: Findings = { near: [], edges: [] };
  const method = joinMethod(distinct.length, mostExactDocuments);
  if (method === "exact") {
    const compared = await comparable(inOrder, source, splitThreshold, expected, pacer, onCompared);
    await joinSimilar(compared.sets, splitThreshold, judge(compared.documents, compared.sets.sizes, findings), pacer);
  } else {
    const sketched = await sketchDocuments(inOrder, source, splitThreshold, expected, pacer, onCompared);
    await joinByBands(sketched, source, splitThreshold, judge(sketched.documents, sketched.sizes, findings), pacer);
  }
  onStep(documents.length);
  return { ...assemble(exact, findings.near, findings.edges), method };
}

interface Findings {
  readonly near: RemovedDocument[];
  readonly edges: SimilarityEdge[];
}

/** Each document in order either hangs on the earlier one it resembles most, or stays. */
function judge(compared: readonly number[], sizes: Uint32Array, { near, edges }: Findings): JoinDecisions {
  return {
    onDocument: (later, pairs) => {
      const document = compared[later]!;
      const best = bestDuplicate(pairs, sizes);
      if (best !== undefined) {
        const similarity = jaccard(best.overlap, sizes[best.earlier]!, sizes[later]!);
        near.push({ document, survivor: compared[best.earlier]!, jaccard: similarity, kind: "near" });
        return "leave-out";
      }
      for (const { earlier, overlap } of pairs)
        edges.push(edgeOf(compared[earlier]!, document, jaccard(overlap, sizes[earlier]!, sizes[later]!)));
      return "index";
    },
  };
}

export function edgeOf(one: number, other: number, similarity: number): SimilarityEdge {
  return { a: Math.min(one, other), b: Math.max(one, other), jaccard: similarity };
}

/** The most alike of the earlier documents at the threshold of duplicates; of equally alike ones the first in the order. */
function bestDuplicate(pairs: readonly SimilarPair[], sizes: Uint32Array): SimilarPair | undefined {
  let best: SimilarPair | undefined;
  let highest = 0;
  for (const pair of pairs) {
    const [a, b] = [sizes[pair.earlier]!, sizes[pair.later]!];
    if (!reaches(duplicateThreshold, pair.overlap, a, b)) continue;
    const similarity = jaccard(pair.overlap, a, b);
    if (best !== undefined && (similarity < highest || (similarity === highest && pair.earlier > best.earlier))) continue;
    [best, highest] = [pair, similarity];
  }
  return best;
}

/** A document equal to one that turned out to be a near duplicate hangs on that one's survivor. */
export function assemble(
  exact: ExactGroups,
  near: readonly RemovedDocument[],
  edges: readonly SimilarityEdge[],
): Omit<Deduplication, "method"> {
  const { distinct, twins, textHashes } = exact;
  const nearOf = new Map(near.map((entry) => [entry.document, entry]));
  const rehung = twins.map((twin): RemovedDocument => {
    const hung = nearOf.get(twin.survivor);
    return hung === undefined ? { ...twin, jaccard: 1 } : { ...hung, document: twin.document };
  });
  return {
    survivors: distinct.filter((document) => !nearOf.has(document)),
    removed: [...rehung, ...near].sort((a, b) => a.document - b.document),
    edges: [...edges].sort((one, other) => one.a - other.a || one.b - other.b),
    distinct,
    textHashes,
  };
}

/** Clusters as they are written: by survivor, removed documents in path order, and why the survivor is the one. */
export function clusterRecords(documents: readonly Pick<DedupDocument, "path" | "bytes">[], result: Deduplication): ClusterRecord[] {
  const clusters = new Map<number, RemovedDocument[]>();
  for (const entry of result.removed) {
    const cluster = clusters.get(entry.survivor);
    if (cluster === undefined) clusters.set(entry.survivor, [entry]);
    else cluster.push(entry);
  }
  return [...clusters]
    .map(([survivor, entries]) => ({
      survivor: documents[survivor]!.path,
      why: reasonFor(
        documents[survivor]!,
        entries.map(({ document }) => documents[document]!),
      ),
      removed: entries
        .map(({ document, jaccard: similarity, kind }) => ({
          path: documents[document]!.path,
          jaccard: Math.round(similarity * 1e4) / 1e4,
          kind,
        }))
        .sort((a, b) => comparePaths(a.path, b.path)),
    }))
    .sort((a, b) => comparePaths(a.survivor, b.survivor));
}
