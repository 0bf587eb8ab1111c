/** The repository's fragmentation report (§6.1) of documents at hand, in this thread. `scanCorpus` makes the same of a corpus on disk. */
import type { FragmentationReport } from "@midtrain/protocol/tokens";
import type { OnProgress } from "@midtrain/protocol/progress";
import { throwIfCancelled } from "../platform/cancellation";
import type { Tokenizer } from "../tokenizer";
import { readColumns } from "./extract-terms";
import { termIgnore } from "./ignore-list";
import { CorpusTally } from "./scan/corpus-tally";
import { tallyDocument } from "./scan/document-tally";
import { reportOfTally } from "./scan/report-of-tally";
import { termCosts } from "./term-lengths";

export interface ReportDocument {
  readonly path: string;
  readonly language: string;
  readonly text: string;
}

export interface ReportOptions {
  /** Ranked terms. Default 100. */
  readonly top?: number;
  /** Costliest files. Default 100. */
  readonly files?: number;
  /** Names and globs of terms that are left out (`fragmentation.ignore`). */
  readonly ignore?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export const reportDefaults = { top: 100, files: 100 } as const;
const documentsBetweenPauses = 16;

/** One pass over the documents. Terms are kept apart by their exact spelling; the kind is that of most occurrences. */
export async function fragmentationReport(
  documents: Iterable<ReportDocument> | AsyncIterable<ReportDocument>,
  tokenizer: Tokenizer,
  options: ReportOptions = {},
): Promise<FragmentationReport> {
  const tally = new CorpusTally(tokenizer.vocabularySize);
  const scratch = new Int32Array(tokenizer.vocabularySize);
  const isIgnored = termIgnore(options.ignore ?? []);
  let done = 0;
  for await (const { path, language, text } of documents) {
    throwIfCancelled(options.signal, "the fragmentation report");
    tally.add(path, tallyDocument(text, readColumns(text, language), tokenizer, scratch), isIgnored);
    done++;
    if (done % documentsBetweenPauses === 0) await new Promise((wake) => setImmediate(wake));
    options.onProgress?.({ stage: "names", message: `counting tokens per name, ${done.toLocaleString("en-US")} files` });
  }
  const costs = termCosts([...tally.terms], tokenizer, tally.tokenFrequency);
  return reportOfTally(tally, costs, tokenizer, { ...reportDefaults, ...options });
}
