/** Small vocabularies of every kind of model, trained by the reference itself on this room's sources. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Tokenizer as Reference } from "tokenizers";
import { sourceTexts } from "./reference.test-support";
import { byteToken } from "./token-model";
import type { AddedTokenJson, ComponentJson, TokenizerJson } from "./tokenizer-json";

type Model = Readonly<Record<string, unknown>>;

/** Parts of a tokenizer.json; what is left out is empty. */
export interface Shape {
  readonly model: Model;
  readonly normalizer?: ComponentJson | null;
  readonly pre_tokenizer?: ComponentJson | null;
  readonly decoder?: ComponentJson | null;
  readonly added_tokens?: readonly AddedTokenJson[];
}

export function tokenizerOf(shape: Shape): TokenizerJson {
  const empty = { version: "1.0", truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null, decoder: null };
  return { ...empty, post_processor: null, ...shape } as unknown as TokenizerJson;
}

export const metaspace = (prepend_scheme: "always" | "first" | "never", split: boolean): ComponentJson => ({
  type: "Metaspace",
  replacement: "▁",
  prepend_scheme,
  split,
});

const blank = {
  bpe: { type: "BPE", dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false },
  wordPiece: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 20,
    vocab: { "[UNK]": 0 },
  },
  wordLevel: { type: "WordLevel", vocab: { "<unk>": 0 }, unk_token: "<unk>" },
  unigram: { type: "Unigram", unk_id: 0, vocab: [["<unk>", 0]], byte_fallback: false },
} as const;

const trained = new Map<string, Model>();

