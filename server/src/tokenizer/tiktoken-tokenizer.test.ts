/** Our engine over tiktoken's ranks against tiktoken itself. */
import { get_encoding, type TiktokenEncoding } from "tiktoken";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../platform/random";
import { fuzzText, minifiedText } from "./fuzz-texts";
import { sourceTexts } from "./reference.test-support";
import { tiktokenTokenizer } from "./tiktoken-tokenizer";

const encodings: readonly TiktokenEncoding[] = ["o200k_base", "cl100k_base", "p50k_base"];

describe.each(encodings)("tiktoken:%s", (name) => {
  const own = tiktokenTokenizer(name);
  let reference: ReturnType<typeof get_encoding>;
  beforeAll(() => {
    reference = get_encoding(name);
  });
  afterAll(() => reference.free());

  it("gives the same ids on random texts, with special tokens read and not", () => {
    const random = seededRandom("tiktoken", name);
    for (let i = 0; i < 1500; i++) {
      const text = i % 300 === 299 ? minifiedText(random, 1500) : fuzzText(random, 30);
      expect([text, ...own.encode(text)]).toEqual([text, ...reference.encode(text, "all")]);
      expect([...own.encode(text, { special: "ordinary" })]).toEqual([...reference.encode_ordinary(text)]);
    }
  });

  it("gives the same ids on real code, and the text back", () => {
    for (const text of sourceTexts()) {
      const ids = own.encode(text, { special: "ordinary" });
      expect([...ids]).toEqual([...reference.encode_ordinary(text)]);
      expect(own.decode(ids)).toBe(text);
    }
  });

  it("knows its end of text and size", () => {
    expect(own.endOfText).toBe(reference.encode("<|endoftext|>", "all")[0]);
    expect(own.identity).toMatchObject({ name: `tiktoken:${name}`, engine: "tiktoken" });
    expect(own.countSpecialLookalikes("a<|endoftext|>b<|endoftext|>")).toBe(2);
  });
});
