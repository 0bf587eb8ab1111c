import type { CorpusDocument } from "@midtrain/protocol/corpus";
import { seededRandom, type Random } from "../platform/random";
import { InternalNames } from "./internal-names";
import { cutPassages, precedingText, type Passage } from "./passages";
import { fewestItems } from "./suite-figures";
import type { ChoiceItem, Suite, TextItem } from "./suites/suite-types";

export type DomainDocument = Pick<CorpusDocument, "path" | "text" | "language">;

export interface DomainSuitesOptions {
  /** Held-out files: what gates, schedules and selection may see. */
  readonly heldOut: readonly DomainDocument[];
  /** Sealed files: scored once, at the end. */
  readonly sealed: readonly DomainDocument[];
  /** Training files: where the repository's own names come from. */
  readonly train: Iterable<DomainDocument>;
  /** Path header of a file as models read it (mixture's renderDocument). */
  readonly header: (document: DomainDocument) => string;
  readonly seed: number;
  /** Most items of a suite, in the loop and sealed. Default 150. */
  readonly limit?: number;
}

const contextBytes = 400;

/**
 * The domain bucket, harvested from the repository itself (chapter §4.1, research/training §5): bits per byte of passages of held-out
 * files, and the choice of the repository's own names at their places of use where enough can be made. A cluster is a file.
 */
export function domainSuites(options: DomainSuitesOptions): readonly Suite[] {
  const limit = options.limit ?? 150;
  const passages = (side: "loop" | "sealed", documents: readonly DomainDocument[]): readonly TextItem[] => {
    const random = seededRandom("held-out-files", side, options.seed);
    const cut = (document: DomainDocument): readonly PassageOf[] =>
      random.shuffle(cutPassages(document.text).map((passage) => ({ document, passage })));
    return spread(documents, cut, random, limit).map((one) => passageItem(one, options.header));
  };
  const suites: Suite[] = [
    {
      name: "held-out-files",
      bucket: "domain",
      headline: true,
      metric: "bits per byte",
      unit: "bits/byte",
      better: "lower",
      score: "bits-per-byte",
      items: passages("loop", options.heldOut),
      sealed: passages("sealed", options.sealed),
    },
  ];
  const names = internalNames(options, limit);
  if (names.items.length >= fewestItems) suites.push(names);
  return suites;
}

function internalNames(options: DomainSuitesOptions, limit: number): Suite {
  const names = new InternalNames(options.train);
  const choices = (side: "loop" | "sealed", documents: readonly DomainDocument[]): readonly ChoiceItem[] => {
    const random = seededRandom("internal-names", side, options.seed);
    const uses = spread(documents, (document) => names.usesIn(document, random), random, limit);
    return uses.map((use) => names.item(use, options.header(use.document), contextBytes, random));
  };
  return {
    name: "internal-names",
    bucket: "domain",
    headline: false,
    metric: "margin of the right name",
    unit: "nats",
    better: "higher",
    score: "margin",
    items: choices("loop", options.heldOut),
    sealed: choices("sealed", options.sealed),
  };
}

interface PassageOf {
  readonly document: DomainDocument;
  readonly passage: Passage;
}

function passageItem({ document, passage }: PassageOf, header: (document: DomainDocument) => string): TextItem {
  return {
    kind: "text",
    id: `${document.path}:${passage.start}`,
    cluster: document.path,
    context: header(document) + precedingText(document.text, passage.start, contextBytes),
    text: document.text.slice(passage.start, passage.end),
  };
}

/** Items of all files in growth order: files take turns in seeded order, so that every prefix covers as many files as it can. */
function spread<Item>(
  documents: readonly DomainDocument[],
  itemsOf: (document: DomainDocument) => readonly Item[],
  random: Random,
  limit: number,
): readonly Item[] {
  const queues = random.shuffle([...documents].sort((a, b) => (a.path < b.path ? -1 : 1))).map(itemsOf);
  const items: Item[] = [];
  for (let round = 0; items.length < limit && queues.some((queue) => queue.length > round); round++) {
    for (const queue of queues) {
      const item = queue[round];
      if (item !== undefined && items.length < limit) items.push(item);
    }
  }
  return items;
}
