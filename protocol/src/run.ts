/**
 * A run is a directory (shared/CONTRACTS §3): run.json, plan.json, events.jsonl, state.json, commands/,
 * checkpoints/<step>/, evaluations/<branch>-<step>.json, report.html. Schemas for what is read back
 * from disk or from another process are in run-schemas.ts.
 */
import type { BucketName, Buckets, SuiteFigures, Verdict } from "./measures";
import type { RunPreflight } from "./fit";
import type { Risk } from "./config";
import type { LoadOptions, LoraOptions } from "./executor";
import type { TokenizerIdentity } from "./tokens";

export const runStates = ["queued", "preparing", "running", "paused", "stopping", "finished", "failed", "lost"] as const;
export type RunState = (typeof runStates)[number];

export function isFinal(state: RunState): boolean {
  return state === "finished" || state === "failed";
}

export type StopFamily = "planned-end" | "no-more-worth" | "harm" | "user" | "failure";

export interface StopReason {
  readonly family: StopFamily;
  /** Stable rule id, for example `planned-end`, `patience`, `general-beyond-tolerance`, `user-stop`. */
  readonly rule: string;
  /** One plain sentence. */
  readonly text: string;
}

export interface Selected {
  readonly step: number;
  /** Directory of the checkpoint relative to the run, or "base". */
  readonly checkpoint: string;
  readonly why: string;
}

export type RestoreMode = "weights" | "weights+optimizer" | "full";

/** What a run is bound to, by content (§8.4). */
export interface Lineage {
  readonly base: { readonly name: string; readonly hash: string };
  readonly corpus: string;
  readonly tokens: readonly { readonly source: string; readonly id: string }[];
  readonly tokenizer: TokenizerIdentity;
  readonly suites: Readonly<Record<string, string>>;
  readonly recipe: string;
  readonly restoreMode: RestoreMode;
  readonly seed: number;
  readonly toolVersion: string;
}

export interface MixtureSource {
  readonly name: string;
  readonly role: "domain" | "replay";
  /** Id of the packed token rows: tokens/<id>/. */
  readonly tokens: string;
  readonly rows: number;
  /** Mean loss tokens per row: weights count tokens, rows are what is drawn. */
  readonly lossTokensPerRow: number;
  /** Documents of a replay source that were left out before packing, by reason: held-out, evaluation, repository. */
  readonly leftOut?: Readonly<Record<string, number>>;
}

/** The recipe: everything that decides the numbers of a run except the base, the data and the seed. */
export interface Recipe {
  readonly risk: Risk;
  readonly executor: "onnx" | "torch";
  readonly restoreMode: RestoreMode;
  readonly rowLength: number;
  readonly rowsPerStep: number;
  readonly peakLearningRate: number;
  /** The base's pretraining peak and the dial's share of it: peakLearningRate = peak × share. */
  readonly pretrainingPeak: number;
  readonly learningRateShare: number;
  readonly warmupShare: number;
  readonly decayShare: number;
  readonly decayTo: number;
  readonly clip: number;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly replayShare: number;
  readonly klWeight: number;
  /** At most this many passes over a source. */
  readonly repetitionCap: number;
  /** What the executor is loaded with; absent: fp32, all weights, its own choice. */
  readonly precision?: LoadOptions["precision"];
  readonly method?: LoadOptions["method"];
  readonly lora?: LoraOptions;
  readonly microBatchRows?: number;
  readonly recompute?: boolean;
  readonly compile?: boolean;
  /** Ranks that share the model; absent: one. */
  readonly processes?: number;
  readonly gates: GatePolicy;
  readonly selectionWeights: Readonly<Record<BucketName, number>>;
}

export interface GatePolicy {
  /** Share of the base's bits per byte. */
  readonly generalTolerance: number;
  /** Nats. */
  readonly behaviourTolerance: number;
  /** AUC. */
  readonly safetyTolerance: number;
  /** Domain gain that counts, per evaluation, as a share of the base's bits per byte; and patience N. */
  readonly domainGain: number;
  readonly patience: number;
  readonly evaluationsEarly: number;
  readonly evaluationsLate: number;
  /** Stability-gap window (§5.1): share of the planned tokens in which tolerances are multiplied. */
  readonly gapWindow: { readonly share: number; readonly factor: number };
  /** Chance that any gate acts in a run in which nothing truly changed. */
  readonly falseAlarmBudget: number;
  /** Rollbacks before the run stops for harm. */
  readonly maxRollbacks: number;
}

