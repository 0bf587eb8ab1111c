import type { BucketName, Buckets, SuiteFigures } from "@midtrain/protocol/measures";
import type { StopReason } from "@midtrain/protocol/run";
import { percent, plural, significant } from "@midtrain/protocol/words";
import { domainProgress, type DomainProgress } from "./domain-progress";
import { isLateEvaluation } from "./evaluation-plan";
import { readGates, type GatePlan, type GateReading } from "./gate-readings";
import { notchDown, notchUp } from "./replay-notches";

export interface PastEvaluation {
  readonly step: number;
  readonly tokens: number;
  readonly buckets: Buckets;
}

export interface GateEvaluation extends PastEvaluation {
  /** Buckets that have items not yet scored at this state. */
  readonly itemsLeft: readonly BucketName[];
}

/** What happened before, as far as it decides anything. */
export interface GateHistory {
  readonly plan: GatePlan;
  /** Earlier evaluations of the live branch, ascending, without the base: after a rollback to state s only those up to s. */
  readonly evaluations: readonly PastEvaluation[];
  /** The policy in force and the first step under it. */
  readonly policy: { readonly replayShare: number; readonly learningRateScale: number; readonly fromStep: number };
  /** Rollbacks that gates asked for so far. */
  readonly rollbacks: number;
  readonly hasReplaySource: boolean;
  /** First step with falling learning rate: from there on a run is finished rather than stopped for lack of gain. */
  readonly decayFrom: number;
}

export type Decision = { readonly gates: readonly GateReading[] } & (
  | { readonly kind: "continue" }
  /** Score more items at the same state, then decide again. */
  | { readonly kind: "more-items"; readonly buckets: readonly BucketName[]; readonly why: string }
  | {
      readonly kind: "rollback";
      readonly bucket: BucketName;
      readonly suite: string;
      readonly rule: string;
      /** Last state within every tolerance; 0 is the base. */
      readonly toStep: number;
      readonly replayShare: number;
      readonly learningRateScale: number;
      readonly why: string;
    }
  | { readonly kind: "policy"; readonly replayShare: number; readonly learningRateScale: number; readonly why: string }
  | { readonly kind: "stop"; readonly stopReason: StopReason }
);

/** True when every harm bucket is within its unwidened tolerance: a state worth going back to. */
export function isStable(gates: readonly GateReading[]): boolean {
  return gates.every((gate) => gate.bucket === "domain" || gate.stable);
}

/**
 * What to do after an evaluation. Two families, always separate (chapter §4.4): *harm* is looked at first and acts only when confirmed at
 * the level that the false-alarm budget leaves, on all items there are; *no more worth* never undoes anything.
 */
export function decide(history: GateHistory, evaluation: GateEvaluation): Decision {
  const gates = readGates(history.plan, evaluation.step, evaluation.buckets);
  const worried = gates.filter(
    (gate) => gate.bucket !== "domain" && (gate.confirmed || gate.verdict === "AMBER" || gate.verdict === "RED"),
  );
  const unsure = worried.map((gate) => gate.bucket).filter((bucket) => evaluation.itemsLeft.includes(bucket));
  if (unsure.length > 0)
    return {
      kind: "more-items",
      gates,
      buckets: unsure,
      why: `${unsure.join(" and ")}: looked at with more items before anything is done.`,
    };
  const harm = worstConfirmed(gates, evaluation.buckets);
  if (harm !== undefined) return { gates, ...actOnHarm(history, evaluation, harm) };
  if (evaluation.step >= history.plan.steps) return { kind: "stop", gates, stopReason: plannedEnd(history.plan.steps) };
  return { gates, ...judgeWorth(history, evaluation, gates) };
}

function plannedEnd(steps: number): StopReason {
  return {
    family: "planned-end",
    rule: "planned-end",
    text: steps === 1 ? "The one planned step was done." : `All ${plural(steps, "planned step")} were done.`,
  };
}

interface Harm {
  readonly gate: GateReading;
  readonly figures: SuiteFigures;
}

/** Of the buckets that may act, the one furthest beyond its tolerance. */
function worstConfirmed(gates: readonly GateReading[], buckets: Buckets): Harm | undefined {
  const harms = gates
    .filter((gate) => gate.confirmed)
    .map((gate) => ({ gate, figures: buckets[gate.bucket].suites.find((suite) => suite.suite === gate.suite) ?? buckets[gate.bucket] }));
  const excess = ({ figures }: Harm): number => -figures.delta / Math.max(figures.tolerance, 1e-9);
  return harms.sort((a, b) => excess(b) - excess(a))[0];
}

