/** Our engine against the Rust reference (npm tokenizers): ids, spans and decoded text, on trained and on real tokenizers. */
import { readFileSync } from "node:fs";
import { Tokenizer as Reference } from "tokenizers";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../platform/random";
import { byteLevelFromJson } from "./byte-level-json";
import { firstDifference, fuzzAgainstReference, sharedFile, sourceTexts, trainedJson } from "./reference.test-support";
import type { AddedTokenJson, ComponentJson, TokenizerJson } from "./tokenizer-json";

const byteLevel = (use_regex: boolean): ComponentJson => ({ type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex });
const split = (Regex: string): ComponentJson => ({ type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false });
const sequence = (...pretokenizers: ComponentJson[]): ComponentJson => ({ type: "Sequence", pretokenizers });
const llama3Split =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

function shape(pre_tokenizer: ComponentJson, more: Partial<TokenizerJson> = {}, ignore_merges = false): TokenizerJson {
  const json = trainedJson();
  return { ...json, pre_tokenizer, ...more, model: { ...json.model, ignore_merges } };
}

const shapes: readonly (readonly [name: string, json: () => TokenizerJson])[] = [
  ["as trained", trainedJson],
  ["GPT-2", () => shape(byteLevel(true))],
  ["Qwen2 with NFC", () => ({ ...trainedJson(), normalizer: { type: "NFC" } })],
  ["Llama-3 with ignore_merges", () => shape(sequence(split(llama3Split), byteLevel(false)), {}, true)],
  ["StarCoder2", () => shape(sequence({ type: "Digits", individual_digits: true }, byteLevel(true)))],
  ["digits in runs", () => shape(sequence({ type: "Digits", individual_digits: false }, byteLevel(true)))],
  [
    "DeepSeek-Coder",
    () =>
      shape(
        sequence(
          split("[\r\n]"),
          split("\\s?\\p{L}+"),
          split("\\s?\\p{P}+"),
          split("[一-龥ࠀ-一가-퟿]+"),
          { type: "Digits", individual_digits: true },
          byteLevel(false),
        ),
      ),
  ],
  ["punctuation one by one", () => shape(sequence({ type: "Punctuation", behavior: "Isolated" }, byteLevel(true)))],
  ["punctuation in runs", () => shape(sequence({ type: "Punctuation", behavior: "Contiguous" }, byteLevel(true)))],
  [
    "possessive and case-folding pattern",
    () =>
      shape(
        sequence(
          split(
            "(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
          ),
          byteLevel(false),
        ),
      ),
  ],
  ["letters by case and marks", () => shape(sequence(split("[\\p{Lu}\\p{Lt}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|\\P{L}"), byteLevel(false)))],
  [
    "a literal separator",
    () => shape(sequence({ type: "Split", pattern: { String: "->" }, behavior: "Isolated", invert: false }, byteLevel(true))),
  ],
  ["no splitting at all", () => shape(byteLevel(false))],
];

describe("our engine against the reference", () => {
  for (const [name, json] of shapes) {
    it(`gives the same ids, spans and text: ${name}`, async () => {
      expect(await fuzzAgainstReference(json(), seededRandom("shapes", name), 400)).toBeUndefined();
    });
  }

  it("gives the same on real code, whole files", async () => {
    const own = byteLevelFromJson(trainedJson(), { name: "trained" });
    const reference = Reference.fromString(JSON.stringify(trainedJson()));
    expect(await firstDifference(own, reference, sourceTexts())).toBeUndefined();
  });

  it("reads added tokens as the reference: flags, overlap, longest match, before and after the normalizer", async () => {
    const flags = (content: string, more: Partial<AddedTokenJson>): Omit<AddedTokenJson, "id"> => ({ content, ...more });
    const added = [
      flags("foo", { single_word: true, special: false, normalized: false }),
      flags("Bar", { lstrip: true, special: true }),
      flags("->", { rstrip: true, special: false }),
      flags("::", { lstrip: true, rstrip: true, special: true }),
      flags("<|endof", { special: true }),
      flags("é", { normalized: true, special: false }),
      flags("self", { normalized: true, single_word: true, special: false }),
    ];
    const { vocab } = trainedJson().model;
    let next = Object.keys(vocab).length;
    const tokens = added.map((token) => ({
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: false,
      ...token,
      id: vocab[token.content] ?? next++,
    }));
    const json = { ...trainedJson(), normalizer: { type: "NFC" }, added_tokens: [...trainedJson().added_tokens, ...tokens] };
    expect(await fuzzAgainstReference(json, seededRandom("added"), 800)).toBeUndefined();
  });
});

const realNames = ["qwen2", "llama3", "gpt2", "starcoder2", "deepseek-coder"];

describe("real tokenizers against the reference", () => {
  for (const name of realNames) {
    const file = sharedFile(`${name}.json`);
    it.skipIf(file === undefined)(`needs shared/tokenizers: ${name} gives the same ids, spans and text`, async () => {
      const json = JSON.parse(readFileSync(file!, "utf8")) as TokenizerJson;
      // The reference's own spans shift behind a byte that StarCoder2's vocabulary lacks (0xF1); its ids are compared elsewhere.
      const keep = (text: string): boolean => name !== "starcoder2" || !/[\u{40000}-\u{7ffff}]/u.test(text);
      expect(await fuzzAgainstReference(json, seededRandom("real", name), 800, keep)).toBeUndefined();
    });
  }

  it.skipIf(sharedFile("starcoder2.json") === undefined)(
    "needs shared/tokenizers: starcoder2 drops a byte that it does not have, as the reference",
    async () => {
      const json = JSON.parse(readFileSync(sharedFile("starcoder2.json")!, "utf8")) as TokenizerJson;
      const text = "a\u{50000}*/b";
      const own = byteLevelFromJson(json, { name: "starcoder2" }).encodeWithOffsets(text);
      const reference = await Reference.fromString(JSON.stringify(json)).encode(text, null, { addSpecialTokens: false });
      expect([...own.ids]).toEqual(reference.getIds());
      expect([...own.offsets].slice(-2)).toEqual([5, 6]);
    },
  );
});

const vectorNames = [
  ["qwen2", "qwen2"],
  ["llama3", "llama-bpe"],
  ["gpt2", "gpt-2"],
  ["starcoder2", "starcoder"],
  ["deepseek-coder", "deepseek-coder"],
] as const;

describe("llama.cpp vectors", () => {
  for (const [name, vectors] of vectorNames) {
    const files = [sharedFile(`${name}.json`), sharedFile(`vectors/${vectors}.inp`), sharedFile(`vectors/${vectors}.out`)];
    it.skipIf(files.includes(undefined))(`needs shared/tokenizers: ${name} passes all vectors`, () => {
      const [json, inputs, outputs] = files.map((file) => readFileSync(file!, "utf8"));
      const tokenizer = byteLevelFromJson(JSON.parse(json!) as TokenizerJson, { name });
      const texts = inputs!.split("\n__ggml_vocab_test__\n");
      const expected = outputs!.split("\n").map((line) => line.trim().split(/\s+/).filter(Boolean).map(Number));
      const cases = texts.slice(0, -1);
      expect(cases.length).toBeGreaterThanOrEqual(45);
      for (const [index, text] of cases.entries()) expect([text, ...tokenizer.encode(text)]).toEqual([text, ...expected[index]!]);
    });
  }
});
