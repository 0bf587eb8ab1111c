/**
 * The run controller: one process per run, which holds all policy. It is a loop over one question, "what is next for this state?",
 * and every answer follows from the state alone; so a resume from a checkpoint goes on as if nothing had happened.
 */
import type { Executor } from "@midtrain/protocol/executor";
import { describeError, MidtrainError } from "@midtrain/protocol/errors";
import type { RunIdentity, StopReason } from "@midtrain/protocol/run";
import { count } from "@midtrain/protocol/words";
import { removeUnfinished } from "./checkpoints";
import { isCheckpointDue, findResumePoint, loadCheckpoint, rollBack, saveCheckpoint } from "./checkpoint-stage";
import type { ControllerState } from "./controller-state";
import { emit, enterPhase, openInbox, type Inbox, type Work } from "./controller-work";
import { baselineWords, evaluateState, evaluationDue } from "./evaluation-stage";
import { openEventLog, readEvents, type EventLog } from "./event-log";
import { finishRun } from "./finish-stage";
import { startOfLadder } from "./ladder";
import { baselineOf, ensureBaseScores, ensurePlan } from "./plan-stage";
import { readIdentity, readWrittenStatus, runFiles } from "./run-directory";
import { reportResources } from "./resources-stage";
import { acquireRunLock } from "./run-lock";
import { openSession, type RunSession } from "./run-session";
import { openStatus, type StatusWriter } from "./run-status";
import { verdictsOf } from "./run-view";
import { firstSegment, withPolicy } from "./segments";
import { trainStep } from "./train-stage";

export interface ControllerOptions {
  readonly createExecutor: (identity: RunIdentity) => Executor;
  readonly now: () => Date;
  /** What was decided before, for the log: the GPU. */
  readonly notes?: readonly string[];
  /** Gets the inbox as soon as there is one, so that signals of the process can ask for a pause. */
  readonly onInbox?: (inbox: Inbox) => void;
}

type Shell = Pick<Work, "log" | "status" | "branch">;

/** Works on a run until it has ended, was paused, or failed. @throws what made it fail, after saying so in state.json. */
export async function runController(directory: string, options: ControllerOptions): Promise<void> {
  const identity = readIdentity(directory);
  const files = runFiles(directory);
  const lock = acquireRunLock(files.lock);
  const executor = options.createExecutor(identity);
  let log: EventLog | undefined;
  let status: StatusWriter | undefined;
  try {
    const before = readEvents(files.events).events;
    log = openEventLog(files.events, options.now);
    status = openStatus(
      directory,
      {
        ...withoutResult(readWrittenStatus(directory)),
        state: "preparing",
        phase: "load",
        message: "loading the base",
        seq: log.nextSeq - 1,
      },
      options.now,
    );
    const shell: Shell = { log, status, branch: before[before.length - 1]?.branch ?? 0 };
    const inbox = openInbox(directory, (names) =>
      emit(shell, { type: "log", level: "warning", text: `Not a command, removed from the mailbox: ${names.join(", ")}.` }),
    );
    options.onInbox?.(inbox);
    if (before.length === 0) {
      emit(shell, { type: "run-started", run: identity.run, identity: identity.identity, pid: process.pid, host: status.current.host });
      for (const text of identity.notes ?? []) emit(shell, { type: "log", level: "info", text });
    }
    for (const text of options.notes ?? []) emit(shell, { type: "log", level: "info", text });
    executor.onEvent?.(({ text }) => emit(shell, { type: "log", level: "info", text }));
    await workThroughDeaths(shell, { directory, executor, inbox, isResume: before.length > 0, now: options.now });
  } catch (error) {
    sayFailure(status, log, error);
    throw error;
  } finally {
    await executor.close();
    closeQuietly(status, log);
    lock.release();
  }
}

interface Attempt {
  readonly directory: string;
  readonly executor: Executor;
  readonly inbox: Inbox;
  readonly isResume: boolean;
  readonly now: () => Date;
}

/** Deaths of an executor's process in a row, without a checkpoint between them, that a run survives. */
const mostDeaths = 3;

