import type { RedactionRecord, TextSpan } from "@midtrain/protocol/corpus";
import type { FileAnalysis } from "./analyse-file";
import type { HeaderAnalysis } from "./headers/licence-header";
import type { Finding } from "./sensitive/sensitive-scan";
import type { SensitiveValues } from "./sensitive/sensitive-values";

/** A file as it goes into the corpus, with its account: disk bytes = kept + redacted + stripped. */
export interface CleanFile {
  readonly text: string;
  readonly spans: readonly TextSpan[];
  readonly redactions: readonly RedactionRecord[];
  readonly redactedBytes: number;
  readonly strippedBytes: number;
}

/** A header whose words open at least this many files says nothing about any of them. */
export const recurringHeaderFiles = 5;

/** What cleaning needs of an analysis. */
type CleanedFacts = Pick<FileAnalysis, "decoded" | "findings" | "header">;

function stripSpans(analysis: CleanedFacts, isRecurring: (key: string) => boolean): TextSpan[] {
  const spans: TextSpan[] = [];
  if (analysis.decoded.markBytes > 0) spans.push({ start: 0, end: 0, kind: "stripped", rule: "byte-order-mark" });
  spans.push(...headerSpans(analysis.header, isRecurring));
  return spans;
}

/** What the header analysis takes out, in order and without overlap: a recurring block swallows what is stripped inside it. */
export function headerSpans(header: HeaderAnalysis, isRecurring: (key: string) => boolean): TextSpan[] {
  const recurring: TextSpan[] = [];
  const { block, blocks = [], licence, noise = [] } = header;
  if (block !== undefined && isRecurring(block.key))
    recurring.push({ start: block.start, end: block.end, kind: "stripped", rule: "recurring-header" });
  for (const { start, end, key } of blocks) if (isRecurring(key)) recurring.push({ start, end, kind: "stripped", rule: "recurring-block" });
  const spans = [
    ...recurring,
    ...licence.map(({ start, end }): TextSpan => ({ start, end, kind: "stripped", rule: "licence-header" })),
    ...noise.map(({ start, end, rule }): TextSpan => ({ start, end, kind: "stripped", rule })),
  ];
  const apart: TextSpan[] = [];
  for (const span of spans.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const start = Math.max(span.start, apart.at(-1)?.end ?? 0);
    if (span.end > start) apart.push({ ...span, start });
  }
  return apart;
}

/** Redactions inside a stripped range are gone with it; one that reaches out of it cuts the stripped range short. */
export function combineSpans<F extends Finding>(
  strips: readonly TextSpan[],
  findings: readonly F[],
  placeholder: (finding: F) => string,
): TextSpan[] {
  const outside = findings.filter((finding) => !strips.some((strip) => finding.start >= strip.start && finding.end <= strip.end));
  const cut = strips.flatMap((strip) => {
    const crossing = outside.find((finding) => finding.start < strip.end && finding.end > strip.start);
    if (crossing === undefined) return [strip];
    return crossing.start > strip.start
      ? [{ ...strip, end: crossing.start }]
      : crossing.end < strip.end
        ? [{ ...strip, start: crossing.end }]
        : [];
  });
  const redacted = outside.map((finding): TextSpan => ({
    start: finding.start,
    end: finding.end,
    kind: "redacted",
    rule: finding.rule,
    placeholder: placeholder(finding),
  }));
  return [...cut, ...redacted].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The text with every span cut out or replaced. */
export function applySpans(text: string, spans: readonly TextSpan[]): string {
  let clean = "";
  let at = 0;
  for (const span of spans) {
    clean += text.slice(at, span.start) + (span.placeholder ?? "");
    at = span.end;
  }
  return clean + text.slice(at);
}

/** What was redacted, with the line of each place. @param newlineFrom place of the next line end, below zero for none */
export function redactionRecords(path: string, newlineFrom: (at: number) => number, spans: readonly TextSpan[]): RedactionRecord[] {
  let line = 1;
  let at = 0;
  return spans.flatMap((span) => {
    for (let newline = newlineFrom(at); newline >= 0 && newline < span.start; newline = newlineFrom(at)) {
      line++;
      at = newline + 1;
    }
    return span.placeholder === undefined
      ? []
      : [{ path, line, rule: span.rule, start: span.start, end: span.end, placeholder: span.placeholder }];
  });
}

/** Values met anywhere in the repository. */
export interface KnownValues extends Pick<SensitiveValues, "complete"> {
  placeholder(value: string, finding: Finding): string;
}

/** Cleans one analysed file with what the whole repository taught: values found elsewhere, headers that recur. */
export function cleanFile(path: string, analysis: CleanedFacts, values: KnownValues, isRecurring: (key: string) => boolean): CleanFile {
  const { decoded } = analysis;
  const findings = values.complete(decoded.text, analysis.findings);
  const spans = combineSpans(stripSpans(analysis, isRecurring), findings, (finding) =>
    values.placeholder(decoded.text.slice(finding.start, finding.end), finding),
  );
  let redactedBytes = 0;
  let strippedBytes = decoded.markBytes;
  for (const span of spans) {
    const bytes = decoded.byteLength(span.start, span.end);
    if (span.kind === "redacted") redactedBytes += bytes;
    else strippedBytes += bytes;
  }
  const redactions = redactionRecords(path, (at) => decoded.text.indexOf("\n", at), spans);
  return { text: applySpans(decoded.text, spans), spans, redactions, redactedBytes, strippedBytes };
}

/** True when nothing but placeholders and punctuation is left. */
export function isEmptied(text: string, hasPlaceholders: boolean): boolean {
  return !/[\p{L}\p{N}]/u.test(hasPlaceholders ? text.replace(/<(?:SECRET|PERSONAL):[a-z0-9-]+>/g, "") : text);
}
