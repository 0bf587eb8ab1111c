import { posix } from "node:path";
import type { SplitSide } from "@midtrain/protocol/corpus";
import { count, percent } from "@midtrain/protocol/words";
import { sha256 } from "../../platform/hash";
import { Components } from "../similarity/components";
import { comparePaths } from "../listing/path-names";
import { testPairs } from "./test-pairs";

export interface SplitDocument {
  readonly path: string;
  readonly language: string;
  readonly bytes: number;
}

export interface SplitOptions {
  readonly heldOutShare: number;
  readonly minHeldOutFiles: number;
  readonly seed: number;
}

export interface Split {
  readonly sides: readonly SplitSide[];
  /** Components of more than one document, as indices. */
  readonly components: readonly (readonly number[])[];
  readonly words: string;
  /** Why less was held out than asked for. */
  readonly note?: string;
}

/** Never more than this share of documents or bytes is kept from training, whatever the minimum of files says. */
const largestShare = 0.25;

interface Unit {
  readonly documents: readonly number[];
  readonly bytes: number;
  readonly stratum: string;
  /** Seeded, and independent of every other file: adding one moves no other. */
  readonly order: string;
}

/** Components of documents that must stay on one side: at least half alike, or a test and what it tests. */
function splitComponents(paths: readonly string[], edges: readonly { readonly a: number; readonly b: number }[]): number[][] {
  const components = new Components(paths.length);
  for (const { a, b } of edges) components.unite(a, b);
  for (const { test, implementation } of testPairs(paths)) components.unite(test, implementation);
  return components.groups();
}

function stratumOf(document: SplitDocument): string {
  return `${posix.dirname(document.path).split("/").slice(0, 2).join("/")}\0${document.language}`;
}

function makeUnits(documents: readonly SplitDocument[], groups: readonly (readonly number[])[], seed: number): Unit[] {
  return groups
    .map((members) => {
      const bytes = members.reduce((sum, member) => sum + documents[member]!.bytes, 0);
      const largest = members.reduce((best, member) => (documents[member]!.bytes > documents[best]!.bytes ? member : best), members[0]!);
      const name = members.map((member) => documents[member]!.path).sort(comparePaths)[0]!;
      return { documents: members, bytes, stratum: stratumOf(documents[largest]!), order: sha256(JSON.stringify([seed, name])) };
    })
    .sort((a, b) => comparePaths(a.order, b.order));
}

interface Totals {
  readonly bytes: number;
  readonly documents: number;
}

function totalsOf(units: readonly Unit[]): Totals {
  return units.reduce((sum, unit) => ({ bytes: sum.bytes + unit.bytes, documents: sum.documents + unit.documents.length }), {
    bytes: 0,
    documents: 0,
  });
}

interface Target {
  readonly bytes: number;
  readonly documents: number;
  readonly mostBytes: number;
  readonly mostDocuments: number;
}

/**
 * Takes units until bytes and documents are reached, always from the stratum (directory and language) that lags furthest behind its share.
 * Units larger than a quarter of the target wait until the small ones are used up.
 */
function selectHeldOut(units: readonly Unit[], all: Totals, target: Target): Unit[] {
  const chosen: Unit[] = [];
  let held: Totals = { bytes: 0, documents: 0 };
  for (const largest of [target.bytes / 4, target.mostBytes]) {
    const strata = groupByStratum(units.filter((unit) => unit.bytes <= largest && !chosen.includes(unit)));
    const heldInStratum = new Map<string, number>();
    for (const unit of chosen) heldInStratum.set(unit.stratum, (heldInStratum.get(unit.stratum) ?? 0) + unit.bytes);
    while ((held.bytes < target.bytes || held.documents < target.documents) && strata.size > 0) {
      const stratum = furthestBehind(strata, heldInStratum, all, target);
      const queue = strata.get(stratum)!;
      const unit = queue.units[queue.next++]!;
      if (queue.next === queue.units.length) strata.delete(stratum);
      if (held.bytes + unit.bytes > target.mostBytes || held.documents + unit.documents.length > target.mostDocuments) continue;
      chosen.push(unit);
      heldInStratum.set(stratum, (heldInStratum.get(stratum) ?? 0) + unit.bytes);
      held = { bytes: held.bytes + unit.bytes, documents: held.documents + unit.documents.length };
    }
  }
  return chosen;
}