/** The controller outlives its executor: a new one goes on from the last checkpoint, as a resume would. */
async function workThroughDeaths(shell: Shell, first: Attempt): Promise<void> {
  let attempt = first;
  let [deaths, reached] = [0, -1];
  for (;;) {
    let from = -1;
    try {
      enterPhase(shell, "load", "loading the base");
      const session = await openSession(attempt.directory, attempt.executor);
      await checkLeak(shell, session);
      const work = await beginOrResume(shell, session, attempt);
      from = work.state.step;
      shell = work;
      return await loop(work);
    } catch (error) {
      if (!MidtrainError.is(error, "lost")) throw error;
      deaths = from > reached ? 1 : deaths + 1;
      reached = Math.max(reached, from);
      if (deaths > mostDeaths) throw error;
      emit(shell, { type: "log", level: "warning", text: `${error.message} A new one goes on from the last checkpoint.` });
      attempt = { ...attempt, isResume: true };
    }
  }
}

/** A run that goes on after its end has no result any more. */
function withoutResult<T extends { readonly stopReason?: unknown; readonly selected?: unknown }>(
  status: T,
): Omit<T, "stopReason" | "selected"> {
  const { stopReason: _stopReason, selected: _selected, ...rest } = status;
  return rest;
}

async function checkLeak(shell: Shell, session: RunSession): Promise<void> {
  enterPhase(shell, "leak-test", "checking that no document sees another one of its row");
  const { passed, largestChange } = await session.executor.leakTest();
  if (passed) return;
  throw new MidtrainError({
    reason: "environment",
    message: `Documents of one packed row leak into each other: a change of one moved the loss of another by ${largestChange}. Training on it would teach wrong contexts.`,
    where: "self-test of the training graph",
    next: "Please report this with the log; another executor or version may not have the fault.",
  });
}

async function beginOrResume(shell: Shell, session: RunSession, { inbox, isResume, now }: Attempt): Promise<Work> {
  const leftovers = removeUnfinished(session.files.checkpoints);
  if (leftovers.length > 0)
    emit(shell, { type: "log", level: "warning", text: `Removed unfinished checkpoints: ${leftovers.join(", ")}.` });
  const startedAt = now().getTime();
  const plan = await ensurePlan(session, () => enterPhase(shell, "probe", "measuring the speed on the run's own rows"));
  shell.status.update({ steps: plan.steps });
  if (!isResume && plan.note !== undefined) emit(shell, { type: "log", level: "info", text: plan.note });
  enterPhase(shell, "baseline", "scoring the base before any step");
  const scoring = now().getTime();
  const { scores, fresh } = await ensureBaseScores(session, {
    signal: new AbortController().signal,
    onProgress: (done, total) => shell.status.update({ message: `scoring the base: ${count(done)} of ${count(total)} sequences` }),
  });
  const baseline = baselineOf(session, scores);
  if (fresh)
    emit(shell, { type: "baseline", buckets: baseline, seconds: (now().getTime() - scoring) / 1000, words: baselineWords(baseline) });
  const point = findResumePoint(session, (text) => emit(shell, { type: "log", level: "warning", text }));
  const state: ControllerState = point?.state ?? {
    format: 1,
    ordinal: 0,
    step: 0,
    tokens: 0,
    segments: [firstSegment(session.identity.recipe)],
    ladder: startOfLadder,
    gateRollbacks: 0,
    baseline,
    evaluations: [],
    pending: null,
    seconds: 0,
  };
  const work: Work = {
    session,
    plan,
    log: shell.log,
    status: shell.status,
    inbox,
    now,
    baseScores: scores,
    startedAt,
    branch: shell.branch,
    state,
    saved: point !== undefined,
    savedAt: now().getTime(),
    saveSeconds: 0,
    tokensPerSecond: 0,
    evaluationSeconds: 0,
  };
  if (point !== undefined) await loadCheckpoint(session, point.checkpoint);
  if (isResume) {
    work.branch += 1;
    const checkpoint = point === undefined || point.checkpoint.manifest.state === "base" ? "base" : `checkpoints/${point.checkpoint.name}`;
    emit(work, { type: "resumed", toStep: state.step, checkpoint, pid: process.pid });
  }
  if (point === undefined) await saveCheckpoint(work);
  return work;
}

