import { bucketNames, type BucketFigures, type BucketName, type Buckets, type SuiteFigures } from "@midtrain/protocol/measures";
import { baseCheckpointScore, type CheckpointScore, type Selected } from "@midtrain/protocol/run";
import { signed, significant } from "@midtrain/protocol/words";
import { standardErrorOf } from "./gate-readings";

/** A state that was evaluated and kept: everything that selection looks at, so that it recomputes from the events. */
export interface Candidate {
  readonly step: number;
  readonly branch: number;
  /** Directory relative to the run, "base" for the base. */
  readonly checkpoint: string;
  readonly buckets: Buckets;
}

export interface Selection {
  readonly selected: Selected;
  /** All candidates, the base first. */
  readonly candidates: readonly CheckpointScore[];
}

type Weights = Readonly<Record<BucketName, number>>;
type Deltas = Readonly<
  Record<BucketName, { readonly delta: number; readonly error: number; readonly tolerance: number; readonly told: boolean }>
>;

/** A bucket of which nothing can be told with this base moves by noise alone: it neither counts in J nor in dominance. */
function toldApart({ verdict, cause }: Pick<SuiteFigures, "verdict" | "cause">): boolean {
  return verdict !== "UNINFORMATIVE" || cause === "not-visible";
}

function deltasOf(buckets: Buckets): Deltas {
  const of = (bucket: BucketName): Deltas[BucketName] => {
    const figures = buckets[bucket];
    return {
      delta: figures.delta,
      error: standardErrorOf(figures),
      tolerance: figures.tolerance,
      told: bucket === "domain" || toldApart(figures),
    };
  };
  return { domain: of("domain"), general: of("general"), behaviour: of("behaviour"), safety: of("safety") };
}

/**
 * J(t) (chapter §4.3, CONTRACTS §5): the domain gain over a tenth of the base's domain bits per byte, less each regression over its
 * tolerance. An improvement of a harm bucket earns nothing: only regressions count.
 */
export function scoreJ(buckets: Buckets, weights: Weights): number {
  const deltas = deltasOf(buckets);
  let score = (weights.domain * deltas.domain.delta) / (buckets.domain.base / 10);
  for (const bucket of ["general", "behaviour", "safety"] as const) {
    const { delta, tolerance, told } = deltas[bucket];
    if (told) score -= (weights[bucket] * Math.max(0, -delta)) / Math.max(tolerance, 1e-9);
  }
  return score;
}

/** Objectives of the front; behaviour is a constraint (DESIGN §3). */
const objectives = ["domain", "general", "safety"] as const;

/** Better somewhere by more than ε and nowhere worse by more than ε; ε is one standard error, the larger of the two points'. */
function dominates(a: Deltas, b: Deltas): boolean {
  const compared = objectives.filter((bucket) => a[bucket].told && b[bucket].told);
  const gap = (bucket: BucketName): number => a[bucket].delta - b[bucket].delta;
  const epsilon = (bucket: BucketName): number => Math.max(a[bucket].error, b[bucket].error);
  return compared.every((bucket) => gap(bucket) >= -epsilon(bucket)) && compared.some((bucket) => gap(bucket) > epsilon(bucket));
}

/** The base compared with itself: no change, no error. What nothing can be told of stays UNINFORMATIVE. */
export function baseBuckets(reference: Buckets): Buckets {
  const bucket = (figures: BucketFigures): BucketFigures => ({ ...unchanged(figures), suites: figures.suites.map(unchanged) });
  return {
    domain: bucket(reference.domain),
    general: bucket(reference.general),
    behaviour: bucket(reference.behaviour),
    safety: bucket(reference.safety),
  };
}

function unchanged(figures: SuiteFigures): SuiteFigures {
  const same = { last: figures.base, selected: figures.base, delta: 0, low: 0, high: 0, standardError: 0 };
  if (!toldApart(figures)) return { ...figures, ...same };
  const green: { -readonly [K in keyof SuiteFigures]: SuiteFigures[K] } = { ...figures, ...same, verdict: "GREEN" };
  delete green.cause;
  delete green.note;
  return green;
}