interface StratumQueue {
  readonly units: Unit[];
  bytes: number;
  next: number;
}

function groupByStratum(units: readonly Unit[]): Map<string, StratumQueue> {
  const strata = new Map<string, StratumQueue>();
  for (const unit of units) {
    const queue = strata.get(unit.stratum) ?? { units: [], bytes: 0, next: 0 };
    queue.units.push(unit);
    queue.bytes += unit.bytes;
    strata.set(unit.stratum, queue);
  }
  return strata;
}

function furthestBehind(strata: ReadonlyMap<string, StratumQueue>, held: ReadonlyMap<string, number>, all: Totals, target: Target): string {
  let worst = "";
  let largestDeficit = -Infinity;
  for (const [stratum, queue] of strata) {
    const deficit = (queue.bytes * target.bytes) / Math.max(1, all.bytes) - (held.get(stratum) ?? 0);
    if (deficit > largestDeficit) [worst, largestDeficit] = [stratum, deficit];
  }
  return worst;
}

/** Every third unit by size, so that a third of the documents and about a third of the bytes are sealed. */
function selectSealed(heldOut: readonly Unit[]): Unit[] {
  return [...heldOut].sort((a, b) => b.bytes - a.bytes || comparePaths(a.order, b.order)).filter((_, index) => index % 3 === 1);
}

/**
 * Splits documents into train, held-out and sealed by whole components, stratified by directory and language, seeded, deterministic.
 * @param edges pairs at least half alike (Jaccard >= 0.5), as indices.
 */
export function splitDocuments(
  documents: readonly SplitDocument[],
  edges: readonly { readonly a: number; readonly b: number }[],
  options: SplitOptions,
): Split {
  const groups = splitComponents(
    documents.map((document) => document.path),
    edges,
  );
  const units = makeUnits(documents, groups, options.seed);
  const all = totalsOf(units);
  const target: Target = {
    // Shares are promised in tokens, which are not known here; a tenth more bytes covers text with longer tokens than the rest.
    bytes: all.bytes * options.heldOutShare * 1.1,
    documents: Math.min(options.minHeldOutFiles, Math.floor(all.documents * largestShare)),
    mostBytes: all.bytes * Math.max(largestShare, Math.min(0.9, options.heldOutShare * 1.5)),
    mostDocuments: Math.max(1, Math.floor(all.documents * Math.max(largestShare, Math.min(0.9, options.heldOutShare * 1.5)))),
  };
  const heldOut = units.length < 2 ? [] : selectHeldOut(units, all, target);
  const sides = new Array<SplitSide>(documents.length).fill("train");
  for (const unit of heldOut) for (const document of unit.documents) sides[document] = "held-out";
  for (const unit of selectSealed(heldOut)) for (const document of unit.documents) sides[document] = "sealed";
  const note = shortfall(totalsOf(heldOut), all, options);
  return {
    sides,
    components: groups.filter((group) => group.length > 1),
    words: splitWords(totalsOf(heldOut), all),
    ...(note === undefined ? {} : { note }),
  };
}

function splitWords(held: Totals, all: Totals): string {
  if (held.documents === 0) return "Nothing is held out.";
  return `${count(held.documents)} of ${count(all.documents)} files (${percent(held.bytes / Math.max(1, all.bytes))} of the bytes) are held out by whole groups of similar files; a third of them is sealed.`;
}

function shortfall(held: Totals, all: Totals, options: SplitOptions): string | undefined {
  const files = held.documents < options.minHeldOutFiles;
  const bytes = held.bytes < all.bytes * options.heldOutShare;
  if (!files && !bytes) return undefined;
  if (all.documents === 0) return "There is no document to hold out.";
  if (held.documents === 0)
    return `Nothing could be held out: the ${count(all.documents)} documents hang together as one group, or one of them is most of the text.`;
  if (files && !bytes)
    return `Only ${count(held.documents)} files are held out instead of ${count(options.minHeldOutFiles)}: no more than a quarter of a repository is kept from training.`;
  return `Only ${percent(held.bytes / all.bytes)} of the bytes are held out instead of ${percent(options.heldOutShare)}: what is left are groups of similar files too large to give up.`;
}
