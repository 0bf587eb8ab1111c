import type { DocumentClass } from "@midtrain/protocol/corpus";
import { isCommentLine } from "./comment-marks";
import { languageKind } from "./languages";
import { measureText, type TextFigures } from "./text-figures";

/**
 * Signals that published pipelines drop files for (StarCoder, DeepSeek-Coder, OpenCoder). Here they are shown, not acted on: in a private
 * repository the tests, tables and runbooks that they catch are wanted.
 */
const qualitySignalIds = [
  "long-lines",
  "few-letters",
  "many-digits",
  "very-short",
  "very-long",
  "mostly-comments",
  "repetitive-lines",
  "todo-heavy",
] as const;
export type QualitySignal = (typeof qualitySignalIds)[number];

interface Thresholds {
  readonly meanLine: number;
  readonly longestLine: number;
  /** Of the visible characters. */
  readonly letters: number;
  readonly digits: number;
  readonly comments: number;
  readonly repeatedLines: number;
}

const code: Thresholds = { meanLine: 100, longestLine: 1000, letters: 0.5, digits: 0.2, comments: 0.8, repeatedLines: 0.5 };
const prose: Thresholds = { ...code, meanLine: 1000, longestLine: 5000, letters: 0.6, comments: 1 };
const byClass: Readonly<Record<DocumentClass, Thresholds>> = {
  source: code,
  test: { ...code, digits: 0.3, repeatedLines: 0.6 },
  "config-template": { ...code, letters: 0.4, digits: 0.3, comments: 0.9, repeatedLines: 0.6 },
  documentation: prose,
  runbook: prose,
  changelog: { ...prose, letters: 0.5, digits: 0.25 },
};

/** Lines are looked at only so far: enough to tell what a file is like, and cheap. */
const linesSeen = 100;

interface LineShares {
  readonly lines: number;
  readonly comments: number;
  readonly repeated: number;
  readonly todo: number;
}

function readLines(text: string, language: string): LineShares {
  const seen = new Set<string>();
  let lines = 0;
  let comments = 0;
  let repeated = 0;
  let todo = 0;
  for (let at = 0; at < text.length && lines < linesSeen;) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, Math.min(end, at + 160)).trim();
    at = end + 1;
    if (line.length < 4) continue;
    lines++;
    if (isCommentLine(line, language)) comments++;
    if (seen.has(line)) repeated++;
    else seen.add(line);
    if (line.includes("TODO") || line.includes("FIXME") || line.includes("XXX:")) todo++;
  }
  return { lines, comments, repeated, todo };
}

/** Signals of a text, by the defaults of its class. @param figures of the same text, where they are known already. */
export function qualitySignals(
  text: string,
  language: string,
  documentClass: DocumentClass,
  figures: TextFigures = measureText(text),
): QualitySignal[] {
  const limits = byClass[documentClass];
  const { lines, comments, repeated, todo } = readLines(text, language);
  const visible = Math.max(1, figures.visible);
  const found: Readonly<Record<QualitySignal, boolean>> = {
    "long-lines": figures.length / figures.lines > limits.meanLine || figures.longestLine > limits.longestLine,
    "few-letters": visible > 200 && figures.letters < limits.letters * visible,
    "many-digits": visible > 200 && figures.digits > limits.digits * visible,
    "very-short": figures.words < 10,
    "very-long": figures.lines > 10_000,
    "mostly-comments": languageKind(language) === "code" && lines >= 20 && comments > limits.comments * lines,
    "repetitive-lines": lines >= 50 && repeated > limits.repeatedLines * lines,
    "todo-heavy": todo >= 3 && todo > 0.02 * lines,
  };
  return qualitySignalIds.filter((signal) => found[signal]);
}
