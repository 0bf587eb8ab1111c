import { availableParallelism } from "node:os";
import type {
  DivergenceItem,
  DivergenceResult,
  Executor,
  GenerateOptions,
  LeakTest,
  LoadOptions,
  LoglikItem,
  LoglikResult,
  ModelFacts,
  Row,
  SnapshotHandle,
  StepOptions,
  StepResult,
} from "@midtrain/protocol/executor";
import { MidtrainError } from "@midtrain/protocol/errors";
import { adamwStep, gradientNorm, type OptimizerConstants, type TrainingState } from "./adamw";
import { GenerationRunner } from "./generation-runner";
import { runLeakTest } from "./leak-test";
import { sumLosses } from "./loss-sums";
import { packMicroBatches } from "./micro-batches";
import { type DecoderConfig, type RawConfig, readModelConfig } from "./model-config";
import { writeModel } from "./model-files";
import { readWeights } from "./model-weights";
import { type ParameterLayout, parameterLayout } from "./parameter-layout";
import { ScoringRunner } from "./scoring-runner";
import { readState, writeState } from "./state-files";
import { TrainingRunner } from "./training-runner";

export interface InThreadOptions {
  /** Rows per micro-batch, for tests; by default the executor chooses. */
  readonly microBatchRows?: number | undefined;
}

export const onnxCapabilities = { kl: false, lora: false, generate: true, distributed: false } as const;

interface LoadedModel {
  readonly directory: string;
  readonly raw: RawConfig;
  readonly config: DecoderConfig;
  readonly layout: ParameterLayout;
  readonly optimizer: OptimizerConstants;
  readonly microBatchRows: number | undefined;
  /** The weights as loaded, the reference of `divergence`. */
  readonly base: Float32Array;
  readonly training: TrainingRunner;
  readonly scoring: ScoringRunner;
  readonly generation: GenerationRunner;
  state: TrainingState;
}

/** The embedded executor in the calling thread: every call blocks it. `OnnxExecutor` runs one in a worker. */
export class InThreadExecutor implements Executor {
  readonly name = "onnx";
  readonly capabilities = onnxCapabilities;
  private loaded: LoadedModel | undefined;
  private readonly snapshots = new Map<number, TrainingState>();
  private nextSnapshot = 1;
  /** Counts changes of the weights, so that what was derived from them is known to be stale. */
  private version = 0;

  constructor(private readonly options: InThreadOptions = {}) {}

  async load(options: LoadOptions): Promise<ModelFacts> {
    refuseUnsupported(options);
    await this.close();
    const { raw, config } = readModelConfig(options.model);
    const layout = parameterLayout(config);
    const base = readWeights(options.model, layout);
    const threads = options.threads ?? availableParallelism();
    this.loaded = {
      directory: options.model,
      raw,
      config,
      layout,
      optimizer: options.optimizer,
      microBatchRows: options.microBatchRows ?? this.options.microBatchRows,
      base,
      training: new TrainingRunner(config, layout, threads),
      scoring: new ScoringRunner(config, layout, threads),
      generation: new GenerationRunner(config, layout, threads),
      state: freshState(base),
    };
    return { parameters: layout.total, vocabulary: config.vocabulary, context: config.context, architecture: config.architecture };
  }

  async leakTest(): Promise<LeakTest> {
    const { config, training, state } = this.model();
    return runLeakTest(config, (batches) => training.run(state.parameters, batches));
  }

