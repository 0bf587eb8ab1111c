/** Tokenizers, fragmentation figures (§6.1) and packed token rows. */
export interface TokenizerIdentity {
  readonly name: string;
  /** Canonical sha256 of the tokenizer's content (vocabulary, merges, added tokens, normalizer, pre-tokenizer, decoder). */
  readonly hash: string;
  /** sha256 over the ids of a fixed probe text: two tokenizers with the same behaviour share it. */
  readonly behaviour: string;
  readonly engine: "own" | "tiktoken";
}

/** `midtrain tokenize --json` */
export interface TokenizeResult {
  readonly file: string;
  readonly ids: readonly number[];
  /** [start, end) in UTF-16 units, one pair per id. */
  readonly offsets?: readonly (readonly [number, number])[];
}

export const termKinds = ["identifier", "type", "api-name", "path", "config-key", "constant", "service"] as const;
export type TermKind = (typeof termKinds)[number];

export interface TermFigures {
  readonly term: string;
  readonly kind: TermKind;
  /** f(u): occurrences in the corpus. */
  readonly count: number;
  /** Number of files with an occurrence. */
  readonly files: number;
  /** Mean tokens overlapping the span with fractional credit, over its occurrences. */
  readonly inContext: number;
  readonly isolated: number;
  readonly afterSpace: number;
  /** f(u)·(r(u)−1), tokens. */
  readonly contextCost: number;
  /** Σ max(0, log(f_min / f(piece))) over its pieces alone, nats: how far they are from being seen often enough (§6.1). */
  readonly learningCost: number;
  /** Occurrences with two tokens and more. */
  readonly split?: number;
  /** Of a configuration key: the path of keys of most of its occurrences, how many paths there are, tokens of that path alone. */
  readonly keyPath?: { readonly path: string; readonly paths: number; readonly isolated: number };
}

/** Figures of a file, or of a directory with everything below it. */
export interface AreaFigures {
  /** Relative to the repository, with slashes; "" is the repository. */
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
  readonly tokens: number;
  readonly occurrences: number;
  readonly meanInContext: number;
  readonly splitShare: number;
  /** Σ f·(r−1), tokens. */
  readonly contextCost: number;
  /** contextCost / tokens. */
  readonly costShare: number;
}

/** `midtrain fragmentation --json` */
export interface FragmentationReport {
  readonly tokenizer: { readonly name: string; readonly hash: string };
  readonly files: number;
  readonly bytesPerToken: number;
  /** Distinct terms. */
  readonly terms: number;
  readonly meanInContext: number;
  readonly meanIsolated: number;
  /** Share of occurrences with r >= 2, in context. */
  readonly splitShare: number;
  /** Σ f·(r−1) / tokens of the corpus. */
  readonly costShare: number;
  readonly byKind: Readonly<Record<string, KindFigures>>;
  readonly top: readonly TermFigures[];
  readonly bytes?: number;
  readonly tokens?: number;
  readonly occurrences?: number;
  /** Σ f·(r−1), tokens. */
  readonly contextCost?: number;
  /** Σ f·learning cost / Σ f, nats per occurrence. */
  readonly meanLearningCost?: number;
  /** Every distinct term counted once. */
  readonly meanByTerm?: { readonly inContext: number; readonly isolated: number };
  /** Whole tokens that overlap an occurrence -> occurrences; the last row holds everything from its number on. */
  readonly distribution?: readonly { readonly tokens: number; readonly occurrences: number }[];
  /** The repository first, then every directory, by path. */
  readonly directories?: readonly AreaFigures[];
  /** The files whose names cost most. */
  readonly costliestFiles?: readonly AreaFigures[];
  /** Occurrences that are no terms, by reason: hash, encoded, generated, too-long, ignored. */
  readonly excluded?: Readonly<Record<string, number>>;
  /** Configuration files that break their format's rules; their readable keys are counted. */
  readonly malformed?: { readonly files: number; readonly examples: readonly { readonly path: string; readonly problem: string }[] };
  /** Files whose kinds of names come from a grammar's syntax tree, and those whose kinds the lexer judged. */
  readonly kindsFrom?: { readonly grammar: number; readonly lexer: number };
}

export interface KindFigures {
  readonly terms: number;
  readonly occurrences: number;
  readonly meanInContext: number;
  readonly meanIsolated: number;
  readonly splitShare?: number;
  /** Σ f·(r−1), tokens. */
  readonly contextCost?: number;
}

/** `midtrain fragmentation --tokenizer A --tokenizer B --json` adds this to A's report. */
export interface FragmentationComparison {
  /** A first; without their ranked terms. */
  readonly tokenizers: readonly Omit<FragmentationReport, "top" | "directories" | "costliestFiles">[];
  /** Terms that are among the costliest of any of them, with the figures of each in the order of `tokenizers`. */
  readonly terms: readonly {
    readonly term: string;
    readonly kind: TermKind;
    readonly count: number;
    readonly by: readonly Pick<TermFigures, "inContext" | "isolated" | "afterSpace" | "contextCost" | "learningCost">[];
  }[];
}

