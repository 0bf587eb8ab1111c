import type { SplitSide } from "@midtrain/protocol/corpus";
import { count, percent } from "@midtrain/protocol/words";
import { comparePaths } from "../listing/path-names";
import { globTester } from "../rules/path-rules";
import { Components } from "../similarity/components";
import { orderOf, selectHeldOut, selectSealed, totalsOf, type Target, type Totals, type Unit } from "./select-held-out";
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
  /** Held out beside the random groups: what lies in these directories (globs), whatever it hangs together with. */
  readonly heldOut?: { readonly directories?: readonly string[] | undefined } | undefined;
  /** Held out beside the random groups: files that are too new, whatever they hang together with. */
  readonly isLate?: ((path: string) => boolean) | undefined;
  /** Paths that belong to one side for another reason, such as a file and what it was renamed to; others than the documents' do not count. */
  readonly together?: readonly { readonly a: string; readonly b: string }[] | undefined;
}

export interface Split {
  readonly sides: readonly SplitSide[];
  /** Components of more than one document, as indices. */
  readonly components: readonly (readonly number[])[];
  /** Pairs that were asked to stay together, as indices. */
  readonly together: readonly IndexPair[];
  readonly words: string;
  /** Why less was held out than asked for. */
  readonly note?: string;
}

/** Never more than this share of documents or bytes is kept from training unasked, whatever the minimum of files says. */
const largestShare = 0.25;

interface IndexPair {
  readonly a: number;
  readonly b: number;
}

/** Components of documents that must stay on one side: at least half alike, a test and what it tests, or said to belong together. */
function splitComponents(paths: readonly string[], edges: readonly IndexPair[], together: readonly IndexPair[]): number[][] {
  const components = new Components(paths.length);
  for (const { a, b } of edges) components.unite(a, b);
  for (const { test, implementation } of testPairs(paths)) components.unite(test, implementation);
  for (const { a, b } of together) components.unite(a, b);
  return components.groups();
}

function indexPairs(paths: readonly string[], pairs: readonly { readonly a: string; readonly b: string }[]): IndexPair[] {
  if (pairs.length === 0) return [];
  const places = new Map(paths.map((path, index) => [path, index]));
  return pairs.flatMap((pair) => {
    const [a, b] = [places.get(pair.a), places.get(pair.b)];
    return a === undefined || b === undefined ? [] : [{ a, b }];
  });
}

/** Names strata by the first two directories and the language. Neighbours mostly share theirs, so the last name is tried first. */
class Strata {
  #directory = "";
  #language = "";
  #name = "\0";

  of({ path, language }: SplitDocument): string {
    const first = path.indexOf("/");
    const second = first < 0 ? -1 : path.indexOf("/", first + 1);
    const length = Math.max(0, second < 0 ? first : second);
    if (language === this.#language && length === this.#directory.length && path.startsWith(this.#directory)) return this.#name;
    this.#directory = path.slice(0, length);
    this.#language = language;
    this.#name = `${this.#directory}\0${language}`;
    return this.#name;
  }
}

function makeUnits(documents: readonly SplitDocument[], groups: readonly (readonly number[])[], seed: number): Unit[] {
  const strata = new Strata();
  return groups.map((members) => {
    let largest = documents[members[0]!]!;
    let name = largest.path;
    let bytes = 0;
    for (const member of members) {
      const document = documents[member]!;
      bytes += document.bytes;
      if (document.bytes > largest.bytes || (document.bytes === largest.bytes && comparePaths(document.path, largest.path) < 0))
        largest = document;
      if (comparePaths(document.path, name) < 0) name = document.path;
    }
    return { documents: members, bytes, stratum: strata.of(largest), name, order: orderOf(seed, name) };
  });
}

/** Units with a document that the options hold out by name or age. */
function forcedUnits(documents: readonly SplitDocument[], units: readonly Unit[], options: SplitOptions): Unit[] {
  const globs = options.heldOut?.directories ?? [];
  const { isLate } = options;
  if (globs.length === 0 && isLate === undefined) return [];
  const inDirectory = globTester(globs.flatMap((glob) => [glob, `${glob.replace(/\/+$/, "")}/**`]));
  return units.filter((unit) =>
    unit.documents.some((index) => inDirectory(documents[index]!.path) || isLate?.(documents[index]!.path) === true),
  );
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
  const paths = documents.map((document) => document.path);
  const together = indexPairs(paths, options.together ?? []);
  const groups = splitComponents(paths, edges, together);
  const units = makeUnits(documents, groups, options.seed);
  const all = totalsOf(units);
  const target: Target = {
    // Shares are promised in tokens, which are not known here; a tenth more bytes covers text with longer tokens than the rest.
    bytes: all.bytes * options.heldOutShare * 1.1,
    documents: Math.min(options.minHeldOutFiles, Math.floor(all.documents * largestShare)),
    mostBytes: all.bytes * Math.max(largestShare, Math.min(0.9, options.heldOutShare * 1.5)),
    mostDocuments: Math.max(1, Math.floor(all.documents * Math.max(largestShare, Math.min(0.9, options.heldOutShare * 1.5)))),
  };
  const forced = forcedUnits(documents, units, options);
  const heldOut = units.length < 2 ? [] : selectHeldOut(units, forced, all, target);
  const sides = new Array<SplitSide>(documents.length).fill("train");
  for (const unit of heldOut) for (const document of unit.documents) sides[document] = "held-out";
  for (const unit of selectSealed(heldOut)) for (const document of unit.documents) sides[document] = "sealed";
  const note = shortfall(totalsOf(heldOut), all, options) ?? excess(totalsOf(forced), all);
  return {
    sides,
    components: groups.filter((group) => group.length > 1),
    together,
    words: splitWords(totalsOf(heldOut), totalsOf(heldOut.length === 0 ? [] : forced), all),
    ...(note === undefined ? {} : { note }),
  };
}

function splitWords(held: Totals, forced: Totals, all: Totals): string {
  if (held.documents === 0) return "Nothing is held out.";
  const asked =
    forced.documents === 0 ? "" : ` ${count(forced.documents)} of them because of corpus.heldOut, with what hangs together with them.`;
  return `${count(held.documents)} of ${count(all.documents)} files (${percent(held.bytes / Math.max(1, all.bytes))} of the bytes) are held out by whole groups of similar files; a third of them is sealed.${asked}`;
}

/** A wish may hold out more than was meant: groups come whole. */
function excess(forced: Totals, all: Totals): string | undefined {
  if (forced.bytes <= all.bytes / 2) return undefined;
  return `corpus.heldOut and what hangs together with it is ${percent(forced.bytes / all.bytes)} of the bytes: more than is trained on.`;
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
