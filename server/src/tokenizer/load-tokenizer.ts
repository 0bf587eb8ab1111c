import { dirname } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { ByteLevelJsonOptions } from "./byte-level-json";
import { locateTokenizer, type TokenizerPlace } from "./locate-tokenizer";
import { rankFileTokenizer } from "./rank-file";
import { tiktokenTokenizer } from "./tiktoken-tokenizer";
import type { Tokenizer } from "./tokenizer";
import { configuredEnd, readTokenizerJson } from "./tokenizer-file";
import { tokenizerFromJson } from "./tokenizer-from-json";
import { tokenizerOfFile } from "./tokenizer-of-file";
import { tokenizerJsonOf } from "./vocab-merges";
import { tokenizerCacheDirectory, VocabularyCache } from "./vocabulary-cache";

export interface LoadTokenizerOptions {
  /** Directory for relative paths; default: the working directory. */
  readonly base?: string;
  /** For the caches of Hugging Face; default: the process's own. */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Loads a tokenizer by what a person writes: `tiktoken:NAME`, or whatever `locateTokenizer` finds (a file, a model
 * directory, a name in the Hugging Face cache). Nothing is downloaded.
 * @throws MidtrainError (input) when there is nothing, with all places that were looked at, or when the files contradict
 *   themselves; (unsupported) naming the component that the engine does not have. Both name the file.
 */
export async function loadTokenizer(spec: string, options: LoadTokenizerOptions = {}): Promise<Tokenizer> {
  const { base = process.cwd(), environment = process.env } = options;
  const cache = new VocabularyCache(tokenizerCacheDirectory(environment));
  if (spec.startsWith("tiktoken:")) return tiktokenTokenizer(spec.slice("tiktoken:".length), cache);
  const place = locateTokenizer(spec, { base, environment });
  return naming(place.kind === "vocab-merges" ? place.directory : place.file, () => tokenizerAt(place, cache));
}

function tokenizerAt(place: TokenizerPlace, cache: VocabularyCache): Tokenizer {
  const { name } = place;
  switch (place.kind) {
    case "json":
      return jsonTokenizer(place.file, { name, endOfText: configuredEnd(dirname(place.file)) }, cache);
    case "vocab-merges":
      return tokenizerFromJson(tokenizerJsonOf(place.directory, place.encoding), { name, endOfText: configuredEnd(place.directory) });
    case "ranks":
      return rankFileTokenizer(place.file, place.encoding, name);
  }
}

function jsonTokenizer(file: string, settings: ByteLevelJsonOptions, cache: VocabularyCache): Tokenizer {
  return tokenizerOfFile(file, settings, cache) ?? tokenizerFromJson(readTokenizerJson(file), settings);
}

/** What is wrong inside a file is told with the file; somebody gave it, so it is their input. */
function naming(file: string, load: () => Tokenizer): Tokenizer {
  try {
    return load();
  } catch (error) {
    if (!MidtrainError.is(error) || (error.reason !== "corrupt" && error.reason !== "unsupported")) throw error;
    const { message, next, where = "" } = error;
    const member = /^tokenizer\.json, (.+)$/.exec(where)?.[1];
    throw new MidtrainError({
      reason: error.reason === "corrupt" ? "input" : "unsupported",
      message,
      where: member === undefined ? file : `${file}, ${member}`,
      ...(next === undefined ? {} : { next }),
      cause: error,
    });
  }
}
