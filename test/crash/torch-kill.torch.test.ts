import { existsSync, readFileSync, rmSync } from "node:fs";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunEvent } from "@midtrain/protocol/run";
import { InThreadExecutor, interpreterVariable, trainingInterpreter } from "../../server/src/executors";
import { prepareRun, readEvents, readStatus, runFiles } from "../../server/src/training";
import { makeRepository, makeTinyBase } from "../../server/src/training/test-support";
import { seededRandom } from "../../server/src/platform/random";
import { buildHouse, type House } from "./house";
import { copyOfRun, end, furtherEvents, killAfter, outcomeOf, startController, type Outcome } from "./killed-runs";

const environment = { ...process.env, [interpreterVariable]: trainingInterpreter() };
let house: House;
let prepared: string;
let whole: Outcome;

beforeAll(async () => {
  house = await buildHouse();
  const directory = makeRepository({ files: 40 });
  const run = await prepareRun({
    directory,
    midtrain: join(directory, ".midtrain"),
    // The base writes its replay text; that is no part of what is tested, and this is its quicker way.
    createExecutor: () => new InThreadExecutor(),
    config: {
      model: makeTinyBase(),
      executor: "torch",
      budget: "10000tok",
      training: { rowLength: 128, rowsPerStep: 4 },
      gates: { evaluationsEarly: 1, evaluationsLate: 2 },
    },
  });
  prepared = run.directory;
  const uninterrupted = copyOfRun(prepared, "uninterrupted");
  await end(start(uninterrupted));
  whole = outcomeOf(uninterrupted);
}, 600_000);

afterAll(() => rmSync(house.root, { recursive: true, force: true }));

const start = (directory: string): ChildProcess => startController(house, directory, environment);
const isStep = (event: RunEvent): boolean => event.type === "step";
const eventsOf = (directory: string): readonly RunEvent[] => readEvents(runFiles(directory).events).events;
const isThere = (pid: number): boolean => existsSync(`/proc/${pid}`);

/** The worker of a running controller. */
function workerOf(controller: ChildProcess): number {
  const children = readFileSync(`/proc/${controller.pid}/task/${controller.pid}/children`, "utf8").trim().split(" ").map(Number);
  return children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("midtrain_trainer"))!;
}

describe.skipIf(!existsSync("/proc/self/task"))("kill -9 in a run on the torch executor (needs /proc)", () => {
  it("of the controller, at four random steps: losses, figures, selection and weights are those of an uninterrupted run", async () => {
    const directory = copyOfRun(prepared, "killed-controller");
    const random = seededRandom("torch kill", 1);
    const workers: number[] = [];
    for (let kills = 0; kills < 4; kills++) {
      const child = start(directory);
      await furtherEvents(directory, child, 1, isStep);
      workers.push(workerOf(child));
      await killAfter(directory, child, 1 + random.int(5), isStep);
      expect(readStatus(directory).state).toBe("lost");
    }
    await end(start(directory));
    expect(outcomeOf(directory)).toEqual(whole);
    const events = eventsOf(directory);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i));
    expect(events.filter(({ type }) => type === "resumed").length).toBe(4);
    // A worker notices that nobody is there any more.
    await expect.poll(() => workers.filter(isThere), { timeout: 30_000 }).toEqual([]);
  }, 600_000);

  it("of the worker, twice in one run: the controller goes on by itself, and no number changes", async () => {
    const directory = copyOfRun(prepared, "killed-worker");
    const child = start(directory);
    for (const steps of [7, 9]) {
      await furtherEvents(directory, child, steps, isStep);
      process.kill(workerOf(child), "SIGKILL");
      await furtherEvents(directory, child, 1, ({ type }) => type === "resumed");
    }
    await end(child);
    expect(readStatus(directory).state).toBe("finished");
    expect(outcomeOf(directory)).toEqual(whole);
    expect(eventsOf(directory).filter(({ type }) => type === "resumed")).toHaveLength(2);
  }, 600_000);
});
