import { describe, expect, it } from "vitest";
import { seededRandom } from "../platform/random";
import { byteLevelFromJson } from "./byte-level-json";
import { fuzzText } from "./fuzz-texts";
import { trainedJson } from "./reference.test-support";
import { tiktokenTokenizer } from "./tiktoken-tokenizer";

describe("merge paths", () => {
  it("end at the tokens of the text, each step a token of two", () => {
    const tokenizer = byteLevelFromJson({ ...trainedJson(), normalizer: null, added_tokens: [] }, { name: "trained" });
    const ranks = trainedJson().model.merges!.map((merge) => (typeof merge === "string" ? merge : merge.join(" ")));
    const byId = new Map(Object.entries(trainedJson().model.vocab).map(([token, id]) => [id, token]));
    const random = seededRandom("paths");
    for (let count = 0; count < 200; count++) {
      const text = fuzzText(random, 20);
      const paths = tokenizer.mergePaths(text);
      expect(paths.flatMap(({ ids }) => ids)).toEqual([...tokenizer.encode(text)]);
      for (const { steps, bytes, ids } of paths) {
        expect(bytes.length - steps.length).toBe(ids.length);
        for (const { left, right, merged, rank } of steps) {
          expect(byId.get(left)! + byId.get(right)!).toBe(byId.get(merged));
          expect(ranks[rank]).toBe(`${byId.get(left)} ${byId.get(right)}`);
        }
      }
    }
  });

  it("have no steps for a piece that is a token as a whole, and leave out what is too long to read", () => {
    const tokenizer = tiktokenTokenizer("r50k_base");
    const [whole, split] = tokenizer.mergePaths("return retryqueue");
    expect(whole).toMatchObject({ start: 0, end: 6, steps: [] });
    expect(split!.ids).toEqual([...tokenizer.encode(" retryqueue")]);
    expect(split!.steps.length).toBe(split!.bytes.length - split!.ids.length);
    expect(tokenizer.mergePaths("x".repeat(600))).toEqual([]);
  });
});