type Outcome = Decision extends infer D ? (D extends { readonly gates: unknown } ? Omit<D, "gates"> : never) : never;

function actOnHarm(history: GateHistory, evaluation: GateEvaluation, { gate, figures }: Harm): Outcome {
  const { plan, policy, rollbacks } = history;
  const rule = `${gate.bucket}-beyond-tolerance`;
  const lost = `${gate.bucket} lost ${significant(-figures.delta)} ${figures.unit} at step ${evaluation.step}, more than the tolerance of ${significant(figures.tolerance)}`;
  if (evaluation.step >= plan.steps) {
    return { kind: "stop", stopReason: { family: "harm", rule, text: `At the end of the run ${lost}.` } };
  }
  if (rollbacks >= plan.policy.maxRollbacks) {
    const after = rollbacks === 0 ? "" : ` Lower learning rate and more replay after ${plural(rollbacks, "rollback")} did not prevent it.`;
    return { kind: "stop", stopReason: { family: "harm", rule, text: `${capital(lost)}.${after}` } };
  }
  const replayShare = history.hasReplaySource ? notchUp(policy.replayShare) : policy.replayShare;
  const learningRateScale = policy.learningRateScale / 2;
  const toStep = lastStable(history);
  const replay =
    replayShare === policy.replayShare ? "" : ` and replay raised from ${percent(policy.replayShare)} to ${percent(replayShare)}`;
  const why = `${capital(lost)}: back to ${toStep === 0 ? "the base" : `step ${toStep}`}, learning rate halved${replay}.`;
  return { kind: "rollback", bucket: gate.bucket, suite: figures.suite, rule, toStep, replayShare, learningRateScale, why };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function lastStable({ plan, evaluations }: GateHistory): number {
  return evaluations.findLast(({ step, buckets }) => isStable(readGates(plan, step, buckets)))?.step ?? 0;
}

function judgeWorth(history: GateHistory, evaluation: GateEvaluation, gates: readonly GateReading[]): Outcome {
  const { plan, policy } = history;
  const progress = domainProgress({
    policy: plan.policy,
    steps: plan.steps,
    baseBitsPerByte: evaluation.buckets.domain.base,
    points: [...history.evaluations, evaluation].map(({ step, tokens, buckets }) => ({ step, tokens, delta: buckets.domain.delta })),
    policyFrom: policy.fromStep,
  });
  if (!isLateEvaluation(evaluation.step, plan.steps) || evaluation.step > history.decayFrom) return { kind: "continue" };
  const lower = notchDown(policy.replayShare);
  const allGreen = gates.every((gate) => gate.bucket === "domain" || gate.verdict === "GREEN");
  const mayLower = allGreen && history.hasReplaySource && history.rollbacks === 0 && lower < policy.replayShare;
  if (mayLower && progress.misses >= Math.ceil(plan.policy.patience / 2)) {
    const why = `The domain gained less than ${significant(progress.counts)} bits/byte in ${plural(progress.misses, "evaluation")} and nothing is harmed: replay lowered from ${percent(policy.replayShare)} to ${percent(lower)}.`;
    return { kind: "policy", replayShare: lower, learningRateScale: policy.learningRateScale, why };
  }
  const stopReason = noMoreWorth(progress, plan);
  return stopReason === undefined ? { kind: "continue" } : { kind: "stop", stopReason };
}

function noMoreWorth({ misses, counts, projected }: DomainProgress, plan: GatePlan): StopReason | undefined {
  const { patience } = plan.policy;
  if (misses >= patience) {
    const text = `No more domain gain of at least ${significant(counts)} bits/byte in ${plural(patience, "evaluation")}.`;
    return { family: "no-more-worth", rule: "patience", text };
  }
  if (misses > 0 && projected !== undefined && projected < counts) {
    const text = `At the present gain per token the rest of the run would bring ${significant(Math.max(0, projected))} bits/byte, less than the ${significant(counts)} that count.`;
    return { family: "no-more-worth", rule: "gain-per-token", text };
  }
  return undefined;
}
