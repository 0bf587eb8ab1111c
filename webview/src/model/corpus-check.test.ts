import { describe, expect, it } from "vitest";
import type { CorpusCheckSummary, RepetitionFigures } from "@midtrain/protocol/corpus-check";
import { checkVerdict, leakageSentence, repeatedDirectories } from "./corpus-check";

const passed: CorpusCheckSummary = {
  corpus: "0011",
  ok: true,
  documents: 1204,
  pairsAcross: { total: 0, shown: [] },
  duplicatesLeft: { total: 0, shown: [] },
  problems: [],
  leakage: { lines: 400, verbatim: 30 },
  sharedRuns: 1,
  repetition: [],
};

function figures(directory: string, templated: number): RepetitionFigures {
  return { directory, documents: 20, diversity: 0.9, templated, repeatedLines: 0.1, alikeDocuments: 0 };
}

describe("a corpus check in words", () => {
  it("says that nothing lies across, or what does", () => {
    expect(checkVerdict(passed)).toContain("of 1,204 files no pair");
    const failed = { ...passed, ok: false, pairsAcross: { total: 2, shown: [] }, problems: ["a count differs"] };
    expect(checkVerdict(failed)).toMatch(/^The check failed: 2 pairs lie across the split, 1 other problem\./);
  });

  it("says how much leaks, also when nothing can be compared", () => {
    expect(leakageSentence(passed)).toBe(
      "7.50 % of 400 held-out lines of 20 or more characters stand in training too. 1 training file shares a run of 13 words with held-out files.",
    );
    expect(leakageSentence({ ...passed, leakage: { lines: 0, verbatim: 0 } })).toContain("No held-out line is long enough");
  });

  it("puts the whole corpus first, then the most templated directories", () => {
    const shown = repeatedDirectories([figures("", 0.1), figures("a", 0.2), figures("b", 0.7), figures("c", 0)]);
    expect(shown.map(({ directory }) => directory)).toEqual(["", "b", "a"]);
  });
});
