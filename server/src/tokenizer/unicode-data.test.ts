/** Measures the class tables again, with the reference library itself. */
import {
  bertNormalizer,
  lowercase,
  nfcNormalizer,
  nfdNormalizer,
  nfkcNormalizer,
  nfkdNormalizer,
  stripAccentsNormalizer,
  Tokenizer as Reference,
} from "tokenizers";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../platform/random";
import { normalized } from "./normal-forms";
import { classRanges, classSet } from "./unicode-classes";
import { mappingOf } from "./unicode-forms";

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
    ["S", split("\\p{S}")],
    ["Z", split("\\p{Z}")],
    ["Mn", split("\\p{Mn}")],
    ["Han", split("\\p{Han}")],
    ["Hangul", split("\\p{Hangul}")],
    ["RegexWord", split("\\w")],
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

const text = (points: readonly number[]): string => points.map((point) => String.fromCodePoint(point)).join("");
const forms = [
  ["NFC", nfcNormalizer(), false, true],
  ["NFD", nfdNormalizer(), false, false],
  ["NFKC", nfkcNormalizer(), true, true],
  ["NFKD", nfkdNormalizer(), true, false],
] as const;

describe("normalization forms", () => {
  it.each(forms)("%s is the reference's for every code point alone and among marks", (_name, reference, compatible, composing) => {
    const differing = scalars.filter((point) => {
      const written = `a${String.fromCodePoint(point)}\u0301\u0323`;
      return text(normalized(written, compatible, composing).points) !== reference.normalizeString(written);
    });
    expect(differing).toEqual([]);
  });

  it.each(forms)(
    "%s is the reference's for random rows of what decomposes, composes and combines",
    (name, reference, compatible, composing) => {
      const random = seededRandom("forms", name);
      const pool = [...mappingOf("canonical")].flatMap(([point, parts]) => [point, ...parts]);
      pool.push(...Array.from({ length: 2000 }, (_, index) => 0x300 + (index % 0x70)), 0x1100, 0x1161, 0x11a8, 0xac00, 0xac01, 0x61);
      for (let i = 0; i < 5000; i++) {
        const written = text(Array.from({ length: 1 + random.int(10) }, () => random.pick(pool)));
        expect(text(normalized(written, compatible, composing).points)).toBe(reference.normalizeString(written));
      }
    },
  );
});

describe("single characters", () => {
  it("have the reference's lower case", () => {
    const reference = lowercase();
    const lower = mappingOf("lower");
    expect(scalars.filter((point) => text(lower.get(point) ?? [point]) !== reference.normalizeString(String.fromCodePoint(point)))).toEqual(
      [],
    );
  });

  it("are accents and controls as the reference's normalizers have them", () => {
    const strip = stripAccentsNormalizer();
    const clean = bertNormalizer({ cleanText: true, handleChineseChars: false, stripAccents: false, lowercase: false });
    const isMark = classSet("CombiningMark");
    const isRemoved = classSet("BertRemoved");
    const at = (point: number): string => `a${String.fromCodePoint(point)}b`;
    expect(scalars.filter((point) => isMark(point) !== (strip.normalizeString(at(point)) === "ab"))).toEqual([]);
    expect(scalars.filter((point) => isRemoved(point) !== (clean.normalizeString(at(point)) === "ab"))).toEqual([]);
  });
});
