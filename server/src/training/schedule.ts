import type { PolicySegment, Recipe } from "@midtrain/protocol/run";
import { segmentAt } from "../mixture";

/** Shape of the learning rate over the updates of a run. */
export interface SchedulePhases {
  /** Updates with rising rate: 0 .. warmupSteps − 1. */
  readonly warmupSteps: number;
  /** First update with falling rate; `steps` when there is none. */
  readonly decayFrom: number;
}

export function schedulePhases(steps: number, recipe: Pick<Recipe, "warmupShare" | "decayShare">): SchedulePhases {
  const decaySteps = Math.min(steps, Math.round(recipe.decayShare * steps));
  const decayFrom = steps - decaySteps;
  const warmupSteps = recipe.warmupShare === 0 ? 0 : Math.min(decayFrom, Math.max(1, Math.round(recipe.warmupShare * steps)));
  return { warmupSteps, decayFrom };
}

/**
 * Learning rate of update `step` in [0, steps): linear warm-up, a stable stretch, linear decay to `decayTo` of the peak (chapter §5.2;
 * stable because states of one constant rate can be compared, research/training §2.5). The controller's halvings multiply it.
 */
export function learningRateAt(
  step: number,
  steps: number,
  recipe: Pick<Recipe, "peakLearningRate" | "warmupShare" | "decayShare" | "decayTo">,
  segments: readonly PolicySegment[],
): number {
  const { warmupSteps, decayFrom } = schedulePhases(steps, recipe);
  const rising = step < warmupSteps ? (step + 1) / warmupSteps : 1;
  const decayed = step < decayFrom ? 0 : (step - decayFrom + 1) / (steps - decayFrom);
  return recipe.peakLearningRate * segmentAt(segments, step).learningRateScale * rising * (1 - (1 - recipe.decayTo) * decayed);
}
