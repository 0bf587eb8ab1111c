/**
 * Schemas for what is read back from a run directory (or from another process): a file written by an older
 * version, by a crashed writer or by hand must give a clear error, never a crash further on.
 * Objects are loose, so that fields added later survive.
 */
import * as z from "zod/mini";
import { bucket, bucketsSchema, count, perBucket, selected, stopReason, verdict } from "./measure-schemas";
import {
  runStates,
  type EvaluationItems,
  type CompletionsFile,
  type RunCommand,
  type RunEvent,
  type RunIdentity,
  type RunPlan,
  type RunStatus,
} from "./run";
import { risks } from "./config";
import { parser } from "./parsed";

const policySegmentSchema = z.looseObject({
  branch: count,
  fromStep: count,
  fromDraw: count,
  replayShare: z.number(),
  learningRateScale: z.number(),
  why: z.string(),
});

const checkpointScoreSchema = z.looseObject({
  step: count,
  branch: count,
  checkpoint: z.string(),
  domain: z.number(),
  general: z.number(),
  behaviour: z.number(),
  safety: z.number(),
  score: z.number(),
  onFront: z.boolean(),
  eligible: z.boolean(),
  why: z.string(),
});

const tokenizer = z.looseObject({
  name: z.string(),
  hash: z.string(),
  behaviour: z.string(),
  engine: z.enum(["own", "tiktoken"]),
});
const restoreMode = z.enum(["weights", "weights+optimizer", "full"]);

const recipe = z.looseObject({
  risk: z.enum(risks),
  executor: z.enum(["onnx", "torch"]),
  restoreMode,
  rowLength: count,
  rowsPerStep: count,
  peakLearningRate: z.number(),
  pretrainingPeak: z.number(),
  learningRateShare: z.number(),
  warmupShare: z.number(),
  decayShare: z.number(),
  decayTo: z.number(),
  clip: z.number(),
  weightDecay: z.number(),
  beta1: z.number(),
  beta2: z.number(),
  epsilon: z.number(),
  replayShare: z.number(),
  klWeight: z.number(),
  repetitionCap: z.number(),
  precision: z.optional(z.enum(["fp32", "bf16"])),
  method: z.optional(z.enum(["full", "lora"])),
  lora: z.optional(z.looseObject({ rank: count, alpha: z.optional(z.number()), targets: z.optional(z.array(z.string())) })),
  microBatchRows: z.optional(count),
  recompute: z.optional(z.boolean()),
  compile: z.optional(z.boolean()),
  processes: z.optional(count),
  gates: z.looseObject({
    generalTolerance: z.number(),
    behaviourTolerance: z.number(),
    safetyTolerance: z.number(),
    domainGain: z.number(),
    patience: count,
    evaluationsEarly: count,
    evaluationsLate: count,
    gapWindow: z.looseObject({ share: z.number(), factor: z.number() }),
    falseAlarmBudget: z.number(),
    maxRollbacks: count,
  }),
  selectionWeights: perBucket,
});

const fit = z.enum(["fits", "tight", "does not fit"]);
const preflightSchema = z.looseObject({
  memory: z.optional(
    z.looseObject({
      fit,
      device: z.string(),
      peakBytes: z.number(),
      freeBytes: z.number(),
      remedies: z.array(z.string()),
      words: z.string(),
    }),
  ),
  disk: z.looseObject({ fit, leastBytes: z.number(), mostBytes: z.number(), freeBytes: z.number(), words: z.string() }),
  speed: z.optional(z.looseObject({ tokensPerSecond: z.number(), tokens: z.number(), seconds: z.number(), words: z.string() })),
});

const identitySchema = z.looseObject({
  format: z.literal(1),
  run: z.string(),
  identity: z.string(),
  createdAt: z.string(),
  repository: z.looseObject({ root: z.string(), head: z.optional(z.string()) }),
  model: z.looseObject({ directory: z.string(), embedded: z.boolean(), name: z.string() }),
  recipe,
  lineage: z.looseObject({
    base: z.looseObject({ name: z.string(), hash: z.string() }),
    corpus: z.string(),
    tokens: z.array(z.looseObject({ source: z.string(), id: z.string() })),
    tokenizer,
    suites: z.record(z.string(), z.string()),
    recipe: z.string(),
    restoreMode,
    seed: z.number(),
    toolVersion: z.string(),
  }),
  budget: z.string(),
  sources: z.array(
    z.looseObject({ name: z.string(), role: z.enum(["domain", "replay"]), tokens: z.string(), rows: count, lossTokensPerRow: z.number() }),
  ),
  notes: z.optional(z.array(z.string())),
  preflight: z.optional(preflightSchema),
  corpusDirectory: z.string(),
});

