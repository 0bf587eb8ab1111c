import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seededRandom, type Random } from "../platform/random";
import { byteLevelFromJson } from "./byte-level-json";
import { EditedText } from "./edited-text";
import { fuzzText } from "./fuzz-texts";
import { sharedFile, sourceTexts, trainedJson } from "./reference.test-support";
import { tiktokenTokenizer } from "./tiktoken-tokenizer";
import type { EncodeOptions, Tokenizer } from "./tokenizer";
import type { AddedTokenJson, ComponentJson, TokenizerJson } from "./tokenizer-json";

const byteLevel = (use_regex: boolean): ComponentJson => ({ type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex });
const split = (Regex: string): ComponentJson => ({ type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false });
const sequence = (...pretokenizers: ComponentJson[]): ComponentJson => ({ type: "Sequence", pretokenizers });
const digits = (individual_digits: boolean): ComponentJson => ({ type: "Digits", individual_digits });

function shape(pre_tokenizer: ComponentJson, more: Partial<TokenizerJson> = {}): TokenizerJson {
  return { ...trainedJson(), pre_tokenizer, ...more };
}

function withAdded(flags: readonly Omit<AddedTokenJson, "id">[]): TokenizerJson {
  const json = trainedJson();
  let next = Object.keys(json.model.vocab).length;
  const tokens = flags.map((token) => ({ normalized: false, ...token, id: json.model.vocab[token.content] ?? next++ }));
  return { ...json, normalizer: { type: "NFC" }, added_tokens: [...json.added_tokens, ...tokens] };
}

const shapes: readonly (readonly [name: string, json: () => TokenizerJson])[] = [
  ["as trained", trainedJson],
  ["GPT-2", () => shape(byteLevel(true))],
  ["NFC", () => ({ ...trainedJson(), normalizer: { type: "NFC" } })],
  ["StarCoder2", () => shape(sequence(digits(true), byteLevel(true)))],
  ["digits in runs, punctuation", () => shape(sequence(digits(false), { type: "Punctuation", behavior: "Contiguous" }, byteLevel(true)))],
  [
    "DeepSeek-Coder",
    () =>
      shape(
        sequence(split("[\r\n]"), split("\\s?\\p{L}+"), split("\\s?\\p{P}+"), split("[一-龥ࠀ-一가-퟿]+"), digits(true), byteLevel(false)),
      ),
  ],
  ["a pattern that looks further ahead", () => shape(sequence(split("\\p{N}{1,3}(?=(?:\\p{N}{3})*(?!\\p{N}))"), byteLevel(true)))],
  ["a pattern that leaves gaps", () => shape(sequence(split("\\p{L}+\\s\\p{L}+|\\s\\s\\s"), byteLevel(false)))],
  ["no splitting at all", () => shape(byteLevel(false))],
  [
    "added tokens with every flag",
    () =>
      withAdded([
        { content: "foo", single_word: true },
        { content: "Bar", lstrip: true, special: true },
        { content: "->", rstrip: true },
        { content: "::", lstrip: true, rstrip: true, special: true },
        { content: "<|endof", special: true },
        { content: "\n\n" },
        { content: "é", normalized: true },
        { content: "self", normalized: true, single_word: true },
        { content: "    ", normalized: true },
      ]),
  ],
];

const specials = ["<|endoftext|>", "<|im_start|>", "<s>", "<fim_prefix>", "Bar", "::", "foo", "<|end_of_text|>"];

function randomEdit(random: Random, text: string): readonly [start: number, end: number, replacement: string] {
  const start = random.int(text.length + 1);
  const end = Math.min(text.length, start + (random.int(3) === 0 ? random.int(12) : 0));
  // Added tokens behind all kinds of space: there the pieces before them see an end.
  if (random.int(8) === 0)
    return [start, end, random.pick(["\n", "\r\n", "  ", "\t", "x"]).repeat(1 + random.int(3)) + random.pick(specials)];
  return [start, end, random.int(4) === 0 ? "" : fuzzText(random, random.int(3) === 0 ? 8 : 1)];
}

