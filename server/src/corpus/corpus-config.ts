/** What a person may set about the corpus (`corpus` in midtrain.jsonc). Everything has a default. */
export interface CorpusConfig {
  /** Globs of paths that are kept even if a rule about generated, vendored or data-like files would reject them. */
  readonly include?: readonly string[] | undefined;
  /** Globs of paths to leave out; never read, recorded as rejects. */
  readonly exclude?: readonly string[] | undefined;
  /** Files above this many bytes on disk are rejected unread. */
  readonly maxFileBytes?: number | undefined;
  /** Share of the text bytes held out for evaluation, sealed part included. */
  readonly heldOutShare?: number | undefined;
  /** Fewest files held out where the repository is large enough. */
  readonly minHeldOutFiles?: number | undefined;
}

export interface ResolvedCorpusConfig {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly maxFileBytes: number;
  readonly heldOutShare: number;
  readonly minHeldOutFiles: number;
}

/** 1 MiB is also where Linguist stops looking at a file; hand-written files above it are rare. */
const corpusDefaults: ResolvedCorpusConfig = {
  include: [],
  exclude: [],
  maxFileBytes: 1 << 20,
  heldOutShare: 0.05,
  minHeldOutFiles: 20,
};

export function resolveCorpusConfig(config: CorpusConfig): ResolvedCorpusConfig {
  return {
    include: [...(config.include ?? corpusDefaults.include)],
    exclude: [...(config.exclude ?? corpusDefaults.exclude)],
    maxFileBytes: config.maxFileBytes ?? corpusDefaults.maxFileBytes,
    heldOutShare: config.heldOutShare ?? corpusDefaults.heldOutShare,
    minHeldOutFiles: config.minHeldOutFiles ?? corpusDefaults.minHeldOutFiles,
  };
}

/**
 * Version of everything in this room that decides what a corpus holds: listing, rules, cleaning, redaction, deduplication, split, format.
 * It is part of the corpus id, so a changed rule never reuses a corpus made by the old one. Raise it with every such change.
 */
export const rulesVersion = "2";
