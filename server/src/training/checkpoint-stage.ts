/** Writing checkpoints while training, finding the one to resume from, going back to an earlier one. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { PolicySegment } from "@midtrain/protocol/run";
import { selectCheckpoint } from "../gates";
import {
  checkpointBytes,
  firstDamage,
  listCheckpoints,
  nextCheckpointName,
  pruneCheckpoint,
  readControllerJson,
  writeCheckpoint,
  type Checkpoint,
} from "./checkpoints";
import { checkedState, liveEvaluations, type ControllerState, type EvaluationRecord } from "./controller-state";
import { emit, secondsSoFar, type Work } from "./controller-work";
import { loadOptions, type RunSession } from "./run-session";
import { afterRollback } from "./segments";

/** A checkpoint as events and selections name it: relative to the run, the base by its own name. */
const pathOf = ({ name, manifest }: Checkpoint): string => (manifest.state === "base" ? "base" : `checkpoints/${name}`);

/** A process that dies, or a machine that is taken away, costs at most about this many seconds of training … */
const secondsAtRisk = 600;
/** … unless writing would then take more than a fiftieth of the time. */
const largestShareOfSaving = 1 / 50;

/** Between evaluations, which may be hours apart. */
export function isCheckpointDue({ now, savedAt, saveSeconds }: Pick<Work, "now" | "savedAt" | "saveSeconds">): boolean {
  return (now().getTime() - savedAt) / 1000 >= Math.max(secondsAtRisk, saveSeconds / largestShareOfSaving);
}

/**
 * Writes the present state. A state that was just evaluated passes its record's maker: only then is the directory's name known.
 * The base itself (step 0) is never copied: its checkpoint holds the controller's part alone.
 */
export async function saveCheckpoint(work: Work, evaluated?: (checkpoint: string) => EvaluationRecord): Promise<void> {
  const { session } = work;
  const { executor, files } = session;
  const isBase = work.state.step === 0 && work.state.segments.length === 1;
  const name = nextCheckpointName(files.checkpoints, work.state.step);
  const record = evaluated?.(`checkpoints/${name}`);
  const state: ControllerState = {
    ...work.state,
    ordinal: work.state.ordinal + 1,
    seconds: secondsSoFar(work),
    evaluations: record === undefined ? work.state.evaluations : [...work.state.evaluations, record],
  };
  const started = performance.now();
  const written = await writeCheckpoint(files.checkpoints, {
    name,
    step: state.step,
    branch: work.branch,
    ordinal: state.ordinal,
    controller: state,
    ...(isBase ? {} : { save: saveWeights(executor, record !== undefined) }),
  });
  work.state = { ...state, seconds: work.state.seconds };
  work.saved = true;
  work.savedAt = work.now().getTime();
  work.saveSeconds = (performance.now() - started) / 1000;
  emit(work, {
    type: "checkpoint",
    step: state.step,
    checkpoint: pathOf(written),
    bytes: checkpointBytes(written),
    stable: record?.stable ?? isBase,
  });
  pruneCheckpoints(work);
}

/** Only an evaluated state can be selected, so only that one needs the model in Hugging Face layout. */
function saveWeights(
  executor: RunSession["executor"],
  isCandidate: boolean,
): (places: { readonly state: string; readonly model: string }) => Promise<void> {
  return async ({ state, model }) => {
    await executor.saveState(state);
    if (isCandidate) await executor.saveModel(model);
  };
}

/** Keeps the newest full state, the last two stable ones, and the weights of every candidate on the front; says what went. */
function pruneCheckpoints(work: Work): void {
  const { state, session } = work;
  const { checkpoints } = listCheckpoints(session.files.checkpoints);
  const newest = checkpoints[checkpoints.length - 1]?.name;
  const stable = new Set(
    liveEvaluations(state)
      .filter((record) => record.stable)
      .slice(-2)
      .map((record) => record.checkpoint),
  );
  const { candidates } = selectCheckpoint(state.evaluations, session.identity.recipe.selectionWeights);
  const front = new Set(candidates.filter((candidate) => candidate.onFront && candidate.eligible).map((candidate) => candidate.checkpoint));
  const gone: string[] = [];
  for (const checkpoint of checkpoints) {
    const path = pathOf(checkpoint);
    const keep = { state: checkpoint.name === newest || stable.has(path), model: checkpoint.name === newest || front.has(path) };
    const pruned = pruneCheckpoint(checkpoint, keep);
    if (pruned === checkpoint) continue;
    const what = [
      pruned.manifest.state !== checkpoint.manifest.state ? "optimizer state" : "",
      pruned.manifest.model !== checkpoint.manifest.model ? "weights" : "",
    ];
    gone.push(`${what.filter(Boolean).join(" and ")} of ${path}`);
  }
  if (gone.length > 0)
    emit(work, {
      type: "log",
      level: "info",
      text: `Removed ${gone.join(", ")}: older than the last two stable states, or not on the front.`,
    });
}

