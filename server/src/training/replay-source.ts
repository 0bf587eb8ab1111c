/** Where replay comes from: text that the base generated itself, else the workspace's installed dependencies, else generated now. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Executor } from "@midtrain/protocol/executor";
import type { OnProgress } from "@midtrain/protocol/progress";
import { bytes } from "@midtrain/protocol/words";
import { baseReplayDocuments, dependencyDocuments, type PackingDocument } from "../mixture";
import { throwIfCancelled } from "../platform/cancellation";
import type { Tokenizer } from "../tokenizer";
import type { BaseModel } from "./base-model";

export interface ReplayText {
  readonly name: string;
  readonly documents: readonly PackingDocument[];
  readonly notes: readonly string[];
}

export interface ReplayOptions {
  readonly directory: string;
  readonly seed: number;
  readonly tokenizer: Tokenizer;
  readonly createExecutor: () => Executor;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Enough for the replay share of a first run several times over; more would only be packed, not read. */
const dependencyBytes = 8_000_000;
/** Generation by the embedded executor: about a quarter of a minute for a model of a few million parameters, too long for large ones. */
const largestGeneratingModel = 100_000_000;
const generated = { batches: 8, textsPerBatch: 12, tokens: 256 } as const;

export async function replayDocuments(options: ReplayOptions, base: BaseModel): Promise<ReplayText> {
  const own = await baseReplayDocuments(base.directory);
  if (own !== undefined && own.length > 0) return { name: "replay", documents: own, notes: [] };
  const { signal } = options;
  const dependencies = await dependencyDocuments(options.directory, {
    limitBytes: dependencyBytes,
    ...(signal === undefined ? {} : { signal }),
  });
  if (dependencies.length > 0) {
    return {
      name: "dependencies",
      documents: dependencies,
      notes: ["The base brings no replay text of its own; installed dependencies of the workspace are replayed."],
    };
  }
  const size = weightBytes(base.directory);
  if (size <= largestGeneratingModel && options.tokenizer.endOfText !== undefined) {
    return {
      name: "replay",
      documents: await generateReplay(options, base),
      notes: ["The base brings no replay text of its own; it generated some now."],
    };
  }
  const why =
    size > largestGeneratingModel
      ? `at ${bytes(size)} of weights it is too large to generate some here`
      : "its tokenizer has no end-of-text token to begin from";
  return {
    name: "replay",
    documents: [],
    notes: [
      `There is no replay source: the base brings no text, ${why}, and the workspace has no installed dependencies. Expect the model to forget; the gates will judge.`,
    ],
  };
}

/** Unconditional samples of the base (Marek 2605.26097): the right distribution by construction. Equal base and seed give equal texts. */
async function generateReplay(options: ReplayOptions, base: BaseModel): Promise<readonly PackingDocument[]> {
  const { tokenizer, seed, signal, onProgress } = options;
  const end = tokenizer.endOfText!;
  const executor = options.createExecutor();
  const documents: PackingDocument[] = [];
  try {
    await executor.load({
      model: base.directory,
      precision: "fp32",
      method: "full",
      seed,
      optimizer: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0 },
    });
    for (let batch = 0; batch < generated.batches; batch++) {
      throwIfCancelled(signal, "generating replay text");
      onProgress?.({
        stage: "replay",
        message: "the base writes its own replay text",
        done: batch,
        total: generated.batches,
        unit: "batches",
      });
      const prompts = Array.from({ length: generated.textsPerBatch }, () => [end]);
      const texts = await executor.generate(prompts, {
        maxTokens: generated.tokens,
        temperature: 1,
        stopTokens: [end],
        seed: seed * generated.batches + batch,
      });
      for (const [i, ids] of texts.entries()) {
        const id = `generated-${batch}-${i}`;
        const text = tokenizer.decode(ids);
        if (text.trim() !== "") documents.push({ id, path: `replay/${id}`, language: "text", text, rendered: true });
      }
    }
  } finally {
    await executor.close();
  }
  return documents;
}

function weightBytes(directory: string): number {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".safetensors"))
    .reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}
