/** Sums -> the figures of the report (§6.1). The only place where a repository's figures are made. */
import { termKinds, type FragmentationReport, type KindFigures, type TermFigures, type TermKind } from "@midtrain/protocol/tokens";
import type { Tokenizer } from "../../tokenizer";
import { creditUnit } from "../token-overlap";
import { termLengths, type TermCosts } from "../term-lengths";
import { columnCount, columns, type CorpusTally } from "./corpus-tally";
import { areaFigures, costliestFiles } from "./area-figures";
import { mostTokens } from "./document-tally";

/** Examples of malformed files that a report names. */
const namedProblems = 50;

interface Row extends TermFigures {
  readonly split: number;
}

export function reportOfTally(
  tally: CorpusTally,
  costs: TermCosts,
  tokenizer: Tokenizer,
  options: { readonly top: number; readonly files: number },
): FragmentationReport {
  const rows = termRows(tally, costs);
  const tokens = sum(tally.files, (file) => file.tokens);
  const bytes = sum(tally.files, (file) => file.bytes);
  const total = figuresOf(rows);
  const { name, hash } = tokenizer.identity;
  return {
    tokenizer: { name, hash },
    files: tally.files.length,
    bytes,
    tokens,
    bytesPerToken: ratio(bytes, tokens),
    terms: rows.length,
    occurrences: total.occurrences,
    meanInContext: total.meanInContext,
    meanIsolated: total.meanIsolated,
    splitShare: total.splitShare,
    contextCost: total.contextCost,
    costShare: ratio(total.contextCost, tokens),
    meanLearningCost: ratio(
      sum(rows, ({ count, learningCost }) => count * learningCost),
      total.occurrences,
    ),
    meanByTerm: {
      inContext: ratio(
        sum(rows, ({ inContext }) => inContext),
        rows.length,
      ),
      isolated: ratio(
        sum(rows, ({ isolated }) => isolated),
        rows.length,
      ),
    },
    byKind: byKind(rows),
    distribution: Array.from(tally.distribution, (occurrences, count) => ({ tokens: count, occurrences })).filter(
      ({ occurrences, tokens: count }) => occurrences > 0 || (count > 0 && count < mostTokens && count <= 5),
    ),
    directories: areaFigures(tally.files),
    costliestFiles: costliestFiles(tally.files, options.files),
    excluded: Object.fromEntries([...tally.excluded].sort(([a], [b]) => (a < b ? -1 : 1))),
    malformed: {
      files: tally.malformed.length,
      examples: [...tally.malformed].sort((a, b) => (a.path < b.path ? -1 : 1)).slice(0, namedProblems),
    },
    kindsFrom: { grammar: tally.byGrammar, lexer: tally.files.length - tally.byGrammar },
    top: rows.slice(0, options.top).map((row) => withKeyPath(row, tally, tokenizer)),
  };
}

/** Figures of every term, the costliest first. */
function termRows({ terms, values }: CorpusTally, costs: TermCosts): Row[] {
  const rows = Array.from(terms, (term, row): Row => {
    const at = row * columnCount;
    const count = values[at + columns.count]!;
    const credit = values[at + columns.credit]!;
    return {
      term,
      kind: mostFrequentKind(values, at + columns.kinds),
      count,
      files: values[at + columns.files]!,
      inContext: credit / creditUnit / count,
      isolated: costs.isolated[row]!,
      afterSpace: costs.afterSpace[row]!,
      contextCost: credit / creditUnit - count,
      learningCost: costs.learning[row]!,
      split: values[at + columns.split]!,
    };
  });
  return rows.sort((a, b) => b.contextCost - a.contextCost || (a.term < b.term ? -1 : 1));
}

/** The kind of most occurrences; among equals the one that termKinds names last, which says more than "identifier". */
function mostFrequentKind(values: Float64Array, at: number): TermKind {
  let best = 0;
  for (let kind = 1; kind < termKinds.length; kind++) {
    if (values[at + kind]! > 0 && values[at + kind]! >= values[at + best]!) best = kind;
  }
  return termKinds[best]!;
}

function withKeyPath(row: Row, { keyPaths }: CorpusTally, tokenizer: Tokenizer): TermFigures {
  const paths = row.kind === "config-key" || row.kind === "service" ? keyPaths.get(row.term) : undefined;
  if (paths === undefined) return row;
  const [path] = [...paths].reduce((best, next) => (next[1] > best[1] || (next[1] === best[1] && next[0] < best[0]) ? next : best));
  return { ...row, keyPath: { path, paths: paths.size, isolated: termLengths(path, tokenizer).isolated } };
}

function byKind(rows: readonly Row[]): FragmentationReport["byKind"] {
  return Object.fromEntries(
    termKinds.flatMap((kind) => {
      const members = rows.filter((row) => row.kind === kind);
      return members.length === 0 ? [] : [[kind, figuresOf(members)] as const];
    }),
  );
}

function figuresOf(rows: readonly Row[]): Required<KindFigures> {
  const occurrences = sum(rows, ({ count }) => count);
  const contextCost = sum(rows, (row) => row.contextCost);
  return {
    terms: rows.length,
    occurrences,
    meanInContext: occurrences === 0 ? 0 : (contextCost + occurrences) / occurrences,
    meanIsolated: ratio(
      sum(rows, ({ count, isolated }) => count * isolated),
      occurrences,
    ),
    splitShare: ratio(
      sum(rows, ({ split }) => split),
      occurrences,
    ),
    contextCost,
  };
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
