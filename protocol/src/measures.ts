/**
 * Figures, intervals and verdicts (shared/CONTRACTS §1). Raw values are as measured;
 * `delta`, `low`, `high` are oriented so that positive is better.
 */
export const bucketNames = ["domain", "general", "behaviour", "safety"] as const;
export type BucketName = (typeof bucketNames)[number];

export type Verdict = "GREEN" | "AMBER" | "RED" | "UNINFORMATIVE";

export interface Measured {
  readonly metric: string;
  readonly unit: string;
  readonly better: "lower" | "higher";
  /** Number of items behind the figure. */
  readonly n: number;
}

/** One suite of one bucket: the base against a later state, paired on the same items. */
export interface SuiteFigures extends Measured {
  readonly suite: string;
  readonly base: number;
  /** The last state evaluated, even if it was undone. */
  readonly last: number;
  readonly selected: number;
  /** selected against base, oriented: positive is better. */
  readonly delta: number;
  /** 95 % two-sided interval of delta. */
  readonly low: number;
  readonly high: number;
  /** Largest acceptable loss, >= 0, in the unit of the metric. */
  readonly tolerance: number;
  readonly verdict: Verdict;
  /** Smallest drop that n items can show (power 0.8 at 95 %), in the unit of the metric. */
  readonly visible: number;
  /** Cluster-robust standard error of delta, in the unit of the metric, and the number of clusters behind it (degrees of freedom + 1). */
  readonly standardError?: number;
  readonly clusters?: number;
  /** Why the verdict is UNINFORMATIVE: for programs, and as one sentence. The first two hold whatever is trained. */
  readonly cause?: "base-at-chance" | "too-few" | "not-visible";
  readonly note?: string;
  /** Chance-level or side figures worth showing beside the headline (both sides of safety, for example). */
  readonly sides?: Readonly<Record<string, number>>;
}

/** A bucket: the fields of its headline suite, and all its suites. */
export interface BucketFigures extends SuiteFigures {
  readonly suites: readonly SuiteFigures[];
}

export type Buckets = Readonly<Record<BucketName, BucketFigures>>;

/** Words people see for a verdict (UX: within, beyond, unsure, cannot tell; for domain: better, no change, worse, unsure). */
export function verdictWord(bucket: BucketName, figures: Pick<SuiteFigures, "verdict" | "low" | "high">): string {
  if (figures.verdict === "UNINFORMATIVE") return "cannot tell";
  if (bucket === "domain") {
    if (figures.low > 0) return "better";
    if (figures.high < 0) return "worse";
    return figures.verdict === "AMBER" ? "unsure" : "no change";
  }
  return { GREEN: "within", AMBER: "unsure", RED: "beyond" }[figures.verdict];
}
