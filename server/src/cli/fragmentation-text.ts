/** Reports of names as tables for a terminal. */
import type { ExpansionAssessment, FragmentationComparison, FragmentationReport } from "@midtrain/protocol/tokens";
import { count, fragmentationHeadline, percent, plural, significant } from "@midtrain/protocol/words";

/** Columns of a table, the first one left-aligned. */
function row(cells: readonly string[], widths: readonly number[]): string {
  return `  ${cells.map((cell, index) => (index === 0 ? cell.slice(0, widths[0]! - 1).padEnd(widths[0]!) : cell.padStart(widths[index]!))).join("")}`;
}

/** @param top names that are listed. */
export function reportText(report: FragmentationReport, top: number): string {
  const { tokenizer, occurrences = 0 } = report;
  if (report.files === 0) return "No file of this repository is in the corpus, so there are no names to count.";
  if (occurrences === 0) return `There are no names in the ${plural(report.files, "file")} of the corpus.`;
  const head = [
    fragmentationHeadline(report),
    `${significant(report.meanInContext)} tokens per name in context, ${significant(report.meanIsolated)} alone; ${percent(report.splitShare)} of the occurrences are split. Names cost ${percent(report.costShare)} of the context.`,
    `${plural(report.terms, "name")} in ${plural(report.files, "file")} · ${significant(report.bytesPerToken)} bytes/token · ${tokenizer.name} (${tokenizer.hash.slice(0, 4)}…)`,
  ];
  return [
    ...head,
    ...leftOut(report),
    "",
    ...kindTable(report),
    "",
    ...directoryTable(report),
    "",
    ...termTable(report.top.slice(0, top)),
  ].join("\n");
}

function leftOut({ excluded = {}, malformed }: FragmentationReport): string[] {
  const reasons = Object.entries(excluded).map(([reason, occurrences]) => `${count(occurrences)} ${reason}`);
  const first = malformed?.examples[0];
  return [
    ...(reasons.length === 0 ? [] : [`Left out: ${reasons.join(", ")}.`]),
    ...(malformed === undefined || first === undefined
      ? []
      : [
          `${plural(malformed.files, "configuration file breaks the rules of its format", "configuration files break the rules of their format")}, for example ${first.path} (${first.problem}).`,
        ]),
  ];
}

function kindTable(report: FragmentationReport): string[] {
  const widths = [14, 9, 13, 12, 9, 10];
  return [
    row(["kind", "names", "occurrences", "in context", "split", "costs"], widths),
    ...Object.entries(report.byKind).map(([kind, figures]) =>
      row(
        [
          kind,
          count(figures.terms),
          count(figures.occurrences),
          significant(figures.meanInContext),
          percent(figures.splitShare ?? 0),
          count(Math.round(figures.contextCost ?? 0)),
        ],
        widths,
      ),
    ),
  ];
}

const shownDirectories = 8;

/** The directories at the top whose names cost most. */
function directoryTable({ directories = [] }: FragmentationReport): string[] {
  const widths = [38, 8, 12, 9, 10];
  const outer = directories.filter(({ path }) => path !== "" && !path.includes("/")).sort((a, b) => b.contextCost - a.contextCost);
  return [
    row(["directory", "files", "in context", "split", "costs"], widths),
    ...outer
      .slice(0, shownDirectories)
      .map((area) =>
        row(
          [area.path, count(area.files), significant(area.meanInContext), percent(area.splitShare), count(Math.round(area.contextCost))],
          widths,
        ),
      ),
  ];
}

function termTable(top: FragmentationReport["top"]): string[] {
  const widths = [36, 8, 8, 7, 9, 10];
  return [
    row(["name", "count", "here", "alone", "costs", "learning"], widths),
    ...top.map((term) =>
      row(
        [
          term.term,
          count(term.count),
          significant(term.inContext),
          String(term.isolated),
          count(Math.round(term.contextCost)),
          significant(term.learningCost),
        ],
        widths,
      ),
    ),
  ];
}

/** One column a tokenizer. */
export function comparisonText({ tokenizers, terms }: FragmentationComparison, top: number): string {
  const widths = [28, ...tokenizers.map(({ tokenizer }) => Math.max(14, tokenizer.name.length + 2))];
  const figures: readonly (readonly [string, (report: FragmentationComparison["tokenizers"][number]) => string])[] = [
    ["bytes per token", (report) => significant(report.bytesPerToken)],
    ["tokens per name in context", (report) => significant(report.meanInContext)],
    ["tokens per name alone", (report) => significant(report.meanIsolated)],
    ["occurrences split", (report) => percent(report.splitShare)],
    ["share of the context", (report) => percent(report.costShare)],
    ["tokens of the corpus", (report) => count(report.tokens ?? 0)],
    ["learning cost, nats", (report) => significant(report.meanLearningCost ?? 0)],
  ];
  return [
    row(["", ...tokenizers.map(({ tokenizer }) => tokenizer.name)], widths),
    ...figures.map(([name, of]) => row([name, ...tokenizers.map(of)], widths)),
    "",
    row(["tokens here of", ...tokenizers.map(() => "")], widths),
    ...terms.slice(0, top).map(({ term, by }) => row([term, ...by.map(({ inContext }) => significant(inContext))], widths)),
  ].join("\n");
}

export function expansionText(assessment: ExpansionAssessment): string {
  const widths = [12, 14, 12, 14, 12];
  return [
    assessment.verdict === "do-not-expand" ? "New tokens: do not expand the vocabulary." : "New tokens: expansion would pay.",
    ...assessment.reasons,
    "",
    row(["new tokens", "held-out saved", "train saved", "median seen", "seen enough"], widths),
    ...assessment.savings.map((saving) =>
      row(
        [
          count(saving.candidates),
          percent(saving.heldOutShare),
          percent(saving.trainShare),
          count(saving.exposures.median),
          percent(saving.exposedShare),
        ],
        widths,
      ),
    ),
    "",
    ...(assessment.freeRows === undefined ? [] : [`The model has ${plural(assessment.freeRows, "free row")} in its embedding matrix.`]),
    "It would change with:",
    ...assessment.wouldChange.map((condition) => `  ${condition}`),
    "Cheaper:",
    ...assessment.cheaper.map((way) => `  ${way}`),
  ].join("\n");
}
