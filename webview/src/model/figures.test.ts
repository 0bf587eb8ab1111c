import { describe, expect, it } from "vitest";
import type { RunView } from "@midtrain/protocol/run-view";
import { fixture } from "../../dev/fixtures";
import { gapWindowEnd, lastStep, latestPoint, listed, livePoints, tolerance, undonePoints, verdictLook } from "./figures";
import { liveSteps, sourcesOf, undoneSteps } from "./steps";

const harm = (fixture("harm") as { run: RunView }).run;
const empty = (fixture("empty") as { run: RunView }).run;

describe("verdicts", () => {
  it("join one word with one tone", () => {
    const at = (verdict: "GREEN" | "AMBER" | "RED" | "UNINFORMATIVE", low: number, high: number): string => {
      const look = verdictLook("general", { verdict, low, high });
      return `${look.word}/${look.tone}`;
    };
    expect([at("GREEN", -0.01, 0.01), at("AMBER", -0.06, 0), at("RED", -0.2, -0.1), at("UNINFORMATIVE", -1, 1)]).toEqual([
      "within/pass",
      "unsure/warning",
      "beyond/error",
      "cannot tell/neutral",
    ]);
  });
  it("do not call an unchanged domain good", () => {
    expect(verdictLook("domain", { verdict: "GREEN", low: -0.01, high: 0.01 })).toEqual({ word: "no change", tone: "neutral" });
  });
});

describe("points of a run with rollbacks", () => {
  it("are live or undone, each once and in order", () => {
    const live = livePoints(harm);
    expect(live.length + undonePoints(harm).length).toBe(harm.evaluations.length);
    expect(live.map((point) => point.step)).toEqual([...live.map((point) => point.step)].sort((a, b) => a - b));
    expect(latestPoint(harm)).toMatchObject({ step: 444, branch: 2 });
  });
  it("split the training steps where a later branch began", () => {
    const live = liveSteps(harm);
    expect(new Set(live.map((point) => point.step)).size).toBe(live.length);
    expect(live.at(-1)).toMatchObject({ step: 444, branch: 2 });
    expect(live.filter((point) => point.branch === 1)).toEqual([]);
    expect(undoneSteps(harm).map((points) => points[0]!.branch)).toEqual([0, 1]);
    expect(undoneSteps(harm).flat().length + live.length).toBe(harm.steps.length);
  });
  it("name the sources in the order of the recipe", () => {
    expect(sourcesOf(harm)).toEqual(["repository", "base's own text"]);
  });
});

describe("axes", () => {
  it("end at the plan, and survive a run without one", () => {
    expect(lastStep(harm)).toBe(1200);
    expect(lastStep(empty)).toBe(1);
    expect(gapWindowEnd(harm)).toBe(120);
    expect(gapWindowEnd(empty)).toBe(0);
  });
  it("take the tolerance outside the gap window", () => {
    const widened = {
      ...harm,
      evaluations: harm.evaluations.map((point, index) =>
        index > 0 ? point : { ...point, buckets: { ...point.buckets, general: { ...point.buckets.general, tolerance: 0.0735 } } },
      ),
    };
    expect(tolerance(widened, "general")).toBe(0.049);
    expect(tolerance(empty, "general")).toBe(0);
  });
});

it("lists words", () => {
  expect([listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])]).toEqual(["", "a", "a and b", "a, b and c"]);
});