const planSchema = z.looseObject({
  format: z.literal(1),
  budget: z.looseObject({
    requested: z.string(),
    tokens: z.number(),
    probe: z.optional(z.looseObject({ tokensPerSecond: z.number(), seconds: z.number() })),
  }),
  steps: count,
  tokensPerStep: z.number(),
  evaluations: z.array(count),
  note: z.optional(z.string()),
  estimate: z.optional(z.looseObject({ tokensPerSecond: z.number(), seconds: z.number(), peakBytes: z.optional(z.number()) })),
});

const resources = z.looseObject({
  device: z.string(),
  usedBytes: z.number(),
  totalBytes: z.optional(z.number()),
  peakBytes: z.number(),
  stepSeconds: z.optional(z.number()),
});

const statusSchema = z.looseObject({
  run: z.string(),
  state: z.enum(runStates),
  phase: z.string(),
  pid: z.number(),
  host: z.string(),
  updatedAt: z.string(),
  step: count,
  steps: count,
  tokens: z.number(),
  branch: count,
  seq: z.number(),
  stopReason: z.optional(stopReason),
  selected: z.optional(selected),
  resources: z.optional(resources),
});

const base = { seq: count, time: z.string(), branch: count };
const eventSchema = z.discriminatedUnion("type", [
  z.looseObject({ ...base, type: z.literal("run-started"), run: z.string(), identity: z.string(), pid: z.number(), host: z.string() }),
  z.looseObject({ ...base, type: z.literal("phase"), phase: z.string(), message: z.string() }),
  z.looseObject({ ...base, type: z.literal("baseline"), buckets: bucketsSchema, seconds: z.number(), words: z.string() }),
  z.looseObject({
    ...base,
    type: z.literal("step"),
    step: count,
    tokens: z.number(),
    loss: z.number(),
    lossBySource: z.record(z.string(), z.number()),
    gradNorm: z.number(),
    learningRate: z.number(),
    tokensPerSecond: z.number(),
    stepped: z.boolean(),
  }),
  z.looseObject({
    ...base,
    type: z.literal("anomaly"),
    step: count,
    rule: z.string(),
    text: z.string(),
    documents: z.array(z.string()),
    action: z.enum(["skip", "rollback", "stop"]),
  }),
  z.looseObject({
    ...base,
    type: z.literal("evaluation"),
    step: count,
    tokens: z.number(),
    seconds: z.number(),
    buckets: bucketsSchema,
    score: z.number(),
  }),
  z.looseObject({
    ...base,
    type: z.literal("gate"),
    step: count,
    bucket,
    suite: z.string(),
    verdict,
    text: z.string(),
    alpha: z.number(),
    alphaSpent: z.number(),
    action: z.enum(["none", "more-items", "rollback", "stop", "replay-down"]),
  }),
  z.looseObject({ ...base, type: z.literal("checkpoint"), step: count, checkpoint: z.string(), bytes: z.number(), stable: z.boolean() }),
  z.looseObject({ ...base, type: z.literal("rollback"), step: count, toStep: count, checkpoint: z.string(), why: z.string() }),
  z.looseObject({ ...base, type: z.literal("resumed"), toStep: count, checkpoint: z.string(), pid: z.number() }),
  z.looseObject({ ...base, type: z.literal("policy-changed"), segment: policySegmentSchema, text: z.string() }),
  z.looseObject({ ...base, type: z.literal("selected"), selected, candidates: z.array(checkpointScoreSchema), final: bucketsSchema }),
  z.looseObject({ ...base, type: z.literal("run-finished"), state: z.enum(runStates), stopReason, seconds: z.number() }),
  z.looseObject({ ...base, type: z.literal("resources"), step: count, resources }),
  z.looseObject({ ...base, type: z.literal("log"), level: z.enum(["info", "warning", "error"]), text: z.string() }),
]);

