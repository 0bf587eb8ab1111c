import { seededRandom } from "../server/src/platform/random";
import { rowLength, streams, type StreamName } from "./rows";
import type { BaseRecipe } from "./sizes";

/**
 * The end of the first part: the rate falls in a straight line to `finalRate` of the peak; formats and refusals weigh more, because here the
 * model settles. Long: with so few rows in a step the stable phase is mostly noise.
 */
export const decay = { part: 0.6, finalRate: 0.03, shares: { formats: 0.18, refusals: 0.17 } } as const;

/**
 * A short second part warms the settled model up a little and lets it settle again on format and refusal documents that it has not read:
 * the first part leaves them weaker than general text, which has room to give.
 */
export const second = { part: 1 / 12, rate: 0.25, finalRate: 0.01, shares: { formats: 0.25, refusals: 0.35 } } as const;

export const tokensPerStep = ({ rowsPerStep }: BaseRecipe): number => rowsPerStep * rowLength;

/** Warm-up, stable phase, decay (WSD): until the decay begins, a longer and a shorter training are the same. Then the second part. */
export interface TrainingPlan {
  readonly recipe: BaseRecipe;
  readonly steps: number;
  readonly decayFrom: number;
  /** First step of the second part. */
  readonly secondFrom: number;
}

export function planFor(tokens: number, recipe: BaseRecipe): TrainingPlan {
  const perStep = tokensPerStep(recipe);
  const secondFrom = Math.max(recipe.warmupSteps, Math.round((tokens * (1 - second.part)) / perStep));
  const steps = Math.max(secondFrom + 1, Math.round(tokens / perStep));
  return { recipe, steps, secondFrom, decayFrom: Math.round(secondFrom * (1 - decay.part)) };
}

/** Learning rate of the update number `step`, from 0. */
export function learningRate(step: number, plan: TrainingPlan): number {
  const falling = (from: number, to: number, finalRate: number): number =>
    1 - (Math.max(0, step + 1 - from) / (to - from)) * (1 - finalRate);
  if (step >= plan.secondFrom) return plan.recipe.peak * second.rate * falling(plan.secondFrom, plan.steps, second.finalRate / second.rate);
  const warm = Math.min(1, (step + 1) / plan.recipe.warmupSteps);
  return plan.recipe.peak * warm * falling(plan.decayFrom, plan.secondFrom, decay.finalRate);
}

const nearest = (value: number): number => Math.floor(value + 0.5);

/** Rows of a generated stream of the first part among all steps before `step`: shares are met within one row at every point. */
function rowsBefore(stream: "formats" | "refusals", step: number, plan: TrainingPlan): number {
  const steady = Math.min(step, plan.decayFrom) * plan.recipe.shares[stream];
  const decaying = Math.max(0, Math.min(step, plan.secondFrom) - plan.decayFrom) * decay.shares[stream];
  return nearest((steady + decaying) * plan.recipe.rowsPerStep);
}

function freshRowsBefore(stream: "formats" | "refusals", step: number, plan: TrainingPlan): number {
  return nearest(Math.max(0, step - plan.secondFrom) * second.shares[stream] * plan.recipe.rowsPerStep);
}

/** Every row of a step that is not generated is general. */
function generalRowsBefore(step: number, plan: TrainingPlan): number {
  const generated = (["formats", "refusals"] as const).map(
    (stream) => rowsBefore(stream, step, plan) + freshRowsBefore(stream, step, plan),
  );
  return step * plan.recipe.rowsPerStep - generated[0]! - generated[1]!;
}

export interface StreamRow {
  readonly stream: StreamName;
  /** Number of the row in its stream. */
  readonly row: number;
}

const permutations = new Map<string, readonly number[]>();

function permuted(stream: StreamName, ordinal: number, rows: number, seed: number): number {
  const epoch = Math.floor(ordinal / rows);
  const key = `${seed} ${stream} ${epoch} ${rows}`;
  const known = permutations.get(key);
  const order = known ?? seededRandom("base-rows", seed, stream, epoch).shuffle(Array.from({ length: rows }, (_, i) => i));
  if (known === undefined) permutations.set(key, order);
  return order[ordinal % rows]!;
}

/** The rows of one step: a pure function of the step, so that a resumed training reads what the interrupted one would have. */
export function rowsOfStep(step: number, plan: TrainingPlan, rowsIn: Readonly<Record<StreamName, number>>): readonly StreamRow[] {
  const before = (stream: StreamName, at: number): number => {
    if (stream === "general") return generalRowsBefore(at, plan);
    if (stream === "formats" || stream === "refusals") return rowsBefore(stream, at, plan);
    return freshRowsBefore(stream === "fresh-formats" ? "formats" : "refusals", at, plan);
  };
  return streams.flatMap((stream) => {
    const first = before(stream, step);
    return Array.from({ length: before(stream, step + 1) - first }, (_, i) => ({
      stream,
      row: permuted(stream, first + i, rowsIn[stream], plan.recipe.seed),
    }));
  });
}
