import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Executor } from "@midtrain/protocol/executor";
import type { RunEvent } from "@midtrain/protocol/run";
import { InThreadExecutor } from "../executors";
import { loadCheckpoint, rollBack, saveCheckpoint } from "./checkpoint-stage";
import { listCheckpoints } from "./checkpoints";
import { runController } from "./controller";
import { openInbox, type Inbox, type Work } from "./controller-work";
import type { EvaluationRecord } from "./controller-state";
import { openEventLog, readEvents } from "./event-log";
import { startOfLadder } from "./ladder";
import { launchRun } from "./launch";
import { sendCommand } from "./mailbox";
import { baselineOf, ensureBaseScores, ensurePlan } from "./plan-stage";
import { prepareRun } from "./prepare";
import { readIdentity, readPlan, readWrittenStatus, runFiles } from "./run-directory";
import { openSession } from "./run-session";
import { openStatus, readStatus } from "./run-status";
import { readRun, readRunView } from "./runs";
import { firstSegment } from "./segments";
import { makeRepository, makeTinyBase } from "./test-support";
import { rowsOfStep, trainStep } from "./train-stage";

let repository: string;
let model: string;
/** Prepared once; each test works on a copy, beside it. */
let template: string;
let copies = 0;
const now = (): Date => new Date();

beforeAll(async () => {
  repository = makeRepository({ files: 40 });
  model = makeTinyBase();
  template = await prepareAnew();
}, 120_000);

async function prepareAnew(): Promise<string> {
  const run = await prepareRun({
    directory: repository,
    midtrain: join(repository, ".midtrain"),
    createExecutor: () => new InThreadExecutor(),
    config: {
      model,
      budget: "8000tok",
      training: { rowLength: 128, rowsPerStep: 4 },
      gates: { evaluationsEarly: 1, evaluationsLate: 1 },
    },
  });
  return run.directory;
}

function prepared(): string {
  const directory = `${template}-copy-${copies++}`;
  cpSync(template, directory, { recursive: true });
  return directory;
}

const control = (directory: string, onInbox?: (inbox: Inbox) => void): Promise<void> =>
  runController(directory, { createExecutor: () => new InThreadExecutor(), now, ...(onInbox && { onInbox }) });

const eventsOf = (directory: string): readonly RunEvent[] => readEvents(runFiles(directory).events).events;
const lossesOf = (directory: string): readonly string[] =>
  eventsOf(directory).flatMap((event) => (event.type === "step" ? [JSON.stringify([event.step, event.loss, event.gradNorm])] : []));
const hashOfModel = (directory: string): string =>
  createHash("sha256")
    .update(readFileSync(join(directory, "model.safetensors")))
    .digest("hex");

describe("prepareRun", () => {
  it("gives the same identity for the same inputs, replay text that the base writes included, under directories of their own", async () => {
    const [one, two] = [readIdentity(template), readIdentity(await prepareAnew())];
    expect(two.identity).toBe(one.identity);
    expect(two.run).not.toBe(one.run);
    expect(one.run).toMatch(new RegExp(`^normal-${one.identity.slice(0, 4)}-\\d{8}-\\d{6}`));
    expect(one.sources.find((source) => source.role === "replay")!.rows).toBeGreaterThan(0);
  });

  it("says which installed text it does not replay, in the notes and in run.json", async () => {
    const directory = makeRepository({ files: 40 });
    const installed = join(directory, "node_modules", "copied");
    mkdirSync(installed, { recursive: true });
    // Git does not see them: the repository trains on the first and holds out none of the second.
    writeFileSync(join(directory, ".git", "info", "exclude"), "node_modules\n");
    cpSync(join(directory, "area0", "module_0.py"), join(installed, "copy.py"));
    writeFileSync(join(installed, "other.js"), readFileSync(__filename));
    const run = await prepareRun({ directory, midtrain: join(directory, ".midtrain"), config: { model, budget: "8000tok" } });
    const note = expect.stringMatching(/^Of 2 replay documents, 1 is left out: .*node_modules\/copied\/copy\.py/) as string;
    expect(run.notes).toContainEqual(note);
    const identity = readIdentity(run.directory);
    expect(identity.notes).toContainEqual(note);
    expect(Object.values(identity.sources.find(({ role }) => role === "replay")!.leftOut!)).toEqual([1]);
  });

  it("refuses what the base's tokenizer does not have before anything is written, and says in which order files are packed", async () => {
    const directory = makeRepository({ files: 40 });
    const midtrain = join(directory, ".midtrain");
    const asked = { model, budget: "8000tok", mixture: { fillInTheMiddle: { share: 0.5 } } };
    await expect(prepareRun({ directory, midtrain, config: asked })).rejects.toMatchObject({
      reason: "input",
      where: "mixture.fillInTheMiddle.share",
    });
    expect(existsSync(midtrain)).toBe(false);
    const importing = readFileSync(join(directory, "area1", "module_1.py"), "utf8");
    writeFileSync(join(directory, "area1", "module_1.py"), `from area2 import module_2\n${importing}`);
    const config = { model, budget: "8000tok", training: { replayShare: 0 }, mixture: { order: "imports" } } as const;
    const { notes } = await prepareRun({ directory, midtrain, config });
    expect(notes).toContainEqual(expect.stringMatching(/^The files are packed in import order: 1 of \d+ files import others/));
  });

  it("answers do not train, with both numbers, where there is too little text", async () => {
    const small = makeRepository({ files: 2, functions: 1 });
    const preparing = prepareRun({ directory: small, midtrain: join(small, ".midtrain"), config: { model } });
    await expect(preparing).rejects.toMatchObject({
      reason: "verdict",
      message: expect.stringMatching(/^Do not train: [\d,]+ tokens to learn from, about [\d,]+k? are needed\.$/) as string,
    });
    expect(existsSync(join(small, ".midtrain", "runs"))).toBe(false);
  });
});

