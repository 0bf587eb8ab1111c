/** Verdicts and points of a run as the panels use them; no DOM. */
import { verdictWord, type BucketName, type SuiteFigures, type Verdict } from "@midtrain/protocol/measures";
import { baseCheckpointScore, type CheckpointScore } from "@midtrain/protocol/run";
import type { EvaluationPoint, RunView } from "@midtrain/protocol/run-view";

export type Tone = "pass" | "warning" | "error" | "neutral";

interface VerdictLook {
  readonly word: string;
  readonly tone: Tone;
}

/** Word and tone belong together: a panel never shows one without the other. */
export function verdictLook(bucket: BucketName, figures: Pick<SuiteFigures, "verdict" | "low" | "high">): VerdictLook {
  const word = verdictWord(bucket, figures);
  return { word, tone: toneOf(word) };
}

function toneOf(word: string): Tone {
  if (word === "better" || word === "within") return "pass";
  if (word === "unsure") return "warning";
  if (word === "worse" || word === "beyond") return "error";
  return "neutral";
}

const severity: readonly Verdict[] = ["GREEN", "UNINFORMATIVE", "AMBER", "RED"];

/**
 * The verdict of one evaluation. Its figures carry the plain tolerance; inside the declared stability-gap window the
 * gates judge against the widened one (§5.1), and the lane shades that band, so the point must say the same.
 */
export function lookAt(run: RunView, bucket: BucketName, point: EvaluationPoint): VerdictLook {
  const figures = point.buckets[bucket];
  if (bucket === "domain" || point.step > gapWindowEnd(run)) return verdictLook(bucket, figures);
  const factor = Math.max(1, run.identity.recipe.gates.gapWindow.factor);
  const suites = figures.suites.length > 0 ? figures.suites : [figures];
  const verdicts = suites.map((suite) => widened(suite, suite.tolerance * factor));
  const worst = verdicts.reduce((a, b) => (severity.indexOf(b) > severity.indexOf(a) ? b : a));
  return verdictLook(bucket, { ...figures, verdict: worst });
}

function widened(suite: SuiteFigures, allowed: number): Verdict {
  if (suite.verdict === "UNINFORMATIVE") return suite.verdict;
  if (suite.low > -allowed) return "GREEN";
  return suite.high < -allowed ? "RED" : "AMBER";
}

/**
 * The checkpoints as judged; while a run lives and nothing has been judged, its live evaluations as plain points:
 * the panel draws figures, it never decides what is on the front.
 */
export function shownCandidates(run: RunView): readonly CheckpointScore[] {
  if (run.candidates.length > 0) return run.candidates;
  const live = livePoints(run);
  if (live.length === 0) return [];
  const undecided = { onFront: false, eligible: true };
  const base: CheckpointScore = {
    ...baseCheckpointScore,
    ...undecided,
    why: "The point of comparison.",
  };
  return [
    base,
    ...live.map((point): CheckpointScore => {
      const { domain, general, behaviour, safety } = point.buckets;
      return {
        step: point.step,
        branch: point.branch,
        checkpoint: `evaluation-${point.branch}-${point.step}`,
        domain: domain.delta,
        general: general.delta,
        behaviour: behaviour.delta,
        safety: safety.delta,
        score: point.score,
        ...undecided,
        why: "Not judged yet.",
      };
    }),
  ];
}

/** Evaluations of the live branch in order of steps. */
export function livePoints(run: RunView): readonly EvaluationPoint[] {
  return run.evaluations.filter((point) => point.live).sort((a, b) => a.step - b.step);
}

export function undonePoints(run: RunView): readonly EvaluationPoint[] {
  return run.evaluations.filter((point) => !point.live).sort((a, b) => a.branch - b.branch || a.step - b.step);
}

/** The newest figures against the base: the last live evaluation. */
export function latestPoint(run: RunView): EvaluationPoint | undefined {
  return livePoints(run).at(-1);
}

/** Tokens of one step, from the plan, else from the points themselves. */
export function tokensPerStep(run: RunView): number {
  if (run.plan) return run.plan.tokensPerStep;
  const last = run.steps.at(-1);
  return last && last.step > 0 ? last.tokens / last.step : 1;
}

/** The right end of every x axis: the planned steps, never less than what was reached. */
export function lastStep(run: RunView): number {
  const reached = Math.max(0, ...run.steps.map((point) => point.step), ...run.evaluations.map((point) => point.step));
  return Math.max(run.plan?.steps ?? 0, run.status.steps, reached, 1);
}

/** Tolerance of a bucket outside the stability-gap window, in the unit of its metric; 0 when it has none. */
export function tolerance(run: RunView, bucket: BucketName): number {
  const values = run.evaluations.map((point) => point.buckets[bucket].tolerance).filter((value) => value > 0);
  return values.length > 0 ? Math.min(...values) : (run.document.baseline?.[bucket].tolerance ?? 0);
}

/** Step at which the declared stability-gap window ends (§5.1), or 0. */
export function gapWindowEnd(run: RunView): number {
  return run.plan ? run.plan.steps * run.identity.recipe.gates.gapWindow.share : 0;
}

/** Words for a list: `general, behaviour and safety`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
