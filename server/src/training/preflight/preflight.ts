/** Memory, disk and time of a run before anything is harvested: modelled, and measured by a probe where the model may be loaded. */
import { existsSync, statfsSync } from "node:fs";
import { freemem } from "node:os";
import { dirname } from "node:path";
import type { Executor } from "@midtrain/protocol/executor";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { FitView, RunPreflight } from "@midtrain/protocol/fit";
import type { OnProgress } from "@midtrain/protocol/progress";
import type { Recipe } from "@midtrain/protocol/run";
import { count, duration } from "@midtrain/protocol/words";
import { throwIfCancelled } from "../../platform/cancellation";
import { parseBudget } from "../budget";
import { loadOptionsOf } from "../run-session";
import { judgeDisk } from "./disk-model";
import { judgeFit, type MemoryPlace } from "./fit";
import type { MemorySettings, ModelShape } from "./memory-model";
import { calibrate, probeMemory, probeShapes, type MemoryProbe } from "./memory-probe";
import { readModelShape } from "./model-shape";
import { chooseProcesses } from "./process-count";

export interface PreflightQuestion {
  readonly model: string;
  readonly recipe: Recipe;
  readonly seed: number;
  readonly budget: string;
  /** Where the run writes. */
  readonly midtrain: string;
}

