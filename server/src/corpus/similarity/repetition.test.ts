import { expect, test } from "vitest";
import { distinctText } from "../test-repository";
import { corpusFigures, RepetitionSample, repetitionRates, sampledLines } from "./corpus-figures";
import { GramIndex, HeldOutRuns } from "./decontaminate";
import { directoryAlarms } from "./directory-alarms";
import { reasonFor } from "./preference";
import { shinglesOf } from "./shingles";

interface Text {
  readonly path: string;
  readonly text: string;
}

function sampleOf(texts: readonly Text[]): RepetitionSample {
  const rates = repetitionRates(0);
  const sample = new RepetitionSample(rates);
  texts.forEach(({ text }, index) => sample.add(index, shinglesOf(text), sampledLines(text, rates)));
  return sample;
}

test("templates, repeated lines and likeness are told by directory", () => {
  const template = distinctText(1, 10);
  const texts = Array.from({ length: 60 }, (_, index) => ({
    path: index < 30 ? `forms/f${index}.ts` : `lib/core/c${index}.ts`,
    text: index < 30 ? template + distinctText(100 + index, 10) : distinctText(100 + index, 20),
  }));
  const edges = [{ a: 0, b: 1 }];
  const figures = corpusFigures(texts, [...texts.keys()], edges, sampleOf(texts));
  expect(figures.map(({ directory, documents }) => [directory, documents])).toEqual([
    ["", 60],
    ["forms", 30],
    ["lib", 30],
    ["lib/core", 30],
  ]);
  const [whole, forms, lib] = figures;
  expect(lib).toMatchObject({ diversity: 1, templated: 0, repeatedLines: 0, alikeDocuments: 0 });
  expect(forms!.templated).toBeGreaterThan(0.4);
  expect(forms!.templated).toBeLessThan(0.6);
  expect(forms!.repeatedLines).toBeCloseTo(0.5, 3);
  expect(forms!.alikeDocuments).toBeCloseTo(2 / 30, 3);
  const all = texts.flatMap(({ text }) => [...shinglesOf(text).low]);
  expect(whole!.diversity).toBeCloseTo(new Set(all).size / all.length, 3);
});

test("a directory that loses most of itself is named once, with where its files live on", () => {
  const documents = Array.from({ length: 40 }, (_, index) => ({ path: index < 20 ? `src/f${index}.ts` : `copy/deep/f${index - 20}.ts` }));
  const removed = Array.from({ length: 15 }, (_, index) => ({ document: 20 + index, survivor: index, jaccard: 1, kind: "blob" as const }));
  expect(directoryAlarms(documents, removed)).toEqual(["copy loses 15 files of 20 (75.0 %) as duplicates, most of them of files in src."]);
  expect(directoryAlarms(documents, removed.slice(0, 10))).toEqual([]);
});

test("the reason is the weakest that was needed", () => {
  const of = (path: string, bytes = 1): { path: string; bytes: number } => ({ path, bytes });
  expect(reasonFor(of("a/b/c.ts"), [of("old/c.ts")])).toBe("The other one's path says that it is a copy or backup.");
  expect(reasonFor(of("c.ts"), [of("old/c.ts"), of("src/c.ts")])).toBe("It lies less deep.");
  expect(reasonFor(of("src/c.ts"), [of("src/cc.ts")])).toBe("Its path is the shortest.");
  expect(reasonFor(of("src/d.ts", 9), [of("src/c.ts", 8)])).toBe("It is the longest.");
  expect(reasonFor(of("src/c.ts"), [of("src/d.ts")])).toBe("It is the first by name.");
});

test("runs of thirteen words shared with held-out documents and with evaluation items are counted as by hand", () => {
  const words = Array.from({ length: 40 }, (_, index) => `word${index}`);
  const runs = new HeldOutRuns();
  runs.addHeldOut(words.slice(0, 20).join(" "));
  runs.addTraining("innocent", words.slice(8, 20).join(" "));
  runs.addTraining("knows", `x(${words.slice(5, 30).join(", ")})`);
  expect(runs.found()).toEqual([{ path: "knows", grams: 14, shared: 3, share: 3 / 14 }]);
  const items = new GramIndex();
  items.add(words.slice(27, 40).join(" "));
  items.add("too short");
  expect([items.grams, items.tooShort]).toEqual([1, 1]);
  expect(items.overlap(words.slice(27).join("\n"))).toEqual({ grams: 1, shared: 1 });
});