/** run.json: identity, written once. */
export interface RunIdentity {
  readonly format: 1;
  readonly run: string;
  readonly identity: string;
  readonly createdAt: string;
  readonly repository: { readonly root: string; readonly head?: string };
  readonly model: { readonly directory: string; readonly embedded: boolean; readonly name: string; readonly parameters?: number };
  readonly recipe: Recipe;
  readonly lineage: Lineage;
  readonly budget: string;
  readonly sources: readonly MixtureSource[];
  /** What preparation had to say about the mixture, in words. */
  readonly notes?: readonly string[];
  /** What was known of memory, disk and time before the harvest; no part of the identity. */
  readonly preflight?: RunPreflight;
  /** Corpus directory and token row directories, relative to `.midtrain`. */
  readonly corpusDirectory: string;
}

/** plan.json: written once the budget is known in tokens. From there on nothing depends on the clock. */
export interface RunPlan {
  readonly format: 1;
  readonly budget: {
    readonly requested: string;
    readonly tokens: number;
    readonly probe?: { readonly tokensPerSecond: number; readonly seconds: number };
  };
  readonly steps: number;
  readonly tokensPerStep: number;
  /** Steps at which the run is evaluated, ascending, the last is `steps`. Step 0 (the base) is the baseline. */
  readonly evaluations: readonly number[];
  /** Limited by the repetition cap: said in words. */
  readonly note?: string;
  /** From the preflight's probe; the training of all steps, without evaluations. */
  readonly estimate?: { readonly tokensPerSecond: number; readonly seconds: number; readonly peakBytes?: number };
}

/** One stretch of steps under one policy; a rollback or an action of the controller opens the next (weight history). */
export interface PolicySegment {
  readonly branch: number;
  /** First step of the segment. */
  readonly fromStep: number;
  /** Data position of that step: after a rollback the window that did harm is jumped. */
  readonly fromDraw: number;
  readonly replayShare: number;
  readonly learningRateScale: number;
  readonly why: string;
}

/** What a run uses of its device, where the executor has a process of its own. */
export interface RunResources {
  /** The GPU's name, or CPU. */
  readonly device: string;
  /** Of the GPU in use by anyone; of a CPU's memory by the worker. */
  readonly usedBytes: number;
  /** Of the GPU. */
  readonly totalBytes?: number;
  /** The most that the worker took so far. */
  readonly peakBytes: number;
  /** Smoothed over the last steps. */
  readonly stepSeconds?: number;
}

/** state.json: what any window or command line shows without reading the events. */
export interface RunStatus {
  readonly run: string;
  readonly state: RunState;
  readonly phase: string;
  readonly pid: number;
  readonly host: string;
  readonly updatedAt: string;
  readonly step: number;
  readonly steps: number;
  readonly tokens: number;
  readonly branch: number;
  readonly loss?: number;
  readonly tokensPerSecond?: number;
  readonly secondsLeft?: number;
  /** Sequence number of the last event written. */
  readonly seq: number;
  readonly evaluation?: { readonly done: number; readonly planned: number };
  readonly verdicts?: Readonly<Partial<Record<BucketName, { readonly verdict: Verdict; readonly word: string; readonly text: string }>>>;
  readonly stopReason?: StopReason;
  readonly selected?: Selected;
  readonly message?: string;
  readonly resources?: RunResources;
}

interface EventBase {
  readonly seq: number;
  readonly time: string;
  readonly branch: number;
}

export interface BucketEvaluation {
  readonly bucket: BucketName;
  readonly suites: readonly SuiteFigures[];
}

export interface CheckpointScore {
  readonly step: number;
  readonly branch: number;
  readonly checkpoint: string;
  /** Oriented: positive is better. */
  readonly domain: number;
  readonly general: number;
  readonly behaviour: number;
  readonly safety: number;
  readonly score: number;
  readonly onFront: boolean;
  readonly eligible: boolean;
  readonly why: string;
}

/** The base among the candidates: the point of comparison, J = 0 (shared/CONTRACTS §1). */
export const baseCheckpointScore = {
  step: 0,
  branch: 0,
  checkpoint: "base",
  domain: 0,
  general: 0,
  behaviour: 0,
  safety: 0,
  score: 0,
} as const satisfies Partial<CheckpointScore>;

