import { existsSync, readFileSync, rmSync } from "node:fs";
import type { ChildProcess } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MidtrainConfig } from "@midtrain/protocol/config";
import type { RunEvent } from "@midtrain/protocol/run";
import { interpreterVariable, trainingInterpreter } from "../../server/src/executors";
import { readEvents, readStatus, runFiles } from "../../server/src/training";
import { seededRandom } from "../../server/src/platform/random";
import { end, furtherEvents, killAfter, outcomeOf, prepareToBeKilled, type PreparedRun } from "./killed-runs";

let prepared: PreparedRun;

beforeAll(async () => {
  const config: MidtrainConfig = { executor: "torch", budget: "10000tok", gates: { evaluationsEarly: 1, evaluationsLate: 2 } };
  prepared = await prepareToBeKilled(config, { ...process.env, [interpreterVariable]: trainingInterpreter() });
}, 600_000);

afterAll(() => rmSync(prepared.house.root, { recursive: true, force: true }));

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
    const directory = prepared.copy("killed-controller");
    const random = seededRandom("torch kill", 1);
    const workers: number[] = [];
    for (let kills = 0; kills < 4; kills++) {
      const child = prepared.start(directory);
      await furtherEvents(directory, child, 1, isStep);
      workers.push(workerOf(child));
      await killAfter(directory, child, 1 + random.int(5), isStep);
      expect(readStatus(directory).state).toBe("lost");
    }
    await end(prepared.start(directory));
    expect(outcomeOf(directory)).toEqual(prepared.whole);
    const events = eventsOf(directory);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i));
    expect(events.filter(({ type }) => type === "resumed").length).toBe(4);
    // A worker notices that nobody is there any more.
    await expect.poll(() => workers.filter(isThere), { timeout: 30_000 }).toEqual([]);
  }, 600_000);

  it("of the worker, twice in one run: the controller goes on by itself, and no number changes", async () => {
    const directory = prepared.copy("killed-worker");
    const child = prepared.start(directory);
    for (const steps of [7, 9]) {
      await furtherEvents(directory, child, steps, isStep);
      process.kill(workerOf(child), "SIGKILL");
      await furtherEvents(directory, child, 1, ({ type }) => type === "resumed");
    }
    await end(child);
    expect(readStatus(directory).state).toBe("finished");
    expect(outcomeOf(directory)).toEqual(prepared.whole);
    expect(eventsOf(directory).filter(({ type }) => type === "resumed")).toHaveLength(2);
  }, 600_000);
});
