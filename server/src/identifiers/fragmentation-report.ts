/** The repository's fragmentation report (§6.1): frequency-weighted means, costs, ranked terms. */
import { termKinds, type FragmentationReport, type TermFigures, type TermKind } from "@midtrain/protocol/tokens";
import type { OnProgress } from "@midtrain/protocol/progress";
import { throwIfCancelled } from "../platform/cancellation";
import type { Tokenizer } from "../tokenizer";
import { termLengths } from "./term-lengths";
import { analyseText } from "./text-analysis";

export interface ReportDocument {
  readonly path: string;
  readonly language: string;
  readonly text: string;
}

export interface ReportOptions {
  readonly top?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** A piece seen this often in the corpus counts as learned: the floor of the learning cost (snippets a token needs). */
const learnedAfter = 100;
const documentsBetweenPauses = 16;

interface Tally {
  readonly kinds: Partial<Record<TermKind, number>>;
  count: number;
  files: number;
  lastFile: number;
  credit: number;
  split: number;
}

interface Counts {
  readonly terms: Map<string, Tally>;
  readonly tokenFrequency: Uint32Array;
  files: number;
  bytes: number;
  tokens: number;
}

/** One pass over the documents. Terms are kept apart by their exact spelling; the kind is that of most occurrences. */
export async function fragmentationReport(
  documents: Iterable<ReportDocument> | AsyncIterable<ReportDocument>,
  tokenizer: Tokenizer,
  options: ReportOptions = {},
): Promise<FragmentationReport> {
  const counts: Counts = { terms: new Map(), tokenFrequency: new Uint32Array(tokenizer.vocabularySize), files: 0, bytes: 0, tokens: 0 };
  for await (const document of documents) {
    throwIfCancelled(options.signal, "the fragmentation report");
    countDocument(counts, document, tokenizer);
    if (counts.files % documentsBetweenPauses === 0) await new Promise((wake) => setImmediate(wake));
    options.onProgress?.({ stage: "names", message: `counting tokens per name, ${counts.files.toLocaleString("en-US")} files` });
  }
  const figures = [...counts.terms].map(([term, tally]) => figuresOf(term, tally, counts, tokenizer));
  figures.sort((a, b) => b.contextCost - a.contextCost || (a.term < b.term ? -1 : 1));
  return summarise(counts, figures, tokenizer, options.top ?? 100);
}

function countDocument(counts: Counts, document: ReportDocument, tokenizer: Tokenizer): void {
  const { encoding, terms, tokens } = analyseText(document.text, document.language, tokenizer);
  counts.files++;
  counts.bytes += Buffer.byteLength(document.text);
  counts.tokens += encoding.ids.length;
  for (const id of encoding.ids) counts.tokenFrequency[id]!++;
  terms.forEach(({ term, kind }, index) => {
    const span = tokens[index]!;
    let tally = counts.terms.get(term);
    if (!tally) counts.terms.set(term, (tally = { kinds: {}, count: 0, files: 0, lastFile: 0, credit: 0, split: 0 }));
    tally.count++;
    tally.kinds[kind] = (tally.kinds[kind] ?? 0) + 1;
    tally.credit += span.credit;
    if (span.to - span.from >= 2) tally.split++;
    if (tally.lastFile !== counts.files) {
      tally.lastFile = counts.files;
      tally.files++;
    }
  });
}

function figuresOf(term: string, tally: Tally, counts: Counts, tokenizer: Tokenizer): TermFigures & { readonly split: number } {
  const { isolated, afterSpace, pieces } = termLengths(term, tokenizer);
  const inContext = tally.credit / tally.count;
  const learningCost = pieces.reduce(
    (sum, piece) => sum + Math.max(0, Math.log(learnedAfter / Math.max(1, counts.tokenFrequency[piece]!))),
    0,
  );
  return {
    term,
    kind: mostFrequentKind(tally),
    count: tally.count,
    files: tally.files,
    inContext,
    isolated,
    afterSpace,
    contextCost: tally.count * (inContext - 1),
    learningCost,
    split: tally.split,
  };
}

/** The kind of most occurrences; among equals the one that termKinds names last, which says more than "identifier". */
function mostFrequentKind({ kinds }: Tally): TermKind {
  return termKinds.reduce((best, kind) => ((kinds[kind] ?? 0) >= (kinds[best] ?? 0) && kinds[kind] ? kind : best));
}

function summarise(
  counts: Counts,
  figures: readonly (TermFigures & { readonly split: number })[],
  tokenizer: Tokenizer,
  top: number,
): FragmentationReport {
  const occurrences = sum(figures, ({ count }) => count);
  return {
    tokenizer: { name: tokenizer.identity.name, hash: tokenizer.identity.hash },
    files: counts.files,
    bytesPerToken: ratio(counts.bytes, counts.tokens),
    terms: figures.length,
    meanInContext: ratio(
      sum(figures, ({ count, inContext }) => count * inContext),
      occurrences,
    ),
    meanIsolated: ratio(
      sum(figures, ({ count, isolated }) => count * isolated),
      occurrences,
    ),
    splitShare: ratio(
      sum(figures, ({ split }) => split),
      occurrences,
    ),
    costShare: ratio(
      sum(figures, ({ contextCost }) => contextCost),
      counts.tokens,
    ),
    byKind: byKind(figures),
    top: figures.slice(0, top).map(({ split: _split, ...figure }) => figure),
  };
}

function byKind(figures: readonly TermFigures[]): FragmentationReport["byKind"] {
  const kinds = [...new Set(figures.map(({ kind }) => kind))].sort();
  return Object.fromEntries(
    kinds.map((kind) => {
      const members = figures.filter((figure) => figure.kind === kind);
      const occurrences = sum(members, ({ count }) => count);
      return [
        kind,
        {
          terms: members.length,
          occurrences,
          meanInContext: ratio(
            sum(members, ({ count, inContext }) => count * inContext),
            occurrences,
          ),
          meanIsolated: ratio(
            sum(members, ({ count, isolated }) => count * isolated),
            occurrences,
          ),
        },
      ];
    }),
  );
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
