import type { ByteLevelJsonOptions } from "./byte-level-json";
import { checkedTokens } from "./checked-tokens";
import { endOfTextId } from "./end-of-text";
import { contentHash } from "./identity";
import { buildModel } from "./model-json";
import { buildNormalizer } from "./text-normalizers";
import { buildTextPreTokenizer } from "./text-pre-tokenizers";
import { TextTokenizer } from "./text-tokenizer";
import { buildDecoder } from "./token-decoders";
import type { TokenizerJson } from "./tokenizer-json";

/**
 * A tokenizer.json of any shape as our own engine: BPE over characters or bytes, WordPiece, WordLevel, Unigram.
 * @throws MidtrainError (unsupported) naming the component that the engine does not have; (corrupt) when the file contradicts itself.
 */
export function textTokenizerFromJson(json: TokenizerJson, options: ByteLevelJsonOptions): TextTokenizer {
  const normalizer = buildNormalizer(json.normalizer);
  const split = buildTextPreTokenizer(json.pre_tokenizer);
  const decode = buildDecoder(json.decoder);
  const specials = new Set(json.added_tokens.filter(({ special }) => special).map(({ content }) => content));
  const model = buildModel(json, specials);
  const addedTokens = checkedTokens(json, model.vocabulary);
  return new TextTokenizer({
    name: options.name,
    contentHash: contentHash(json),
    addedTokens,
    normalizer,
    split,
    model,
    decode,
    endOfText: endOfTextId(addedTokens, (token) => model.vocabulary.get(token), options.endOfText),
  });
}
