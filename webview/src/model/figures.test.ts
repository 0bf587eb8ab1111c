import { describe, expect, it } from "vitest";
import type { EvaluationPoint, RunView } from "@midtrain/protocol/run-view";
import { fixture } from "../../dev/fixtures";
import {
  gapWindowEnd,
  lastStep,
  latestPoint,
  listed,
  livePoints,
  lookAt,
  shownCandidates,
  tolerance,
  undonePoints,
  verdictLook,
} from "./figures";
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

describe("the stability-gap window", () => {
  const general = (step: number, low: number, high: number): EvaluationPoint => {
    const point = harm.evaluations[0]!;
    const figures = {
      ...point.buckets.general,
      low,
      high,
      delta: (low + high) / 2,
      verdict: high < -0.049 ? ("RED" as const) : ("AMBER" as const),
    };
    return { ...point, step, buckets: { ...point.buckets, general: { ...figures, suites: [figures] } } };
  };
  it("judges inside it against the widened tolerance, and after it against the plain one", () => {
    expect(lookAt(harm, "general", general(100, -0.07, -0.06)).word).toBe("within");
    expect(lookAt(harm, "general", general(100, -0.09, -0.08)).word).toBe("beyond");
    expect(lookAt(harm, "general", general(100, -0.09, -0.06)).word).toBe("unsure");
    expect(lookAt(harm, "general", general(200, -0.07, -0.06)).word).toBe("beyond");
  });
});

describe("the points of a run that is not judged yet", () => {
  it("are its live evaluations behind the base, none of them on a front", () => {
    const shown = shownCandidates({ ...harm, candidates: [] });
    expect(shown.map((candidate) => candidate.step)).toEqual([0, ...livePoints(harm).map((point) => point.step)]);
    expect(shown.some((candidate) => candidate.onFront)).toBe(false);
    expect(shownCandidates({ ...harm, candidates: [], evaluations: [] })).toEqual([]);
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
