/** Runs that are killed and gone on with, for tests of what is left: the controller as a process of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import type { MidtrainConfig } from "@midtrain/protocol/config";
import type { RunEvent } from "@midtrain/protocol/run";
import { InThreadExecutor } from "../../server/src/executors";
import { followEvents, prepareRun, readEvents, readRun, runFiles } from "../../server/src/training";
import { makeRepository, makeTinyBase } from "../../server/src/training/test-support";
import { buildHouse, type House } from "./house";

export interface Outcome {
  readonly losses: readonly string[];
  readonly evaluations: readonly string[];
  readonly selected: string;
  readonly weights: string;
}

/** A prepared run, what an uninterrupted controller makes of it, and copies for controllers that are killed. */
export interface PreparedRun {
  readonly house: House;
  readonly whole: Outcome;
  copy(name: string): string;
  start(directory: string): ChildProcess;
}

export async function prepareToBeKilled(config: MidtrainConfig, environment: NodeJS.ProcessEnv = process.env): Promise<PreparedRun> {
  const house = await buildHouse();
  const repository = makeRepository({ files: 40 });
  const prepared = await prepareRun({
    directory: repository,
    midtrain: join(repository, ".midtrain"),
    // The base writes its replay text; that is no part of what is tested, and this is its quicker way.
    createExecutor: () => new InThreadExecutor(),
    config: { model: makeTinyBase(), training: { rowLength: 128, rowsPerStep: 4 }, ...config },
  });
  const copy = (name: string): string => copyOfRun(prepared.directory, name);
  const start = (directory: string): ChildProcess => startController(house, directory, environment);
  const uninterrupted = copy("uninterrupted");
  await end(start(uninterrupted));
  return { house, whole: outcomeOf(uninterrupted), copy, start };
}

/** A run directory beside the prepared one: corpus and token rows are shared, as by two runs of one repository. */
function copyOfRun(prepared: string, name: string): string {
  const directory = join(dirname(prepared), name);
  cpSync(prepared, directory, { recursive: true });
  return directory;
}

function startController(house: House, directory: string, environment: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [house.bundle("run.js"), directory], { stdio: ["ignore", "ignore", "inherit"], env: environment });
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await end(child);
}

/** The last word on every step and evaluation: what a resume repeats counts once. Bits, not rounded numbers. */
export function outcomeOf(directory: string): Outcome {
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
export async function killAfter(
  directory: string,
  child: ChildProcess,
  count: number,
  wanted: (event: RunEvent) => boolean = () => true,
): Promise<void> {
  await furtherEvents(directory, child, count, wanted);
  await kill(child);
}

/** Waits until the run has `count` further events that satisfy the condition, or its controller has ended. */
export async function furtherEvents(
  directory: string,
  child: ChildProcess,
  count: number,
  wanted: (event: RunEvent) => boolean,
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
}