/** Every turn does one thing that the state asks for: act on a decision, evaluate, or train a step. */
async function loop(work: Work): Promise<void> {
  const last = work.state.evaluations[work.state.evaluations.length - 1]?.buckets ?? work.state.baseline;
  enterPhase(work, "training", "training");
  work.status.update({
    state: "running",
    step: work.state.step,
    tokens: work.state.tokens,
    evaluation: { done: work.state.evaluations.length, planned: work.plan.evaluations.length },
    verdicts: verdictsOf(last),
  });
  await reportResources(work);
  for (;;) {
    const end = await act(work);
    if (end !== undefined) return finishRun(work, end);
    work.inbox.poll();
    if (work.inbox.request === "pause") return pause(work);
    if (work.inbox.request === "stop") return stopByUser(work);
    const isWished = work.inbox.takeCheckpointWish();
    // An evaluation writes its own.
    const isDue = isCheckpointDue(work) && !evaluationDue(work);
    if (!work.saved && (isWished || isDue)) await saveCheckpoint(work);
    if (evaluationDue(work)) await evaluateState(work);
    else if (work.state.step < work.plan.steps) await trainStep(work);
    else return finishRun(work, { family: "planned-end", rule: "planned-end", text: "All planned steps were done." });
  }
}

/** Does what was decided at this state. Returns the reason when the run ends. */
async function act(work: Work): Promise<StopReason | undefined> {
  const { pending } = work.state;
  if (pending === null) return undefined;
  work.state = { ...work.state, pending: null };
  switch (pending.kind) {
    case "stop":
      return pending.stopReason;
    case "rollback":
      await rollBack(work, pending);
      work.state = { ...work.state, gateRollbacks: work.state.gateRollbacks + 1 };
      return undefined;
    case "policy": {
      const { replayShare, learningRateScale, why } = pending;
      const segments = withPolicy(work.state.segments, {
        step: work.state.step,
        rowsPerStep: work.session.identity.recipe.rowsPerStep,
        replayShare,
        learningRateScale,
        why,
      });
      work.state = { ...work.state, segments };
      emit(work, { type: "policy-changed", segment: segments[segments.length - 1]!, text: why });
      return undefined;
    }
    default:
      return undefined;
  }
}

async function pause(work: Work): Promise<void> {
  enterPhase(work, "pausing", "writing a checkpoint");
  if (!work.saved) await saveCheckpoint(work);
  emit(work, { type: "log", level: "info", text: `Paused at step ${count(work.state.step)}.` });
  work.status.update({ state: "paused", phase: "paused", message: "paused" });
}

/** The checkpoint keeps the state as it is, so that `run resume` can still go on from it; the selection is among what was evaluated. */
async function stopByUser(work: Work): Promise<void> {
  work.status.update({ state: "stopping", message: "stopping" });
  if (!work.saved) await saveCheckpoint(work);
  await finishRun(work, {
    family: "user",
    rule: "user-stop",
    text: `Stopped by you at step ${count(work.state.step)} of ${count(work.plan.steps)}.`,
  });
}

/** On a full disk even this may not be written: the run is then `lost`, and can be resumed just the same. */
function sayFailure(status: StatusWriter | undefined, log: EventLog | undefined, error: unknown): void {
  const text = describeError(error);
  try {
    if (log !== undefined && status !== undefined)
      emit({ log, status, branch: status.current.branch }, { type: "log", level: "error", text });
    status?.update({ state: "failed", phase: "failed", message: text });
  } catch {
    process.stderr.write(`The failure could not be written down either.\n`);
  }
}

function closeQuietly(status: StatusWriter | undefined, log: EventLog | undefined): void {
  for (const close of [() => status?.close(), () => log?.close()]) {
    try {
      close();
    } catch (error) {
      process.stderr.write(`${describeError(error)}\n`);
    }
  }
}
