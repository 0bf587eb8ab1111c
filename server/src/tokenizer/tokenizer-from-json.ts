import { MidtrainError } from "@midtrain/protocol/errors";
import { byteLevelFromJson, type ByteLevelJsonOptions } from "./byte-level-json";
import { textTokenizerFromJson } from "./text-tokenizer-json";
import type { Tokenizer } from "./tokenizer";
import type { TokenizerJson } from "./tokenizer-json";

/**
 * A tokenizer.json on the engine that fits it: the fast one for byte-level BPE that only cuts its text, else the general one.
 * @throws MidtrainError (unsupported) naming the component that neither has; (corrupt) when the file contradicts itself.
 */
export function tokenizerFromJson(json: TokenizerJson, options: ByteLevelJsonOptions): Tokenizer {
  try {
    return byteLevelFromJson(json, options);
  } catch (error) {
    if (!MidtrainError.is(error, "unsupported")) throw error;
    return textTokenizerFromJson(json, options);
  }
}
