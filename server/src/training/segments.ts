import type { PolicySegment, Recipe } from "@midtrain/protocol/run";
import { drawOfStep } from "../mixture";

/** Where every run begins. */
export function firstSegment(recipe: Pick<Recipe, "replayShare">): PolicySegment {
  return { branch: 0, fromStep: 0, fromDraw: 0, replayShare: recipe.replayShare, learningRateScale: 1, why: "as the recipe says" };
}

type Policy = Pick<PolicySegment, "replayShare" | "learningRateScale" | "why">;

/** Another policy from update `step` on, on the same branch; the data goes on where it is. */
export function withPolicy(
  segments: readonly PolicySegment[],
  change: Policy & { readonly step: number; readonly rowsPerStep: number },
): readonly PolicySegment[] {
  const { step, rowsPerStep, replayShare, learningRateScale, why } = change;
  const branch = segments.at(-1)?.branch ?? 0;
  return [...segments, { branch, fromStep: step, fromDraw: drawOfStep(segments, step, rowsPerStep), replayShare, learningRateScale, why }];
}

/**
 * A new branch from state `toStep`. All data drawn up to `reachedStep` (the next update that would have been made) is jumped: the window
 * that did harm is not read again, and nothing is read twice (chapter §5.4).
 */
export function afterRollback(
  segments: readonly PolicySegment[],
  change: Policy & { readonly toStep: number; readonly reachedStep: number; readonly rowsPerStep: number },
): readonly PolicySegment[] {
  const { toStep, reachedStep, rowsPerStep, replayShare, learningRateScale, why } = change;
  const branch = Math.max(...segments.map((segment) => segment.branch)) + 1;
  return [
    ...segments,
    { branch, fromStep: toStep, fromDraw: drawOfStep(segments, reachedStep, rowsPerStep), replayShare, learningRateScale, why },
  ];
}
