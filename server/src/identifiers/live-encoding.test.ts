import { expect, test } from "vitest";
import { seededRandom } from "../platform/random";
import { loadTokenizer } from "../tokenizer";
import { liveEncoding } from "./live-encoding";

const tokenizer = await loadTokenizer("tiktoken:o200k_base");
const pieces = ["const retryQueue = 1;\n", "  ", "\t", "\r\n", "😀", "é", "<|endoftext|>", "x", "''", "日本語", "0123456", "}\n\n"];

test("random edits of several texts in turn give the tokens of a full encode", () => {
  const random = seededRandom("live", 1);
  const texts = Array.from({ length: 6 }, (_, index) => `// file ${index}\n${"const value = other + 1;\n".repeat(40 + index)}`);
  for (let round = 0; round < 400; round++) {
    const at = random.int(texts.length);
    const text = texts[at]!;
    const start = random.int(text.length + 1);
    const end = Math.min(text.length, start + random.int(12));
    texts[at] = text.slice(0, start) + random.pick(pieces) + text.slice(end);
    const expected = tokenizer.encodeWithOffsets(texts[at], { special: "ordinary" });
    const found = liveEncoding(texts[at], tokenizer);
    expect(Array.from(found.ids)).toEqual(Array.from(expected.ids));
    expect(Array.from(found.offsets)).toEqual(Array.from(expected.offsets));
  }
});

test("an empty text, the same text and a text of its own are encoded too", () => {
  for (const text of ["", "a", "a", "", "another text altogether", "a"])
    expect(Array.from(liveEncoding(text, tokenizer).ids)).toEqual(Array.from(tokenizer.encode(text, { special: "ordinary" })));
});
