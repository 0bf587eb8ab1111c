import { describe, expect, it } from "vitest";
import type { BucketFigures } from "@midtrain/protocol/measures";
import type { NewRunEvent, RunEvent, RunIdentity, RunPlan, RunStatus } from "@midtrain/protocol/run";
import { buckets } from "../gates/buckets.test-support";
import { candidatesBefore } from "./recompute";
import { buildRunSummary, buildRunView, evaluationPoints, type RunRecords } from "./run-view";

/** Events as the controller writes them: a branch from `rollback` and `resumed` on. */
function log(...events: readonly NewRunEvent[]): readonly RunEvent[] {
  let branch = 0;
  return events.map((event, seq) => {
    if (event.type === "rollback" || event.type === "resumed") branch += 1;
    return { seq, time: "2026-01-01T00:00:00.000Z", branch, ...event } as RunEvent;
  });
}

const step = (n: number, loss = 3): NewRunEvent => ({
  type: "step",
  step: n,
  tokens: n * 100,
  loss,
  lossBySource: { domain: loss },
  gradNorm: 1,
  learningRate: 1e-3,
  tokensPerSecond: 1000,
  stepped: true,
});
const evaluation = (n: number, domain: number, general = 0, verdict: BucketFigures["verdict"] = "GREEN"): NewRunEvent => ({
  type: "evaluation",
  step: n,
  tokens: n * 100,
  seconds: 1,
  buckets: buckets(domain, general, verdict),
  score: domain,
});
const checkpoint = (n: number, name = `checkpoints/${n}`): NewRunEvent => ({
  type: "checkpoint",
  step: n,
  checkpoint: name,
  bytes: 10,
  stable: true,
});
const baseline: NewRunEvent = { type: "baseline", buckets: buckets(0), seconds: 1, words: "domain 1.31 bits/byte, general 1.31" };

const identity = {
  run: "normal-0000-20260101-000000",
  createdAt: "2026-01-01T00:00:00.000Z",
  model: { directory: "/base", embedded: true, name: "midtrain-base" },
  recipe: { gates: { falseAlarmBudget: 0.05, gapWindow: { share: 0.3, factor: 2 } } },
  lineage: {},
} as unknown as RunIdentity;
const plan: RunPlan = { format: 1, budget: { requested: "1000tok", tokens: 1000 }, steps: 10, tokensPerStep: 100, evaluations: [2, 4, 10] };

function records(events: readonly RunEvent[], status: Partial<RunStatus> = {}): RunRecords {
  const now: RunStatus = {
    run: identity.run,
    state: "running",
    phase: "training",
    pid: 1,
    host: "here",
    updatedAt: "",
    step: 4,
    steps: 10,
    tokens: 400,
    branch: 0,
    seq: events.length - 1,
    ...status,
  };
  return { directory: "/run", identity, plan, status: now, events, corpus: null, completions: [] };
}

