import { expect, it } from "vitest";
import { seededRandom, type Random } from "../../platform/random";
import { textKernel } from "./text-kernel";

const pieces = [
  "a",
  "Zz9_",
  "long_name_of_sixteen",
  "\n",
  "\t",
  " ",
  '"',
  "\\",
  "\u0000",
  "\u001f",
  "\u007f",
  "é",
  "日本",
  "😀",
  "𝒳",
  "·",
  "\u2028",
  "(",
  "--",
  "x".repeat(70),
];

function drawnText(random: Random, length: number): string {
  return Array.from({ length }, () => random.pick(pieces)).join("");
}

/** Runs of words by the definition, each with the number of the first run equal to it. */
function plainRuns(text: string, width: number): number[] {
  const words = text.match(/[\p{L}\p{N}_]+/gu) ?? [];
  const first = new Map<string, number>();
  for (let at = 0; at + width <= words.length; at++) {
    const run = words.slice(at, at + width).join(" ");
    if (!first.has(run)) first.set(run, first.size);
  }
  return [...first.values()];
}

it("writes the JSON of any text", () => {
  const random = seededRandom(11);
  for (let round = 0; round < 400; round++) {
    const text = drawnText(random, random.int(120));
    textKernel().loadText(text);
    expect(Buffer.from(textKernel().json()).toString("utf8")).toBe(JSON.stringify(text));
  }
});

it("finds as many words and distinct runs as the definition, wherever characters lie", () => {
  const random = seededRandom(12);
  for (let round = 0; round < 400; round++) {
    const text = drawnText(random, random.int(300));
    const width = 1 + random.int(6);
    textKernel().loadText(text);
    const { high, low, words } = textKernel().runs(width, false);
    expect(words).toBe((text.match(/[\p{L}\p{N}_]+/gu) ?? []).length);
    expect(low.length).toBe(plainRuns(text, width).length);
    expect(new Set(Array.from(low, (value, at) => `${high[at]!} ${value}`)).size).toBe(low.length);
  }
});

it("gives equal runs equal hashes, whatever stands around them and before them", () => {
  const random = seededRandom(13);
  const hashes = new Map<string, string>();
  for (let round = 0; round < 200; round++) {
    const text = drawnText(random, random.int(60));
    const words = text.match(/[\p{L}\p{N}_]+/gu) ?? [];
    textKernel().loadText(text);
    const { high, low } = textKernel().runs(2, false);
    const seen = new Set<string>();
    let next = 0;
    for (let at = 0; at + 2 <= words.length; at++) {
      const run = `${words[at]!} ${words[at + 1]!}`;
      if (seen.has(run)) continue;
      seen.add(run);
      const hash = `${high[next]!} ${low[next++]!}`;
      expect(hashes.get(run) ?? hash).toBe(hash);
      hashes.set(run, hash);
    }
  }
  expect(new Set(hashes.values()).size).toBe(hashes.size);
});

it("takes bytes as it takes text, in parts", () => {
  const text = drawnText(seededRandom(14), 500);
  textKernel().loadText(text);
  const [json, runs] = [textKernel().json().slice(), textKernel().runs(5, true).low.slice()];
  const bytes = Buffer.from(text);
  textKernel().load([bytes.subarray(0, 301), bytes.subarray(301)], false);
  expect(textKernel().json()).toEqual(json);
  expect(textKernel().runs(5, true).low).toEqual(runs);
});

it("gives back the memory of a very large text", () => {
  textKernel().loadText("word ".repeat(4_000_000));
  expect(textKernel().runs(5, true).words).toBe(4_000_000);
  textKernel().loadText("small text");
  expect(textKernel().runs(5, true).words).toBe(2);
  expect(Buffer.from(textKernel().json()).toString()).toBe('"small text"');
});

/** Runs by the definition, and which of them may be random. */
function plainRandomRuns(text: string): number[] {
  return [...text.matchAll(/[A-Za-z0-9_+/-]{18,}/g)].flatMap(({ 0: run, index }) => {
    const kinds = Array.from(run, (character) => ["[a-z]", "[A-Z]", "[0-9]", "."].findIndex((kind) => new RegExp(kind).test(character)));
    const digits = kinds.filter((kind) => kind === 2).length;
    const signs = kinds.filter((kind) => kind === 3).length;
    // A sign at the start is no change.
    const changes = kinds.filter((kind, at) => kind !== (at === 0 ? 3 : kinds[at - 1])).length;
    const mayBe = (digits >= 2 && changes >= 5) || changes >= 9 || (digits >= 1 && changes >= 3 && (signs === 0 || run.length >= 26));
    return mayBe ? [index, index + run.length] : [];
  });
}

it("finds the long runs that may be random, wherever they lie", () => {
  const random = seededRandom(15);
  const parts = [
    " ",
    "\n",
    "a",
    "Bc",
    "9",
    "_-+/",
    "é",
    "aB3".repeat(7),
    "x".repeat(64),
    "q7".repeat(40),
    "lowercaseletters",
    "A1b2C3d4E5f6G7h8I9",
  ];
  for (let round = 0; round < 2_000; round++) {
    const text = Array.from({ length: random.int(60) }, () => random.pick(parts)).join("");
    textKernel().loadLow(text);
    expect(Array.from(textKernel().findRuns())).toEqual(plainRandomRuns(text));
  }
});