export interface ResumePoint {
  readonly checkpoint: Checkpoint;
  readonly state: ControllerState;
}

/** The newest whole checkpoint with a full state (or the base's); damaged ones are removed and named. */
export function findResumePoint(session: RunSession, say: (text: string) => void): ResumePoint | undefined {
  const { checkpoints } = listCheckpoints(session.files.checkpoints);
  for (const checkpoint of [...checkpoints].reverse()) {
    if (checkpoint.manifest.state === "pruned") continue;
    const damage = damageOf(checkpoint);
    if (typeof damage !== "string") return { checkpoint, state: damage };
    say(`Checkpoint ${pathOf(checkpoint)} cannot be used (${damage}); the next older one is.`);
    rmSync(checkpoint.directory, { recursive: true, force: true });
  }
  return undefined;
}

function damageOf(checkpoint: Checkpoint): ControllerState | string {
  const file = firstDamage(checkpoint);
  if (file !== undefined) return `${file} is cut off or changed`;
  try {
    return checkedState(readControllerJson(checkpoint), join(checkpoint.directory, "controller.json"));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Brings the executor to a checkpoint, bit for bit. */
export async function loadCheckpoint(session: RunSession, checkpoint: Checkpoint): Promise<void> {
  if (checkpoint.manifest.state === "base") await session.executor.load(loadOptions(session.identity, session.identity.model.directory));
  else await session.executor.loadState(join(checkpoint.directory, "state"));
}

export interface RollbackWish {
  readonly toStep: number;
  readonly replayShare: number;
  readonly learningRateScale: number;
  readonly why: string;
}

/**
 * Back to the last stable state that is whole on disk, the data window jumped, under another policy. What was evaluated since stays a
 * candidate, but no longer live.
 */
export async function rollBack(work: Work, wish: RollbackWish): Promise<void> {
  const { session, state } = work;
  const target = await restoreStable(work, wish.toStep);
  const reachedStep = state.step;
  const policy: Pick<PolicySegment, "replayShare" | "learningRateScale" | "why"> = wish;
  const { replayShare, learningRateScale, why } = policy;
  const segments = afterRollback(state.segments, {
    toStep: target.state.step,
    reachedStep,
    rowsPerStep: session.identity.recipe.rowsPerStep,
    replayShare,
    learningRateScale,
    why,
  });
  work.state = {
    ...state,
    step: target.state.step,
    segments,
    ladder: { ...target.state.ladder, rollbacks: state.ladder.rollbacks },
    evaluations: state.evaluations.map((record) => (record.step > target.state.step ? { ...record, live: false } : record)),
    pending: null,
  };
  work.branch += 1;
  work.saved = false;
  emit(work, { type: "rollback", step: reachedStep, toStep: target.state.step, checkpoint: pathOf(target.checkpoint), why });
  emit(work, { type: "policy-changed", segment: segments[segments.length - 1]!, text: why });
}

async function restoreStable(work: Work, toStep: number): Promise<ResumePoint> {
  const { session, state } = work;
  const { checkpoints } = listCheckpoints(session.files.checkpoints);
  const stable = new Set(
    liveEvaluations(state)
      .filter((record) => record.stable && record.step <= toStep)
      .map((record) => record.checkpoint),
  );
  const usable = checkpoints.filter(
    (checkpoint) => checkpoint.manifest.state === "base" || (checkpoint.manifest.state === "full" && stable.has(pathOf(checkpoint))),
  );
  for (const checkpoint of [...usable].sort((a, b) => b.manifest.step - a.manifest.step)) {
    const damage = damageOf(checkpoint);
    if (typeof damage !== "string") {
      await loadCheckpoint(session, checkpoint);
      return { checkpoint, state: damage };
    }
    emit(work, { type: "log", level: "warning", text: `Checkpoint ${pathOf(checkpoint)} cannot be used (${damage}); an older one is.` });
  }
  throw new MidtrainError({
    reason: "corrupt",
    message: "No checkpoint to roll back to is whole.",
    where: session.files.checkpoints,
    next: "Start a new run.",
  });
}
