/** Every shape of a tokenizer.json against the Rust reference (npm tokenizers): ids, spans and decoded text, on vocabularies trained here. */
import { Tokenizer as Reference } from "tokenizers";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../platform/random";
import { fuzzText, minifiedText } from "./fuzz-texts";
import { firstDifference, sourceTexts, trainedJson } from "./reference.test-support";
import { tokenizerFromJson } from "./tokenizer-from-json";
import type { ComponentJson, TokenizerJson } from "./tokenizer-json";
import {
  addedTokens,
  affixModel,
  charsMap,
  metaspace,
  symbolModel,
  tokenizerOf,
  unigramModel,
  wordLevelModel,
  wordPieceModel,
} from "./trained-shapes.test-support";

const sequence = (field: "normalizers" | "pretokenizers" | "decoders", ...parts: ComponentJson[]): ComponentJson => ({
  type: "Sequence",
  [field]: parts,
});
const replace = (pattern: object, content: string): ComponentJson => ({ type: "Replace", pattern, content });
const split = (pattern: object, behavior: string, invert = false): ComponentJson => ({ type: "Split", pattern, behavior, invert });
const byteLevel = (more: object = {}): ComponentJson => ({
  type: "ByteLevel",
  add_prefix_space: false,
  trim_offsets: false,
  use_regex: true,
  ...more,
});
const bert = (more: object = {}): ComponentJson => ({
  type: "BertNormalizer",
  clean_text: true,
  handle_chinese_chars: true,
  strip_accents: null,
  lowercase: true,
  ...more,
});

const spaced = replace({ String: " " }, "▁");
const llamaDecoder = sequence(
  "decoders",
  replace({ String: "▁" }, " "),
  { type: "ByteFallback" },
  { type: "Fuse" },
  { type: "Strip", content: " ", start: 1, stop: 0 },
);
const gemmaDecoder = sequence("decoders", replace({ String: "▁" }, " "), { type: "ByteFallback" }, { type: "Fuse" });
const wordPieceDecoder: ComponentJson = { type: "WordPiece", prefix: "##", cleanup: true };

/** First difference over fuzz texts and whole sources; the random stream belongs to the shape. */
async function difference(name: string, json: TokenizerJson, count = 250): Promise<unknown> {
  const random = seededRandom("shapes", name);
  const texts = Array.from({ length: count }, (_, index) => (index % 50 === 49 ? minifiedText(random, 600) : fuzzText(random, 24)));
  return firstDifference(tokenizerFromJson(json, { name }), Reference.fromString(JSON.stringify(json)), [
    ...texts,
    "",
    " ",
    ...sourceTexts().slice(0, 2),
  ]);
}

const specials = [
  { content: "<unk>", special: true },
  { content: "<s>", special: true },
  { content: "</s>", special: true },
];

