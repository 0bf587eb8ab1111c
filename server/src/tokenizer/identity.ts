import { canonicalJson, sha256 } from "../platform/hash";
import type { TokenizerJson } from "./tokenizer-json";

/**
 * A fixed text that separates tokenizers by what they do: words, case, numbers, every kind of space, indentation,
 * contractions, punctuation runs, scripts, combining marks, emoji, special-token look-alikes. Never change it: the
 * behavioural hash of every artefact refers to it.
 */
const probeText = [
  "def retry_queue_depth(self, maxDepth: int = 1024) -> Optional[HTTPServerError]:",
  "\tif not self._queue:\n\t\treturn None  # isn't it, we'll see, I'M SURE THEY'VE\r\n\r\n\n   \n        x += 3.14159e-10;",
  "for (let i = 0; i < items.length; ++i) { items[i]?.run(`a${i}`, \"b\\n\", 'c') } // ===>!!! ... <<<>>> ||&&",
  "0 1 12 123 1234 12345 1234567890 0xDEADBEEF 1_000_000 ½ ² ٣٤ ⅷ",
  "camelCase snake_case SCREAMING_SNAKE kebab-case PascalCase XMLHttpRequest std::vector<int> a.b.c->d @param #include <stdio.h>",
  "Straße naïve café cafe\u0301 Ελληνικά русский текст עברית العربية हिन्दी ไทย 中文字符 日本語カタカナ 한국어 각",
  "😀👩‍👩‍👧‍👦🏳️‍🌈 \ufeff\u00a0\u0085\u2028\u3000 e\u0323\u0301 \u1e9b\u0323 \u212b Ⅳ ﬁ ſ K 'ſ",
  "<|endoftext|><|im_start|>user\nhi<|im_end|> <s> </s> [INST] <fim_prefix> <|begin_of_text|>",
  '{"name": "x", "values": [1, 2.5, null, true], "nested": {"__proto__": "constructor", "hasOwnProperty": ""}}',
  "    \n        \n\n\n\n            trailing spaces   \n\t \t mixed   \tindent  end ",
].join("\n");

/** sha256 of the ids of the probe text, without added tokens being read out of it and with. */
export function behaviourHash(tokenizer: {
  encode(text: string, options?: { readonly special?: "parse" | "ordinary" }): Int32Array;
}): string {
  const parsed = Array.from(tokenizer.encode(probeText));
  const ordinary = Array.from(tokenizer.encode(probeText, { special: "ordinary" }));
  return sha256(`${parsed.join(" ")}\n${ordinary.join(" ")}`);
}

/**
 * Canonical hash of what a tokenizer.json says: vocabulary by id, merges in order, added tokens, normalizer,
 * pre-tokenizer, decoder. Spelling (spaces, member order, merges as text or as pairs) does not matter.
 */
export function contentHash(json: TokenizerJson): string {
  const { vocab, merges } = json.model;
  // The long lists go in as flat arrays: canonical JSON of nested values is ten times slower.
  const lists = [vocabularyList(vocab), (merges ?? []).map((merge) => (typeof merge === "string" ? merge : merge.join(" ")))];
  return sha256(contentHead(json) + JSON.stringify(lists));
}

/** What the hash begins with: all but the vocabulary and the merges. */
export function contentHead(json: TokenizerJson): string {
  const { vocab: _vocab, merges: _merges, ...model } = json.model;
  return canonicalJson({
    addedTokens: [...json.added_tokens].sort((a, b) => a.id - b.id),
    model,
    normalizer: json.normalizer,
    preTokenizer: json.pre_tokenizer,
    postProcessor: json.post_processor,
    decoder: json.decoder,
  });
}

/** Tokens in the order of their ids, then the ids; a Unigram vocabulary is a list with scores already. */
function vocabularyList(vocab: Readonly<Record<string, number>> | readonly unknown[]): readonly unknown[] {
  if (Array.isArray(vocab)) return vocab;
  const ids = vocab as Readonly<Record<string, number>>;
  const tokens = Object.keys(ids);
  const ordered: string[] = [];
  for (const token of tokens) ordered[ids[token]!] = token;
  const dense = ordered.length === tokens.length && Object.keys(ordered).length === tokens.length;
  const sorted = dense ? ordered : tokens.sort((a, b) => ids[a]! - ids[b]! || (a < b ? -1 : 1));
  return [sorted, dense ? null : sorted.map((token) => ids[token])];
}
