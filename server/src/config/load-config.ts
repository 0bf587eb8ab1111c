import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse, printParseErrorCode, parseTree, findNodeAtLocation, type ParseError } from "jsonc-parser";
import { configDescriptions, configSchema, type MidtrainConfig } from "@midtrain/protocol/config";
import { MidtrainError } from "@midtrain/protocol/errors";
import { anchoredSpec } from "./places";

const configFileName = "midtrain.jsonc";

export interface LoadedConfig {
  /** The file that was read; undefined when defaults apply. */
  readonly file: string | undefined;
  readonly config: MidtrainConfig;
}

/** The nearest midtrain.jsonc in `directory` or above. */
function findConfigFile(directory: string): string | undefined {
  for (let current = resolve(directory); ; current = dirname(current)) {
    const file = join(current, configFileName);
    if (existsSync(file)) return file;
    if (dirname(current) === current) return undefined;
  }
}

/**
 * Loads the configuration that applies to a directory. Paths of model and tokenizer are meant from the file, and absolute in the result.
 * @throws MidtrainError (input) with file:line:column and the remedy.
 */
export function loadConfig(directory: string, explicitFile?: string): LoadedConfig {
  const file = explicitFile === undefined ? findConfigFile(directory) : resolve(explicitFile);
  if (file === undefined) return { file: undefined, config: {} };
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new MidtrainError({
      reason: "input",
      message: "The configuration cannot be read.",
      where: file,
      next: "Name an existing file with --config.",
      cause: error,
    });
  }
  return { file, config: anchored(parseConfig(text, file), dirname(file)) };
}

function anchored(config: MidtrainConfig, base: string): MidtrainConfig {
  const { model, tokenizer } = config;
  return {
    ...config,
    ...(model === undefined ? {} : { model: anchoredSpec(model, base) }),
    ...(tokenizer === undefined ? {} : { tokenizer: anchoredSpec(tokenizer, base) }),
  };
}

/** Parses and checks the text of a midtrain.jsonc; pure. */
export function parseConfig(text: string, file: string): MidtrainConfig {
  const errors: ParseError[] = [];
  const options = { allowTrailingComma: true, disallowComments: false, allowEmptyContent: true };
  const value: unknown = parse(text, errors, options) ?? {};
  const [first] = errors;
  if (first) {
    throw new MidtrainError({
      reason: "input",
      message: `Not valid JSON with comments: ${words(printParseErrorCode(first.error))}.`,
      where: position(text, first.offset, file),
      next: "Correct the line; every other line was read.",
    });
  }
  const result = configSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const unknownKey = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const path = [...issue.path, ...(unknownKey === undefined ? [] : [unknownKey])].map((part) =>
    typeof part === "number" ? part : String(part),
  );
  const node = findNodeAtLocation(parseTree(text, [], options)!, path);
  const key = path.join(".");
  throw new MidtrainError({
    reason: "input",
    message: unknownKey === undefined ? `"${key}" is not legal: ${issue.message}.` : `"${key}" is not a key of midtrain.jsonc.`,
    where: position(text, node?.offset ?? 0, file),
    next: remedy(issue.path.map(String), unknownKey),
  });
}

function remedy(path: readonly string[], unknownKey: string | undefined): string {
  if (unknownKey !== undefined) {
    const prefix = path.length === 0 ? "" : `${path.join(".")}.`;
    const known = Object.keys(configDescriptions).filter(
      (key) => key.startsWith(prefix) && !key.slice(prefix.length).includes(".") && key !== "$schema",
    );
    return `Keys here: ${known.map((key) => key.slice(prefix.length)).join(", ")}.`;
  }
  const description = configDescriptions[path.join(".")];
  return description === undefined
    ? "Correct the value or remove the line to take the default."
    : `${description} Remove the line to take the default.`;
}

function words(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

function position(text: string, offset: number, file: string): string {
  const before = text.slice(0, offset).split("\n");
  return `${file}:${before.length}:${before[before.length - 1]!.length + 1}`;
}
