import { readFileSync, statSync } from "node:fs";
import { sha256 } from "../platform/hash";
import { byteLevelFromPacked, type ByteLevelJsonOptions } from "./byte-level-json";
import type { ByteLevelTokenizer } from "./byte-level-tokenizer";
import { packedFromBytes } from "./packed-json";
import { checkedTokenizerJson } from "./tokenizer-file";
import type { TokenizerJson } from "./tokenizer-json";
import type { VocabularyCache } from "./vocabulary-cache";

/** Smaller files are read as fast as a cache. */
const smallestCached = 1 << 18;
/** Larger ones are not read whole before they are known to be what they should be. */
const largestRead = 1 << 27;

interface CachedMeta {
  readonly json: TokenizerJson;
  readonly contentHash: string;
  readonly behaviour: string;
}

/**
 * A byte-level tokenizer.json by the fast ways: from the cache when the file has the very bytes that the entry was made
 * from, else read as packed lists (and remembered, after this turn of the event loop).
 * @returns undefined for everything unusual: the plain way reads that, or says what is wrong with it.
 */
export function tokenizerOfFile(file: string, options: ByteLevelJsonOptions, cache: VocabularyCache): ByteLevelTokenizer | undefined {
  try {
    if (statSync(file).size > largestRead) return undefined;
    const bytes = readFileSync(file);
    const key = bytes.length < smallestCached ? undefined : sha256(bytes);
    const cached = key === undefined ? undefined : fromCache(key, options, cache);
    return cached ?? fromBytes(bytes, key, file, options, cache);
  } catch {
    // The plain way has the words for it, and an engine for other shapes.
    return undefined;
  }
}

function fromBytes(
  bytes: Uint8Array,
  key: string | undefined,
  file: string,
  options: ByteLevelJsonOptions,
  cache: VocabularyCache,
): ByteLevelTokenizer | undefined {
  const packed = packedFromBytes(bytes, (json) => checkedTokenizerJson(json, file));
  if (!packed) return undefined;
  const tokenizer = byteLevelFromPacked(packed, options);
  const meta: CachedMeta = { json: packed.json, contentHash: packed.contentHash, behaviour: tokenizer.identity.behaviour };
  if (key !== undefined) setImmediate(() => cache.write(key, { vocabulary: packed.vocabulary, merges: packed.merges, meta }));
  return tokenizer;
}

/** An entry that does not encode as it did when it was written is thrown away. */
function fromCache(key: string, options: ByteLevelJsonOptions, cache: VocabularyCache): ByteLevelTokenizer | undefined {
  const lists = cache.read(key);
  if (!lists) return undefined;
  const { json, contentHash, behaviour } = lists.meta as CachedMeta;
  try {
    const tokenizer = byteLevelFromPacked({ json, vocabulary: lists.vocabulary, merges: lists.merges, contentHash }, options);
    if (tokenizer.identity.behaviour === behaviour) return tokenizer;
  } catch {
    // Built anew below.
  }
  cache.remove(key);
  return undefined;
}
