import { cpSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { MidtrainConfig } from "@midtrain/protocol/config";
import type { RunEvent } from "@midtrain/protocol/run";
import { bundledWorkerFile } from "../../server/src/executors/bundled-worker";
import { embeddedBaseDirectory } from "../../server/src/config";
import { createOnnxExecutor } from "../../server/src/executors";
import { prepareRun, readEvents, readIdentity, readRun, recomputeRun, runController, runFiles } from "../../server/src/training";
import { loadOptions, openSession } from "../../server/src/training/run-session";
import { firstSegment, afterRollback } from "../../server/src/training/segments";
import { rowsOfStep } from "../../server/src/training/train-stage";
import { frozenRepository } from "./frozen-repository";

/**
 * The demonstration on the embedded base: the same small repository once without replay at the base's full pretraining rate, once by
 * the default. Few tokens and one rollback, so that both stay short: with two, a quarter of the rate sometimes saves even the first.
 */
let harmed: string;
let guarded: string;
/** A copy, so that a base made anew in the meantime changes nothing here. */
const base = mkdtempSync(join(tmpdir(), "midtrain-base-"));

const createExecutor = (): ReturnType<typeof createOnnxExecutor> => createOnnxExecutor({ workerFile: bundledWorkerFile() });

async function adapt(directory: string, config: MidtrainConfig): Promise<string> {
  const { directory: run } = await prepareRun({
    directory,
    midtrain: join(directory, ".midtrain"),
    config: { ...config, model: base, budget: "131072tok", gates: { evaluationsEarly: 1, evaluationsLate: 3, ...config.gates } },
  });
  await runController(run, { createExecutor, now: () => new Date() });
  return run;
}

beforeAll(async () => {
  cpSync(embeddedBaseDirectory(), base, { recursive: true });
  const directory = frozenRepository();
  harmed = await adapt(directory, { training: { learningRateShare: 1, replayShare: 0 }, gates: { maxRollbacks: 1 } });
  guarded = await adapt(directory, {});
}, 900_000);

const eventsOf = <T extends RunEvent["type"]>(run: string, type: T): readonly Extract<RunEvent, { type: T }>[] =>
  readEvents(runFiles(run).events).events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);

describe("harm on the embedded base", () => {
  it("without replay at the full pretraining rate: rolls back, stops for harm and selects an earlier state or the base", () => {
    const document = readRun(harmed);
    expect(document.stopReason?.family).toBe("harm");
    const rollbacks = eventsOf(harmed, "rollback");
    expect(rollbacks.length).toBeGreaterThanOrEqual(1);
    const lastStep = Math.max(...eventsOf(harmed, "evaluation").map((event) => event.step));
    expect(document.selected!.step).toBeLessThan(lastStep);
    expect(eventsOf(harmed, "gate").some((gate) => gate.verdict === "RED" && gate.action === "rollback")).toBe(true);
    const rates = eventsOf(harmed, "policy-changed").map(({ segment }) => segment.learningRateScale);
    expect(rates).toEqual(rollbacks.map((_, i) => 0.5 ** (i + 1)));
  });

  it("after the rollback computes from the very weights of the checkpoint named, on data that was not read before", async () => {
    const [rollback] = eventsOf(harmed, "rollback");
    const { segment } = eventsOf(harmed, "policy-changed")[0]!;
    const first = eventsOf(harmed, "step").find((step) => step.seq > rollback!.seq)!;
    const identity = readIdentity(harmed);
    const session = await openSession(harmed, createExecutor());
    const model = rollback!.checkpoint === "base" ? identity.model.directory : join(harmed, rollback!.checkpoint, "model");
    await session.executor.load(loadOptions(identity, model));
    const segments = afterRollback([firstSegment(identity.recipe)], {
      ...segment,
      toStep: rollback!.toStep,
      reachedStep: rollback!.step,
      rowsPerStep: identity.recipe.rowsPerStep,
    });
    const { rows } = rowsOfStep(session, { step: rollback!.toStep, segments });
    const result = await session.executor.step(rows, { learningRate: 0, clip: 1, refuseAbove: {} });
    const { lossSum, tokens } = result.bySource[0]!;
    expect(lossSum / tokens).toBe(first.loss);
    expect(result.gradNorm).toBe(first.gradNorm);
    await session.executor.close();
  }, 120_000);

  it("by default on the same repository: neither rolls back nor stops for harm, and selects a trained state", () => {
    const document = readRun(guarded);
    expect(eventsOf(guarded, "rollback")).toEqual([]);
    expect(document.stopReason?.family).not.toBe("harm");
    expect(document.selected!.step).toBeGreaterThan(0);
    expect(document.final!.domain.delta).toBeGreaterThan(0);
  });

  it("every figure and both selections recompute bit-equal from the stored item scores", async () => {
    for (const run of [harmed, guarded]) {
      const checks = await recomputeRun(run);
      expect(checks.length).toBeGreaterThan(3);
      expect(checks.filter(({ problem }) => problem !== undefined)).toEqual([]);
    }
  }, 120_000);

  it("the completions before and after are of held-out files", () => {
    const { samples } = JSON.parse(readFileSync(runFiles(guarded).completions, "utf8")) as {
      samples: readonly { path: string; base: string; selected: string }[];
    };
    expect(samples).toHaveLength(3);
    for (const sample of samples) expect(sample.base).not.toBe(sample.selected);
  });
});
