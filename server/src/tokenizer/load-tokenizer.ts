import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import { hubCaches, hubDirectory, snapshotWith } from "../platform/hub-cache";
import { byteLevelFromJson } from "./byte-level-json";
import { huggingFaceTokenizer } from "./huggingface-tokenizer";
import { tiktokenTokenizer } from "./tiktoken-tokenizer";
import type { Tokenizer } from "./tokenizer";
import type { TokenizerJson } from "./tokenizer-json";

export interface LoadTokenizerOptions {
  /** Directory for relative paths; default: the working directory. */
  readonly base?: string;
  /** For the caches of Hugging Face; default: the process's own. */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Loads a tokenizer by what a person writes: a tokenizer.json, a model directory, a name in the Hugging Face cache
 * (`org/name`), or `tiktoken:NAME`. Nothing is downloaded.
 * @throws MidtrainError (input) when there is nothing, with all places that were looked at; (unsupported) naming the component.
 */
export async function loadTokenizer(spec: string, options: LoadTokenizerOptions = {}): Promise<Tokenizer> {
  if (spec.startsWith("tiktoken:")) return tiktokenTokenizer(spec.slice("tiktoken:".length));
  const { file, name } = locate(spec, options);
  const json = readTokenizerJson(file);
  const settings = { name, endOfText: configuredEnd(dirname(file)) };
  try {
    return byteLevelFromJson(json, settings);
  } catch (error) {
    if (!MidtrainError.is(error, "unsupported") || closesWithByteLevel(json)) throw error;
    return huggingFaceTokenizer(json, settings);
  }
}

interface Located {
  readonly file: string;
  readonly name: string;
}

function locate(spec: string, { base = process.cwd(), environment = process.env }: LoadTokenizerOptions): Located {
  const path = resolve(base, spec);
  const looked = [path];
  if (existsSync(path)) {
    const file = statSync(path).isDirectory() ? join(path, "tokenizer.json") : path;
    if (existsSync(file)) return { file, name: nameOf(file) };
    looked[0] = file;
  }
  if (/^[\w.-]+(\/[\w.-]+)?$/.test(spec)) {
    for (const cache of hubCaches(environment)) {
      const model = hubDirectory(cache, spec);
      const snapshot = snapshotWith(model, "tokenizer.json");
      if (snapshot !== undefined) return { file: join(snapshot, "tokenizer.json"), name: spec };
      looked.push(model);
    }
  }
  throw new MidtrainError({
    reason: "input",
    message: `No tokenizer "${spec}" was found. Looked at ${looked.join(", ")}.`,
    where: "--tokenizer",
    next: "Give a tokenizer.json, a model directory that holds one, a model name that is in the Hugging Face cache, or tiktoken:o200k_base.",
  });
}

/** The file's own name, or the directory's when the file is a tokenizer.json like every other. */
function nameOf(file: string): string {
  const name = basename(file);
  return name === "tokenizer.json" ? basename(dirname(resolve(file))) : name.replace(/\.json$/, "");
}

function readTokenizerJson(file: string): TokenizerJson {
  const json = readJson(file);
  const isTokenizer = typeof json === "object" && json !== null && typeof (json as Partial<TokenizerJson>).model === "object";
  if (isTokenizer) return { ...(json as TokenizerJson), added_tokens: (json as Partial<TokenizerJson>).added_tokens ?? [] };
  throw new MidtrainError({
    reason: "input",
    message: "This file is not a Hugging Face tokenizer.json: it has no model.",
    where: file,
    next: "Give the tokenizer.json of the model (save_pretrained of a fast tokenizer writes it).",
  });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
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

/** `eos_token` of tokenizer_config.json, as text or as an added token. */
function configuredEnd(directory: string): string | undefined {
  const file = join(directory, "tokenizer_config.json");
  if (!existsSync(file)) return undefined;
  const token = (readJson(file) as { readonly eos_token?: string | { readonly content?: string } | null }).eos_token;
  return typeof token === "string" ? token : token?.content;
}

/** A byte-level file belongs to our own engine: the fallback is known to be wrong on some of them. */
function closesWithByteLevel({ pre_tokenizer: component }: TokenizerJson): boolean {
  if (component?.type !== "Sequence") return component?.type === "ByteLevel";
  return (component["pretokenizers"] as TokenizerJson["pre_tokenizer"][]).some((part) => part?.type === "ByteLevel");
}
