import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../platform/random";
import { BpeMerger, type BpeModelParts } from "./bpe-model";
import { byteToChar } from "./byte-alphabet";
import { fuzzText, minifiedText } from "./fuzz-texts";
import { IntList } from "./int-list";
import { LongPieceEncoder } from "./long-piece";
import { mergeTable, vocabularyOf } from "./model-json";
import { sharedFile, trainedJson } from "./reference.test-support";
import type { TokenizerJson } from "./tokenizer-json";

function modelOf(json: TokenizerJson, without: readonly number[] = []): BpeModelParts {
  const vocabulary = vocabularyOf(json.model.vocab);
  const byteIds = Int32Array.from(byteToChar, (char, byte) => (without.includes(byte) ? -1 : (vocabulary.get(char) ?? -1)));
  return { merges: mergeTable(json.model.merges, vocabulary), byteIds };
}

/** All at once, without the bytes that the vocabulary lacks. */
function mergedWhole(model: BpeModelParts, text: string): number[] {
  const bytes = Buffer.from(text, "utf8").filter((byte) => model.byteIds[byte]! >= 0);
  const { ids, count } = new BpeMerger(model).merge(bytes, bytes.length);
  return [...ids.subarray(0, count)];
}

function mergedInWindows(
  model: BpeModelParts,
  text: string,
): { readonly ids: number[]; readonly offsets: number[]; readonly windows: number } {
  const encoder = new LongPieceEncoder(model);
  const [ids, offsets] = [new IntList(), new IntList()];
  encoder.encode(`>>${text}<<`, 2, 2 + text.length, ids, offsets);
  return { ids: [...ids.toArray()], offsets: [...offsets.toArray()].map((offset) => offset - 2), windows: encoder.windows };
}

const randomRun = (seed: string, alphabet: string, length: number): string => {
  const random = seededRandom(seed);
  const atoms = [...alphabet];
  return Array.from({ length }, () => atoms[random.int(atoms.length)]!).join("");
};

describe("long pieces, window by window", () => {
  const texts: readonly (readonly [name: string, text: string])[] = [
    ["one letter", "a".repeat(50_001)],
    ["spaces", " ".repeat(30_003)],
    ["two letters", randomRun("two", "ab", 30_000)],
    ["letters", minifiedText(seededRandom("letters"), 30_000)],
    ["a period longer than a window", randomRun("period", "etaoin shrdlu", 2500).repeat(8)],
    ["characters of two to four bytes", randomRun("wide", "é日😀aж\ud800", 20_000)],
    ["everything", fuzzText(seededRandom("everything"), 20_000)],
  ];
  for (const [name, text] of texts) {
    it(`gives the tokens of one merge: ${name}`, () => {
      const model = modelOf(trainedJson());
      const { ids, offsets, windows } = mergedInWindows(model, text);
      expect(ids).toEqual(mergedWhole(model, text));
      expect([offsets[0], offsets.at(-1)]).toEqual([0, text.length]);
      expect(windows).toBeLessThan(4 + text.length / 1024);
    });
  }

  it("gives the tokens of one merge when merges reach far", () => {
    // Every length of a run that is a power of two is a token, so the last run decides about the tokens before it.
    const vocab: Record<string, number> = { ...trainedJson().model.vocab };
    const merges: string[] = [];
    let next = 60_000;
    for (let length = 1; length < 4096; length *= 2) {
      vocab["Q".repeat(2 * length)] = next++;
      merges.push(`${"Q".repeat(length)} ${"Q".repeat(length)}`);
    }
    vocab["QZ"] = next++;
    merges.push("Q Z");
    const model = modelOf({ ...trainedJson(), model: { ...trainedJson().model, vocab, merges } });
    for (const text of ["Q".repeat(40_000), `${"Q".repeat(20_001)}Z`, `Z${"Q".repeat(9999)}Z`.repeat(3)]) {
      expect(mergedInWindows(model, text).ids).toEqual(mergedWhole(model, text));
    }
  });

  it("drops the bytes that the vocabulary lacks, however many there are", () => {
    const model = modelOf(trainedJson(), [0x78]);
    for (const text of ["x".repeat(20_000), `a${"x".repeat(20_000)}b`, randomRun("dropped", "xxxab", 20_000)]) {
      expect(mergedInWindows(model, text).ids).toEqual(mergedWhole(model, text));
    }
  });

  for (const name of ["qwen2", "llama3", "deepseek-coder"]) {
    const file = sharedFile(`${name}.json`);
    it.skipIf(file === undefined)(`needs shared/tokenizers: ${name} gives the tokens of one merge`, () => {
      const model = modelOf(JSON.parse(readFileSync(file!, "utf8")) as TokenizerJson);
      for (const [, text] of texts) expect(mergedInWindows(model, text).ids).toEqual(mergedWhole(model, text));
    });
  }
});
