/** kill -9 of a whole Midtrain run on the torch executor: the controller and the worker by turns, at random moments of training. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { RunEvent } from "@midtrain/protocol/run";
import { createExecutor, InThreadExecutor } from "../../server/src/executors/index";
import { prepareRun, readEvents, readRun, readStatus, runController, runFiles } from "../../server/src/training/index";
import { makeRepository, makeTinyBase } from "../../server/src/training/test-support";
import { seededRandom } from "../../server/src/platform/random";
import type { ArmResult } from "./table";

/** Longest wait of a kill after the first new step, in steps; as kills.py has it. */
const longestWait = 8;

/** What `peers.cjs --controller DIR` does: the process that is killed. */
export async function runKilledController(directory: string): Promise<void> {
  await runController(directory, { createExecutor: () => createExecutor("torch"), now: () => new Date() });
}

const eventsOf = (directory: string): readonly RunEvent[] => readEvents(runFiles(directory).events).events;
const stepsOf = (directory: string): number => eventsOf(directory).filter(({ type }) => type === "step").length;
const isOver = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

function start(directory: string): ChildProcess {
  return spawn(process.execPath, [process.argv[1]!, "--controller", directory], { stdio: ["ignore", "ignore", "ignore"] });
}

async function end(child: ChildProcess): Promise<void> {
  if (!isOver(child)) await once(child, "exit");
}

/** The worker is the controller's only child that runs the package. */
function workerOf(controller: number): number | undefined {
  const children = `/proc/${controller}/task/${controller}/children`;
  if (!existsSync(children)) return undefined;
  const pids = readFileSync(children, "utf8").trim().split(" ").filter(Boolean).map(Number);
  return pids.find(
    (pid) => existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("midtrain_trainer"),
  );
}

/** Waits for a new step of the run; false when the controller ended first. */
async function nextStep(directory: string, child: ChildProcess, seen: number): Promise<boolean> {
  while (stepsOf(directory) <= seen) {
    if (isOver(child)) return false;
    await setTimeout(20);
  }
  return true;
}

/** Mean milliseconds between two steps of a run. */
function stepTime(directory: string): number {
  const times = eventsOf(directory).flatMap((event) => (event.type === "step" ? [Date.parse(event.time)] : []));
  return (times.at(-1)! - times[0]!) / (times.length - 1);
}

async function killSeries(
  directory: string,
  count: number,
  perStep: number,
): Promise<{ readonly kills: number; readonly restarts: number }> {
  const random = seededRandom("torch-peers, kills", 1);
  let [kills, restarts] = [0, 0];
  let child = start(directory);
  while (kills < count && readStatus(directory).state !== "finished") {
    if (isOver(child)) {
      restarts++;
      child = start(directory);
    }
    if (!(await nextStep(directory, child, stepsOf(directory)))) continue;
    await setTimeout((random.int(1000) / 1000) * longestWait * perStep);
    if (isOver(child)) continue;
    const victim = kills % 2 === 0 ? child.pid : workerOf(child.pid!);
    if (victim === undefined) continue;
    process.kill(victim, "SIGKILL");
    kills++;
    if (victim === child.pid) await end(child);
  }
  await end(child);
  while (readStatus(directory).state !== "finished") {
    restarts++;
    await end(start(directory));
  }
  return { kills, restarts };
}

interface Outcome {
  readonly losses: ReadonlyMap<number, string>;
  readonly weights: string;
}

/** The last word on each step counts, bit for bit. */
function outcomeOf(directory: string): Outcome {
  const steps = eventsOf(directory).flatMap((event) =>
    event.type === "step" ? [[event.step, JSON.stringify([event.tokens, event.loss, event.gradNorm, event.learningRate])] as const] : [],
  );
  const { selected } = readRun(directory);
  const file = join(directory, selected!.checkpoint, "model", "model.safetensors");
  const bytes = existsSync(file) ? readFileSync(file) : JSON.stringify(selected);
  return { losses: new Map(steps), weights: createHash("sha256").update(bytes).digest("hex") };
}

export async function midtrainKills(count: number): Promise<ArmResult> {
  process.stderr.write("torch-peers kill -9: Midtrain, torch\n");
  const repository = makeRepository({ files: 40 });
  const model = makeTinyBase();
  try {
    const run = await prepareRun({
      directory: repository,
      midtrain: join(repository, ".midtrain"),
      // The base's replay text; the run itself is on torch.
      createExecutor: () => new InThreadExecutor(),
      config: {
        model,
        executor: "torch",
        budget: "60000tok",
        training: { rowLength: 128, rowsPerStep: 4 },
        gates: { evaluationsEarly: 1, evaluationsLate: 4 },
      },
    });
    const killed = join(dirname(run.directory), "killed");
    cpSync(run.directory, killed, { recursive: true });
    await end(start(run.directory));
    const { kills, restarts } = await killSeries(killed, count, stepTime(run.directory));
    return { kills, restarts, ...compared(run.directory, killed) };
  } finally {
    rmSync(repository, { recursive: true, force: true });
    rmSync(model, { recursive: true, force: true });
  }
}

function compared(wholeRun: string, killedRun: string): ArmResult {
  const [whole, killed] = [outcomeOf(wholeRun), outcomeOf(killedRun)];
  const events = eventsOf(killedRun);
  const refused = events.filter((event) => event.type === "log" && event.text.includes("cannot be used"));
  const done = events.filter(({ type }) => type === "step").length;
  const stepsDiffering = [...whole.losses].filter(([step, words]) => killed.losses.get(step) !== words).length;
  return {
    steps: whole.losses.size,
    stepsDiffering,
    stepsLost: done - killed.losses.size,
    weightsEqual: whole.weights === killed.weights,
    refused: refused.length,
    // Bit-equal losses and norms of all steps mean the same rows in each; otherwise this is not known.
    ...(stepsDiffering === 0 ? { tokensMore: 0, tokensFewer: 0 } : {}),
  };
}
