import type { MidtrainConfig, Risk } from "@midtrain/protocol/config";
import { dial } from "@midtrain/protocol/dial";
import type { LoadOptions } from "@midtrain/protocol/executor";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { GatePolicy, Recipe, RestoreMode } from "@midtrain/protocol/run";

export interface RecipeInput {
  readonly config: Pick<MidtrainConfig, "training" | "gates" | "selection">;
  readonly risk: Risk;
  readonly base: {
    /** Peak learning rate of the base's pretraining, from its record; unknown for most models. */
    readonly pretrainingPeak?: number;
    readonly parameters: number;
  };
  /** Longest sequence of the base, in tokens. */
  readonly context: number;
  readonly capabilities: { readonly kl: boolean };
  readonly restoreMode?: Exclude<RestoreMode, "full">;
  /** The embedded one by default. */
  readonly executor?: Recipe["executor"];
  /** Where the configuration does not say. */
  readonly precision?: LoadOptions["precision"];
}

/** Rows longer than this cost memory that a first run should not need; longer contexts are asked for by training.rowLength. */
const longestDefaultRow = 2048;
const rowsPerStep = 8;
/** Constants of AdamW and clipping as the open midtraining recipes use them (research/training §2.5). */
const optimizer = { clip: 1, weightDecay: 0.1, beta1: 0.9, beta2: 0.95, epsilon: 1e-8 };
/** About four passes over a text teach nearly as much as fresh text (Muennighoff 2305.16264). */
const repetitionCap = 4;
/** The gap was worst between an eighth and a third of short runs (research/embedded-base): there tolerances are doubled. */
const gapWindow = { share: 0.3, factor: 2 };
const falseAlarmBudget = 0.05;
const maxRollbacks = 2;
/** CONTRACTS §5: adapters take five times the rate of all weights. */
const loraRateFactor = 5;
const loraRank = 16;

/** CONTRACTS §5: what to assume of a base whose record does not name its peak. */
export function assumedPretrainingPeak(parameters: number): number {
  return parameters <= 1.5e9 ? 3e-4 : 1.5e-4;
}

/** Every number of a run, from the dial, the base and the overrides of midtrain.jsonc (CONTRACTS §5). */
export function resolveRecipe(input: RecipeInput): Recipe {
  const { config, risk, base, context } = input;
  const settings = dial[risk];
  const training = config.training ?? {};
  const restoreMode = input.restoreMode ?? "weights";
  const pretrainingPeak = base.pretrainingPeak ?? assumedPretrainingPeak(base.parameters);
  const learningRateShare = training.learningRateShare ?? settings.learningRateShare[restoreMode];
  const rowLength = training.rowLength ?? Math.min(context, longestDefaultRow);
  const warmupShare = training.warmupShare ?? settings.warmupShare;
  const decayShare = training.decayShare ?? settings.decayShare;
  checkShapes({ rowLength, context, warmupShare, decayShare });
  return {
    risk,
    executor: input.executor ?? "onnx",
    restoreMode,
    rowLength,
    rowsPerStep: training.rowsPerStep ?? rowsPerStep,
    peakLearningRate: pretrainingPeak * learningRateShare * (training.method === "lora" ? loraRateFactor : 1),
    pretrainingPeak,
    learningRateShare,
    warmupShare,
    decayShare,
    decayTo: settings.decayTo,
    ...optimizer,
    clip: training.clip ?? optimizer.clip,
    weightDecay: training.weightDecay ?? optimizer.weightDecay,
    replayShare: training.replayShare ?? settings.replayShare,
    klWeight: input.capabilities.kl ? settings.klWeight : 0,
    repetitionCap: training.repetitionCap ?? repetitionCap,
    ...loading(input),
    gates: gatePolicy(config.gates, risk),
    selectionWeights: {
      domain: config.selection?.weights?.domain ?? settings.weights.domain,
      general: config.selection?.weights?.general ?? settings.weights.general,
      behaviour: config.selection?.weights?.behaviour ?? settings.weights.behaviour,
      safety: config.selection?.weights?.safety ?? settings.weights.safety,
    },
  };
}

type LoadingRecipe = Pick<Recipe, "precision" | "method" | "lora" | "microBatchRows" | "recompute" | "compile" | "processes">;

/** What the executor is loaded with; nothing where nothing was asked for, so that the embedded recipe stays as it is. */
function loading({ config, precision }: RecipeInput): LoadingRecipe {
  const training = config.training ?? {};
  const wanted = training.precision ?? precision;
  const { rank = loraRank, alpha, targets } = training.lora ?? {};
  return {
    ...(wanted === undefined ? {} : { precision: wanted }),
    ...(training.method === undefined ? {} : { method: training.method }),
    ...(training.method === "lora"
      ? { lora: { rank, ...(alpha === undefined ? {} : { alpha }), ...(targets === undefined ? {} : { targets }) } }
      : {}),
    ...(training.microBatchRows === undefined ? {} : { microBatchRows: training.microBatchRows }),
    ...(training.recompute === undefined ? {} : { recompute: training.recompute }),
    ...(training.compile === undefined ? {} : { compile: training.compile }),
    ...(training.processes === undefined ? {} : { processes: training.processes }),
  };
}

function gatePolicy(gates: MidtrainConfig["gates"], risk: Risk): GatePolicy {
  const settings = dial[risk];
  return {
    generalTolerance: gates?.tolerance?.general ?? settings.tolerance.general,
    behaviourTolerance: gates?.tolerance?.behaviour ?? settings.tolerance.behaviour,
    safetyTolerance: gates?.tolerance?.safety ?? settings.tolerance.safety,
    domainGain: gates?.domainGain ?? settings.domainGain,
    patience: gates?.patience ?? settings.patience,
    evaluationsEarly: gates?.evaluationsEarly ?? settings.evaluationsEarly,
    evaluationsLate: gates?.evaluationsLate ?? settings.evaluationsLate,
    gapWindow,
    falseAlarmBudget: gates?.falseAlarmBudget ?? falseAlarmBudget,
    maxRollbacks: gates?.maxRollbacks ?? maxRollbacks,
  };
}

function checkShapes(shape: { rowLength: number; context: number; warmupShare: number; decayShare: number }): void {
  if (shape.rowLength > shape.context) {
    const message = `Rows of ${shape.rowLength} tokens do not fit the model's context of ${shape.context}.`;
    throw new MidtrainError({ reason: "input", message, where: "training.rowLength", next: `Set it to ${shape.context} or less.` });
  }
  if (shape.warmupShare + shape.decayShare > 1) {
    const message = `Warm-up (${shape.warmupShare}) and decay (${shape.decayShare}) together are longer than the run.`;
    throw new MidtrainError({ reason: "input", message, where: "training.warmupShare", next: "Make warmupShare + decayShare at most 1." });
  }
}

/** The recipe that a model of which only the size is known would get from the torch executor: for judging before it is chosen. */
export function defaultRecipe(input: {
  readonly config: RecipeInput["config"] & { readonly risk?: Risk | undefined };
  readonly parameters: number;
  readonly context: number | undefined;
  readonly device: "cpu" | "cuda";
}): Recipe {
  const { config, parameters, context = longestDefaultRow, device } = input;
  return resolveRecipe({
    config,
    risk: config.risk ?? "normal",
    base: { parameters },
    context,
    capabilities: { kl: true },
    executor: "torch",
    precision: device === "cuda" ? "bf16" : "fp32",
  });
}
