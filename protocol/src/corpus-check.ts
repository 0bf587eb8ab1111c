/** What `harvest --check` and *Check Corpus* derive again from a written corpus: verdict on the split, measures of repetition. */
import type { SplitSide } from "./corpus";

/** How alike the documents of a directory are to the rest of the corpus (§11.2, case 5). Shares are of what was sampled; 0 of nothing. */
export interface RepetitionFigures {
  /** The whole corpus is "". */
  readonly directory: string;
  readonly documents: number;
  /** Distinct among the occurrences of five-word shingles; one that n documents have counts 1/n in each. */
  readonly diversity: number;
  /** Occurrences of shingles that at least ten documents have. */
  readonly templated: number;
  /** Lines of at least 20 characters that stand more than once in the corpus. */
  readonly repeatedLines: number;
  /** Documents with another one at least half alike. */
  readonly alikeDocuments: number;
}

/** Two documents that belong together and lie on different sides of the split. */
export interface PairAcross {
  readonly a: string;
  readonly b: string;
  readonly sides: readonly [SplitSide, SplitSide];
  readonly why: "similar" | "test and implementation" | "copied or moved";
  readonly jaccard?: number;
}

export interface LineLeakage {
  /** Held-out lines of at least 20 characters, repeated ones counted each time. */
  readonly lines: number;
  /** Those that training holds verbatim, white space around them not counted. */
  readonly verbatim: number;
}

/** A check as the panel shows it: lists that can be long are counted, their first members shown. */
export interface CorpusCheckSummary {
  /** Id of the corpus that was checked. */
  readonly corpus: string;
  readonly ok: boolean;
  readonly documents: number;
  readonly pairsAcross: { readonly total: number; readonly shown: readonly PairAcross[] };
  readonly duplicatesLeft: {
    readonly total: number;
    readonly shown: readonly { readonly a: string; readonly b: string; readonly jaccard: number }[];
  };
  /** Other ways in which the corpus is not what its manifest says. */
  readonly problems: readonly string[];
  readonly leakage: LineLeakage;
  /** Training documents that share 13-word runs with held-out ones: measured, not judged. */
  readonly sharedRuns: number;
  /** The whole corpus first, then its directories of at least twenty documents. */
  readonly repetition: readonly RepetitionFigures[];
}
