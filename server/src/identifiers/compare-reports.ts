import type { FragmentationComparison, FragmentationReport, TermFigures } from "@midtrain/protocol/tokens";

/**
 * Reports of one corpus with several tokenizers side by side. Every report must rank all terms (`top: Infinity`).
 * @param top so many of the costliest terms of each.
 */
export function compareReports(reports: readonly FragmentationReport[], top: number): FragmentationComparison {
  const byTerm = reports.map((report) => new Map(report.top.map((figures) => [figures.term, figures])));
  const names = new Set(reports.flatMap((report) => report.top.slice(0, top).map(({ term }) => term)));
  const terms = [...names].map((term) => {
    const by = byTerm.map((figures) => figures.get(term)!);
    const { kind, count } = by[0]!;
    return { term, kind, count, by: by.map(costsOnly) };
  });
  const worst = ({ by }: (typeof terms)[number]): number => Math.max(...by.map(({ contextCost }) => contextCost));
  return {
    tokenizers: reports.map(({ top: _top, directories: _directories, costliestFiles: _files, ...figures }) => figures),
    terms: terms.sort((a, b) => worst(b) - worst(a) || (a.term < b.term ? -1 : 1)),
  };
}

function costsOnly({
  inContext,
  isolated,
  afterSpace,
  contextCost,
  learningCost,
}: TermFigures): FragmentationComparison["terms"][number]["by"][number] {
  return { inContext, isolated, afterSpace, contextCost, learningCost };
}
