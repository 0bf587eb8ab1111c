/** midtrain.jsonc: every key has a default; an illegal value dies at load with the remedy in the message. */
import * as z from "zod/mini";
import { documentClasses } from "./corpus";

export const risks = ["careful", "normal", "bold"] as const;
export type Risk = (typeof risks)[number];

const share = z.number().check(z.minimum(0), z.maximum(1));
const positive = z.number().check(z.positive());
const globs = z.array(z.string().check(z.minLength(1)));
const ruleId = z.string().check(z.regex(/^[a-z][a-z0-9-]*$/));

/** A person's say about findings: what a path, a rule, or a value (by its salted hash, never itself) shows is no secret. */
const allowance = z.strictObject({
  rule: z.optional(ruleId),
  path: z.optional(z.string()),
  hash: z.optional(z.string().check(z.regex(/^[0-9a-f]{16}:[0-9a-f]{16}$/))),
});

/** A person's say about what files are. */
const reclassification = z.strictObject({
  path: z.string().check(z.minLength(1)),
  class: z.optional(z.enum(documentClasses)),
  language: z.optional(z.string().check(z.minLength(1))),
});

export const configSchema = z.strictObject({
  $schema: z.optional(z.string()),
  model: z.optional(z.string()),
  tokenizer: z.optional(z.string()),
  executor: z.optional(z.enum(["onnx", "torch"])),
  risk: z.optional(z.enum(risks)),
  seed: z.optional(z.number().check(z.int(), z.minimum(0))),
  budget: z.optional(z.string().check(z.regex(/^\d+(\.\d+)?(s|m|h|tok)$/))),
  corpus: z.optional(
    z.strictObject({
      include: z.optional(globs),
      exclude: z.optional(globs),
      maxFileBytes: z.optional(z.number().check(z.int(), z.positive())),
      heldOutShare: z.optional(z.number().check(z.minimum(0.01), z.maximum(0.5))),
      directories: z.optional(globs),
      roots: z.optional(globs),
      untracked: z.optional(z.boolean()),
      submodules: z.optional(z.boolean()),
      history: z.optional(
        z.strictObject({
          commits: z.optional(z.number().check(z.int(), z.minimum(0))),
          releases: z.optional(z.boolean()),
        }),
      ),
      reclassify: z.optional(z.array(reclassification)),
      rulesOff: z.optional(z.array(ruleId)),
      allow: z.optional(z.array(allowance)),
      licences: z.optional(z.strictObject({ reject: z.optional(z.array(z.string())), warn: z.optional(z.array(z.string())) })),
      heldOut: z.optional(z.strictObject({ after: z.optional(z.string()), directories: z.optional(globs) })),
    }),
  ),
  fragmentation: z.optional(z.strictObject({ ignore: z.optional(z.array(z.string())) })),
  mixture: z.optional(
    z.strictObject({
      header: z.optional(z.enum(["model", "path"])),
      order: z.optional(z.enum(["path", "imports"])),
      fillInTheMiddle: z.optional(z.strictObject({ share: z.optional(share), suffixFirst: z.optional(share) })),
    }),
  ),
  training: z.optional(
    z.strictObject({
      learningRateShare: z.optional(positive),
      warmupShare: z.optional(share),
      decayShare: z.optional(share),
      replayShare: z.optional(share),
      rowLength: z.optional(z.number().check(z.int(), z.minimum(32))),
      rowsPerStep: z.optional(z.number().check(z.int(), z.positive())),
      clip: z.optional(positive),
      weightDecay: z.optional(z.number().check(z.minimum(0))),
      repetitionCap: z.optional(positive),
      precision: z.optional(z.enum(["fp32", "bf16"])),
      method: z.optional(z.enum(["full", "lora"])),
      lora: z.optional(
        z.strictObject({
          rank: z.optional(z.number().check(z.int(), z.positive())),
          alpha: z.optional(positive),
          targets: z.optional(z.array(z.string().check(z.minLength(1)))),
        }),
      ),
      microBatchRows: z.optional(z.number().check(z.int(), z.positive())),
      recompute: z.optional(z.boolean()),
      compile: z.optional(z.boolean()),
      processes: z.optional(z.number().check(z.int(), z.positive())),
    }),
  ),
  gates: z.optional(
    z.strictObject({
      tolerance: z.optional(
        z.strictObject({
          general: z.optional(z.number().check(z.minimum(0))),
          behaviour: z.optional(z.number().check(z.minimum(0))),
          safety: z.optional(z.number().check(z.minimum(0))),
        }),
      ),
      domainGain: z.optional(share),
      patience: z.optional(z.number().check(z.int(), z.positive())),
      evaluationsEarly: z.optional(z.number().check(z.int(), z.minimum(0))),
      evaluationsLate: z.optional(z.number().check(z.int(), z.positive())),
      falseAlarmBudget: z.optional(z.number().check(z.minimum(0.001), z.maximum(0.5))),
      maxRollbacks: z.optional(z.number().check(z.int(), z.minimum(0))),
    }),
  ),
  selection: z.optional(
    z.strictObject({
      weights: z.optional(
        z.strictObject({
          domain: z.optional(z.number().check(z.minimum(0))),
          general: z.optional(z.number().check(z.minimum(0))),
          behaviour: z.optional(z.number().check(z.minimum(0))),
          safety: z.optional(z.number().check(z.minimum(0))),
        }),
      ),
    }),
  ),
});

