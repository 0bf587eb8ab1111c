/** Scores of items on a state, kept per suite, and figures made from them: the arithmetic of an evaluation, free of any executor. Pure. */
import { bucketNames, type BucketFigures, type BucketName, type Buckets, type SuiteFigures } from "@midtrain/protocol/measures";
import type { EvaluationItems, GatePolicy, ItemScore } from "@midtrain/protocol/run";
import { MidtrainError } from "@midtrain/protocol/errors";
import { bucketFigures, singleEstimate, suiteFigures, type Suite } from "../evaluation";
import { toleranceOf } from "../gates";

/** Suite name -> scores of a prefix of its items (or of all its sealed ones). */
export type Scores = Readonly<Record<string, readonly ItemScore[]>>;

/** Items that the loop scores at first, of those it may: the rest is for AMBER. At least 150, of each kind, where a suite has so many. */
export function firstItems(suite: Suite): number {
  const kinds = suite.score === "refusal-auc" ? 2 : 1;
  return Math.min(suite.items.length, Math.max(150 * kinds, Math.ceil(suite.items.length / 2)));
}

export interface FiguresInput {
  readonly suites: readonly Suite[];
  readonly policy: GatePolicy;
  readonly side: "loop" | "sealed";
  readonly base: Scores;
  readonly last: Scores;
  /** The state the figures compare with the base. */
  readonly selected: Scores;
}

/** Four buckets on the items that `selected` was scored on; base and last are cut to the same items. */
export function bucketsOf(input: FiguresInput): Buckets {
  const figures = new Map<BucketName, { readonly suite: Suite; readonly figures: SuiteFigures }[]>();
  for (const suite of input.suites) {
    const made = figuresOfSuite(suite, input);
    if (made !== undefined) figures.set(suite.bucket, [...(figures.get(suite.bucket) ?? []), { suite, figures: made }]);
  }
  return Object.fromEntries(bucketNames.map((name) => [name, bucketFrom(name, figures.get(name) ?? [])])) as unknown as Buckets;
}

function figuresOfSuite(suite: Suite, input: FiguresInput): SuiteFigures | undefined {
  const selected = input.selected[suite.name] ?? [];
  if (selected.length === 0) return undefined;
  const sameItems = (scores: Scores): readonly ItemScore[] => (scores[suite.name] ?? []).slice(0, selected.length);
  const base = sameItems(input.base);
  // The tolerance of a relative suite is a share of the base's own figure on the same items.
  const tolerance = toleranceOf(input.policy, suite.score, singleEstimate(suite.score, base).value);
  const items = input.side === "loop" ? suite.items : suite.sealed;
  return suiteFigures({
    suite: { ...suite, items: items.slice(0, selected.length) },
    base,
    last: sameItems(input.last),
    selected,
    tolerance,
  });
}

function bucketFrom(name: BucketName, entries: readonly { readonly suite: Suite; readonly figures: SuiteFigures }[]): BucketFigures {
  const headline = entries.find(({ suite }) => suite.headline);
  if (headline === undefined) {
    throw new MidtrainError({
      reason: "internal",
      message: `The bucket ${name} has no headline suite with items.`,
      next: "Please report this with the log.",
    });
  }
  return bucketFigures(
    headline.figures,
    entries.filter((entry) => entry !== headline).map(({ figures }) => figures),
  );
}

export function toEvaluationItems(
  suites: readonly Suite[],
  hashes: Readonly<Record<string, string>>,
  scores: Scores,
  at: { readonly step: number; readonly branch: number; readonly sealed: boolean },
): EvaluationItems {
  return {
    ...at,
    suites: suites.flatMap(({ name, bucket }) => {
      const items = scores[name];
      return items === undefined ? [] : [{ suite: name, bucket, hash: hashes[name] ?? "", items }];
    }),
  };
}

export function fromEvaluationItems(items: EvaluationItems): Scores {
  return Object.fromEntries(items.suites.map((suite) => [suite.suite, suite.items]));
}