function checkEdits(tokenizer: Tokenizer, start: string, edits: number, random: Random, options: EncodeOptions = {}): void {
  const edited = new EditedText(tokenizer, start, options);
  for (let count = 0; count < edits; count++) {
    const [from, to, replacement] = randomEdit(random, edited.text);
    const before = edited.text;
    edited.edit(from, to, replacement);
    const full = tokenizer.encodeWithOffsets(edited.text, options);
    const actual = edited.encoding();
    const same = actual.ids.join() === full.ids.join() && actual.offsets.join() === full.offsets.join();
    if (!same) expect({ before, edit: [from, to, replacement], ...actual }).toEqual({ before, edit: [from, to, replacement], ...full });
    if (edited.text.length > 600) edited.edit(200, edited.text.length, "");
  }
}

describe("a text that is edited", () => {
  for (const [name, json] of shapes) {
    it(`has the tokens of a full encode after every random edit: ${name}`, () => {
      const tokenizer = byteLevelFromJson(json(), { name });
      const random = seededRandom("edits", name);
      checkEdits(tokenizer, fuzzText(random, 60), 1500, random);
      checkEdits(tokenizer, fuzzText(random, 60), 300, random, { special: "ordinary" });
    });
  }

  it("has the tokens of a full encode with the o200k pattern", () => {
    checkEdits(tiktokenTokenizer("o200k_base"), "", 1500, seededRandom("edits o200k"));
  });

  for (const name of ["qwen2", "llama3", "gpt2", "starcoder2", "deepseek-coder"]) {
    const file = sharedFile(`${name}.json`);
    it.skipIf(file === undefined)(`needs shared/tokenizers: ${name} has the tokens of a full encode after every random edit`, () => {
      const tokenizer = byteLevelFromJson(JSON.parse(readFileSync(file!, "utf8")) as TokenizerJson, { name });
      checkEdits(tokenizer, "", 1500, seededRandom("edits", name));
    });
  }

  it("encodes only what is around the edit", () => {
    const tokenizer = byteLevelFromJson(trainedJson(), { name: "trained" });
    const text = sourceTexts().join("\n");
    const edited = new EditedText(tokenizer, text);
    const middle = text.indexOf("function", text.length >> 1);
    for (const replacement of ["x", "const y = 1;\n", " ", "\r\n", "é"]) {
      const range = edited.edit(middle, middle, replacement);
      expect(range.end - range.start).toBeLessThan(200);
    }
    expect(edited.encoding()).toEqual(tokenizer.encodeWithOffsets(edited.text));
  });

  it("counts the tokens of ranges", () => {
    const tokenizer = byteLevelFromJson(trainedJson(), { name: "trained" });
    const random = seededRandom("ranges");
    const edited = new EditedText(tokenizer, fuzzText(random, 200));
    edited.edit(50, 60, "retry_queue 日本 😀");
    const { ids, offsets } = edited.encoding();
    expect(edited.tokenCount).toBe(ids.length);
    for (let count = 0; count < 500; count++) {
      const start = random.int(edited.text.length);
      const end = start + random.int(edited.text.length - start + 1);
      const overlapping = [...ids.keys()].filter((token) => start < end && offsets[2 * token]! < end && offsets[2 * token + 1]! > start);
      expect([start, end, edited.countIn({ start, end })]).toEqual([start, end, overlapping.length]);
      if (overlapping.length > 0) expect(edited.tokensIn({ start, end }).first).toBe(overlapping[0]);
    }
  });

  it("refuses a range that is not in the text", () => {
    const edited = new EditedText(byteLevelFromJson(trainedJson(), { name: "trained" }), "abc");
    for (const [start, end] of [
      [-1, 1],
      [2, 1],
      [0, 4],
      [Number.NaN, 1],
    ] as const)
      expect(() => edited.edit(start, end, "")).toThrow(RangeError);
  });
});
