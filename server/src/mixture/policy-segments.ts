import { MidtrainError } from "@midtrain/protocol/errors";
import type { PolicySegment } from "@midtrain/protocol/run";

/**
 * Steps count updates from 0: update `step` takes the model from state `step` to state `step + 1`, and state 0 is the base.
 * Segments are kept in the order in which they were opened. The live one at a step is the last that begins at or before it:
 * a rollback to state s opens a segment with fromStep = s, which hides what was done from s on.
 */
export function segmentIndexAt(segments: readonly PolicySegment[], step: number): number {
  for (let index = segments.length - 1; index >= 0; index--) if (segments[index]!.fromStep <= step) return index;
  throw new MidtrainError({ reason: "internal", message: `No policy covers step ${step}.`, next: "Please report this with the log." });
}

export function segmentAt(segments: readonly PolicySegment[], step: number): PolicySegment {
  return segments[segmentIndexAt(segments, step)]!;
}

/** Data position (rows drawn since the start, jumped ones included) of the first row of a step. */
export function drawOfStep(segments: readonly PolicySegment[], step: number, rowsPerStep: number): number {
  const segment = segmentAt(segments, step);
  return segment.fromDraw + (step - segment.fromStep) * rowsPerStep;
}
