/** Names and their figures for a spreadsheet: the command line and the panel write the same columns. */
import type { FragmentationReport, TermFigures } from "./tokens";

const columns: readonly (readonly [string, (figures: TermFigures, report: NamedFigures) => string | number])[] = [
  ["tokenizer", (_figures, report) => report.tokenizer.name],
  ["tokenizer_hash", (_figures, report) => report.tokenizer.hash],
  ["term", ({ term }) => term],
  ["kind", ({ kind }) => kind],
  ["count", ({ count }) => count],
  ["files", ({ files }) => files],
  ["tokens_in_context", ({ inContext }) => inContext],
  ["tokens_alone", ({ isolated }) => isolated],
  ["tokens_after_space", ({ afterSpace }) => afterSpace],
  ["split_occurrences", ({ split }) => split ?? ""],
  ["context_cost", ({ contextCost }) => contextCost],
  ["cost_share", ({ contextCost }, { tokens }) => (tokens ? contextCost / tokens : 0)],
  ["learning_cost", ({ learningCost }) => learningCost],
  ["key_path", ({ keyPath }) => keyPath?.path ?? ""],
];

export type NamedFigures = Pick<FragmentationReport, "tokenizer" | "tokens" | "top">;

/** Ranked terms as CSV (RFC 4180, UTF-8, CRLF): one line a term and tokenizer. */
export function* namesCsv(reports: readonly NamedFigures[]): Generator<string> {
  yield line(columns.map(([name]) => name));
  for (const report of reports) for (const figures of report.top) yield line(columns.map(([, value]) => value(figures, report)));
}

function line(values: readonly (string | number)[]): string {
  return `${values.map(cell).join(",")}\r\n`;
}

/** A spreadsheet takes a leading = + - @ for a formula: such a text is quoted with an apostrophe in front, as spreadsheets write it. */
function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
