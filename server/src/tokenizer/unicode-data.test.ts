/** Measures the class tables again, with the reference library itself. */
import { Tokenizer as Reference } from "tokenizers";
import { describe, expect, it } from "vitest";
import { classRanges } from "./unicode-classes";

/** Planes with assigned characters; the rest has no class but unassigned and private use. */
const assigned = (point: number): boolean => point < 0xd800 || (point > 0xdfff && point < 0x33480) || (point >= 0xe0000 && point < 0xe0200);
const scalars = Array.from({ length: 0xe0200 }, (_, point) => point).filter(assigned);

/** Code points that a pre-tokenizer with behavior Removed takes out. */
async function removed(component: object): Promise<number[]> {
  const reference = Reference.fromString(
    JSON.stringify({
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: { behavior: "Removed", ...component },
      post_processor: null,
      decoder: null,
      model: { type: "WordLevel", vocab: { "<unk>": 0 }, unk_token: "<unk>" },
    }),
  );
  const members: number[] = [];
  const block = 1 << 16;
  for (let from = 0; from < scalars.length; from += block) {
    const part = scalars.slice(from, from + block);
    const kept = new Uint8Array(part.length);
    const encoding = await reference.encode(part.map((point) => String.fromCodePoint(point)).join(""), null, { addSpecialTokens: false });
    for (const [start, end] of encoding.getOffsets()) kept.fill(1, start, end);
    members.push(...part.filter((_point, index) => !kept[index]));
  }
  return members;
}

function ours(name: Parameters<typeof classRanges>[0]): number[] {
  return classRanges(name).flatMap(([start, end]) => Array.from({ length: end - start }, (_, index) => start + index));
}

const split = (Regex: string): object => ({ type: "Split", pattern: { Regex }, invert: false });

describe("class tables", () => {
  it.each([
    ["Lu", split("\\p{Lu}")],
    ["Ll", split("\\p{Ll}")],
    ["Lt", split("\\p{Lt}")],
    ["Lm", split("\\p{Lm}")],
    ["Lo", split("\\p{Lo}")],
    ["M", split("\\p{M}")],
    ["N", split("\\p{N}")],
    ["Nd", split("\\d")],
    ["P", split("\\p{P}")],
    ["White_Space", split("\\s")],
    ["Punctuation", { type: "Punctuation" }],
  ] as const)("%s is what the reference has", async (name, component) => {
    expect(ours(name)).toEqual(await removed(component));
  });

  it("has the two that JavaScript's \\s gets wrong, and every number for Digits", () => {
    expect(ours("White_Space")).toContain(0x85);
    expect(ours("White_Space")).not.toContain(0xfeff);
    expect(ours("Numeric")).toEqual(expect.arrayContaining([0xb2, 0xbd, 0x2167]));
  });
});
