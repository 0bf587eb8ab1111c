import { describe, expect, it } from "vitest";
import type { MixtureSource } from "@midtrain/protocol/run";
import { drawOfStep, drawRows } from "../mixture";
import { afterRollback, firstSegment, withPolicy } from "./segments";

const sources: MixtureSource[] = [
  { name: "repository", role: "domain", tokens: "a", rows: 1000, lossTokensPerRow: 400 },
  { name: "samples", role: "replay", tokens: "b", rows: 1000, lossTokensPerRow: 400 },
];
const policy = { replayShare: 0.4, learningRateScale: 0.5, why: "harm" };
const first = [firstSegment({ replayShare: 0.3 })];

describe("segments", () => {
  it("go on with the data where they are when only the policy changes", () => {
    const changed = withPolicy(first, { ...policy, step: 20, rowsPerStep: 8 });
    expect(changed.at(-1)).toEqual({ branch: 0, fromStep: 20, fromDraw: 160, ...policy });
    expect(drawOfStep(changed, 25, 8)).toBe(200);
  });

  it("jump everything that was drawn when a rollback opens a branch", () => {
    const rolled = afterRollback(first, { ...policy, toStep: 12, reachedStep: 30, rowsPerStep: 8 });
    expect(rolled.at(-1)).toEqual({ branch: 1, fromStep: 12, fromDraw: 240, ...policy });
    const again = afterRollback(rolled, { ...policy, toStep: 5, reachedStep: 20, rowsPerStep: 8 });
    expect(again.at(-1)).toMatchObject({ branch: 2, fromStep: 5, fromDraw: 240 + 8 * 8 });
    const rowsOf = (segments: typeof rolled, from: number, to: number): string[] =>
      Array.from({ length: to - from }, (_, i) =>
        drawRows({ seed: 1, sources, segments, rowsPerStep: 8, step: from + i }).map(({ source, row }) => `${source}:${row}`),
      ).flat();
    const read = [...rowsOf(first, 0, 30), ...rowsOf(rolled, 12, 20), ...rowsOf(again, 5, 40)];
    expect(new Set(read).size).toBe(read.length);
  });

  it("keep what came before", () => {
    expect(withPolicy(first, { ...policy, step: 20, rowsPerStep: 8 }).slice(0, 1)).toEqual(first);
  });
});
