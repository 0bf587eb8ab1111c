/** An evaluation in the loop: score, compare with the base, decide, write everything down, checkpoint. */
import type { BucketName, Buckets } from "@midtrain/protocol/measures";
import { MidtrainError } from "@midtrain/protocol/errors";
import { count } from "@midtrain/protocol/words";
import { decide, isStable, scoreJ, type Decision, type GatePlan, type GateReading } from "../gates";
import { segmentAt } from "../mixture";
import { saveCheckpoint } from "./checkpoint-stage";
import { liveEvaluations } from "./controller-state";
import { emit, enterPhase, type Work } from "./controller-work";
import { bucketsOf, firstItems, toEvaluationItems, type Scores } from "./item-scores";
import { reportResources } from "./resources-stage";
import { writeEvaluationItems } from "./run-directory";
import { verdictsOf } from "./run-view";
import { schedulePhases } from "./schedule";
import { appendScores, scoreState } from "./score-state";

/** True when the plan asks for an evaluation of the state reached and the live branch has none. */
export function evaluationDue({ plan, state }: Work): boolean {
  return state.step > 0 && plan.evaluations.includes(state.step) && !liveEvaluations(state).some((record) => record.step === state.step);
}

/**
 * Evaluates the present state and leaves the decision in `state.pending`, saved with the checkpoint, so that a crash between deciding
 * and acting decides the same again. Returns false when a request from outside ended it early: nothing was decided then.
 */
export async function evaluateState(work: Work): Promise<boolean> {
  const { session, state, plan } = work;
  const started = work.now().getTime();
  const planned = plan.evaluations.length;
  const number = plan.evaluations.indexOf(state.step) + 1;
  enterPhase(work, "evaluation", `evaluation ${number} of ${planned} at step ${count(state.step)}`);
  await reportResources(work);
  const outcome = await scoreUntilSure(work);
  if (outcome === undefined) return false;
  const { scores, buckets, decision } = outcome;
  const seconds = (work.now().getTime() - started) / 1000;
  work.evaluationSeconds = seconds;
  const score = scoreJ(buckets, session.identity.recipe.selectionWeights);
  const { branch } = work;
  writeEvaluationItems(
    session.directory,
    toEvaluationItems(session.suites, session.identity.lineage.suites, scores, { step: state.step, branch, sealed: false }),
  );
  emit(work, { type: "evaluation", step: state.step, tokens: state.tokens, seconds, buckets, score });
  for (const gate of decision.gates) emitGate(work, gate, actionOf(decision, gate.bucket));
  work.state = { ...state, pending: decision };
  await saveCheckpoint(work, (checkpoint) => ({
    step: state.step,
    branch,
    tokens: state.tokens,
    buckets,
    score,
    stable: isStable(decision.gates),
    live: true,
    checkpoint,
  }));
  work.status.update({ evaluation: { done: number, planned }, verdicts: verdictsOf(buckets) });
  return true;
}

interface SureOutcome {
  readonly scores: Scores;
  readonly buckets: Buckets;
  readonly decision: Decision;
}

/** Scores the first items of every suite, and all items of the buckets that are unsure, before anything is decided. */
async function scoreUntilSure(work: Work): Promise<SureOutcome | undefined> {
  const { session, state } = work;
  const control = {
    signal: work.inbox.signal,
    onProgress: (done: number, total: number) => work.status.update({ message: `scoring ${count(done)} of ${count(total)} sequences` }),
  };
  // A request from outside is looked for while the executor scores, not only between two steps.
  const polling = setInterval(() => work.inbox.poll(), 500);
  try {
    let scores = await scoreState(session, (suite) => suite.items.slice(0, firstItems(suite)), control);
    for (;;) {
      const buckets = bucketsOf({
        suites: session.suites,
        policy: session.identity.recipe.gates,
        side: "loop",
        base: work.baseScores,
        last: scores,
        selected: scores,
      });
      const decision = decide(historyOf(work), { step: state.step, tokens: state.tokens, buckets, itemsLeft: itemsLeft(work, scores) });
      if (decision.kind !== "more-items") return { scores, buckets, decision };
      const wanted = new Set<BucketName>(decision.buckets);
      for (const gate of decision.gates) if (wanted.has(gate.bucket)) emitGate(work, gate, "more-items");
      const more = await scoreState(
        session,
        (suite) => (wanted.has(suite.bucket) ? suite.items.slice(scores[suite.name]?.length ?? 0) : []),
        control,
      );
      scores = appendScores(scores, more);
    }
  } catch (error) {
    if (MidtrainError.is(error, "cancelled") && work.inbox.request !== undefined) return undefined;
    throw error;
  } finally {
    clearInterval(polling);
  }
}

function itemsLeft(work: Work, scores: Scores): readonly BucketName[] {
  const left = work.session.suites.filter((suite) => (scores[suite.name]?.length ?? 0) < suite.items.length);
  return [...new Set(left.map((suite) => suite.bucket))];
}

function gatePlan({ session, plan }: Pick<Work, "session" | "plan">): GatePlan {
  return { policy: session.identity.recipe.gates, steps: plan.steps, evaluations: plan.evaluations };
}

function historyOf(work: Work): Parameters<typeof decide>[0] {
  const { session, state, plan } = work;
  const policy = segmentAt(state.segments, state.step);
  return {
    plan: gatePlan(work),
    evaluations: liveEvaluations(state),
    policy,
    rollbacks: state.gateRollbacks,
    hasReplaySource: session.identity.sources.some((source) => source.role === "replay" && source.rows > 0),
    decayFrom: schedulePhases(plan.steps, session.identity.recipe).decayFrom,
  };
}

type GateAction = "none" | "more-items" | "rollback" | "stop" | "replay-down";

function actionOf(decision: Decision, bucket: BucketName): GateAction {
  if (decision.kind === "rollback") return decision.bucket === bucket ? "rollback" : "none";
  if (decision.kind === "policy") return bucket === "domain" ? "replay-down" : "none";
  if (decision.kind !== "stop") return "none";
  const { family, rule } = decision.stopReason;
  if (family === "harm") return rule.startsWith(`${bucket}-`) ? "stop" : "none";
  return family === "no-more-worth" && bucket === "domain" ? "stop" : "none";
}

function emitGate(work: Work, gate: GateReading, action: GateAction): void {
  const { bucket, suite, verdict, text, alpha, alphaSpent } = gate;
  emit(work, { type: "gate", step: work.state.step, bucket, suite, verdict, text, alpha, alphaSpent, action });
}

/** The base at step 0: what everything is compared with, and what one sentence says of it. */
export function baselineWords(buckets: Buckets): string {
  const { domain, general } = buckets;
  const ratio = domain.base / general.base;
  const known =
    ratio > 1.1
      ? "the model does not know this repository"
      : ratio < 0.9
        ? "the model finds this repository easier than general text"
        : "the model finds this repository about as hard as general text";
  return `domain ${domain.base.toFixed(2)} ${domain.unit}, general ${general.base.toFixed(2)}: ${known}`;
}