describe("the controller", () => {
  it("pauses on request and goes on with the losses of a run that was never paused", async () => {
    const [whole, paused] = [prepared(), prepared()];
    await control(whole);
    await control(paused, (inbox) => sayAfter(paused, 5, () => inbox.ask("pause")));
    const { state, step, steps } = readStatus(paused);
    expect(state).toBe("paused");
    expect(step).toBeGreaterThanOrEqual(5);
    expect(step).toBeLessThan(steps);
    await control(paused);
    expect(readStatus(paused).state).toBe("finished");
    expect(lossesOf(paused)).toEqual(lossesOf(whole));
    expect(readRun(paused).selected).toEqual(readRun(whole).selected);
    expect(() => launchRun(paused)).toThrow("has finished");
  }, 240_000);

  it("writes a state every ten minutes between evaluations, from which a killed run would go on, and trains the same", async () => {
    const [plain, watched] = [await prepareAnew(), await prepareAnew()];
    await control(plain);
    // A clock in which every step takes eleven minutes.
    let minutes = 0;
    const slow = (): Date => new Date(2026, 0, 1, 0, (minutes += 11));
    await runController(watched, { createExecutor: () => new InThreadExecutor(), now: slow });
    const saved = eventsOf(watched).filter(({ type }) => type === "checkpoint").length;
    const planned = eventsOf(plain).filter(({ type }) => type === "checkpoint").length;
    expect(saved).toBeGreaterThan(planned);
    expect(lossesOf(watched)).toEqual(lossesOf(plain));
    const shown = (directory: string): number => readRunView(directory).marks.filter(({ kind }) => kind === "checkpoint").length;
    expect(shown(watched)).toBe(shown(plain));
  });

  it("stops on command with a selection among what was evaluated, and still can go on", async () => {
    const directory = prepared();
    await control(directory, () => sayAfter(directory, 6, () => sendCommand(directory, { command: "stop", from: "test" })));
    const document = readRun(directory);
    expect(document).toMatchObject({ state: "finished", stopReason: { family: "user", rule: "user-stop" } });
    expect(document.final?.domain.n).toBeGreaterThan(0);
    const { steps } = readPlan(directory)!;
    expect(lossesOf(directory).length).toBeLessThan(steps);
    await control(directory);
    expect(readRun(directory)).toMatchObject({ state: "finished", stopReason: { family: "planned-end" } });
    expect(lossesOf(directory)).toHaveLength(steps);
    expect(readRunView(directory).headline).toMatch(/bits\/byte/);
  }, 240_000);

  it("refuses to train when documents of a row leak into each other, and says so in state.json", async () => {
    const directory = prepared();
    // The graph is sound, so its answer is replaced: what must be seen is that the controller obeys it.
    class Leaking extends InThreadExecutor {
      override leakTest(): ReturnType<Executor["leakTest"]> {
        return Promise.resolve({ largestChange: 0.5, passed: false });
      }
    }
    await expect(runController(directory, { createExecutor: () => new Leaking(), now })).rejects.toThrow("leak into each other");
    expect(readWrittenStatus(directory)).toMatchObject({
      state: "failed",
      message: expect.stringContaining("leak into each other") as string,
    });
    expect(lossesOf(directory)).toEqual([]);
    expect(existsSync(runFiles(directory).lock)).toBe(false);
  }, 120_000);

  it("lets no second controller in", async () => {
    const directory = prepared();
    const first = control(directory, (inbox) => inbox.ask("pause"));
    await expect(control(directory)).rejects.toMatchObject({ reason: "busy" });
    await first;
  }, 120_000);
});

