/** One optimizer step: draw, compute, judge by the ladder of §5.4, write down. */
import type { Row } from "@midtrain/protocol/executor";
import { drawRows, segmentAt, type DrawnRow } from "../mixture";
import { notchUp } from "../gates";
import { rollBack } from "./checkpoint-stage";
import { lastStableRecord, type ControllerState } from "./controller-state";
import { emit, type Work } from "./controller-work";
import { climbLadder, ladderLimits, type LadderAction } from "./ladder";
import type { RunSession } from "./run-session";
import { learningRateAt } from "./schedule";

/** Rows of a step as the executor takes them: a pure function of seed, step and weight history. */
export function rowsOfStep(
  session: RunSession,
  state: Pick<ControllerState, "step" | "segments">,
): { readonly drawn: readonly DrawnRow[]; readonly rows: readonly Row[] } {
  const { identity } = session;
  const { recipe, sources, lineage } = identity;
  const drawn = drawRows({ seed: lineage.seed, sources, segments: state.segments, rowsPerStep: recipe.rowsPerStep, step: state.step });
  const replay = new Set(sources.filter((source) => source.role === "replay").map((source) => source.name));
  return { drawn, rows: drawn.map(({ source, row }) => session.rows.get(source)!.row(row, replay.has(source) ? recipe.klWeight : 0)) };
}

/** Does one step and what the ladder makes of it; a stop is left in `state.pending`. */
export async function trainStep(work: Work): Promise<void> {
  const { session, state, plan } = work;
  const { recipe } = session.identity;
  const { drawn, rows } = rowsOfStep(session, state);
  const learningRate = learningRateAt(state.step, plan.steps, recipe, state.segments);
  const started = performance.now();
  const result = await session.executor.step(rows, { learningRate, clip: recipe.clip, refuseAbove: ladderLimits(state.ladder) });
  measureSpeed(work, plan.tokensPerStep / ((performance.now() - started) / 1000));
  const lossSum = result.bySource.reduce((sum, source) => sum + source.lossSum, 0);
  const lossTokens = result.bySource.reduce((sum, source) => sum + source.tokens, 0);
  const loss = lossSum / lossTokens;
  const { gradNorm, stepped } = result;
  const climbed = climbLadder(state.ladder, { step: state.step, loss, gradNorm, stepped });
  work.state = { ...state, step: state.step + 1, tokens: state.tokens + plan.tokensPerStep, ladder: climbed.state };
  work.saved = false;
  if (Number.isFinite(loss) && Number.isFinite(gradNorm)) {
    const lossBySource = Object.fromEntries(result.bySource.map(({ source, lossSum: sum, tokens }) => [source, sum / tokens]));
    emit(work, {
      type: "step",
      step: work.state.step,
      tokens: work.state.tokens,
      loss,
      lossBySource,
      gradNorm,
      learningRate,
      tokensPerSecond: Math.round(work.tokensPerSecond),
      stepped,
    });
  }
  showStep(work, loss);
  if (climbed.action.action !== "none") await onAnomaly(work, climbed.action, drawn);
}

/** Smoothed over about ten steps: one slow step is not a trend. */
function measureSpeed(work: Work, now: number): void {
  work.tokensPerSecond = work.tokensPerSecond === 0 ? now : work.tokensPerSecond * 0.9 + now * 0.1;
}

function showStep(work: Work, loss: number): void {
  const { state, plan, tokensPerSecond } = work;
  const evaluationsLeft = plan.evaluations.filter((step) => step > state.step).length;
  work.status.update({
    phase: "training",
    step: state.step,
    steps: plan.steps,
    tokens: state.tokens,
    ...(Number.isFinite(loss) ? { loss } : {}),
    tokensPerSecond: Math.round(tokensPerSecond),
    secondsLeft: Math.round(((plan.steps - state.step) * plan.tokensPerStep) / tokensPerSecond + evaluationsLeft * work.evaluationSeconds),
    message: "training",
  });
}

async function onAnomaly(work: Work, action: Exclude<LadderAction, { action: "none" }>, drawn: readonly DrawnRow[]): Promise<void> {
  const { session, state } = work;
  const documents = [
    ...new Set(
      drawn.flatMap(({ source, row }) =>
        session.rows
          .get(source)!
          .documentsOfRow(row)
          .map(({ path }) => path),
      ),
    ),
  ];
  emit(work, { type: "anomaly", step: state.step, rule: action.rule, text: action.text, documents, action: action.action });
  if (action.action === "stop") work.state = { ...work.state, pending: { kind: "stop", gates: [], stopReason: action.stopReason } };
  if (action.action !== "rollback") return;
  const policy = segmentAt(state.segments, state.step - 1);
  await rollBack(work, {
    toStep: lastStableRecord(state)?.step ?? 0,
    replayShare:
      action.raiseReplay && session.identity.sources.some((source) => source.role === "replay")
        ? notchUp(policy.replayShare)
        : policy.replayShare,
    learningRateScale: action.halveLearningRate ? policy.learningRateScale / 2 : policy.learningRateScale,
    why: action.text,
  });
}
