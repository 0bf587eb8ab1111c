import type { MidtrainConfig } from "@midtrain/protocol/config";

type Settings = NonNullable<MidtrainConfig["corpus"]>;

/** What a person may set about the corpus (`corpus` in midtrain.jsonc). Everything has a default. */
export interface CorpusConfig extends Settings {
  /** Fewest files held out where the repository is large enough. */
  readonly minHeldOutFiles?: number | undefined;
  /** Files up to which near duplicates are found by the exact join; beyond, candidates come from MinHash in bands. */
  readonly mostExactDocuments?: number | undefined;
}

/** Every key with its value. It is part of the corpus id: equal contents under equal settings are one corpus. */
export interface ResolvedCorpusConfig {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly maxFileBytes: number;
  readonly heldOutShare: number;
  readonly minHeldOutFiles: number;
  readonly mostExactDocuments: number;
  readonly directories: readonly string[];
  readonly roots: readonly string[];
  readonly untracked: boolean;
  readonly submodules: boolean;
  readonly history: { readonly commits: number; readonly releases: boolean };
  readonly reclassify: NonNullable<Settings["reclassify"]>;
  readonly rulesOff: readonly string[];
  readonly allow: NonNullable<Settings["allow"]>;
  readonly licences: { readonly reject: readonly string[]; readonly warn: readonly string[] };
  readonly heldOut: NonNullable<Settings["heldOut"]>;
}

/** Above 1 MiB a content rule keeps programs of compiled languages only (register tables, test vectors); this bounds the memory of one file. */
const corpusDefaults: ResolvedCorpusConfig = {
  include: [],
  exclude: [],
  maxFileBytes: 1 << 24,
  heldOutShare: 0.05,
  minHeldOutFiles: 20,
  mostExactDocuments: 100_000,
  directories: [],
  roots: [],
  untracked: false,
  submodules: false,
  history: { commits: 0, releases: false },
  reclassify: [],
  rulesOff: [],
  allow: [],
  licences: { reject: [], warn: [] },
  heldOut: {},
};

export function resolveCorpusConfig(config: CorpusConfig): ResolvedCorpusConfig {
  return {
    include: config.include ?? corpusDefaults.include,
    exclude: config.exclude ?? corpusDefaults.exclude,
    maxFileBytes: config.maxFileBytes ?? corpusDefaults.maxFileBytes,
    heldOutShare: config.heldOutShare ?? corpusDefaults.heldOutShare,
    minHeldOutFiles: config.minHeldOutFiles ?? corpusDefaults.minHeldOutFiles,
    mostExactDocuments: config.mostExactDocuments ?? corpusDefaults.mostExactDocuments,
    directories: config.directories ?? corpusDefaults.directories,
    roots: config.roots ?? corpusDefaults.roots,
    untracked: config.untracked ?? corpusDefaults.untracked,
    submodules: config.submodules ?? corpusDefaults.submodules,
    history: {
      commits: config.history?.commits ?? corpusDefaults.history.commits,
      releases: config.history?.releases ?? corpusDefaults.history.releases,
    },
    reclassify: config.reclassify ?? corpusDefaults.reclassify,
    rulesOff: config.rulesOff ?? corpusDefaults.rulesOff,
    allow: config.allow ?? corpusDefaults.allow,
    licences: {
      reject: config.licences?.reject ?? corpusDefaults.licences.reject,
      warn: config.licences?.warn ?? corpusDefaults.licences.warn,
    },
    heldOut: config.heldOut ?? corpusDefaults.heldOut,
  };
}

/**
 * Version of everything in this room that decides what a corpus holds: listing, rules, cleaning, redaction, deduplication, split, format.
 * It is part of the corpus id, so a changed rule never reuses a corpus made by the old one. Raise it with every such change.
 */
export const rulesVersion = "15";
