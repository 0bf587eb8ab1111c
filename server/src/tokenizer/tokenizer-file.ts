import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import { bytes } from "@midtrain/protocol/words";
import type { TokenizerJson } from "./tokenizer-json";

/** The largest tokenizer.json in use have some 35 MB; parsing takes several times a file's size in memory. */
const largestFile = 256 * 1024 * 1024;

/** Members inside members deeper than this are nobody's tokenizer, and would exhaust the stack later. */
const deepestMember = 32;

/** Text of a file of a tokenizer. @throws MidtrainError (input) when it cannot be read or is beyond what a tokenizer can be. */
export function readTokenizerText(file: string): string {
  try {
    const status = statSync(file);
    if (status.isDirectory())
      throw new MidtrainError({ reason: "input", message: "This is a directory.", where: file, next: "Give the file in it." });
    const { size } = status;
    if (size <= largestFile) return readFileSync(file, "utf8");
    throw new MidtrainError({
      reason: "input",
      message: `The file has ${bytes(size)}; a tokenizer has at most ${bytes(largestFile)}.`,
      where: file,
      next: "Give the tokenizer of the model.",
    });
  } catch (error) {
    if (MidtrainError.is(error)) throw error;
    throw new MidtrainError({
      reason: "input",
      message: `The file could not be read: ${error instanceof Error ? error.message : String(error)}.`,
      where: file,
      next: "Give a readable file.",
      cause: error,
    });
  }
}

/** @throws MidtrainError (input) when the file is no JSON. */
export function readJsonFile(file: string): unknown {
  const text = readTokenizerText(file);
  try {
    return JSON.parse(text.startsWith("\ufeff") ? text.slice(1) : text);
  } catch (error) {
    throw new MidtrainError({
      reason: "input",
      message: `The file could not be read as JSON: ${error instanceof Error ? error.message : String(error)}.`,
      where: file,
      next: "Take the file from the model's own repository again.",
      cause: error,
    });
  }
}

/** A Hugging Face tokenizer.json, its outer shape checked. @throws MidtrainError (input) */
export function readTokenizerJson(file: string): TokenizerJson {
  return checkedTokenizerJson(readJsonFile(file), file);
}

/** @throws MidtrainError (input) when the value does not have the outer shape of a tokenizer.json. */
export function checkedTokenizerJson(json: unknown, file: string): TokenizerJson {
  const model = isObject(json) ? json["model"] : undefined;
  if (!isObject(json) || !isObject(model)) throw notTokenizer(file, "it has no model");
  const { vocab, merges, ...rest } = model;
  const { model: _model, ...members } = json;
  if (isDeep([rest, members])) throw notTokenizer(file, `its members are nested more than ${deepestMember} deep`);
  const listed = json["added_tokens"] ?? [];
  if (!Array.isArray(listed) || !listed.every(isObject)) throw notTokenizer(file, "its added_tokens are no list of tokens");
  const version = json["version"] ?? "1.0";
  if (version !== "1.0") throw notTokenizer(file, `it has version ${JSON.stringify(version)} instead of 1.0`);
  const parts = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, truncation: null, padding: null };
  return { ...parts, ...json, version, added_tokens: listed } as unknown as TokenizerJson;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Level by level, so that depth costs no stack. */
function isDeep(values: readonly unknown[]): boolean {
  let level = values;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepestMember) return true;
    level = level.flatMap((value): unknown[] => (typeof value === "object" && value !== null ? Object.values(value) : []));
  }
  return false;
}

function notTokenizer(file: string, why: string): MidtrainError {
  return new MidtrainError({
    reason: "input",
    message: `This file is not a Hugging Face tokenizer.json: ${why}.`,
    where: file,
    next: "Give the tokenizer.json of the model (save_pretrained of a fast tokenizer writes it).",
  });
}

/** tokenizer_config.json beside a file of the tokenizer; empty without one. */
export function tokenizerConfig(directory: string): Readonly<Record<string, unknown>> {
  const file = join(directory, "tokenizer_config.json");
  if (!existsSync(file)) return {};
  const config = readJsonFile(file);
  return isObject(config) ? config : {};
}

/** `eos_token` of a tokenizer's configuration, as text or as an added token. */
export function configuredEnd(directory: string): string | undefined {
  const token = tokenizerConfig(directory)["eos_token"];
  if (typeof token === "string") return token;
  return isObject(token) && typeof token["content"] === "string" ? token["content"] : undefined;
}
