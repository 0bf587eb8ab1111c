/** The base of a run: an immutable directory in Hugging Face layout, bound to the run by the hash of what decides its numbers (§8.4). */
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, readSync, readdirSync, realpathSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import { embeddedBaseDirectory } from "../config";
import { hubCaches, hubDirectory, snapshotWith } from "../platform/hub-cache";
import { hashOf } from "../platform/hash";

export interface BaseModel {
  readonly directory: string;
  readonly name: string;
  readonly embedded: boolean;
  /** sha256 over names and contents of weights, configuration and tokenizer files. */
  readonly hash: string;
  /** base.json, where the model brings a record; undefined otherwise. */
  readonly record: unknown;
}

/** Files that decide what a model computes. The record and the replay text beside them do not. */
const decisive =
  /^(config\.json|generation_config\.json|tokenizer\.json|tokenizer_config\.json|vocab\.json|merges\.txt|added_tokens\.json|special_tokens_map\.json|.*\.safetensors(\.index\.json)?)$/;

/** @param model a directory, a name in the Hugging Face cache, undefined for the embedded base. @throws MidtrainError (input) naming the missing file and what to do. */
export function openBaseModel(model: string | undefined, relativeTo = ".", environment: NodeJS.ProcessEnv = process.env): BaseModel {
  const path = model === undefined ? embeddedBaseDirectory() : resolve(relativeTo, model);
  const cached = model === undefined || existsSync(path) ? undefined : fromHubCache(model, environment);
  const directory = cached ?? path;
  const embedded = directory === embeddedBaseDirectory();
  const name = embedded ? "midtrain-base" : cached === undefined ? basename(directory) : model!;
  if (!existsSync(directory)) {
    throw new MidtrainError({
      reason: embedded ? "environment" : "input",
      message: embedded ? "The embedded base is missing from this installation." : "There is no such model directory.",
      where: directory,
      next: embedded
        ? "Install Midtrain again, or name a model with --model."
        : "Name a directory in Hugging Face layout, or a model that is in the Hugging Face cache (org/name), with --model.",
    });
  }
  for (const file of ["config.json", "tokenizer.json"]) {
    if (!existsSync(join(directory, file))) {
      throw new MidtrainError({
        reason: "input",
        message: `The model has no ${file}.`,
        where: directory,
        next: "Name a directory in Hugging Face layout: config.json, tokenizer.json and *.safetensors.",
      });
    }
  }
  const names = readdirSync(directory)
    .filter((file) => decisive.test(file))
    .sort();
  if (!names.some((file) => file.endsWith(".safetensors"))) {
    throw new MidtrainError({
      reason: "input",
      message: "The model has no *.safetensors file.",
      where: directory,
      next: "Only safetensors are read: convert pickled weights first.",
    });
  }
  const hash = hashOf(names.map((file) => [file, hashFile(join(directory, file))]));
  return { directory: realpathSync(directory), name, embedded, hash, record: readRecord(join(directory, "base.json")) };
}

/** The newest snapshot of `org/name`; nothing is downloaded. */
function fromHubCache(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(name)) return undefined;
  for (const cache of hubCaches(environment)) {
    const snapshot = snapshotWith(hubDirectory(cache, name), "config.json");
    if (snapshot !== undefined) return snapshot;
  }
  return undefined;
}

function readRecord(file: string): unknown {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new MidtrainError({
      reason: "corrupt",
      message: "The record of the base is not JSON.",
      where: file,
      next: "Install the base again.",
      cause: error,
    });
  }
}

function hashFile(file: string): string {
  const hash = createHash("sha256");
  const descriptor = openSync(file, "r");
  const buffer = Buffer.alloc(1 << 20);
  try {
    for (let got = readSync(descriptor, buffer); got > 0; got = readSync(descriptor, buffer)) hash.update(buffer.subarray(0, got));
  } finally {
    closeSync(descriptor);
  }
  return hash.digest("hex");
}