/** What k appended tokens would save, by continued BPE on the training split (§6.1). */
export interface ExpansionSaving {
  /** Tokens asked for and found. */
  readonly k: number;
  readonly candidates: number;
  /** Of these, steps on the way to longer tokens, which no text of the training split holds any more. */
  readonly steps: number;
  /** Share of the held-out tokens that would be saved; the training split's beside it, which is too good by what was learned by heart. */
  readonly heldOutShare: number;
  readonly trainShare: number;
  /** Occurrences in the training split of the tokens that it holds: 10th percentile and median. */
  readonly exposures: { readonly p10: number; readonly median: number };
  /** Share of those tokens that the training split shows often enough to be learned (§6.4). */
  readonly exposedShare: number;
  /** Share of those tokens that never occur in held-out files. */
  readonly neverHeldOutShare: number;
  /** The same saving where every merge counts, names or not: what filtering costs. */
  readonly unfilteredHeldOutShare: number;
}

/** Whether new tokens are worth their price (§6.1, §6.2). A verdict only: nothing is changed. */
export interface ExpansionAssessment {
  readonly tokenizer: { readonly name: string; readonly hash: string };
  readonly verdict: "do-not-expand" | "expansion-pays";
  /** Why, in sentences. */
  readonly reasons: readonly string[];
  /** What would turn the verdict. */
  readonly wouldChange: readonly string[];
  /** Cheaper than new tokens (§6.2). */
  readonly cheaper: readonly string[];
  /** What has to change wherever the model runs if tokens are added (§6.5). */
  readonly servingChanges: readonly string[];
  readonly limits: {
    readonly heldOutShare: number;
    readonly exposures: number;
    readonly exposedShare: number;
    readonly mostCandidates: number;
  };
  readonly train: { readonly files: number; readonly tokens: number };
  readonly heldOut: { readonly files: number; readonly tokens: number };
  readonly savings: readonly ExpansionSaving[];
  /** The first candidates in the order in which they are found, with their occurrences. */
  readonly candidates: readonly { readonly token: string; readonly exposures: number; readonly heldOut: number }[];
  /** Rows of the model's embedding matrix beyond the vocabulary, which need no resize; absent without a model. */
  readonly freeRows?: number;
  /** Error on expensive names against cheap ones of the same frequency; "not shown" without a model that was asked. */
  readonly quality: "not shown";
}

/** What the hover, the inlay hint and the report say of one occurrence. */
export interface TermHere {
  readonly term: string;
  readonly kind: TermKind;
  readonly start: number;
  readonly end: number;
  /** The pieces as they are here: whole tokens overlapping the span, cut to the span for display. */
  readonly pieces: readonly string[];
  /** Whole tokens overlapping the span. */
  readonly here: number;
  readonly isolated: number;
  readonly afterSpace: number;
  /** Of a configuration key: the keys on the way to it, joined by dots. */
  readonly keyPath?: string;
  /** Occurrences and files in the repository, when a report of it is at hand. */
  readonly repository?: { readonly count: number; readonly files: number; readonly contextCost: number };
}

/** Figures of one file for the language status item. */
export interface FileFragmentation {
  readonly tokenizer: { readonly name: string; readonly hash: string };
  readonly tokens: number;
  readonly bytes: number;
  readonly terms: number;
  readonly occurrences: number;
  readonly meanInContext: number;
  readonly splitShare: number;
  /** Σ f·(r−1), tokens. */
  readonly contextCost?: number;
}

/** manifest.json of packed token rows (tokens/<id>/). Arrays are little-endian. */
export interface TokenRowsManifest {
  readonly format: 1;
  readonly tokens: string;
  readonly source: string;
  readonly corpus: string;
  readonly tokenizer: TokenizerIdentity;
  readonly rowLength: number;
  readonly rows: number;
  /** Ledger: every token of every document exactly once. */
  readonly ledger: {
    readonly documents: number;
    /** Tokens of the rendered documents, end-of-document tokens included. */
    readonly documentTokens: number;
    readonly packedTokens: number;
    readonly paddingTokens: number;
    /** Tokens repeated as path headers of later fragments, masked from the loss. */
    readonly headerTokens: number;
    /** Positions that carry loss. */
    readonly lossTokens: number;
    readonly fragments: number;
    /** Fragments that were turned around to fill the middle; each ends with an end-of-document token. */
    readonly filledMiddles?: number;
    /** Occurrences of special-token look-alikes that were encoded as ordinary text. */
    readonly specialLookalikes: number;
  };
  readonly files: Readonly<Record<string, string>>;
}
