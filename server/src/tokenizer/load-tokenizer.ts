import { dirname } from "node:path";
import type { ByteLevelJsonOptions } from "./byte-level-json";
import { locateTokenizer } from "./locate-tokenizer";
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
 * @throws MidtrainError (input) when there is nothing, with all places that were looked at; (unsupported) naming the
 *   component that the engine does not have; (corrupt) when the files contradict themselves.
 */
export async function loadTokenizer(spec: string, options: LoadTokenizerOptions = {}): Promise<Tokenizer> {
  const { base = process.cwd(), environment = process.env } = options;
  const cache = new VocabularyCache(tokenizerCacheDirectory(environment));
  if (spec.startsWith("tiktoken:")) return tiktokenTokenizer(spec.slice("tiktoken:".length), cache);
  const place = locateTokenizer(spec, { base, environment });
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