export type RunEvent = EventBase &
  (
    | { readonly type: "run-started"; readonly run: string; readonly identity: string; readonly pid: number; readonly host: string }
    | { readonly type: "phase"; readonly phase: string; readonly message: string }
    | { readonly type: "baseline"; readonly buckets: Buckets; readonly seconds: number; readonly words: string }
    | {
        readonly type: "step";
        readonly step: number;
        readonly tokens: number;
        readonly loss: number;
        readonly lossBySource: Readonly<Record<string, number>>;
        readonly gradNorm: number;
        readonly learningRate: number;
        readonly tokensPerSecond: number;
        readonly stepped: boolean;
      }
    | {
        readonly type: "anomaly";
        readonly step: number;
        readonly rule: string;
        readonly text: string;
        readonly documents: readonly string[];
        readonly action: "skip" | "rollback" | "stop";
      }
    | {
        readonly type: "evaluation";
        readonly step: number;
        readonly tokens: number;
        readonly seconds: number;
        readonly buckets: Buckets;
        readonly score: number;
      }
    | {
        readonly type: "gate";
        readonly step: number;
        readonly bucket: BucketName;
        readonly suite: string;
        readonly verdict: Verdict;
        readonly text: string;
        readonly alpha: number;
        readonly alphaSpent: number;
        readonly action: "none" | "more-items" | "rollback" | "stop" | "replay-down";
      }
    | { readonly type: "checkpoint"; readonly step: number; readonly checkpoint: string; readonly bytes: number; readonly stable: boolean }
    | { readonly type: "rollback"; readonly step: number; readonly toStep: number; readonly checkpoint: string; readonly why: string }
    | { readonly type: "resumed"; readonly toStep: number; readonly checkpoint: string; readonly pid: number }
    | { readonly type: "policy-changed"; readonly segment: PolicySegment; readonly text: string }
    | { readonly type: "selected"; readonly selected: Selected; readonly candidates: readonly CheckpointScore[]; readonly final: Buckets }
    | { readonly type: "run-finished"; readonly state: RunState; readonly stopReason: StopReason; readonly seconds: number }
    | { readonly type: "resources"; readonly step: number; readonly resources: RunResources }
    | { readonly type: "log"; readonly level: "info" | "warning" | "error"; readonly text: string }
  );

export type RunEventType = RunEvent["type"];
/** An event before the log gave it seq, time and branch. */
export type NewRunEvent = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, "seq" | "time" | "branch"> : never) : never;

/** A file in commands/: asked for by a command line or a window, read by the controller between two steps. */
export type RunCommand =
  /** Checkpoint, then select among what was evaluated: state finished. */
  | { readonly command: "stop"; readonly from: string }
  /** Checkpoint, then end the process: state paused, `midtrain run resume` goes on. */
  | { readonly command: "pause"; readonly from: string }
  /** Checkpoint and go on. */
  | { readonly command: "checkpoint"; readonly from: string };

/** `adapt --json`, `run show --json` */
export interface RunDocument {
  readonly run: string;
  readonly directory: string;
  readonly state: RunState;
  readonly stopReason: StopReason | null;
  readonly selected: Selected | null;
  readonly baseline: Buckets | null;
  readonly budget: RunPlan["budget"] | null;
  readonly buckets: Buckets | null;
  /** The same buckets on sealed items, base and selected only. */
  readonly final: Buckets | null;
  readonly lineage: Lineage;
}

/** A before/after completion from a held-out file of the repository. */
export interface CompletionSample {
  readonly path: string;
  readonly line: number;
  readonly prompt: string;
  readonly expected: string;
  readonly base: string;
  readonly selected: string;
}

/** completions.json of a run. */
export interface CompletionsFile {
  readonly samples: readonly CompletionSample[];
}

/** evaluations/<branch>-<step>.json: the item scores behind an evaluation, so that every verdict recomputes. */
export interface EvaluationItems {
  readonly step: number;
  readonly branch: number;
  readonly sealed: boolean;
  readonly suites: readonly {
    readonly suite: string;
    readonly bucket: BucketName;
    readonly hash: string;
    readonly items: readonly ItemScore[];
  }[];
}

/** Scores of one item, by kind of item (evaluation room). */
export interface ItemScore {
  readonly id: string;
  readonly cluster: string;
  /** Nats (log-likelihood, <= 0) and bytes of the scored text: text items and the right answer of choice items. */
  readonly nats: number;
  readonly bytes: number;
  /** Choice: log-likelihood of the best wrong answer. Refusal: log-likelihood of the helpful prefix. */
  readonly other?: number;
  readonly harmful?: boolean;
}