  async step(rows: readonly Row[], options: StepOptions): Promise<StepResult> {
    const { config, layout, training, state, optimizer, microBatchRows } = this.model();
    const batches = packMicroBatches(config, rows, microBatchRows);
    const { losses, gradient } = await training.run(state.parameters, batches);
    const { bySource, mean } = sumLosses(rows, batches.shape.length, losses);
    const gradNorm = gradientNorm(gradient);
    const { loss: lossLimit = Infinity, gradNorm: normLimit = Infinity } = options.refuseAbove;
    const stepped = Number.isFinite(mean) && Number.isFinite(gradNorm) && mean <= lossLimit && gradNorm <= normLimit;
    if (stepped) {
      adamwStep(state, layout, gradient, optimizer, options.learningRate, Math.min(1, options.clip / (gradNorm + 1e-6)));
      this.version++;
    }
    return { bySource, gradNorm, stepped, truncated: 0 };
  }

  async loglik(items: readonly LoglikItem[]): Promise<readonly LoglikResult[]> {
    const { scoring, state } = this.model();
    return scoring.loglik(state.parameters, items);
  }

  async divergence(items: readonly DivergenceItem[]): Promise<readonly DivergenceResult[]> {
    const { scoring, state, base } = this.model();
    return scoring.divergence(state.parameters, base, items);
  }

  async generate(prompts: readonly (readonly number[])[], options: GenerateOptions): Promise<readonly (readonly number[])[]> {
    const { generation, state } = this.model();
    return generation.generate(state.parameters, this.version, prompts, options);
  }

  async snapshot(): Promise<SnapshotHandle> {
    const id = this.nextSnapshot++;
    this.snapshots.set(id, copyState(this.model().state));
    return { id };
  }

  async restore(handle: SnapshotHandle): Promise<void> {
    const kept = this.snapshots.get(handle.id);
    if (kept === undefined) throw new MidtrainError({ reason: "internal", message: `There is no snapshot ${handle.id}; it was released.` });
    this.model().state = copyState(kept);
    this.version++;
  }

  async release(handle: SnapshotHandle): Promise<void> {
    this.snapshots.delete(handle.id);
  }

  async saveState(directory: string): Promise<void> {
    const { layout, state } = this.model();
    writeState(directory, layout, state);
  }

  async loadState(directory: string): Promise<void> {
    const model = this.model();
    model.state = readState(directory, model.layout);
    this.version++;
  }

  async saveModel(directory: string): Promise<void> {
    const { raw, layout, state, directory: companionsFrom } = this.model();
    writeModel({ directory, raw, layout, parameters: state.parameters, format: "F32", companionsFrom });
  }

  async close(): Promise<void> {
    await this.loaded?.training.release();
    await this.loaded?.scoring.release();
    await this.loaded?.generation.release();
    this.loaded = undefined;
    this.snapshots.clear();
  }

  private model(): LoadedModel {
    if (this.loaded !== undefined) return this.loaded;
    throw new MidtrainError({ reason: "internal", message: "The executor has no model: load() comes first." });
  }
}

function freshState(base: Float32Array): TrainingState {
  return { parameters: base.slice(), first: new Float32Array(base.length), second: new Float32Array(base.length), steps: 0 };
}

function copyState(state: TrainingState): TrainingState {
  return { parameters: state.parameters.slice(), first: state.first.slice(), second: state.second.slice(), steps: state.steps };
}

function refuseUnsupported(options: LoadOptions): void {
  if (options.precision !== "fp32") {
    throw new MidtrainError({
      reason: "unsupported",
      message: `The embedded executor trains in fp32; ${options.precision} has no kernels on a CPU.`,
      where: "precision",
      next: 'Set precision to "fp32", or use the torch executor (--executor torch).',
    });
  }
  if (options.method !== "full") {
    throw new MidtrainError({
      reason: "unsupported",
      message: `The embedded executor trains all weights; it has no ${options.method}.`,
      where: "method",
      next: 'Set method to "full", or use the torch executor (--executor torch).',
    });
  }
  if (options.recompute === true) {
    throw new MidtrainError({
      reason: "unsupported",
      message: "The embedded executor keeps activations; it cannot compute them again.",
      where: "training.recompute",
      next: "Leave it out, set training.microBatchRows lower, or use the torch executor (--executor torch).",
    });
  }
}
