import { Tokenizer as Reference } from "tokenizers";
import { describe, expect, it } from "vitest";
import { MidtrainError } from "@midtrain/protocol/errors";
import { byteLevelFromJson } from "./byte-level-json";
import { sourceTexts } from "./reference.test-support";
import { trainByteLevelBpe } from "./train-bpe";

const options = { vocabularySize: 700, specialTokens: ["<|endoftext|>", "<|pad|>"] };

describe("training a byte-level BPE", () => {
  it("fills the vocabulary: special tokens first, in added_tokens and in the vocabulary", () => {
    const json = trainByteLevelBpe(sourceTexts(), options);
    expect(Object.keys(json.model.vocab)).toHaveLength(700);
    expect(new Set(Object.values(json.model.vocab)).size).toBe(700);
    expect(json.added_tokens.map(({ id, content }) => [id, content])).toEqual([
      [0, "<|endoftext|>"],
      [1, "<|pad|>"],
    ]);
    expect([json.model.vocab["<|endoftext|>"], json.model.vocab["<|pad|>"]]).toEqual([0, 1]);
  });

  it("merges the most frequent pair first, the smaller pair among equals", () => {
    const json = trainByteLevelBpe(["abab abab cd", "xyxy"], { vocabularySize: 259, specialTokens: [] });
    expect(json.model.merges).toEqual([
      ["a", "b"],
      ["x", "y"],
      ["ab", "ab"],
    ]);
  });

  it("does not depend on the order of the texts", () => {
    const texts = sourceTexts();
    expect(trainByteLevelBpe([...texts].reverse(), options)).toEqual(trainByteLevelBpe(texts, options));
  });

  it("gives two merges with one text one id, and never the text of a special token", () => {
    const texts = ["abc abc abc abc bc bc bc bc bc bc ab ab ab ab ab ab", "pad pad pad pad"];
    const json = trainByteLevelBpe(texts, { vocabularySize: 275, specialTokens: ["pad"] });
    const ids = Object.values(json.model.vocab);
    expect(new Set(ids).size).toBe(ids.length);
    expect(json.model.merges?.some((merge) => merge[0]! + merge[1]! === "pad")).toBe(false);
    expect([...byteLevelFromJson(json, { name: "x" }).encode("pad", { special: "ordinary" })]).not.toContain(0);
  });

  it("keeps __proto__ and constructor as tokens like any other", async () => {
    const text = "__proto__ __proto__ __proto__ constructor constructor ".repeat(9);
    const json = JSON.parse(JSON.stringify(trainByteLevelBpe([text], { vocabularySize: 300, specialTokens: ["__proto__"] }))) as ReturnType<
      typeof trainByteLevelBpe
    >;
    const own = byteLevelFromJson(json, { name: "x" });
    expect(own.specialTokenId("__proto__")).toBe(0);
    expect(own.decode(own.encode(text))).toBe(text);
    const reference = await Reference.fromString(JSON.stringify(json)).encode(text, null, { addSpecialTokens: false });
    expect([...own.encode(text)]).toEqual(reference.getIds());
  });

  it("keeps its special ids in the reference when merges are appended", async () => {
    const json = trainByteLevelBpe(sourceTexts(), options);
    const size = Object.keys(json.model.vocab).length;
    const grown = {
      ...json,
      model: {
        ...json.model,
        vocab: { ...json.model.vocab, qzx: size, qzxqzx: size + 1, qz: size + 2 },
        merges: [...json.model.merges!, ["q", "z"], ["qz", "x"], ["qzx", "qzx"]],
      },
    };
    const reference = Reference.fromString(JSON.stringify(grown));
    expect((await reference.encode("qzxqzx<|endoftext|>", null, { addSpecialTokens: false })).getIds()).toEqual([size + 1, 0]);
  });

  it("stops early when nothing occurs twice, and refuses what has no room", () => {
    expect(Object.keys(trainByteLevelBpe(["ab"], { vocabularySize: 5000, specialTokens: [] }).model.vocab)).toHaveLength(256);
    for (const bad of [
      { vocabularySize: 200, specialTokens: [] },
      { vocabularySize: 900, specialTokens: ["a", "a"] },
      { vocabularySize: 900, specialTokens: [""] },
    ]) {
      expect(() => trainByteLevelBpe([], bad)).toThrow(MidtrainError);
    }
  });

  it("does not count pieces beyond maxPieceBytes", () => {
    const json = trainByteLevelBpe(["q".repeat(40) + " " + "q".repeat(40)], { vocabularySize: 300, specialTokens: [], maxPieceBytes: 20 });
    expect(json.model.merges).toEqual([]);
  });
});
