import { bucketNames, type BucketName, type Buckets, type SuiteFigures, type Verdict } from "@midtrain/protocol/measures";
import type { GatePolicy } from "@midtrain/protocol/run";
import { signed, significant } from "@midtrain/protocol/words";
import { studentCdf, verdictOf } from "../evaluation";
import { falseAlarmLedger, holm } from "./false-alarms";
import { toleranceFactor } from "./tolerances";

export type HarmBucket = Exclude<BucketName, "domain">;
export const harmBuckets: readonly HarmBucket[] = bucketNames.filter((bucket) => bucket !== "domain");

/** What a run declared before its first step. */
export interface GatePlan {
  readonly policy: GatePolicy;
  readonly steps: number;
  /** Planned evaluation steps, ascending. */
  readonly evaluations: readonly number[];
}

/** A bucket at one evaluation: what is shown, and whether it may act. */
export interface GateReading {
  readonly bucket: BucketName;
  /** The suite that made the verdict. */
  readonly suite: string;
  /** At 95 %, against the tolerance in force at this step (widened in the stability-gap window). */
  readonly verdict: Verdict;
  /** Beyond the tolerance in force even at the level that the false-alarm budget leaves: only this acts. */
  readonly confirmed: boolean;
  /** Within the unwidened tolerance: a state to which one may roll back. */
  readonly stable: boolean;
  /** Level of the bucket's test, and what the run has spent with this evaluation. */
  readonly alpha: number;
  readonly alphaSpent: number;
  readonly text: string;
}

/** Figures written by an older version lack the error: half of a 95 % interval over 1.96 is close from below ten clusters on. */
export function standardErrorOf(figures: SuiteFigures): number {
  return figures.standardError ?? (figures.high - figures.low) / (2 * 1.96);
}

/** Chance of a change at least this bad if the true loss were just the tolerance; 1 where nothing can be told. */
function harmP(figures: SuiteFigures, tolerance: number): number {
  if (figures.verdict === "UNINFORMATIVE") return 1;
  const error = standardErrorOf(figures);
  if (error === 0) return figures.delta < -tolerance ? 0 : 1;
  return studentCdf((figures.delta + tolerance) / error, Math.max(1, (figures.clusters ?? 1000) - 1));
}

/** The verdict against another tolerance than the one the figures were made with; a base at chance stays uninformative. */
function verdictAgainst(figures: SuiteFigures, tolerance: number): Verdict {
  return figures.verdict === "UNINFORMATIVE" ? "UNINFORMATIVE" : verdictOf({ ...figures, tolerance });
}

const severity: Readonly<Record<Verdict, number>> = { RED: 3, AMBER: 2, GREEN: 1, UNINFORMATIVE: 0 };

/** The suite with the worst confirmed verdict: RED, then AMBER, else the headline. */
function worstSuite(suites: readonly SuiteFigures[], factor: number): { figures: SuiteFigures; verdict: Verdict } {
  const judged = suites.map((figures) => ({ figures, verdict: verdictAgainst(figures, figures.tolerance * factor) }));
  const headline = judged[0]!;
  const worse = judged
    .filter(({ verdict }) => severity[verdict] >= severity.AMBER)
    .sort((a, b) => severity[b.verdict] - severity[a.verdict]);
  return worse[0] ?? headline;
}

/**
 * All four buckets at one evaluation. Figures carry the unwidened tolerance; the window's factor is applied here. Within a bucket the
 * suites share the level (Bonferroni), across the harm buckets Holm's procedure spends the evaluation's part of the budget.
 */
export function readGates(plan: GatePlan, step: number, buckets: Buckets): readonly GateReading[] {
  const factor = toleranceFactor(plan.policy, step, plan.steps);
  const ledger = falseAlarmLedger(plan.policy, plan.evaluations, step);
  const pValues = harmBuckets.map((bucket) => {
    const { suites } = buckets[bucket];
    return Math.min(1, suites.length * Math.min(...suites.map((figures) => harmP(figures, figures.tolerance * factor))));
  });
  const tests = holm(pValues, ledger.perEvaluation);
  return bucketNames.map((bucket) => {
    const { suites } = buckets[bucket];
    const { figures, verdict } = worstSuite(suites, bucket === "domain" ? 1 : factor);
    const test = tests[harmBuckets.indexOf(bucket as HarmBucket)];
    const stable = suites.every((suite) => ["GREEN", "UNINFORMATIVE"].includes(verdictAgainst(suite, suite.tolerance)));
    return {
      bucket,
      suite: figures.suite,
      verdict,
      confirmed: test?.rejected ?? false,
      stable,
      alpha: test?.level ?? 0,
      alphaSpent: ledger.spent,
      text: textOf(bucket, figures, verdict, factor),
    };
  });
}

function textOf(bucket: BucketName, figures: SuiteFigures, verdict: Verdict, factor: number): string {
  const change = figures.better === "lower" ? -figures.delta : figures.delta;
  const half = (figures.high - figures.low) / 2;
  const value = `${figures.suite}: ${signed(change)} ± ${half.toFixed(3)} ${figures.unit}, n = ${figures.n}`;
  if (verdict === "UNINFORMATIVE") return `${value}. ${figures.note ?? "Nothing can be told."}`;
  if (bucket === "domain") return `${value}.`;
  const widened = factor > 1 ? ` (widened ${significant(factor)} times in the stability-gap window)` : "";
  return `${value}, tolerance ${significant(figures.tolerance * factor)}${widened}.`;
}
