import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { formatKinds, generateFormatDocuments, generateRefusalDocuments } from "../server/src/evaluation";
import { writeJsonAtomic } from "../server/src/platform/atomic-write";
import { hashOf } from "../server/src/platform/hash";
import { loadTokenizer, trainByteLevelBpe, type Tokenizer } from "../server/src/tokenizer";
import type { BaseCorpus } from "./corpus";
import { stageDirectory } from "./places";
import { say } from "./report";

export const vocabularySize = 4096;
export const endOfText = "<|endoftext|>";

/** One document in so many of the corpus is counted: the merges of 4096 tokens hardly change with more. */
const every = 2;
const generated = { formats: 400, refusals: 1200 };

function* textsForMerges(corpus: BaseCorpus): Generator<string> {
  for (const [index, { text }] of corpus.train.entries()) if (index % every === 0) yield text;
  for (const kind of formatKinds) yield* generateFormatDocuments({ seed: "tokenizer", kind, count: generated.formats });
  yield* generateRefusalDocuments({ seed: "tokenizer", count: generated.refusals });
}

export interface BaseTokenizer {
  readonly key: string;
  readonly directory: string;
  readonly tokenizer: Tokenizer;
}

/** Trains the byte-level BPE of the base once, and loads it. */
export async function buildTokenizer(corpus: BaseCorpus): Promise<BaseTokenizer> {
  const key = hashOf({ corpus: corpus.key, vocabularySize, every, generated });
  const directory = stageDirectory("tokenizer", key);
  if (!existsSync(join(directory, "tokenizer_config.json"))) {
    mkdirSync(directory, { recursive: true });
    writeJsonAtomic(
      join(directory, "tokenizer.json"),
      trainByteLevelBpe(textsForMerges(corpus), { vocabularySize, specialTokens: [endOfText] }),
    );
    writeJsonAtomic(join(directory, "tokenizer_config.json"), {
      tokenizer_class: "PreTrainedTokenizerFast",
      add_bos_token: false,
      add_eos_token: false,
      clean_up_tokenization_spaces: false,
      bos_token: endOfText,
      eos_token: endOfText,
      unk_token: null,
      pad_token: endOfText,
      model_max_length: 512,
    });
  }
  const tokenizer = await loadTokenizer(directory);
  say("tokenizer", `${tokenizer.vocabularySize} tokens; bytes per token on held-out text: ${bytesPerToken(corpus, tokenizer)}`);
  return { key, directory, tokenizer };
}

function bytesPerToken(corpus: BaseCorpus, tokenizer: Tokenizer): string {
  const groups = [...new Set(corpus.heldOut.map(({ group }) => group))].sort();
  return groups
    .map((name) => {
      const texts = corpus.heldOut.filter(({ group }) => group === name).map(({ text }) => text);
      const tokens = texts.reduce((sum, text) => sum + tokenizer.encode(text, { special: "ordinary" }).length, 0);
      return `${name} ${(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / tokens).toFixed(2)}`;
    })
    .join(", ");
}