/** The model that the reference's own trainer makes of a shape. */
function train(key: string, shape: Shape): Model {
  const known = trained.get(key);
  if (known) return known;
  const directory = mkdtempSync(join(tmpdir(), "midtrain-shapes-"));
  try {
    const corpus = join(directory, "corpus.txt");
    writeFileSync(corpus, `${sourceTexts().join("\n").slice(0, 40_000)}\n${"naïve Straße 日本語 русский 😀 ñ é ½ <s>x</s> ".repeat(20)}`);
    const reference = Reference.fromString(JSON.stringify(tokenizerOf(shape)));
    reference.train([corpus]);
    const file = join(directory, "tokenizer.json");
    reference.save(file, false);
    const { model } = JSON.parse(readFileSync(file, "utf8")) as { readonly model: Model };
    trained.set(key, model);
    return model;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** BPE over characters with "▁" for spaces; `<unk>` and the tokens of all bytes stand behind the trained ones. */
export function symbolModel(more: Model = {}): Model {
  const model = train("symbols", { model: { ...blank.bpe, vocab: {}, merges: [] }, pre_tokenizer: metaspace("always", true) });
  const vocab = { ...(model["vocab"] as Readonly<Record<string, number>>) };
  let next = Object.keys(vocab).length;
  const bytes = Array.from({ length: 256 }, (_, byte) => byteToken(byte));
  for (const token of ["<unk>", "<s>", "</s>", ...bytes]) vocab[token] ??= next++;
  return { ...model, vocab, unk_token: "<unk>", fuse_unk: true, byte_fallback: true, ...more };
}

/**
 * BPE whose symbols carry a prefix inside and a suffix at the end of a word. The reference has no trainer for it here: the
 * merges put together the beginnings of words of the sources, character by character.
 */
export function affixModel(prefix: string, suffix: string): Model {
  const vocab: Record<string, number> = { "<unk>": 0 };
  const merges: [string, string][] = [];
  const add = (token: string): void => void (vocab[token] ??= Object.keys(vocab).length);
  for (const word of new Set(
    sourceTexts()
      .join(" ")
      .slice(0, 30_000)
      .match(/[a-zé]{2,9}/g),
  )) {
    const symbols = Array.from(word, (char, index) => (index > 0 ? prefix : "") + char + (index === word.length - 1 ? suffix : ""));
    for (const symbol of symbols) add(symbol);
    symbols.reduce((left, right) => {
      const merged = left + right.slice(prefix.length);
      if (!(merged in vocab)) merges.push([left, right]);
      add(merged);
      return merged;
    });
  }
  const affixes = { continuing_subword_prefix: prefix || null, end_of_word_suffix: suffix || null };
  return { ...blank.bpe, vocab, merges, unk_token: "<unk>", ...affixes };
}

export function wordPieceModel(): Model {
  const model = train("word pieces", { model: blank.wordPiece, pre_tokenizer: { type: "BertPreTokenizer" } });
  const vocab = model["vocab"] as Readonly<Record<string, number>>;
  return { ...model, vocab: { ...vocab, "[UNK]": vocab["[UNK]"] ?? Object.keys(vocab).length } };
}

export function wordLevelModel(): Model {
  const model = train("words", { model: blank.wordLevel, pre_tokenizer: { type: "Whitespace" } });
  const vocab = model["vocab"] as Readonly<Record<string, number>>;
  return { ...model, vocab: { ...vocab, "<unk>": vocab["<unk>"] ?? Object.keys(vocab).length } };
}

/** Unigram; `bytes` puts the tokens of all bytes behind the trained ones. */
export function unigramModel(bytes: boolean): Model {
  const model = train("unigram", { model: blank.unigram, pre_tokenizer: metaspace("always", true) });
  const scores = model["vocab"] as readonly (readonly [string, number])[];
  const tail = ["<unk>", "<s>", ...(bytes ? Array.from({ length: 256 }, (_, byte) => byteToken(byte)) : [])];
  const vocab = [...scores, ...tail.map((token) => [token, token === "<s>" ? 0 : -20] as const)];
  return { ...model, vocab, unk_id: scores.length, byte_fallback: bytes };
}

/** An added token with its flags, numbered as the reference numbers it. */
export function addedTokens(model: Model, tokens: readonly (Partial<AddedTokenJson> & { readonly content: string })[]): AddedTokenJson[] {
  const vocab = model["vocab"];
  const ids = Array.isArray(vocab)
    ? new Map((vocab as readonly (readonly [string, number])[]).map(([token], id) => [token, id]))
    : new Map(Object.entries(vocab as Readonly<Record<string, number>>));
  let next = ids.size;
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };
  return tokens.map((token) => ({ ...flags, ...token, id: ids.get(token.content) ?? next++ }));
}

/** A character map of SentencePiece in base64: a double array with a block of 256 units per node of the trie, then the forms. */
export function charsMap(forms: Readonly<Record<string, string>>): string {
  const units: number[] = [];
  const block = (): number => units.push(...new Array<number>(256).fill(0)) / 256 - 1;
  block();
  const nodes = new Map([["", block()]]);
  units[0] = nodes.get("")! << 18;
  let text = "";
  for (const [key, form] of Object.entries(forms)) {
    const path = Buffer.from(key, "utf8");
    path.forEach((byte, index) => {
      const name = path.toString("hex", 0, index + 1);
      if (!nodes.has(name)) nodes.set(name, block());
      const at = nodes.get(path.toString("hex", 0, index))! * 256 + byte;
      const next = nodes.get(name)! * 256;
      const isLast = index === path.length - 1;
      units[at] = (((at ^ next) << 10) | (isLast ? 1 << 8 : units[at]! & (1 << 8)) | byte) >>> 0;
      if (isLast) units[next] = (Buffer.byteLength(text) | (1 << 31)) >>> 0;
    });
    text += `${form}\0`;
  }
  const head = Buffer.alloc(4 + 4 * units.length);
  head.writeUInt32LE(4 * units.length);
  units.forEach((unit, index) => head.writeUInt32LE(unit, 4 + 4 * index));
  return Buffer.concat([head, Buffer.from(text, "utf8")]).toString("base64");
}
