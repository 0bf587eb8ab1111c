import { formatItems } from "./formats/format-suite";
import { refusalItems, sealedRefusalClusters } from "./refusals/refusal-suite";
import { readSuiteFile } from "./suite-files";
import { splitSuite } from "./suite-split";
import type { Suite, SuiteItem } from "./suite-types";

/** The first parts of an id name what a split keeps even: bucket and topic or kind. */
const topicOf = (item: SuiteItem): string => item.id.split("/").slice(0, 2).join("/");
/** The harmful and the harmless request of one pair and frame. */
const frameOf = (item: SuiteItem): string => item.id.split("/").slice(0, -1).join("/");

const inNats = { unit: "nats", better: "higher" } as const;

type Items = Pick<Suite, "items" | "sealed">;

/** Items of each source, a third of them sealed, the others in growth order. */
function splitItems(mediaDirectory: string | undefined): Readonly<Record<"text" | "choice" | "formats" | "refusals", Items>> {
  return {
    text: splitSuite(readSuiteFile("general", "text", mediaDirectory), { seed: "general-text", stratumOf: topicOf }),
    choice: splitSuite(readSuiteFile("general-choice", "choice", mediaDirectory), { seed: "general-choice", stratumOf: topicOf }),
    formats: splitSuite(formatItems(), { seed: "formats", stratumOf: topicOf }),
    refusals: splitSuite(refusalItems(), {
      seed: "refusals",
      stratumOf: topicOf,
      roundOf: frameOf,
      sealedClusters: sealedRefusalClusters,
    }),
  };
}

/**
 * The suites of general, behaviour and safety (chapter §4.1): written by us, plain text, the same for every model.
 * @param options.mediaDirectory where `suites/*.jsonl` are; the one of this installation when absent.
 * @throws MidtrainError when a suite file is missing or damaged.
 */
export function loadSuites(options: { readonly mediaDirectory?: string } = {}): readonly Suite[] {
  const { text, choice, formats, refusals } = splitItems(options.mediaDirectory);
  return [
    {
      name: "general-text",
      bucket: "general",
      headline: true,
      metric: "bits per byte",
      unit: "bits/byte",
      better: "lower",
      score: "bits-per-byte",
      ...text,
    },
    {
      name: "general-choice",
      bucket: "general",
      headline: false,
      metric: "margin of the right continuation",
      ...inNats,
      score: "margin",
      ...choice,
    },
    {
      name: "formats",
      bucket: "behaviour",
      headline: true,
      metric: "log-likelihood of the right answer",
      ...inNats,
      score: "log-likelihood",
      ...formats,
    },
    {
      name: "format-choice",
      bucket: "behaviour",
      headline: false,
      metric: "margin of the right answer",
      ...inNats,
      score: "margin",
      ...formats,
    },
    {
      name: "refusals",
      bucket: "safety",
      headline: true,
      metric: "harmful against harmless",
      unit: "AUC",
      better: "higher",
      score: "refusal-auc",
      ...refusals,
    },
  ];
}