/**
 * Chooses the checkpoint (chapter §4.2): among candidates within every tolerance and on the ε-Pareto front, the highest J; of equals the
 * earliest. Step 0, the base, is always a candidate with J = 0. A pure function of stored figures: recomputing gives equal bits.
 */
export function selectCheckpoint(evaluated: readonly Candidate[], weights: Weights): Selection {
  const trained = evaluated.filter((candidate) => candidate.step > 0);
  const points = trained.map((candidate) => ({
    candidate,
    deltas: deltasOf(candidate.buckets),
    score: scoreJ(candidate.buckets, weights),
  }));
  const zero = { delta: 0, error: 0, tolerance: 0, told: true };
  const still: Deltas = { domain: zero, general: zero, behaviour: zero, safety: zero };
  const beyondOf = (candidate: Candidate): BucketName | undefined =>
    bucketNames.find((bucket) => bucket !== "domain" && candidate.buckets[bucket].verdict === "RED");
  const eligible = points.filter(({ candidate }) => beyondOf(candidate) === undefined);
  const base: CheckpointScore = {
    ...baseCheckpointScore,
    onFront: !eligible.some(({ deltas }) => dominates(deltas, still)),
    eligible: true,
    why: "the base, nothing changed",
  };
  const scored = points.map(({ candidate, deltas, score }): CheckpointScore => {
    const beyond = beyondOf(candidate);
    const better = [...eligible, { candidate: undefined, deltas: still }].find(
      (other) => other.candidate !== candidate && dominates(other.deltas, deltas),
    );
    const why =
      beyond !== undefined ? `${beyond} is beyond its tolerance` : better === undefined ? "on the front" : dominatedBy(better.candidate);
    return {
      step: candidate.step,
      branch: candidate.branch,
      checkpoint: candidate.checkpoint,
      domain: deltas.domain.delta,
      general: deltas.general.delta,
      behaviour: deltas.behaviour.delta,
      safety: deltas.safety.delta,
      score,
      onFront: better === undefined,
      eligible: beyond === undefined,
      why,
    };
  });
  const candidates = [base, ...scored];
  return { selected: choose(candidates), candidates };
}

function dominatedBy(candidate: Candidate | undefined): string {
  return candidate === undefined
    ? "the base is no worse anywhere and better somewhere"
    : `step ${candidate.step} is no worse anywhere and better somewhere`;
}

function choose(candidates: readonly CheckpointScore[]): Selected {
  // The base stays a candidate even off the front: keeping it is always possible, at J = 0.
  const allowed = candidates.filter((candidate) => candidate.step === 0 || (candidate.eligible && candidate.onFront));
  const best = allowed.reduce((a, b) => (b.score > a.score || (b.score === a.score && b.step < a.step) ? b : a));
  return { step: best.step, checkpoint: best.checkpoint, why: whyChosen(best, candidates) };
}

function whyChosen(best: CheckpointScore, candidates: readonly CheckpointScore[]): string {
  if (best.step === 0) return whyBase(candidates);
  const gain = `domain ${signed(best.domain)} (positive is better), J = ${significant(best.score)}`;
  const last = candidates.reduce((a, b) => (b.branch > a.branch || (b.branch === a.branch && b.step > a.step) ? b : a));
  if (last === best) return `The last state has the highest score on the Pareto front, within every tolerance: ${gain}.`;
  const not = !last.eligible || !last.onFront ? last.why : `its J is ${significant(last.score)}`;
  return `Highest score on the Pareto front, within every tolerance: ${gain}. Not the last, step ${last.step}: ${not}.`;
}

function whyBase(candidates: readonly CheckpointScore[]): string {
  const trained = candidates.filter((candidate) => candidate.step > 0);
  if (trained.length === 0) return "Nothing was trained: the base stays.";
  if (trained.every((candidate) => !candidate.eligible)) return "Every trained state is beyond a tolerance: the base stays.";
  return "No trained state gains more than it costs: the base stays.";
}