export type MidtrainConfig = z.infer<typeof configSchema>;

/** What each key means: hovers of the contributed JSON schema and the reference in the documentation. */
export const configDescriptions: Readonly<Record<string, string>> = {
  $schema: "Where the schema of this file is.",
  model:
    "Directory of the base model in Hugging Face layout (a relative path is meant from this file), or its name in the Hugging Face cache. Default: the tiny embedded base, which is for seeing the chain work.",
  tokenizer:
    "Tokenizer for fragmentation figures: a tokenizer.json or a directory (a relative path is meant from this file), a Hugging Face cache name, or tiktoken:NAME. Default: the model's own.",
  executor:
    "What computes the training steps. onnx is the embedded one: no GPU, no Python, the default for small Llama and Qwen2-style models; torch needs the training environment, takes any model that transformers has, and is the default for all others.",
  risk: "One dial. It derives learning rate, warm-up, replay share, tolerances and evaluation density; each can be overridden below.",
  seed: "Seed of the split, the sampling plan and the executor. Default 0.",
  budget: "Training budget: minutes or seconds of training (4m, 90s, 1h) turned into tokens once, or tokens (200000tok).",
  corpus: "What is harvested.",
  "corpus.include": "Globs that are kept even if a rule would reject them.",
  "corpus.exclude": "Globs that are never read.",
  "corpus.maxFileBytes":
    "Larger files are rejected. Default 16,777,216; above 1,048,576 characters only programs of compiled languages are kept.",
  "corpus.heldOutShare": "Share of the corpus that is never trained on. Default 0.05, a third of it sealed.",
  "corpus.directories": "Sub-trees that are harvested, relative to the repository. Default: all of it.",
  "corpus.roots": "Further directories that are harvested too, relative to this file; their paths begin with their name.",
  "corpus.untracked": "Also files that git does not track but does not ignore either. Default false.",
  "corpus.submodules": "Also the files of checked-out submodules. Default false.",
  "corpus.history": "What is taken from the history, as changelog documents. Default: nothing.",
  "corpus.history.commits": "Messages of so many newest commits.",
  "corpus.history.releases": "Messages of annotated tags.",
  "corpus.reclassify": "Globs whose files have another class or language than the rules say; the last match decides.",
  "corpus.rulesOff": "Ids of rules that reject nothing here, such as generated or data-heavy.",
  "corpus.allow":
    "Findings that are no secrets: by path glob, rule id, or the value's salted hash, which the editor's *Allow this finding* writes.",
  "corpus.licences": "What to do with files under a licence, by SPDX id (GPL-3.0-only; GPL-* stands for a family).",
  "corpus.licences.reject": "Files under these licences are left out.",
  "corpus.licences.warn": "Files under these licences are kept and named in a note.",
  "corpus.heldOut": "What is held out beside the random groups.",
  "corpus.heldOut.after": "Files first committed after this date (2026-01-31) or commit.",
  "corpus.heldOut.directories": "Globs of directories held out as a whole.",
  fragmentation: "What is measured of names.",
  "fragmentation.ignore": "Names, or globs over whole names, that are left out of figures, hovers and hints.",
  mixture: "How the documents are given to the model.",
  "mixture.header":
    "What stands before each document. model (default): the model's own file and repository tokens where its tokenizer has them, else the path in a line of its own; path: always the line.",
  "mixture.order":
    "Which documents come to lie close together in the packed rows. path (default): neighbours of the path order; imports: what a file imports before it.",
  "mixture.fillInTheMiddle":
    "Fragments that are turned around, so that the model learns to fill gaps: only for a base that has tokens for it.",
  "mixture.fillInTheMiddle.share": "Share of the fragments. Default 0.",
  "mixture.fillInTheMiddle.suffixFirst":
    "Of those, the share with the suffix before the prefix (SPM); the others begin with the prefix (PSM). Default 0.",
  training: "Overrides of what the dial derives for training.",
  "training.learningRateShare": "Peak learning rate as a share of the base's pretraining peak.",
  "training.warmupShare": "Share of the steps with rising learning rate.",
  "training.decayShare": "Share of the steps, at the end, with falling learning rate.",
  "training.replayShare": "Share of the tokens that come from replay sources (§3.2).",
  "training.rowLength": "Tokens of a packed row, at most the context of the model.",
  "training.rowsPerStep": "Packed rows of one optimizer step.",
  "training.clip": "Largest global gradient norm.",
  "training.weightDecay": "Decoupled weight decay of AdamW.",
  "training.repetitionCap": "At most this many passes over the domain's rows.",
  "training.precision": "What matrix products are computed in: fp32, or bf16 (torch; the default with a GPU).",
  "training.method": "full (default): all weights; lora: adapters of low rank (torch).",
  "training.lora": "Adapters, for method lora.",
  "training.lora.rank": "Rank of the adapters. Default 16.",
  "training.lora.alpha": "Scale of the adapters. Default twice the rank.",
  "training.lora.targets": "Names of the linear layers that get one. Default: all but the head.",
  "training.microBatchRows": "Rows computed at a time; by default the executor chooses. It changes memory and speed, not the step.",
  "training.recompute":
    "Compute activations again in the backward pass instead of keeping them (torch): far less memory, about a third slower. Default false; on a GPU it is done when memory runs out.",
  "training.compile":
    "Compile the model's blocks for training (torch.compile): up to a minute at the start, then faster steps on a GPU. Where the compiler fails the blocks run as they are, and the log says so. Default false.",
  "training.processes":
    "Processes that share the model and the rows of a step (torch, FSDP2), one GPU each. By default as few as have room for it: one, where one GPU suffices.",
  gates: "Overrides of what the dial derives for gates.",
  "gates.tolerance": "Largest acceptable loss against the base.",
  "gates.tolerance.general": "Share of the base's bits per byte.",
  "gates.tolerance.behaviour": "Nats.",
  "gates.tolerance.safety": "AUC.",
  "gates.domainGain": "Domain gain that counts per evaluation, as a share of the base's bits per byte.",
  "gates.patience": "Stop after this many evaluations without a domain gain that counts.",
  "gates.evaluationsEarly": "Evaluations in the first tenth of the run.",
  "gates.evaluationsLate": "Evaluations after the first tenth.",
  "gates.falseAlarmBudget": "Chance that any gate acts in a run in which nothing truly changed.",
  "gates.maxRollbacks": "Rollbacks before the run stops for harm.",
  selection: "How the checkpoint is chosen.",
  "selection.weights": "Weights of the score J(t) (§4.3).",
  "selection.weights.domain": "Weight of the domain gain.",
  "selection.weights.general": "Weight of a general regression.",
  "selection.weights.behaviour": "Weight of a behaviour regression.",
  "selection.weights.safety": "Weight of a safety regression.",
};