/** Calls back when the controller has written so many steps; the executor of these tests blocks, so the log itself is looked at. */
function sayAfter(directory: string, steps: number, say: () => void): void {
  const timer = setInterval(() => {
    if (lossesOf(directory).length < steps) return;
    clearInterval(timer);
    say();
  }, 0);
  timer.unref();
}

describe("rolling back", () => {
  it("brings back the weights of the named checkpoint bit for bit, jumps the data and halves the rate", async () => {
    const directory = prepared();
    const work = await openWork(directory);
    const { session } = work;
    await saveCheckpoint(work);
    for (let i = 0; i < 3; i++) await trainStep(work);
    const buckets = work.state.baseline;
    await saveCheckpoint(work, (checkpoint): EvaluationRecord => ({
      step: 3,
      branch: 0,
      tokens: 0,
      buckets,
      score: 1,
      stable: true,
      live: true,
      checkpoint,
    }));
    const before = rowsOfStep(session, work.state).drawn;
    for (let i = 0; i < 4; i++) await trainStep(work);
    await rollBack(work, { toStep: 3, replayShare: 0, learningRateScale: 0.5, why: "test" });

    const checkpoint = listCheckpoints(session.files.checkpoints).checkpoints.find(({ name }) => name === "3")!;
    const now3 = join(directory, "after-rollback");
    await session.executor.saveModel(now3);
    expect(hashOfModel(now3)).toBe(hashOfModel(join(checkpoint.directory, "model")));
    expect(work.state).toMatchObject({ step: 3, pending: null });
    expect(rowsOfStep(session, work.state).drawn).not.toEqual(before);
    const rolled = eventsOf(directory).find((event) => event.type === "rollback");
    expect(rolled).toMatchObject({ step: 7, toStep: 3, checkpoint: "checkpoints/3", branch: 1 });

    // Moments too: the next step from here is the next step from the checkpoint.
    const { rows } = rowsOfStep(session, work.state);
    const step = (): Promise<unknown> => session.executor.step(rows, { learningRate: 1e-3, clip: 1, refuseAbove: {} });
    await step();
    const here = await step();
    await loadCheckpoint(session, checkpoint);
    await step();
    expect(await step()).toEqual(here);
    work.log.close();
    work.status.close();
    await session.executor.close();
    expect(readdirSync(session.files.checkpoints).sort()).toEqual(["0", "3"]);
  }, 120_000);
});

async function openWork(directory: string): Promise<Work> {
  const session = await openSession(directory, new InThreadExecutor());
  const log = openEventLog(session.files.events, now);
  const status = openStatus(directory, readWrittenStatus(directory), now);
  const plan = await ensurePlan(session, () => undefined);
  const { scores } = await ensureBaseScores(session, { signal: new AbortController().signal, onProgress: () => undefined });
  const segments = [firstSegment(session.identity.recipe)];
  const state = {
    format: 1,
    ordinal: 0,
    step: 0,
    tokens: 0,
    segments,
    ladder: startOfLadder,
    gateRollbacks: 0,
    baseline: baselineOf(session, scores),
    evaluations: [],
    pending: null,
    seconds: 0,
  } as const;
  const inbox = openInbox(directory, () => undefined);
  return {
    session,
    plan,
    log,
    status,
    inbox,
    now,
    baseScores: scores,
    startedAt: 0,
    branch: 0,
    state,
    saved: false,
    savedAt: now().getTime(),
    saveSeconds: 0,
    tokensPerSecond: 0,
    evaluationSeconds: 0,
  };
}