describe("SentencePiece BPE", () => {
  const model = symbolModel();
  const added_tokens = addedTokens(model, specials);
  it.each<[string, Partial<TokenizerJson>]>([
    [
      "Llama-2: prepend and replace, one piece",
      { normalizer: sequence("normalizers", { type: "Prepend", prepend: "▁" }, spaced), decoder: llamaDecoder },
    ],
    ["Mistral, Llama without legacy: only the first piece", { pre_tokenizer: metaspace("first", false), decoder: llamaDecoder }],
    ["Metaspace, always, split", { pre_tokenizer: metaspace("always", true), decoder: metaspace("always", true) }],
    ["Metaspace, never", { pre_tokenizer: metaspace("never", false), decoder: metaspace("never", false) }],
    [
      "Gemma: replace, split on spaces",
      { normalizer: spaced, pre_tokenizer: split({ String: " " }, "MergedWithPrevious"), decoder: gemmaDecoder },
    ],
    ["no decoder", { pre_tokenizer: metaspace("always", true) }],
  ])("%s", async (name, parts) => {
    expect(await difference(name, tokenizerOf({ ...parts, model, added_tokens }))).toBeUndefined();
  });

  it.each([
    ["unknown characters fused", { byte_fallback: false }],
    ["unknown characters apart", { byte_fallback: false, fuse_unk: false }],
    ["whole pieces first", { ignore_merges: true }],
  ])("%s", async (name, more) => {
    const json = tokenizerOf({ model: symbolModel(more), added_tokens, pre_tokenizer: metaspace("always", true), decoder: llamaDecoder });
    expect(await difference(name, json)).toBeUndefined();
  });

  it("with only some byte tokens, and with merges of byte tokens", async () => {
    const vocab = { ...(model["vocab"] as Record<string, number>) };
    delete vocab["<0xF0>"];
    vocab["<0xF0>moved"] = (model["vocab"] as Record<string, number>)["<0xF0>"]!;
    const some = tokenizerOf({ model: { ...model, vocab }, pre_tokenizer: metaspace("always", true), decoder: llamaDecoder });
    expect(await differenceOfIds("some bytes", some)).toBeUndefined();
    const pair = { ...(model["vocab"] as Record<string, number>), "<0xE2><0x80>": Object.keys(vocab).length };
    const merges = [...(model["merges"] as unknown[]), ["<0xE2>", "<0x80>"]];
    const merging = tokenizerOf({
      model: { ...model, vocab: pair, merges },
      pre_tokenizer: metaspace("always", true),
      decoder: llamaDecoder,
    });
    expect(await difference("byte merges", merging)).toBeUndefined();
  });
});

/** Spans of the reference shift behind an unknown character that it moves or drops; its ids hold. */
async function differenceOfIds(name: string, json: TokenizerJson): Promise<string | undefined> {
  const random = seededRandom("ids", name);
  const texts = Array.from({ length: 200 }, () => fuzzText(random, 24));
  const own = tokenizerFromJson(json, { name });
  const encodings = await Reference.fromString(JSON.stringify(json)).encodeBatch(texts, { addSpecialTokens: false });
  return texts.find((text, index) => own.encode(text).join() !== encodings[index]!.getIds().join());
}

describe("words", () => {
  const model = wordPieceModel();
  it.each<[string, ComponentJson | null]>([
    ["BERT", bert()],
    ["BERT, cased", bert({ lowercase: false })],
    ["BERT, accents kept", bert({ strip_accents: false })],
    ["BERT, nothing cleaned", bert({ clean_text: false, handle_chinese_chars: false, lowercase: false })],
    ["no normalizer", null],
  ])("WordPiece: %s", async (name, normalizer) => {
    const added = addedTokens(model, [
      { content: "[UNK]", special: true },
      { content: "[MASK]", special: true, lstrip: true },
    ]);
    const json = tokenizerOf({
      model,
      normalizer,
      pre_tokenizer: { type: "BertPreTokenizer" },
      decoder: wordPieceDecoder,
      added_tokens: added,
    });
    expect(await difference(name, json)).toBeUndefined();
  });

  it.each<ComponentJson>([
    { type: "Whitespace" },
    { type: "WhitespaceSplit" },
    { type: "CharDelimiterSplit", delimiter: "." },
    { type: "FixedLength", length: 3 },
    { type: "UnicodeScripts" },
    sequence("pretokenizers", { type: "Whitespace" }, { type: "Digits", individual_digits: true }),
  ])("WordLevel after $type", async (pre_tokenizer) => {
    expect(await difference(pre_tokenizer.type, tokenizerOf({ model: wordLevelModel(), pre_tokenizer }))).toBeUndefined();
  });

  it.each([
    ["", "</w>"],
    ["##", ""],
    ["@@", "</w>"],
  ])("BPE with prefix '%s' and suffix '%s'", async (prefix, suffix) => {
    const json = tokenizerOf({
      model: affixModel(prefix, suffix),
      normalizer: sequence("normalizers", { type: "NFC" }, replace({ Regex: "\\s+" }, " "), { type: "Lowercase" }),
      pre_tokenizer: { type: "Whitespace" },
      decoder: { type: "BPEDecoder", suffix: suffix || "</w>" },
    });
    const random = seededRandom("affix", prefix, suffix);
    // The reference cannot decode nothing with this decoder.
    const texts = Array.from({ length: 250 }, () => `a${fuzzText(random, 24)}`);
    expect(
      await firstDifference(tokenizerFromJson(json, { name: "affix" }), Reference.fromString(JSON.stringify(json)), texts),
    ).toBeUndefined();
  });
});

