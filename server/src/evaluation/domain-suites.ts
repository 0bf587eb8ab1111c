import type { CorpusDocument } from "@midtrain/protocol/corpus";
import { seededRandom, type Random } from "../platform/random";
import { internalNameItems } from "./internal-names";
import { cutPassages, precedingText } from "./passages";
import { fewestItems } from "./suite-figures";
import type { Suite, TextItem } from "./suites/suite-types";

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
  const passages = (side: "loop" | "sealed", documents: readonly DomainDocument[]): readonly TextItem[] =>
    spread(documents, (document) => passageItems(document, options.header), seededRandom("held-out-files", side, options.seed), limit);
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
  const random = seededRandom("internal-names", options.seed);
  const itemsOf = internalNameItems({ train: options.train, header: options.header, contextBytes, random });
  return {
    name: "internal-names",
    bucket: "domain",
    headline: false,
    metric: "margin of the right name",
    unit: "nats",
    better: "higher",
    score: "margin",
    items: spread(options.heldOut, itemsOf, random, limit),
    sealed: spread(options.sealed, itemsOf, random, limit),
  };
}

function passageItems(document: DomainDocument, header: (document: DomainDocument) => string): readonly TextItem[] {
  return cutPassages(document.text).map(({ start, end }) => ({
    kind: "text",
    id: `${document.path}:${start}`,
    cluster: document.path,
    context: header(document) + precedingText(document.text, start, contextBytes),
    text: document.text.slice(start, end),
  }));
}

/** Items of all files in growth order: files take turns in seeded order, so that every prefix covers as many files as it can. */
function spread<Item>(
  documents: readonly DomainDocument[],
  itemsOf: (document: DomainDocument) => readonly Item[],
  random: Random,
  limit: number,
): readonly Item[] {
  const queues = random
    .shuffle([...documents].sort((a, b) => (a.path < b.path ? -1 : 1)))
    .map((document) => random.shuffle(itemsOf(document)));
  const items: Item[] = [];
  for (let round = 0; items.length < limit && queues.some((queue) => queue.length > round); round++) {
    for (const queue of queues) {
      const item = queue[round];
      if (item !== undefined && items.length < limit) items.push(item);
    }
  }
  return items;
}
