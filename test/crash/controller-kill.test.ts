import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, truncateSync, watch } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunEvent } from "@midtrain/protocol/run";
import { followEvents, prepareRun, readEvents, readRun, readStatus, recomputeRun, runFiles } from "../../server/src/training";
import { InThreadExecutor } from "../../server/src/executors";
import { makeRepository, makeTinyBase } from "../../server/src/training/test-support";
import { seededRandom } from "../../server/src/platform/random";
import { buildHouse, type House } from "./house";

/** The same prepared run, copied: what an uninterrupted controller makes of it, and what killed ones do. */
let house: House;
let prepared: string;
let whole: Outcome;

interface Outcome {
  readonly losses: readonly string[];
  readonly evaluations: readonly string[];
  readonly selected: string;
  readonly weights: string;
}

beforeAll(async () => {
  house = await buildHouse();
  const directory = makeRepository({ files: 40 });
  const run = await prepareRun({
    directory,
    midtrain: join(directory, ".midtrain"),
    createExecutor: () => new InThreadExecutor(),
    config: {
      model: makeTinyBase(),
      budget: "20000tok",
      training: { rowLength: 128, rowsPerStep: 4 },
      gates: { evaluationsEarly: 1, evaluationsLate: 3 },
    },
  });
  prepared = run.directory;
  const uninterrupted = copyOfRun("uninterrupted");
  await end(startController(uninterrupted));
  whole = outcomeOf(uninterrupted);
}, 300_000);

afterAll(() => rmSync(house.root, { recursive: true, force: true }));

/** A run directory beside the prepared one: corpus and token rows are shared, as by two runs of one repository. */
function copyOfRun(name: string): string {
  const directory = join(dirname(prepared), name);
  cpSync(prepared, directory, { recursive: true });
  return directory;
}

function startController(directory: string): ChildProcess {
  return spawn(process.execPath, [house.bundle("run.js"), directory], { stdio: ["ignore", "ignore", "inherit"] });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await end(child);
}

/** The last word on every step and evaluation: what a resume repeats counts once. Bits, not rounded numbers. */
function outcomeOf(directory: string): Outcome {
  const { events } = readEvents(runFiles(directory).events);
  const losses = new Map<number, string>();
  const evaluations = new Map<number, string>();
  for (const event of events) {
    if (event.type === "step") losses.set(event.step, JSON.stringify([event.step, event.loss, event.gradNorm, event.learningRate]));
    if (event.type === "evaluation") evaluations.set(event.step, JSON.stringify([event.step, event.buckets, event.score]));
  }
  const { selected } = readRun(directory);
  const model = join(directory, selected!.checkpoint, "model", "model.safetensors");
  return {
    losses: [...losses.values()],
    evaluations: [...evaluations.values()],
    selected: JSON.stringify(selected),
    weights: createHash("sha256").update(readFileSync(model)).digest("hex"),
  };
}

/** Kills the controller when it has written `count` further events that satisfy the condition. */
async function killAfter(
  directory: string,
  child: ChildProcess,
  count: number,
  wanted: (event: RunEvent) => boolean = () => true,
): Promise<void> {
  const fromByte = readEvents(runFiles(directory).events).nextByte;
  let seen = 0;
  const isOver = (): boolean => child.exitCode !== null;
  for await (const { event } of followEvents(runFiles(directory).events, {
    fromByte,
    signal: new AbortController().signal,
    pollMilliseconds: 20,
    isOver,
  })) {
    if (wanted(event)) seen += 1;
    if (seen >= count) break;
  }
  await kill(child);
}

describe("kill -9 of the controller", () => {
  it("at twelve random places leaves losses, figures, selection and weights bit-equal to an uninterrupted run", async () => {
    const directory = copyOfRun("killed");
    const random = seededRandom("kill", 1);
    let kills = 0;
    for (; kills < 12 && readStatus(directory).state !== "finished"; kills++) {
      await killAfter(directory, startController(directory), 5 + random.int(9));
      expect(["lost", "queued"]).toContain(readStatus(directory).state);
    }
    await end(startController(directory));
    expect(kills).toBe(12);
    expect(outcomeOf(directory)).toEqual(whole);
    const { events } = readEvents(runFiles(directory).events);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i));
    expect(events.filter((event) => event.type === "resumed").length).toBeGreaterThanOrEqual(11);
    expect((await recomputeRun(directory)).filter(({ problem }) => problem !== undefined)).toEqual([]);
  }, 300_000);

  it("inside a checkpoint write leaves no checkpoint, and the run goes on as if nothing had happened", async () => {
    const directory = copyOfRun("killed-in-checkpoint");
    const { checkpoints } = runFiles(directory);
    const child = startController(directory);
    await killAfterFirstOf(directory, child, checkpoints);
    expect(readdirSync(checkpoints).filter((name) => name.endsWith(".tmp"))).toHaveLength(1);
    await end(startController(directory));
    expect(readdirSync(checkpoints).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    const warnings = readEvents(runFiles(directory).events).events.filter((event) => event.type === "log" && event.level === "warning");
    expect(JSON.stringify(warnings)).toContain("Removed unfinished checkpoints");
    expect(outcomeOf(directory)).toEqual(whole);
  }, 300_000);

  it("with the newest checkpoint cut off uses the next older one and says so", async () => {
    const directory = copyOfRun("truncated");
    const isStep = (event: RunEvent): boolean => event.type === "checkpoint" && event.step > 0;
    await killAfter(directory, startController(directory), 2, isStep);
    const { events } = readEvents(runFiles(directory).events);
    const newest = events.filter((event) => event.type === "checkpoint").at(-1)!;
    const state = join(directory, newest.type === "checkpoint" ? newest.checkpoint : "", "state");
    const file = join(
      state,
      readdirSync(state).find((name) => name.startsWith("parameters"))!,
    );
    truncateSync(file, 1000);
    await end(startController(directory));
    const said = readEvents(runFiles(directory).events)
      .events.filter((event) => event.type === "log")
      .map((event) => (event.type === "log" ? event.text : ""));
    expect(said.join("\n")).toMatch(
      /cannot be used \(state\/parameters-[0-9a-f]+\.safetensors is cut off or changed\); the next older one is/,
    );
    expect(outcomeOf(directory)).toEqual(whole);
  }, 300_000);

  it("two runs of one repository at once do not disturb one another", async () => {
    const [one, two] = [copyOfRun("one"), copyOfRun("two")];
    await Promise.all([end(startController(one)), end(startController(two))]);
    expect(outcomeOf(one)).toEqual(whole);
    expect(outcomeOf(two)).toEqual(whole);
  }, 300_000);
});

/** Kills as soon as the second hidden checkpoint directory appears: the first is the base's, which holds no weights. */
async function killAfterFirstOf(directory: string, child: ChildProcess, checkpoints: string): Promise<void> {
  const isBase = (event: RunEvent): boolean => event.type === "checkpoint";
  const fromByte = 0;
  for await (const { event } of followEvents(runFiles(directory).events, {
    fromByte,
    signal: new AbortController().signal,
    pollMilliseconds: 20,
    isOver: () => child.exitCode !== null,
  })) {
    if (isBase(event)) break;
  }
  await new Promise<void>((resolve) => {
    const watcher = watch(checkpoints, (_change, name) => {
      if (name?.endsWith(".tmp") !== true || !existsSync(join(checkpoints, name))) return;
      watcher.close();
      child.kill("SIGKILL");
      resolve();
    });
  });
  await end(child);
}
