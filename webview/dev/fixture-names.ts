/** Directories, lengths, a comparison and an expansion verdict for the fragmentation fixture. */
import type { AreaFigures, FragmentationReport, TermFigures } from "@midtrain/protocol/tokens";
import type { PanelData } from "@midtrain/protocol/run-view";

const shares: Readonly<Record<string, readonly [tokens: number, costShare: number, files: number]>> = {
  src: [1_900_000, 0.21, 610],
  "src/billing": [720_000, 0.27, 190],
  "src/billing/ledger": [310_000, 0.31, 77],
  "src/web": [640_000, 0.17, 240],
  "src/core": [420_000, 0.2, 150],
  test: [820_000, 0.24, 300],
  "test/integration": [510_000, 0.26, 120],
  docs: [240_000, 0.06, 130],
  deploy: [96_000, 0.38, 44],
  tools: [61_000, 0.19, 40],
};

function area(path: string, [tokens, costShare, files]: readonly [number, number, number]): AreaFigures {
  const contextCost = tokens * costShare;
  const occurrences = Math.round(tokens / 4);
  return { path, files, bytes: tokens * 3.4, tokens, occurrences, meanInContext: 1.6, splitShare: 0.4, contextCost, costShare };
}

export function nameMeasures(top: readonly TermFigures[]): Partial<FragmentationReport> {
  if (top.length === 0) return {};
  return {
    tokens: 3_180_000,
    directories: [area("", [3_180_000, 0.21, 1204]), ...Object.entries(shares).map(([path, figures]) => area(path, figures))],
    distribution: [410_000, 190_000, 94_000, 41_000, 19_000, 8200, 3100, 2400].map((occurrences, index) => ({
      tokens: index + 1,
      occurrences,
    })),
    excluded: { hash: 812, encoded: 96, generated: 204, "too-long": 3 },
    malformed: { files: 1, examples: [{ path: "deploy/values.yaml", problem: "line 12: a tab indents" }] },
    kindsFrom: { grammar: 74, lexer: 1130 },
  };
}

export function comparedNames(report: FragmentationReport): PanelData {
  const { top, directories: _directories, costliestFiles: _files, ...figures } = report;
  const other = {
    ...figures,
    tokenizer: { name: "o200k_base", hash: "ab".repeat(32) },
    bytesPerToken: 3.81,
    meanInContext: 1.48,
    costShare: 0.18,
  };
  return {
    view: "fragmentation",
    report,
    within: { path: "src/billing", report: { ...report, top: top.slice(0, 60), terms: 60 } },
    comparison: {
      tokenizers: [figures, other],
      terms: top.slice(0, 50).map((term) => ({
        term: term.term,
        kind: term.kind,
        count: term.count,
        by: [term, { ...term, inContext: term.inContext * 0.9 }].map(({ inContext, isolated, afterSpace, contextCost, learningCost }) => ({
          inContext,
          isolated,
          afterSpace,
          contextCost,
          learningCost,
        })),
      })),
    },
    expansion: {
      tokenizer: report.tokenizer,
      verdict: "do-not-expand",
      reasons: ["1,000 new tokens would save 4.1 % of held-out tokens, less than the 8 % from which the cost can pay."],
      wouldChange: ["A saving of at least 8 % on held-out files.", "Every new token seen at least 1,000 times in training text."],
      cheaper: ["Retrieval brings the names into the context only where they are needed."],
      servingChanges: ["Every server of the model needs the new tokenizer."],
      limits: { heldOutShare: 0.08, exposures: 1000, exposedShare: 0.8, mostCandidates: 1000 },
      train: { files: 1100, tokens: 2_900_000 },
      heldOut: { files: 96, tokens: 280_000 },
      savings: [100, 300, 1000].map((k) => ({
        k,
        candidates: k,
        heldOutShare: 0.012 * Math.log10(k),
        trainShare: 0.02 * Math.log10(k),
        exposures: { p10: 40, median: 210 },
        steps: 0,
        exposedShare: 0.4 / Math.log10(k),
        neverHeldOutShare: 0.1 * Math.log10(k),
        unfilteredHeldOutShare: 0.02 * Math.log10(k),
      })),
      candidates: [],
      quality: "not shown",
    },
  };
}