export interface PreflightOptions {
  /** For one process, two, …; more than one where there are GPUs for them. */
  readonly places: readonly [MemoryPlace, ...MemoryPlace[]];
  readonly createExecutor: (processes: number) => Executor;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Beyond this share of the free memory no measurement would change the answer, and loading the model could only harm. */
const hopelessFrom = 1.15;
/** A whole micro-batch is only tried where there is room to be wrong. */
const wholeBelow = 0.6;
/** A CUDA context is no smaller and no larger, whatever else happens on the card meanwhile. */
const contextBytes = { least: 200e6, most: 1500e6 } as const;

export function memorySettings(recipe: Recipe, device: MemorySettings["device"]): MemorySettings {
  const { precision = "fp32", method = "full", lora, rowLength, rowsPerStep, microBatchRows, recompute, klWeight } = recipe;
  return {
    device,
    precision,
    method,
    loraRank: lora?.rank ?? 0,
    keepsBase: klWeight > 0 && method === "full",
    rowLength,
    rowsPerStep,
    ...(microBatchRows === undefined ? {} : { microBatchRows }),
    ...(recompute === undefined ? {} : { recompute }),
  };
}

/**
 * @returns undefined where config.json does not say how large the model is
 * @throws MidtrainError (environment) with the remedy when memory or disk do not suffice; as load does
 */
export async function preflightRun(question: PreflightQuestion, options: PreflightOptions): Promise<RunPreflight | undefined> {
  const { model, recipe, midtrain } = question;
  const shape = readModelShape(model);
  if (shape === undefined) return undefined;
  const [{ device }] = options.places;
  const alone = memorySettings(recipe, device);
  const disk = judgeDisk({
    shape,
    ...alone,
    evaluations: recipe.gates.evaluationsEarly + recipe.gates.evaluationsLate,
    freeBytes: freeDisk(midtrain),
  });
  if (disk.fit === "does not fit") throw tooLittleDisk(disk.words, midtrain);
  if (recipe.executor !== "torch") return { disk };
  const { processes, place, why } = chooseProcesses({ shape, settings: alone, places: options.places, asked: recipe.processes });
  const settings = { ...alone, processes };
  const guess = judgeFit({ shape, settings, place });
  if (guess.fit === "does not fit" && guess.peakBytes > guess.freeBytes * hopelessFrom) throw tooLittleMemory(guess, model);
  const probe = await probeHere(question, shape, settings, options, guess);
  const memory = probe === undefined ? guess : measuredFit(probe, shape, settings, place);
  if (memory.fit === "does not fit") throw tooLittleMemory(memory, model);
  return {
    ...(processes === 1 ? {} : { processes: { count: processes, ...(why === undefined ? {} : { why }) } }),
    memory,
    disk,
    ...(probe === undefined ? {} : { speed: speedOf(probe, question.budget) }),
  };
}

async function probeHere(
  { model, recipe, seed }: PreflightQuestion,
  shape: ModelShape,
  settings: MemorySettings,
  { createExecutor, signal, onProgress }: PreflightOptions,
  guess: FitView,
): Promise<MemoryProbe | undefined> {
  onProgress?.({ stage: "preflight", message: "loading the model and measuring two tiny steps" });
  throwIfCancelled(signal, "the preflight");
  const executor = createExecutor(settings.processes ?? 1);
  const end = (): void => void executor.close();
  signal?.addEventListener("abort", end, { once: true });
  try {
    const shapes = probeShapes(shape, settings, guess.peakBytes < wholeBelow * guess.freeBytes);
    return await probeMemory(executor, loadOptionsOf(recipe, seed, model), shapes, settings.processes);
  } catch (error) {
    throwIfCancelled(signal, "the preflight");
    // The system ended it: out of memory, as far as a system says so.
    if (MidtrainError.is(error, "lost") && guess.fit !== "fits") throw tooLittleMemory({ ...guess, fit: "does not fit" }, model);
    throw error;
  } finally {
    signal?.removeEventListener("abort", end);
    await executor.close();
  }
}

function measuredFit(probe: MemoryProbe, shape: ModelShape, settings: MemorySettings, place: MemoryPlace): FitView {
  // Torch may see another device than the driver promised: a build without CUDA trains on the CPU.
  const real = { ...settings, device: probe.device };
  const outside = probe.gpu === undefined ? 0 : contextOf(place.freeBytes - probe.gpu.freeBytes - probe.gpu.reservedBytes);
  const name = probe.device === place.device ? place.name : "the CPU";
  const freeBytes = probe.device === place.device ? place.freeBytes : freeMemory();
  return judgeFit({
    shape,
    settings: real,
    place: { device: probe.device, name, freeBytes },
    calibration: calibrate(probe, shape, real, outside),
  });
}

function contextOf(measured: number): number {
  return Math.min(contextBytes.most, Math.max(contextBytes.least, measured));
}

/** Of training alone: evaluations and checkpoints come on top, and are measured in the run. */
function speedOf({ tokensPerSecond }: MemoryProbe, text: string): NonNullable<RunPreflight["speed"]> {
  const budget = parseBudget(text);
  const tokens = budget.kind === "tokens" ? budget.tokens : budget.seconds * tokensPerSecond;
  const seconds = budget.kind === "tokens" ? budget.tokens / tokensPerSecond : budget.seconds;
  const words = `about ${count(tokensPerSecond)} tokens/s: ${count(tokens)} tokens take ${duration(seconds)}, without evaluations`;
  return { tokensPerSecond, tokens, seconds, words };
}

/** Lines of the terminal. */
export function preflightLines({ processes, memory, disk, speed }: RunPreflight): readonly string[] {
  const remedies = memory === undefined || memory.remedies.length === 0 ? [] : [`more room: ${memory.remedies.join("; ")}`];
  return [
    ...(processes?.why === undefined ? [] : [processes.why]),
    ...(memory === undefined ? [] : [memory.words]),
    ...remedies,
    ...(speed === undefined ? [] : [speed.words]),
    `disk ${disk.words}`,
  ];
}

/** What a process of this machine may take now; where the process is confined, of that. */
export function freeMemory(): number {
  // Node has it since 20.13; what it says honours the limits of a container.
  return "availableMemory" in process ? process.availableMemory() : freemem();
}

/** The nearest directory that exists: .midtrain/ itself may not yet. */
function freeDisk(place: string): number {
  let there = place;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  const { bavail, bsize } = statfsSync(there);
  return bavail * bsize;
}

function tooLittleMemory({ words, remedies }: FitView, where: string): MidtrainError {
  return new MidtrainError({
    reason: "environment",
    message: `The model cannot be trained here. It ${words}.`,
    where,
    next: `What would make it fit: ${remedies.join("; ")}.`,
  });
}

function tooLittleDisk(words: string, where: string): MidtrainError {
  return new MidtrainError({
    reason: "environment",
    message: `There is too little room for this run's checkpoints. It ${words}.`,
    where,
    next: "Free some space, choose another place with --out, or use training.method lora.",
  });
}
