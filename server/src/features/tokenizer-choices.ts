/** Tokenizers at hand: the model's, the Hugging Face cache's, files of the folder, encodings by name. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { TokenizerChoice } from "@midtrain/protocol/language-server";
import { hubModels, snapshotWith } from "../platform/hub-cache";
import { editorTokenizer } from "./editor-settings";
import type { JobPlace } from "./engine-jobs";

const encodings = ["o200k_base", "cl100k_base"] as const;

/** Directories that hold no file of the user's own; and how deep a tokenizer is looked for. */
const skipped = /^(\.git|\.midtrain|node_modules|\.venv|venv|dist|build|target)$/;
const deepest = 3;

export function tokenizerChoices(
  { directory, config }: JobPlace,
  environment: NodeJS.ProcessEnv = process.env,
): readonly TokenizerChoice[] {
  const current = editorTokenizer(config);
  const choices: Omit<TokenizerChoice, "isCurrent">[] = [
    ...(config.model === undefined ? [] : [{ specification: config.model, label: config.model, origin: "the chosen model" }]),
    ...tokenizersBelow(directory, "", 0).map((path) => ({ specification: `./${path}`, label: path, origin: "a file of this folder" })),
    ...hubModels(environment)
      .filter((model) => snapshotWith(model.directory, "tokenizer.json") !== undefined)
      .map(({ name }) => ({ specification: name, label: name, origin: "the Hugging Face cache" })),
    ...encodings.map((name) => ({ specification: `tiktoken:${name}`, label: name, origin: "tiktoken, comes with Midtrain" })),
  ];
  const known = choices.some(({ specification }) => specification === current);
  const all = known ? choices : [{ specification: current, label: current, origin: "the configuration" }, ...choices];
  return all
    .map((choice) => ({ ...choice, isCurrent: choice.specification === current }))
    .sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent));
}

function tokenizersBelow(root: string, below: string, depth: number): readonly string[] {
  const here = join(root, below);
  if (!existsSync(here)) return [];
  const entries = readdirSync(here, { withFileTypes: true });
  const path = (name: string): string => (below === "" ? name : `${below}/${name}`);
  const own = entries.filter((entry) => entry.isFile() && entry.name === "tokenizer.json").map(({ name }) => path(name));
  if (depth === deepest) return own;
  const directories = entries.filter((entry) => entry.isDirectory() && !skipped.test(entry.name));
  return [...own, ...directories.flatMap(({ name }) => tokenizersBelow(root, path(name), depth + 1))];
}