describe("Unigram", () => {
  it.each([
    [false, metaspace("always", true)],
    [true, metaspace("always", true)],
    [true, metaspace("first", false)],
  ])("byte tokens %s", async (bytes, pre_tokenizer) => {
    const model = unigramModel(bytes);
    const normalizer = sequence("normalizers", { type: "Nmt" }, { type: "NFKC" }, replace({ Regex: " {2,}" }, " "));
    const decoder = bytes ? llamaDecoder : metaspace("always", true);
    const json = tokenizerOf({ model, normalizer, pre_tokenizer, decoder, added_tokens: addedTokens(model, specials.slice(0, 2)) });
    expect(await difference(`unigram ${bytes} ${String(pre_tokenizer["split"])}`, json)).toBeUndefined();
  });
});

describe("normalizers", () => {
  const model = symbolModel();
  it.each<[string, ComponentJson]>([
    ...["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt"].map((type): [string, ComponentJson] => [type, { type }]),
    ["NFKD and StripAccents", sequence("normalizers", { type: "NFKD" }, { type: "StripAccents" })],
    ["Strip", { type: "Strip", strip_left: true, strip_right: true }],
    ["Strip left", { type: "Strip", strip_left: true, strip_right: false }],
    ["Strip right", { type: "Strip", strip_left: false, strip_right: true }],
    ["Replace, longer", replace({ String: "foo" }, "quite another")],
    ["Replace, shorter", replace({ Regex: "[a-z]{2,5}|\\d+" }, "x")],
    ["Replace, nothing left", replace({ Regex: "[\\s\\p{P}]+" }, "")],
    ["Prepend of several", { type: "Prepend", prepend: "▁▁é😀" }],
    ["many", sequence("normalizers", bert(), { type: "Prepend", prepend: "▁" }, spaced, { type: "NFKC" }, replace({ String: "▁▁" }, "▁"))],
  ])("%s", async (name, normalizer) => {
    expect(await difference(name, tokenizerOf({ model, normalizer, decoder: gemmaDecoder }))).toBeUndefined();
  });
});

describe("Precompiled, SentencePiece's own normalizer", () => {
  const forms = {
    "e\u0301": "é",
    "\u00a0": " ",
    "\u3000": " ",
    "\u200b": "",
    ﬁ: "fi",
    "½": "1⁄2",
    "\u212b": "Å",
    "\t": " ",
    "\r\n": "\n",
    a: "A",
    "\u0301": "",
    क: "ka",
    "\u1100": "G",
    日本: "x",
    "😀": ":)",
    "©": "(c)",
    "\u0600": "!",
  };
  const clusters = [
    "a\u0301\u0302",
    "क\u094d\u0924\u0301",
    "\u0600a",
    "©\u200d😀",
    "©\u200d©\u0301",
    "\r\n",
    "\n\u0301",
    "\u1100\u1161\u0301",
    "e\u0301\u0301",
    "a\u200d",
    "ﬁ\u0323",
  ];
  it.each([
    ["as T5 and XLM-R have it", (charsmap: ComponentJson) => charsmap],
    [
      "with more around it",
      (charsmap: ComponentJson) =>
        sequence("normalizers", { type: "Strip", strip_left: true, strip_right: true }, charsmap, replace({ Regex: " {2,}" }, " ")),
    ],
  ])("%s", async (name, normalizer) => {
    const model = unigramModel(true);
    const charsmap = { type: "Precompiled", precompiled_charsmap: charsMap(forms) };
    const json = tokenizerOf({ model, normalizer: normalizer(charsmap), pre_tokenizer: metaspace("always", true), decoder: llamaDecoder });
    const random = seededRandom("precompiled", name);
    const texts = Array.from({ length: 600 }, () =>
      Array.from({ length: 6 }, () => (random.int(2) === 0 ? random.pick(clusters) : fuzzText(random, 4))).join(""),
    );
    expect(await firstDifference(tokenizerFromJson(json, { name }), Reference.fromString(JSON.stringify(json)), texts)).toBeUndefined();
  });
});

