import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import { hubCaches, hubDirectory, snapshotWith } from "../platform/hub-cache";
import { tokenizerConfig } from "./tokenizer-file";

/** What was found under a name: the file, or the directory of vocab.json and merges.txt. `encoding`: what the person or the directory's configuration says it is. */
export type TokenizerPlace =
  | { readonly kind: "json"; readonly file: string; readonly name: string }
  | { readonly kind: "vocab-merges"; readonly directory: string; readonly name: string; readonly encoding: string | undefined }
  | { readonly kind: "ranks"; readonly file: string; readonly name: string; readonly encoding: string | undefined };

export interface TokenizerPlaces {
  /** Directory for relative paths. */
  readonly base: string;
  /** For the caches of Hugging Face. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Finds a tokenizer by what a person writes: a file, a model directory, or a name in the Hugging Face cache (`org/name`),
 * each with `#ENCODING` where the files do not say what they are. Nothing is downloaded.
 * @throws MidtrainError (input) with all places that were looked at.
 */
export function locateTokenizer(spec: string, { base, environment }: TokenizerPlaces): TokenizerPlace {
  // A file whose own name has a # is that file.
  const [, path, encoding] = existsSync(resolve(base, spec)) ? ["", spec, undefined] : /^(.*?)(?:#(\w+))?$/s.exec(spec)!;
  const looked: string[] = [];
  const direct = atPath(resolve(base, path!), encoding, undefined, looked);
  if (direct) return direct;
  if (/^[\w.-]+(\/[\w.-]+)?$/.test(path!)) {
    for (const cache of hubCaches(environment)) {
      const found = inCache(hubDirectory(cache, path!), path!, encoding, looked);
      if (found) return found;
    }
  }
  throw new MidtrainError({
    reason: "input",
    message: `No tokenizer "${spec}" was found. Looked at ${looked.join(", ")}.`,
    where: "--tokenizer",
    next: "Give a tokenizer.json, a model directory that holds one (or vocab.json with merges.txt, or a *.tiktoken file), a model name that is in the Hugging Face cache, or tiktoken:o200k_base.",
  });
}

function atPath(path: string, encoding: string | undefined, name: string | undefined, looked: string[]): TokenizerPlace | undefined {
  if (!existsSync(path)) {
    looked.push(path);
    return undefined;
  }
  if (statSync(path).isDirectory()) return inDirectory(path, encoding, name ?? basename(path), looked);
  const parts = ["vocab.json", "merges.txt"];
  const sibling = parts.includes(basename(path)) && parts.every((part) => existsSync(join(dirname(path), part)));
  if (sibling) return { kind: "vocab-merges", directory: dirname(path), name: basename(dirname(path)), encoding };
  if (/\.(tiktoken|model)$/.test(path)) return { kind: "ranks", file: path, name: fileName(path), encoding };
  return { kind: "json", file: path, name: fileName(path) };
}

/** The file's own name, or the directory's when the file is called like every other. */
function fileName(file: string): string {
  const name = basename(file);
  return /^tokenizer\.(json|model)$/.test(name) ? basename(dirname(file)) : name.replace(/\.(json|tiktoken|model)$/, "");
}

/** tokenizer.json first: it alone says everything. */
function inDirectory(directory: string, encoding: string | undefined, name: string, looked: string[]): TokenizerPlace | undefined {
  const file = join(directory, "tokenizer.json");
  if (existsSync(file)) return { kind: "json", file, name };
  if (existsSync(join(directory, "vocab.json")) && existsSync(join(directory, "merges.txt")))
    return { kind: "vocab-merges", directory, name, encoding };
  const ranks = readdirSync(directory).filter((entry) => entry.endsWith(".tiktoken"));
  if (ranks.length === 1) return { kind: "ranks", file: join(directory, ranks[0]!), name, encoding: encoding ?? ownEncoding(directory) };
  const model = join(directory, "tokenizer.model");
  if (existsSync(model)) return { kind: "ranks", file: model, name, encoding };
  looked.push(...["tokenizer.json", "vocab.json + merges.txt", "*.tiktoken", "tokenizer.model"].map((entry) => join(directory, entry)));
  return undefined;
}

/** Qwen-1 ships its ranks with a configuration that names its class. */
function ownEncoding(directory: string): string | undefined {
  return tokenizerConfig(directory)["tokenizer_class"] === "QWenTokenizer" ? "qwen" : undefined;
}

function inCache(model: string, name: string, encoding: string | undefined, looked: string[]): TokenizerPlace | undefined {
  for (const file of ["tokenizer.json", "merges.txt", "qwen.tiktoken", "tokenizer.model"]) {
    const snapshot = snapshotWith(model, file);
    if (snapshot !== undefined) return inDirectory(snapshot, encoding, name, looked);
  }
  looked.push(model);
  return undefined;
}