const commandSchema = z.discriminatedUnion("command", [
  z.looseObject({ command: z.literal("stop"), from: z.string() }),
  z.looseObject({ command: z.literal("pause"), from: z.string() }),
  z.looseObject({ command: z.literal("checkpoint"), from: z.string() }),
]);

const itemScore = z.looseObject({
  id: z.string(),
  cluster: z.string(),
  nats: z.number(),
  bytes: z.number(),
  other: z.optional(z.number()),
  harmful: z.optional(z.boolean()),
});
const evaluationItemsSchema = z.looseObject({
  step: count,
  branch: count,
  sealed: z.boolean(),
  suites: z.array(z.looseObject({ suite: z.string(), bucket, hash: z.string(), items: z.array(itemScore) })),
});

const completionsSchema = z.looseObject({
  samples: z.array(
    z.looseObject({ path: z.string(), line: z.number(), prompt: z.string(), expected: z.string(), base: z.string(), selected: z.string() }),
  ),
});

/** manifest.json of a checkpoint, written last. `state` is what a resume needs, `model` what a selection needs. */
export interface CheckpointManifest {
  readonly format: 1;
  /** Counts the checkpoints of a run in the order of writing; the newest one is where a resume starts. */
  readonly ordinal: number;
  readonly step: number;
  readonly branch: number;
  readonly state: "base" | "full" | "pruned";
  readonly model: "base" | "kept" | "pruned";
  /** Path below the checkpoint -> size and sha256. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

const checkpointManifestSchema = z.looseObject({
  format: z.literal(1),
  ordinal: count,
  step: count,
  branch: count,
  state: z.enum(["base", "full", "pruned"]),
  model: z.enum(["base", "kept", "pruned"]),
  files: z.record(z.string(), z.looseObject({ bytes: z.number(), sha256: z.string() })),
});

const gateReading = z.looseObject({
  bucket,
  suite: z.string(),
  verdict,
  confirmed: z.boolean(),
  stable: z.boolean(),
  alpha: z.number(),
  alphaSpent: z.number(),
  text: z.string(),
});
const decisionBase = { gates: z.array(gateReading) };
const decisionSchema = z.discriminatedUnion("kind", [
  z.looseObject({ ...decisionBase, kind: z.literal("continue") }),
  z.looseObject({ ...decisionBase, kind: z.literal("more-items"), buckets: z.array(bucket), why: z.string() }),
  z.looseObject({
    ...decisionBase,
    kind: z.literal("rollback"),
    bucket,
    suite: z.string(),
    rule: z.string(),
    toStep: count,
    replayShare: z.number(),
    learningRateScale: z.number(),
    why: z.string(),
  }),
  z.looseObject({ ...decisionBase, kind: z.literal("policy"), replayShare: z.number(), learningRateScale: z.number(), why: z.string() }),
  z.looseObject({ ...decisionBase, kind: z.literal("stop"), stopReason }),
]);

const controllerStateSchema = z.looseObject({
  format: z.literal(1),
  ordinal: count,
  step: count,
  tokens: z.number(),
  segments: z.array(policySegmentSchema),
  ladder: z.looseObject({ losses: z.array(z.number()), gradNorms: z.array(z.number()), skipped: z.array(z.number()), rollbacks: count }),
  gateRollbacks: count,
  baseline: bucketsSchema,
  evaluations: z.array(
    z.looseObject({
      step: count,
      branch: count,
      tokens: z.number(),
      buckets: bucketsSchema,
      score: z.number(),
      stable: z.boolean(),
      live: z.boolean(),
      checkpoint: z.string(),
    }),
  ),
  pending: z.nullable(decisionSchema),
  seconds: z.number(),
});

export const parseRunIdentity = parser<RunIdentity>(identitySchema);
export const parseRunPlan = parser<RunPlan>(planSchema);
export const parseRunStatus = parser<RunStatus>(statusSchema);
export const parseRunEvent = parser<RunEvent>(eventSchema);
export const parseRunCommand = parser<RunCommand>(commandSchema);
export const parseEvaluationItems = parser<EvaluationItems>(evaluationItemsSchema);
export const parseCompletions = parser<CompletionsFile>(completionsSchema);
export const parseCheckpointManifest = parser<CheckpointManifest>(checkpointManifestSchema);
/** controller.json of a checkpoint; its type belongs to the engine, which holds the policy. */
export const parseControllerState = parser<unknown>(controllerStateSchema);
