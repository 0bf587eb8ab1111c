import { seededRandom } from "../server/src/platform/random";
import { rowLength, streams, type StreamName } from "./rows";

/** How the base is trained up to the decay. Everything here is part of the key of its checkpoints. */
export const recipe = {
  /** Few: with so few tokens, twice as many updates are worth more than smoother ones. */
  rowsPerStep: 4,
  /** Also the base's pretraining peak, from which adaptations take their learning rate. */
  peak: 2.5e-3,
  warmupSteps: 60,
  clip: 1,
  optimizer: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 },
  /** Shares of rows; the rest is general text. */
  shares: { formats: 0.07, refusals: 0.06 },
  seed: 1,
} as const;

/** The last part: the rate falls in a straight line to `finalRate` of the peak; formats and refusals weigh more, because here the model settles. */
export const decay = { part: 0.3, finalRate: 0.03, shares: { formats: 0.18, refusals: 0.17 } } as const;

export const tokensPerStep = recipe.rowsPerStep * rowLength;

/** Warm-up, stable phase, decay (WSD): until the decay begins, a longer and a shorter training are the same. */
export interface TrainingPlan {
  readonly steps: number;
  readonly decayFrom: number;
}

export function planFor(tokens: number): TrainingPlan {
  const steps = Math.max(recipe.warmupSteps, Math.round(tokens / tokensPerStep));
  return { steps, decayFrom: Math.round(steps * (1 - decay.part)) };
}

/** Learning rate of the update number `step`, from 0. */
export function learningRate(step: number, plan: TrainingPlan): number {
  const warm = Math.min(1, (step + 1) / recipe.warmupSteps);
  const into = Math.max(0, step + 1 - plan.decayFrom) / (plan.steps - plan.decayFrom);
  return recipe.peak * warm * (1 - into * (1 - decay.finalRate));
}

/** Rows of a stream among all steps before `step`: shares are met within one row at every point. */
function rowsBefore(stream: "formats" | "refusals", step: number, plan: TrainingPlan): number {
  const steady = Math.min(step, plan.decayFrom) * recipe.shares[stream];
  const decaying = Math.max(0, step - plan.decayFrom) * decay.shares[stream];
  return Math.floor((steady + decaying) * recipe.rowsPerStep + 0.5);
}

export interface StreamRow {
  readonly stream: StreamName;
  /** Number of the row in its stream. */
  readonly row: number;
}

const permutations = new Map<string, readonly number[]>();

function permuted(stream: StreamName, ordinal: number, rows: number): number {
  const epoch = Math.floor(ordinal / rows);
  const key = `${stream} ${epoch} ${rows}`;
  const known = permutations.get(key);
  const order = known ?? seededRandom("base-rows", recipe.seed, stream, epoch).shuffle(Array.from({ length: rows }, (_, i) => i));
  if (known === undefined) permutations.set(key, order);
  return order[ordinal % rows]!;
}

/** The rows of one step: a pure function of the step, so that a resumed training reads what the interrupted one would have. */
export function rowsOfStep(step: number, plan: TrainingPlan, rowsIn: Readonly<Record<StreamName, number>>): readonly StreamRow[] {
  const before = (stream: StreamName, at: number): number =>
    stream === "general"
      ? at * recipe.rowsPerStep - rowsBefore("formats", at, plan) - rowsBefore("refusals", at, plan)
      : rowsBefore(stream, at, plan);
  return streams.flatMap((stream) => {
    const first = before(stream, step);
    return Array.from({ length: before(stream, step + 1) - first }, (_, i) => ({
      stream,
      row: permuted(stream, first + i, rowsIn[stream]),
    }));
  });
}
