/** Models on this disk that could be adapted: the embedded base, the Hugging Face cache, folders. Only headers are read. */
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import * as z from "zod/mini";
import type { ModelChoice } from "@midtrain/protocol/model-choice";
import { embeddedBaseDirectory } from "../../config";
import { countParameters, executorsFor } from "../../executors";
import { hubModels, snapshotWith } from "../../platform/hub-cache";

const configSchema = z.looseObject({
  architectures: z.optional(z.array(z.string())),
  model_type: z.optional(z.string()),
  max_position_embeddings: z.optional(z.number()),
  auto_map: z.optional(z.unknown()),
});

/** @param folders directories that hold models, or are one */
export function listModels(folders: readonly string[], environment: NodeJS.ProcessEnv = process.env): readonly ModelChoice[] {
  const found: ModelChoice[] = [describeModel(embeddedBaseDirectory(), "midtrain-base", "embedded")];
  for (const { name, directory } of hubModels(environment)) {
    const snapshot = snapshotWith(directory, "config.json");
    if (snapshot !== undefined && isCausal(snapshot)) found.push(describeModel(snapshot, name, "hub"));
  }
  for (const folder of folders)
    for (const directory of modelDirectories(folder)) found.push(describeModel(directory, basename(directory), "folder"));
  return found;
}

/** The folder itself, or those right below it. */
function modelDirectories(folder: string): readonly string[] {
  if (existsSync(join(folder, "config.json"))) return [folder];
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "config.json")))
    .map((entry) => join(folder, entry.name))
    .sort();
}

function isCausal(directory: string): boolean {
  const architectures = readConfig(directory)?.architectures;
  return architectures === undefined || architectures.some((name) => /CausalLM|LMHead/.test(name));
}

/** What is known of a model without loading it; what stands in the way of training it is said, never thrown. */
export function describeModel(directory: string, name: string, where: ModelChoice["where"]): ModelChoice {
  const config = readConfig(directory);
  const weights = readdirSync(directory).filter((file) => file.endsWith(".safetensors"));
  const { parameters, problem } = countParameters(directory);
  const context = config?.max_position_embeddings;
  return {
    name,
    directory,
    where,
    ...(parameters === undefined ? {} : { parameters }),
    bytes: weights.reduce((sum, file) => sum + statSync(join(directory, file)).size, 0),
    architecture: config?.architectures?.[0] ?? config?.model_type ?? "unknown",
    ...(context === undefined ? {} : { context }),
    ...licenceOf(directory),
    tuning: tuningOf(directory, name),
    executors: config?.auto_map === undefined ? executorsFor(directory) : [],
    problems: [...problemsOf(directory, config, weights), ...(problem === undefined ? [] : [problem])],
  };
}

function readConfig(directory: string): z.infer<typeof configSchema> | undefined {
  try {
    return configSchema.safeParse(JSON.parse(readFileSync(join(directory, "config.json"), "utf8"))).data;
  } catch {
    return undefined;
  }
}

/** A licence file, else what the model card's head says. */
function licenceOf(directory: string): { readonly licence?: string } {
  const file = readdirSync(directory).find((name) => /^licen[cs]e(\.\w+)?$/i.test(name));
  if (file !== undefined) return { licence: file };
  const card = join(directory, "README.md");
  if (!existsSync(card)) return {};
  const [, head = ""] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(readFileSync(card, "utf8")) ?? [];
  const licence = /^license:\s*["']?([\w.-]+)/m.exec(head)?.[1];
  return licence === undefined ? {} : { licence };
}

/** Name and chat template: a template alone is no proof, some bases ship one. */
function tuningOf(directory: string, name: string): ModelChoice["tuning"] {
  if (/instruct|chat|[-_]it\b|-sft|-dpo/i.test(name)) return "instruct";
  if (/base/i.test(name)) return "base";
  const tokenizer = join(directory, "tokenizer_config.json");
  const hasTemplate =
    existsSync(join(directory, "chat_template.jinja")) ||
    (existsSync(tokenizer) && readFileSync(tokenizer, "utf8").includes('"chat_template"'));
  return hasTemplate ? "unknown" : "base";
}

function problemsOf(directory: string, config: z.infer<typeof configSchema> | undefined, weights: readonly string[]): readonly string[] {
  const files = readdirSync(directory);
  return [
    ...(config === undefined ? ["Its config.json cannot be read."] : []),
    ...(config?.auto_map === undefined ? [] : ["It asks for code of its own (auto_map), which is never run."]),
    ...(weights.length > 0
      ? []
      : [
          files.some((file) => /\.(bin|pt|pth)$/.test(file))
            ? "Its weights are pickled; only safetensors are read."
            : "Its weights are not here (only part of it was downloaded).",
        ]),
    ...(files.includes("tokenizer.json") ? [] : ["It has no tokenizer.json."]),
  ];
}
