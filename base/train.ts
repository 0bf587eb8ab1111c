import { appendFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Executor, ModelFacts } from "@midtrain/protocol/executor";
import { duration } from "@midtrain/protocol/words";
import { createTorchExecutor, initializeModel, InThreadExecutor, trainingInterpreter } from "../server/src/executors";
import { hashOf } from "../server/src/platform/hash";
import { streams, type StreamName, type Streams } from "./rows";
import { say } from "./report";
import { decay, learningRate, planFor, rowsOfStep, second, tokensPerStep, type TrainingPlan } from "./schedule";
import { embedded, type BaseSize } from "./sizes";
import { endOfText, type BaseTokenizer } from "./tokenizer";

const firstStreams = ["general", "formats", "refusals"] as const;
const checkpointEvery = 200;
const reportEvery = 20;

export interface TrainedBase {
  /** F32 model directory. */
  readonly directory: string;
  readonly tokens: number;
  readonly steps: number;
}

/** Loads the base-to-be (or a trained one) for training with the recipe's optimizer. In fp32: so small a model leaves a GPU idle either way. */
export async function openExecutor(
  model: string,
  { recipe, executor: name }: Pick<BaseSize, "recipe" | "executor"> = embedded,
): Promise<{ readonly executor: Executor; readonly facts: ModelFacts }> {
  const executor: Executor =
    name === "onnx" ? new InThreadExecutor() : createTorchExecutor({ python: trainingInterpreter(), trainer: resolve("trainer") });
  executor.onEvent?.(({ text }) => say("executor", text));
  const facts = await executor.load({ model, precision: "fp32", method: "full", seed: recipe.seed, optimizer: recipe.optimizer });
  return { executor, facts };
}

function initialModel(directory: string, base: BaseTokenizer, { model: config, recipe }: BaseSize): string {
  const model = join(directory, "initial");
  if (!existsSync(join(model, "model.safetensors"))) {
    if (base.tokenizer.specialTokenId(endOfText) !== 0) throw new Error("The end-of-text token must be the first of the vocabulary.");
    initializeModel({ directory: model, config, seed: recipe.seed, tokenizerFrom: base.directory });
  }
  return model;
}

function checkpoints(directory: string): { step: number; path: string }[] {
  if (!existsSync(directory)) return [];
  const found = readdirSync(directory).flatMap((name) => {
    const step = /^step-(\d+)$/.exec(name)?.[1];
    return step === undefined ? [] : [{ step: Number(step), path: join(directory, name) }];
  });
  return found.sort((a, b) => b.step - a.step);
}

/** The stable phase is shared by trainings of every length; a decay belongs to one. */
function decayDirectory(directory: string, plan: TrainingPlan): string {
  return join(directory, `decay-${plan.decayFrom}-${plan.secondFrom}-${hashOf(decay).slice(0, 6)}`);
}

function secondDirectory(directory: string, plan: TrainingPlan, data: Streams): string {
  const fresh = hashOf({ second, rows: [data["fresh-formats"].manifest.tokens, data["fresh-refusals"].manifest.tokens] });
  return join(decayDirectory(directory, plan), `second-${plan.steps}-${fresh.slice(0, 6)}`);
}

/** Where the state after so many steps lies. */
type FolderOf = (step: number) => string;

function foldersOf(directory: string, plan: TrainingPlan, data: Streams): FolderOf {
  return (step) => {
    if (step <= plan.decayFrom) return directory;
    return step <= plan.secondFrom ? decayDirectory(directory, plan) : secondDirectory(directory, plan, data);
  };
}

/** Brings the newest state that belongs to this plan into the executor; @returns the number of steps done. */
async function resume(executor: Executor, folderOf: FolderOf, plan: TrainingPlan): Promise<number> {
  const folders = [plan.steps, plan.secondFrom, plan.decayFrom].map(folderOf);
  const newest = folders.flatMap((folder) => checkpoints(folder).filter(({ step }) => folderOf(step) === folder))[0];
  if (newest === undefined) return 0;
  await executor.loadState(newest.path);
  say("training", `goes on from step ${newest.step}`);
  return newest.step;
}

async function save(executor: Executor, folderOf: FolderOf, step: number): Promise<void> {
  const folder = folderOf(step);
  const target = join(folder, `step-${String(step).padStart(6, "0")}`);
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await executor.saveState(partial);
  rmSync(target, { recursive: true, force: true });
  renameSync(partial, target);
  // Of the stable phase some older states stay, so that a shorter training can still branch off.
  for (const old of checkpoints(folder).slice(folder === folderOf(0) ? 12 : 2)) rmSync(old.path, { recursive: true, force: true });
}

class LossMeter {
  private readonly sums = new Map<string, { loss: number; tokens: number }>();
  private started = Date.now();
  private steps = 0;

  add(bySource: readonly { source: string; lossSum: number; tokens: number }[]): void {
    this.steps++;
    for (const { source, lossSum, tokens } of bySource) {
      const sum = this.sums.get(source) ?? { loss: 0, tokens: 0 };
      this.sums.set(source, { loss: sum.loss + lossSum, tokens: sum.tokens + tokens });
    }
  }