describe("the view of a run", () => {
  it("marks as undone what a rollback undid, and follows the live branch with steps", () => {
    const events = log(
      baseline,
      ...[1, 2].map((n) => step(n)),
      evaluation(2, 0.1),
      checkpoint(2),
      ...[3, 4].map((n) => step(n, 9)),
      evaluation(4, 0.2, -0.3, "RED"),
      checkpoint(4),
      { type: "rollback", step: 4, toStep: 2, checkpoint: "checkpoints/2", why: "General lost 0.3." },
      step(3, 2.5),
    );
    const view = buildRunView(records(events));
    expect(view.evaluations.map(({ step: at, live }) => [at, live])).toEqual([
      [2, true],
      [4, false],
    ]);
    expect(view.steps.map(({ step: at, loss, branch }) => [at, loss, branch])).toEqual([
      [1, 3, 0],
      [2, 3, 0],
      [3, 2.5, 1],
    ]);
    expect(view.marks.find((mark) => mark.kind === "rollback")).toMatchObject({
      step: 4,
      branch: 1,
      text: "Rolled back to step 2: General lost 0.3.",
    });
    expect(view.marks.find((mark) => mark.kind === "gap-window-end")?.step).toBe(3);
    expect(view.headline).toBe("Domain improved by 0.200 bits/byte; general moved beyond tolerance.");
  });

  it("claims no change before anything was compared with the base", () => {
    const before = records(log(baseline, step(1)), { step: 1, secondsLeft: 90 });
    expect(buildRunView(before).headline).toMatch(/^The base is measured.* Training: step 1 of 10, .* left\.$/);
    expect(buildRunSummary(before).verdicts).toEqual({});
    const after = records(log(baseline, step(1), evaluation(1, 0.1)), { step: 1 });
    expect(buildRunView(after).headline).toMatch(/^Domain improved by/);
    expect(buildRunSummary(after).verdicts).toHaveProperty("domain");
  });

  it("shows once what a resume repeats", () => {
    const events = log(
      baseline,
      checkpoint(0, "base"),
      step(1),
      step(2),
      evaluation(2, 0.1),
      { type: "resumed", toStep: 0, checkpoint: "base", pid: 2 },
      step(1),
      step(2),
      evaluation(2, 0.1),
    );
    expect(evaluationPoints(events)).toHaveLength(1);
    expect(buildRunView(records(events)).steps.map(({ step: at }) => at)).toEqual([1, 2]);
  });

  it("shows the selected state's figures beside the last ones, and the base where the base stays", () => {
    const chosen = { step: 2, checkpoint: "checkpoints/2", why: "It gains most." };
    const score = { domain: 0.1, general: 0, behaviour: 0, safety: 0, score: 1, onFront: true, eligible: true, why: "" };
    const end = (selected: typeof chosen): readonly RunEvent[] =>
      log(
        baseline,
        step(1),
        step(2),
        evaluation(2, 0.1),
        checkpoint(2),
        evaluation(4, 0.3, -0.2, "RED"),
        checkpoint(4),
        { type: "selected", selected, candidates: [{ ...score, step: 2, branch: 0, checkpoint: "checkpoints/2" }], final: buckets(0.1) },
        {
          type: "run-finished",
          state: "finished",
          stopReason: { family: "planned-end", rule: "planned-end", text: "All 10 planned steps were done." },
          seconds: 1,
        },
      );
    const { document } = buildRunView(records(end(chosen), { state: "finished" }));
    expect(document.buckets!.domain).toMatchObject({ delta: 0.1, selected: 1.31 - 0.1 });
    expect(document.buckets!.domain.last).toBeCloseTo(1.31 - 0.3);
    const stays = buildRunView(records(end({ step: 0, checkpoint: "base", why: "No gain." }), { state: "finished" }));
    expect(stays.document.buckets!.domain.delta).toBe(0);
    expect(stays.headline).toMatch(/^Not worth it: the base stays\. No gain\./);
  });

  it("has no result any more once a stopped run goes on", () => {
    const events = log(
      baseline,
      step(1),
      { type: "selected", selected: { step: 0, checkpoint: "base", why: "" }, candidates: [], final: buckets(0) },
      { type: "run-finished", state: "finished", stopReason: { family: "user", rule: "user-stop", text: "Stopped by you." }, seconds: 1 },
      { type: "resumed", toStep: 1, checkpoint: "checkpoints/1", pid: 3 },
    );
    const { document } = buildRunView(records(events));
    expect(document).toMatchObject({ state: "running", selected: null, stopReason: null, final: null });
  });

  it("thins a long run to at most a thousand points that include both ends", () => {
    const { steps } = buildRunView(records(log(baseline, ...Array.from({ length: 5000 }, (_, i) => step(i + 1)))));
    expect(steps).toHaveLength(1000);
    expect([steps[0]!.step, steps.at(-1)!.step]).toEqual([1, 5000]);
  });
});

describe("the candidates that a selection saw", () => {
  it("are those of the checkpoint that a resume began from, and what came after", () => {
    const events = log(
      evaluation(2, 0.1),
      checkpoint(2),
      evaluation(4, 0.2),
      checkpoint(4),
      { type: "resumed", toStep: 2, checkpoint: "checkpoints/2", pid: 2 },
      evaluation(4, 0.2),
      checkpoint(4, "checkpoints/4.2"),
    );
    expect(candidatesBefore(events, 99).map(({ checkpoint: name, branch }) => [name, branch])).toEqual([
      ["checkpoints/2", 0],
      ["checkpoints/4.2", 1],
    ]);
  });
});