describe("byte-level, beyond what only cuts", () => {
  const trained = trainedJson();
  const shape = (parts: Partial<TokenizerJson>): TokenizerJson => ({ ...trained, post_processor: null, ...parts });
  const patterns = [{ Regex: "\\s+|[a-z]+" }, { Regex: "(?=[A-Z])" }, { Regex: "\\p{N}*" }, { String: "e" }, { String: "" }];
  const behaviors = ["Removed", "Isolated", "Contiguous", "MergedWithPrevious", "MergedWithNext"];
  it.each(patterns.flatMap((pattern) => behaviors.flatMap((behavior) => [false, true].map((invert) => split(pattern, behavior, invert)))))(
    "Split $pattern $behavior, invert $invert",
    async (stage) => {
      const json = shape({ pre_tokenizer: sequence("pretokenizers", stage, byteLevel({ use_regex: false })) });
      expect(await difference(JSON.stringify(stage), json, 60)).toBeUndefined();
    },
  );

  it.each<[string, Partial<TokenizerJson>]>([
    ["a space put before", { pre_tokenizer: byteLevel({ add_prefix_space: true }) }],
    [
      "a space put before every piece",
      { pre_tokenizer: sequence("pretokenizers", { type: "WhitespaceSplit" }, byteLevel({ add_prefix_space: true, use_regex: false })) },
    ],
    ["as a normalizer", { normalizer: { type: "ByteLevel" }, pre_tokenizer: split({ Regex: "Ġ+|[a-zA-Z]+" }, "Isolated") }],
    ["NFKC before", { normalizer: { type: "NFKC" } }],
    ["lower case before", { normalizer: sequence("normalizers", { type: "NFD" }, { type: "Lowercase" }, { type: "StripAccents" }) }],
    ["Digits behind", { pre_tokenizer: sequence("pretokenizers", byteLevel(), { type: "Digits", individual_digits: true }) }],
    ["Punctuation removed", { pre_tokenizer: sequence("pretokenizers", { type: "Punctuation", behavior: "Removed" }, byteLevel()) }],
    ["Punctuation joined", { pre_tokenizer: sequence("pretokenizers", { type: "Punctuation", behavior: "MergedWithNext" }, byteLevel()) }],
    ["no decoder", { decoder: null }],
  ])("%s", async (name, parts) => {
    expect(await difference(name, shape(parts))).toBeUndefined();
  });
});

describe("added tokens", () => {
  const model = symbolModel();
  const flags = [false, true].flatMap((single_word) =>
    [false, true].flatMap((lstrip) => [false, true].map((rstrip) => ({ single_word, lstrip, rstrip }))),
  );
  const contents = ["foo", "Bar", "->", "::", "é", "self", "<|endof", "HTTP"];
  it.each([
    ["in the text as it is", { normalized: false, special: true }],
    ["in the normalized text", { normalized: true, special: false }],
  ])("all flags, looked for %s", async (name, kind) => {
    const tokens = contents.map((content, index) => ({ content, ...flags[index]!, ...kind }));
    const spaces = [{ content: "  ", normalized: kind.normalized }];
    const normalizer = sequence("normalizers", { type: "NFKC" }, { type: "Lowercase" });
    const json = tokenizerOf({
      model,
      normalizer,
      pre_tokenizer: metaspace("first", true),
      decoder: llamaDecoder,
      added_tokens: addedTokens(model, [...tokens, ...spaces]),
    });
    expect(await difference(name, json, 600)).toBeUndefined();
  });
});
