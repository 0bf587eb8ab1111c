import type { ClusterRecord } from "@midtrain/protocol/corpus";
import type { Pacer } from "../pacer";
import { comparePaths } from "../listing/path-names";
import { ShingleSetBuilder } from "./shingle-sets";
import { shinglesOf } from "./shingles";
import { duplicateThreshold, jaccard, joinSimilar, reaches, splitThreshold } from "./similarity-join";

/** What deduplication needs of a document; `text()` may read and decode again. */
export interface DedupDocument {
  readonly path: string;
  readonly blob: string;
  readonly bytes: number;
  text(): string;
}

export type DuplicateKind = ClusterRecord["removed"][number]["kind"];

export interface Deduplication {
  /** Indices of the documents that stay, rising. */
  readonly survivors: readonly number[];
  readonly removed: readonly {
    readonly document: number;
    readonly survivor: number;
    readonly jaccard: number;
    readonly kind: DuplicateKind;
  }[];
  /** Pairs of survivors at or above the split threshold. */
  readonly edges: readonly { readonly a: number; readonly b: number; readonly jaccard: number }[];
}

/** Shallow before deep, short before long: the original is rarely the file further down. */
function preferenceOrder(documents: readonly DedupDocument[]): number[] {
  const depth = documents.map((document) => document.path.split("/").length);
  const rank = (index: number): number => depth[index]!;
  return documents
    .map((_, index) => index)
    .sort(
      (a, b) =>
        rank(a) - rank(b) || documents[a]!.path.length - documents[b]!.path.length || comparePaths(documents[a]!.path, documents[b]!.path),
    );
}

/** White space does not tell two texts apart. */
function normalisedText(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

class ExactGroups {
  readonly #byBlob = new Map<string, number>();
  readonly #byWords = new Map<string, number[]>();

  /** The earlier document that this one equals, or undefined after remembering it. Only texts with the same words are compared. */
  claim(
    documents: readonly DedupDocument[],
    index: number,
    text: string,
    words: string,
  ): { survivor: number; kind: DuplicateKind } | undefined {
    const document = documents[index]!;
    const sameBlob = this.#byBlob.get(document.blob);
    if (sameBlob !== undefined) return { survivor: sameBlob, kind: "blob" };
    const alike = this.#byWords.get(words);
    const survivor = alike?.find((other) => normalisedText(documents[other]!.text()) === normalisedText(text));
    if (survivor !== undefined) return { survivor, kind: "text" };
    this.#byBlob.set(document.blob, index);
    if (alike === undefined) this.#byWords.set(words, [index]);
    else alike.push(index);
    return undefined;
  }
}

/**
 * One survivor per cluster, every removed document at least 0.7 alike to its survivor (a star, never a chain), and no two survivors that alike.
 * Documents are judged in a fixed order of preference: each either resembles an earlier survivor, or becomes one.
 */
export async function deduplicate(
  documents: readonly DedupDocument[],
  pacer: Pacer,
  onStep: (done: number) => void,
): Promise<Deduplication> {
  const removed: { document: number; survivor: number; jaccard: number; kind: DuplicateKind }[] = [];
  const exact = new ExactGroups();
  const builder = new ShingleSetBuilder(documents.reduce((sum, document) => sum + document.bytes, 0));
  const distinct: number[] = [];
  for (const index of preferenceOrder(documents)) {
    if (pacer.due()) await pacer.rest();
    const text = documents[index]!.text();
    const shingles = shinglesOf(text);
    const twin = exact.claim(documents, index, text, shingles.words);
    if (twin !== undefined) removed.push({ document: index, jaccard: 1, ...twin });
    else {
      builder.add(shingles);
      distinct.push(index);
    }
    onStep(distinct.length + removed.length);
  }
  return joinNear(builder, distinct, removed, pacer);
}

async function joinNear(
  builder: ShingleSetBuilder,
  distinct: readonly number[],
  exact: Deduplication["removed"],
  pacer: Pacer,
): Promise<Deduplication> {
  const sets = await builder.finish(pacer);
  const near: { document: number; survivor: number; jaccard: number; kind: DuplicateKind }[] = [];
  const edges: { a: number; b: number; jaccard: number }[] = [];
  const survivorOf = new Map<number, number>();
  const similarity = (pair: { earlier: number; later: number; overlap: number }): number =>
    jaccard(pair.overlap, sets.sizes[pair.earlier]!, sets.sizes[pair.later]!);
  const order = distinct.map((_, position) => position);
  await joinSimilar(
    sets,
    order,
    splitThreshold,
    {
      onDocument: (later, pairs) => {
        const duplicates = pairs.filter((pair) =>
          reaches(duplicateThreshold, pair.overlap, sets.sizes[pair.earlier]!, sets.sizes[pair.later]!),
        );
        const best = duplicates.sort((a, b) => similarity(b) - similarity(a) || a.earlier - b.earlier)[0];
        if (best !== undefined) {
          near.push({ document: distinct[later]!, survivor: distinct[best.earlier]!, jaccard: similarity(best), kind: "near" });
          survivorOf.set(distinct[later]!, distinct[best.earlier]!);
          return "leave-out";
        }
        for (const pair of pairs) edges.push({ a: distinct[pair.earlier]!, b: distinct[pair.later]!, jaccard: similarity(pair) });
        return "index";
      },
    },
    pacer,
  );
  // A document equal to one that turned out to be a near duplicate hangs on that one's survivor.
  const similarityOf = new Map(near.map((entry) => [entry.document, entry.jaccard]));
  const rehung = exact.map((entry) => {
    const survivor = survivorOf.get(entry.survivor);
    return survivor === undefined ? entry : { ...entry, survivor, jaccard: similarityOf.get(entry.survivor)!, kind: "near" as const };
  });
  return {
    survivors: distinct.filter((document) => !survivorOf.has(document)).sort((a, b) => a - b),
    removed: [...rehung, ...near],
    edges,
  };
}

/** Clusters as they are written: by survivor, removed documents in path order. */
export function clusterRecords(documents: readonly DedupDocument[], result: Deduplication): ClusterRecord[] {
  const clusters = new Map<number, ClusterRecord["removed"][number][]>();
  for (const entry of result.removed) {
    const record = { path: documents[entry.document]!.path, jaccard: Math.round(entry.jaccard * 1e4) / 1e4, kind: entry.kind };
    const cluster = clusters.get(entry.survivor);
    if (cluster === undefined) clusters.set(entry.survivor, [record]);
    else cluster.push(record);
  }
  return [...clusters]
    .map(([survivor, removed]) => ({ survivor: documents[survivor]!.path, removed: removed.sort((a, b) => comparePaths(a.path, b.path)) }))
    .sort((a, b) => comparePaths(a.survivor, b.survivor));
}
