/** The probe and the baseline: what a run does once, before its first step. */
import { existsSync } from "node:fs";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { RunPlan } from "@midtrain/protocol/run";
import { writeJsonAtomic } from "../platform/atomic-write";
import { makePlan, parseBudget } from "./budget";
import { bucketsOf, fromEvaluationItems, toEvaluationItems, type Scores } from "./item-scores";
import { evaluationFile, readEvaluationItems, readPlan, writeEvaluationItems } from "./run-directory";
import type { RunSession } from "./run-session";
import { scoreState, type ScoringControl } from "./score-state";
import { firstSegment } from "./segments";
import { rowsOfStep } from "./train-stage";
import type { Buckets } from "@midtrain/protocol/measures";

const warmUpSteps = 2;
const fewestProbeSteps = 3;
const probeSeconds = 3;

/** plan.json as it stands, or made now. With a budget in time the speed is measured on the run's own first rows, and leaves no trace. */
export async function ensurePlan(session: RunSession, onProbe: () => void): Promise<RunPlan> {
  const known = readPlan(session.directory);
  if (known !== undefined) return known;
  const { budget, recipe, sources, preflight } = session.identity;
  const inTime = parseBudget(budget).kind === "seconds";
  if (inTime) onProbe();
  const plan = makePlan({
    requested: budget,
    recipe,
    sources,
    ...(preflight === undefined ? {} : { preflight }),
    ...(inTime ? { probe: await probe(session) } : {}),
  });
  writeJsonAtomic(session.files.plan, plan);
  return plan;
}

async function probe(session: RunSession): Promise<{ readonly tokensPerSecond: number; readonly seconds: number }> {
  const { executor, identity } = session;
  const { recipe } = identity;
  const segments = [firstSegment(recipe)];
  const before = await executor.snapshot();
  const beginning = performance.now();
  let started = beginning;
  let measured = 0;
  for (let step = 0; measured < fewestProbeSteps || performance.now() - started < probeSeconds * 1000; step++) {
    const { rows } = rowsOfStep(session, { step, segments });
    await executor.step(rows, { learningRate: 0, clip: recipe.clip, refuseAbove: {} });
    if (step + 1 === warmUpSteps) started = performance.now();
    if (step + 1 > warmUpSteps) measured += 1;
  }
  const tokensPerSecond = (measured * recipe.rowsPerStep * recipe.rowLength) / ((performance.now() - started) / 1000);
  await executor.restore(before);
  await executor.release(before);
  return { tokensPerSecond: Math.round(tokensPerSecond), seconds: (performance.now() - beginning) / 1000 };
}

/** Scores of the base on all items of the loop: read back where they are whole, else made now; the executor must hold the base. */
export async function ensureBaseScores(
  session: RunSession,
  control: ScoringControl,
): Promise<{ readonly scores: Scores; readonly fresh: boolean }> {
  const file = evaluationFile(session.directory, 0, 0, false);
  if (existsSync(file)) {
    try {
      const scores = fromEvaluationItems(readEvaluationItems(file));
      const whole = session.suites.every((suite) => suite.items.length === 0 || scores[suite.name]?.length === suite.items.length);
      if (whole) return { scores, fresh: false };
    } catch (error) {
      if (!MidtrainError.is(error, "corrupt")) throw error;
    }
  }
  const scores = await scoreState(session, (suite) => suite.items, control);
  writeEvaluationItems(
    session.directory,
    toEvaluationItems(session.suites, session.identity.lineage.suites, scores, { step: 0, branch: 0, sealed: false }),
  );
  return { scores, fresh: true };
}

/** The base compared with itself on all items of the loop. */
export function baselineOf(session: RunSession, scores: Scores): Buckets {
  return bucketsOf({
    suites: session.suites,
    policy: session.identity.recipe.gates,
    side: "loop",
    base: scores,
    last: scores,
    selected: scores,
  });
}
