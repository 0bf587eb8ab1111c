/** Savings against what the tokenizer itself does once the merges are appended to its file. */
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../platform/random";
import { byteLevelFromJson, trainByteLevelBpe, type TokenizerJson } from "../../tokenizer";
import type { ReportDocument } from "../fragmentation-report";
import { assessExpansion } from "./assess-expansion";
import { learnMerges } from "./continued-bpe";
import { countPieces } from "./piece-counts";

const json = trainByteLevelBpe(["const value = list.items(index);\nreturn other;\n".repeat(20)], {
  vocabularySize: 300,
  specialTokens: [],
});
const tokenizer = byteLevelFromJson(json, { name: "small" });

function documents(names: readonly string[], from: number, to: number): ReportDocument[] {
  const random = seededRandom(7);
  const pick = (): string => random.pick(names);
  const files = Array.from({ length: to }, (_none, file) => {
    const lines = Array.from({ length: 30 }, (_one, line) => `const ${pick()}${line} = ${pick()}.${pick()}(${pick()}, ${pick()});`);
    return { path: `f${file}.ts`, language: "typescript", text: lines.join("\n") };
  });
  return files.slice(from);
}

const fewNames = ["reconcileLedger", "settlementQueue", "clearingHouse", "postingBatch", "chargeWindow", "reconcileBatch"];

describe("continued BPE", () => {
  it("saves exactly what the tokenizer saves with the merges appended to it", async () => {
    const train = documents(fewNames, 0, 20);
    const heldOut = documents(fewNames, 20, 26);
    const before = await countPieces(train, tokenizer, undefined);
    const merges = learnMerges(before.pieces, {
      vocabularySize: tokenizer.vocabularySize,
      merges: 100,
      fewest: 5,
      textOf: (id) => tokenizer.tokenText(id),
      allows: () => true,
    });
    const larger = byteLevelFromJson(appended(json, merges), { name: "larger" });
    const count = (which: typeof tokenizer): number =>
      heldOut.reduce((sum, { text }) => sum + which.encode(text, { special: "ordinary" }).length, 0);
    const assessment = await assessExpansion(tokenizer, { train: () => train, heldOut: () => heldOut });
    expect(assessment.heldOut.tokens).toBe(count(tokenizer));
    const saving = assessment.savings.find(({ k }) => k === 100)!;
    expect(saving.unfilteredHeldOutShare).toBeCloseTo(1 - count(larger) / count(tokenizer), 12);
    expect(merges.length).toBeGreaterThan(20);
  });
});

/** The merges in the file's own spelling, as its vocabulary writes bytes. */
function appended({ model, ...rest }: TokenizerJson, merges: ReturnType<typeof learnMerges>): TokenizerJson {
  const spelled = new Map(Object.entries(model.vocab as Record<string, number>).map(([token, id]) => [id, token]));
  const vocab = { ...(model.vocab as Record<string, number>) };
  const pairs = merges.map(({ left, right, id }): [string, string] => {
    const pair: [string, string] = [spelled.get(left)!, spelled.get(right)!];
    spelled.set(id, pair.join(""));
    vocab[pair.join("")] = id;
    return pair;
  });
  return { ...rest, model: { ...model, vocab, merges: [...(model.merges as [string, string][]), ...pairs] } };
}

describe("the verdict", () => {
  it("is that expansion pays where a few long names stand everywhere, with the missing evidence named", async () => {
    const assessment = await assessExpansion(tokenizer, {
      train: () => documents(fewNames, 0, 80),
      heldOut: () => documents(fewNames, 80, 100),
      modelRows: tokenizer.vocabularySize + 40,
    });
    expect(assessment.verdict).toBe("expansion-pays");
    expect(assessment.savings[0]!.heldOutShare).toBeGreaterThan(0.2);
    expect(assessment).toMatchObject({ freeRows: 40, quality: "not shown" });
    expect(assessment.reasons.join(" ")).toContain("not shown");
    const tokens = assessment.candidates.map(({ token }) => token.replace(/^[^A-Za-z]/, ""));
    expect(tokens.some((token) => fewNames.some((name) => name.includes(token) && token.length >= 6))).toBe(true);
  });

  it("is no where names are seen too rarely, though they would save", async () => {
    const assessment = await assessExpansion(tokenizer, {
      train: () => documents(fewNames, 0, 2),
      heldOut: () => documents(fewNames, 2, 3),
    });
    expect(assessment.verdict).toBe("do-not-expand");
    expect(assessment.reasons.join(" ")).toContain("at least 100 times");
  });

  it("is no without held-out files, and without any file", async () => {
    for (const train of [documents(fewNames, 0, 5), []]) {
      const assessment = await assessExpansion(tokenizer, { train: () => train, heldOut: () => [] });
      expect(assessment.verdict).toBe("do-not-expand");
      expect(assessment.reasons[0]).toContain("no held-out files");
    }
  });

  it("takes no junk: every candidate but its first character belongs to a name", async () => {
    const text = "]any |> [any] (any, |> ]any\n".repeat(60);
    const assessment = await assessExpansion(tokenizer, {
      train: () => [{ path: "a.ts", language: "typescript", text }, ...documents(fewNames, 0, 10)],
      heldOut: () => documents(fewNames, 10, 12),
    });
    for (const { token } of assessment.candidates) {
      const bare = token.replace(/^[^\p{L}\p{N}]/u, "");
      expect(
        fewNames.some((name) => name.includes(bare)) || /^\d+$/.test(bare) || "const".includes(bare) || /^[a-z]+\d+$/i.test(bare),
      ).toBe(true);
    }
  });
});
