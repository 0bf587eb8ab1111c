import { repositoryTexts } from "../platform/test-texts";
import { byteLevelFromJson } from "./byte-level-json";
import { trainByteLevelBpe } from "./train-bpe";
import type { Tokenizer } from "./tokenizer";

/** For tests: a real byte-level tokenizer of 1,000 tokens, trained on this repository's own text; `<|endoftext|>` is id 0. */
export function smallTokenizer(): Tokenizer {
  const texts = repositoryTexts().map(({ text }) => text);
  return byteLevelFromJson(trainByteLevelBpe(texts, { vocabularySize: 1000, specialTokens: ["<|endoftext|>"] }), { name: "small" });
}