  /** Mean loss by stream and tokens per second since the last call. */
  take(plan: TrainingPlan): { losses: Readonly<Record<string, number>>; tokensPerSecond: number } {
    const losses = Object.fromEntries([...this.sums].map(([source, { loss, tokens }]) => [source, Number((loss / tokens).toFixed(4))]));
    const tokensPerSecond = (this.steps * tokensPerStep(plan.recipe)) / ((Date.now() - this.started) / 1000);
    this.sums.clear();
    this.steps = 0;
    this.started = Date.now();
    return { losses, tokensPerSecond };
  }
}

function report(directory: string, step: number, plan: TrainingPlan, gradNorm: number, meter: LossMeter): void {
  const { losses, tokensPerSecond } = meter.take(plan);
  const left = ((plan.steps - step) * tokensPerStep(plan.recipe)) / tokensPerSecond;
  const words = Object.entries(losses).map(([source, loss]) => `${source} ${loss.toFixed(3)}`);
  say("training", `step ${step}/${plan.steps}, ${words.join(", ")} nats, ${Math.round(tokensPerSecond)} tokens/s, ${duration(left)} left`);
  const line = {
    step,
    tokens: step * tokensPerStep(plan.recipe),
    losses,
    gradNorm,
    learningRate: learningRate(step - 1, plan),
    tokensPerSecond,
  };
  appendFileSync(join(directory, "losses.jsonl"), `${JSON.stringify(line)}\n`);
}

async function runSteps(executor: Executor, folderOf: FolderOf, plan: TrainingPlan, from: number, data: Streams): Promise<void> {
  const rowsIn = Object.fromEntries(streams.map((stream) => [stream, data[stream].manifest.rows])) as Record<StreamName, number>;
  const meter = new LossMeter();
  for (let step = from; step < plan.steps; step++) {
    const rows = rowsOfStep(step, plan, rowsIn).map(({ stream, row }) => data[stream].row(row, 0));
    const result = await executor.step(rows, { learningRate: learningRate(step, plan), clip: plan.recipe.clip, refuseAbove: {} });
    if (!result.stepped) throw new Error(`Step ${step} has no finite loss or gradient.`);
    meter.add(result.bySource);
    const done = step + 1;
    if (done % reportEvery === 0) report(folderOf(0), done, plan, result.gradNorm, meter);
    if (done % checkpointEvery === 0 || done === plan.decayFrom || done === plan.secondFrom) await save(executor, folderOf, done);
  }
}

/** Key of everything that the stable phase of a training depends on. */
export function trainingKey({ model, recipe, executor }: BaseSize, data: Streams): string {
  // What one executor saves the other does not load.
  const other = executor === embedded.executor ? {} : { executor };
  return hashOf({ modelConfig: model, recipe, ...other, rows: firstStreams.map((stream) => data[stream].manifest.tokens) });
}

export interface Training {
  readonly size: BaseSize;
  readonly tokens: number;
  readonly base: BaseTokenizer;
  readonly data: Streams;
  /** Of this size and data; checkpoints and the model go below it. */
  readonly directory: string;
}

/** Trains a base on so many tokens, going on from where an interrupted training of the same recipe stopped. */
export async function trainBase({ size, tokens, base, data, directory }: Training): Promise<TrainedBase> {
  const plan = planFor(tokens, size.recipe);
  const folderOf = foldersOf(directory, plan, data);
  const target = join(folderOf(plan.steps), "model");
  const trained = { directory: target, tokens: plan.steps * tokensPerStep(size.recipe), steps: plan.steps };
  if (existsSync(join(target, "model.safetensors"))) return trained;
  const { executor } = await openExecutor(initialModel(directory, base, size), size);
  const from = await resume(executor, folderOf, plan);
  await runSteps(executor, folderOf, plan, from, data);
  await executor.saveModel(target);
  await executor.close();
  return trained;
}

/** Tokens that fit into so many minutes at the speed of this machine now; the answer is printed, so that the same training can be asked for again. */
export async function tokensFor(minutes: number, { size, base, data, directory }: Omit<Training, "tokens">): Promise<number> {
  const { recipe } = size;
  const { executor } = await openExecutor(initialModel(directory, base, size), size);
  const rows = data.general.manifest.rows;
  const batch = (first: number) => Array.from({ length: recipe.rowsPerStep }, (_, i) => data.general.row((first + i) % rows, 0));
  const options = { learningRate: 0, clip: recipe.clip, refuseAbove: {} };
  await executor.step(batch(0), options);
  const started = Date.now();
  const steps = 8;
  for (let step = 1; step <= steps; step++) await executor.step(batch(step * recipe.rowsPerStep), options);
  const tokens = Math.round(((minutes * 60 * steps) / ((Date.now() - started) / 1000)) * tokensPerStep(recipe));
  await executor.close();
  say("training", `${minutes} minutes are about ${tokens} tokens at the speed of now: --tokens ${tokens} asks for the same training`);
  return tokens;
}
