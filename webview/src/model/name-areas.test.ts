import { describe, expect, it } from "vitest";
import type { AreaFigures, FragmentationReport } from "@midtrain/protocol/tokens";
import { areasFinding, areaWords, filterDirectories, nameAreas, tintOf, tintSteps } from "./name-areas";

function area(path: string, tokens: number, contextCost: number): AreaFigures {
  const costShare = tokens === 0 ? 0 : contextCost / tokens;
  return { path, files: 2, bytes: tokens * 4, tokens, occurrences: 10, meanInContext: 1.5, splitShare: 0.4, contextCost, costShare };
}

function report(...directories: readonly AreaFigures[]): FragmentationReport {
  return {
    tokenizer: { name: "x", hash: "00" },
    files: 4,
    bytesPerToken: 4,
    terms: 1,
    meanInContext: 1.5,
    meanIsolated: 2,
    splitShare: 0.4,
    costShare: 0.1,
    byKind: {},
    top: [],
    directories,
  };
}

const sample = report(area("", 1000, 200), area("src", 700, 160), area("src/a", 300, 90), area("docs", 200, 10));

describe("nameAreas", () => {
  it("gives the directories of one level and its own files; their tokens add up", () => {
    const areas = nameAreas(sample, "");
    expect(areas.map(({ label, tokens }) => [label, tokens])).toEqual([
      ["src/", 700],
      ["docs/", 200],
      ["files here", 100],
    ]);
    expect(nameAreas(sample, "src").map(({ label }) => label)).toEqual(["a/", "files here"]);
    expect(nameAreas(sample, "src/a").map(({ label }) => label)).toEqual(["all files"]);
    expect(nameAreas(sample, "gone")).toEqual([]);
  });

  it("shows a directory that holds one directory and nothing else as that one", () => {
    const chain = report(area("", 900, 90), area("server", 700, 70), area("server/src", 700, 70), area("server/src/a", 300, 30));
    const deeper = chain.directories!.map((each) => (each.path === "server/src/a" ? { ...each, files: 1 } : each));
    expect(nameAreas({ ...chain, directories: deeper }, "").map(({ label, path }) => [label, path])).toEqual([
      ["server/src/", "server/src"],
      ["files here", ""],
    ]);
  });

  it("joins what would be too many to draw, and loses no token", () => {
    const many = Array.from({ length: 80 }, (_, index) => area(`d${String(index).padStart(2, "0")}`, 10, 1));
    const areas = nameAreas(report(area("", 805, 80), ...many), "");
    expect(areas).toHaveLength(30);
    expect(areas.at(-1)).toMatchObject({ label: "52 others", path: "" });
    expect(areas.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(805);
  });
});

describe("words and tints", () => {
  it("names the directory that takes most of the cost", () => {
    expect(areasFinding(sample, "")).toBe("Names cost 20.0 % of the context; src/ takes 80.0 % of that.");
    expect(areasFinding(sample, "src/a")).toBe("Below src/a/ names cost 30.0 % of the context.");
    expect(areasFinding(report(area("", 10, 0)), "")).toBe("No name costs more than one token here.");
    expect(areaWords(nameAreas(sample, "")[1]!)).toBe("docs/ 5.00 % of 200 tokens is what names cost: 10 extra tokens in 2 files");
  });

  it("tints from cheap to dear, and all alike where nothing differs", () => {
    const areas = nameAreas(sample, "");
    expect(areas.map((each) => tintOf(each, areas))).toContain(tintSteps - 1);
    expect(tintOf(areas[0]!, [areas[0]!])).toBe(2);
  });

  it("offers the costliest directories by name", () => {
    expect(filterDirectories(sample, 2)).toEqual(["src", "src/a"]);
  });
});
