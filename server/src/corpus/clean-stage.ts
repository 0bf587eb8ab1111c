import type { DocumentClass, RedactionRecord, RejectRecord, TextSpan } from "@midtrain/protocol/corpus";
import { analyseFile, type FileAnalysis } from "./analyse-file";
import { cleanFile, isEmptied, recurringHeaderFiles } from "./clean-file";
import type { Finding } from "./sensitive/sensitive-scan";
import type { HeaderAnalysis } from "./headers/licence-header";
import type { ListedFile } from "./listing/list-git";
import type { Pacer } from "./pacer";
import { comparePaths } from "./listing/path-names";
import type { Candidate } from "./read-stage";
import { SensitiveValues } from "./sensitive/sensitive-values";
import type { ContentStore, TextStore } from "./written/stores";
import type { AnalysisContext } from "./rules/analysis-context";
import { decode } from "./rules/decode";

/** A cleaned document; its text is in the text store under its position. */
export interface CleanDocument {
  readonly path: string;
  readonly blob: string;
  readonly class: DocumentClass;
  readonly language: string;
  readonly encoding: string;
  readonly spans: readonly TextSpan[];
  readonly redactions: readonly RedactionRecord[];
  readonly bytes: number;
  readonly redactedBytes: number;
  readonly strippedBytes: number;
}

/** On-disk bytes that went into the corpus. */
export function keptBytes(document: Pick<CleanDocument, "bytes" | "redactedBytes" | "strippedBytes">): number {
  return document.bytes - document.redactedBytes - document.strippedBytes;
}

export interface CleanStage {
  readonly documents: readonly CleanDocument[];
  readonly rejects: readonly RejectRecord[];
}

/** What is remembered of a file between the two looks: everything but its text. */
interface Remembered {
  readonly candidate: Candidate;
  readonly class: DocumentClass;
  readonly language: string;
  readonly encoding: string;
  readonly findings: readonly Finding[];
  readonly header: HeaderAnalysis;
}

export interface CleanContext {
  readonly analysis: AnalysisContext;
  readonly files: readonly ListedFile[];
  readonly contents: ContentStore;
  readonly texts: TextStore;
  readonly pacer: Pacer;
  readonly onStep: (message: string, done: number, total: number) => void;
}

function rejectRecord(candidate: Candidate, rule: string, reason: string): RejectRecord {
  return { path: candidate.path, rule, bytes: candidate.bytes, reason };
}

function changed(candidate: Candidate): RejectRecord {
  return rejectRecord(candidate, "vanished", "The file changed or went away while it was being harvested.");
}

/**
 * Two looks at every file: the first finds secrets and headers, the second cleans with what all files together showed
 * (a secret found once is replaced everywhere, a header that opens many files is boilerplate).
 */
export async function cleanFiles(candidates: readonly Candidate[], context: CleanContext): Promise<CleanStage> {
  const values = new SensitiveValues();
  const headers = new Map<string, number>();
  const rejects: RejectRecord[] = [];
  const remembered: Remembered[] = [];
  const sorted = [...candidates].sort((a, b) => comparePaths(a.path, b.path));
  for (const [done, candidate] of sorted.entries()) {
    if (context.pacer.due()) await context.pacer.rest();
    const content = context.contents.get(candidate.file);
    const analysis = content === undefined ? undefined : analyseFile(context.files[candidate.file]!, content, context.analysis);
    if (analysis?.kind !== "text") {
      rejects.push(analysis === undefined ? changed(candidate) : rejectRecord(candidate, analysis.rule, analysis.reason));
      context.contents.drop(candidate.file);
    } else {
      values.learn(analysis.decoded.text, analysis.findings);
      const key = analysis.header.block?.key;
      if (key !== undefined) headers.set(key, (headers.get(key) ?? 0) + 1);
      remembered.push({
        candidate,
        class: analysis.class,
        language: analysis.language,
        encoding: analysis.encoding,
        findings: analysis.findings,
        header: analysis.header,
      });
    }
    context.onStep("reading text", done + 1, sorted.length);
  }
  const isRecurring = (key: string): boolean => (headers.get(key) ?? 0) >= recurringHeaderFiles;
  const documents = await secondLook(remembered, values, isRecurring, rejects, context);
  return { documents, rejects };
}

async function secondLook(
  remembered: readonly Remembered[],
  values: SensitiveValues,
  isRecurring: (key: string) => boolean,
  rejects: RejectRecord[],
  context: CleanContext,
): Promise<CleanDocument[]> {
  const documents: CleanDocument[] = [];
  for (const [done, entry] of remembered.entries()) {
    if (context.pacer.due()) await context.pacer.rest();
    const { candidate } = entry;
    const analysis = decodeAgain(entry, context);
    context.contents.drop(candidate.file);
    if (analysis === undefined) {
      rejects.push(changed(candidate));
      continue;
    }
    const clean = cleanFile(candidate.path, analysis, values, isRecurring);
    if (isEmptied(clean.text)) {
      const wasEmpty = clean.spans.length === 0;
      rejects.push(
        rejectRecord(
          candidate,
          wasEmpty ? "empty" : "empty-after-cleaning",
          wasEmpty ? "The file holds no word." : "Nothing is left after secrets and headers are taken out.",
        ),
      );
      continue;
    }
    context.texts.put(documents.length, clean.text);
    documents.push({
      path: candidate.path,
      blob: candidate.blob,
      class: entry.class,
      language: entry.language,
      encoding: entry.encoding,
      spans: clean.spans,
      redactions: clean.redactions,
      bytes: candidate.bytes,
      redactedBytes: clean.redactedBytes,
      strippedBytes: clean.strippedBytes,
    });
    context.onStep("cleaning text", done + 1, remembered.length);
  }
  return documents;
}

function decodeAgain(entry: Remembered, context: CleanContext): FileAnalysis | undefined {
  const content = context.contents.get(entry.candidate.file);
  if (content === undefined) return undefined;
  const decoded = decode(content, context.files[entry.candidate.file]!.attributes.encoding);
  return decoded.kind === "reject"
    ? undefined
    : {
        kind: "text",
        decoded,
        class: entry.class,
        language: entry.language,
        encoding: entry.encoding,
        findings: entry.findings,
        header: entry.header,
      };
}
