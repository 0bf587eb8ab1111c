/** The corpus on disk (shared/CONTRACTS §3) and the result of a harvest (§2). All text offsets are UTF-16 units. */
export const documentClasses = ["source", "test", "documentation", "changelog", "runbook", "config-template"] as const;
export type DocumentClass = (typeof documentClasses)[number];

const classTitles: Readonly<Record<DocumentClass, string>> = {
  source: "Source",
  test: "Tests",
  documentation: "Documentation",
  changelog: "Changelog",
  runbook: "Runbooks",
  "config-template": "Configuration",
};

/** What people read for a class; a class of another version is called by its id. */
export function classTitle(name: string): string {
  return (classTitles as Readonly<Record<string, string>>)[name] ?? name;
}

export type SplitSide = "train" | "held-out" | "sealed";

export interface TextSpan {
  readonly start: number;
  readonly end: number;
  readonly kind: "redacted" | "stripped";
  readonly rule: string;
  readonly placeholder?: string;
}

/** One line of documents/<shard>.jsonl.gz. `text` is the cleaned whole file, `spans` refer to the decoded file on disk. */
export interface CorpusDocument {
  readonly id: string;
  readonly path: string;
  readonly class: DocumentClass;
  readonly language: string;
  /** Git blob id of the content that was read. */
  readonly blob: string;
  readonly split: SplitSide;
  readonly text: string;
  readonly spans: readonly TextSpan[];
}

export interface RejectRecord {
  readonly path: string;
  readonly rule: string;
  readonly bytes: number;
  readonly reason: string;
}

/** Where something was redacted: never the value. `line` counts from 1 in the file on disk. */
export interface RedactionRecord {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly start: number;
  readonly end: number;
  readonly placeholder: string;
}

export interface ClusterRecord {
  readonly survivor: string;
  /** Why this one stayed, in words. */
  readonly why?: string;
  readonly removed: readonly { readonly path: string; readonly jaccard: number; readonly kind: "blob" | "text" | "near" }[];
}

export interface HarvestBytes {
  readonly seen: number;
  readonly kept: number;
  readonly redacted: number;
  readonly stripped: number;
  readonly rejected: number;
}

/** Documents, files and bytes of one side of the split. */
export interface SplitCount {
  readonly documents: number;
  readonly bytes: number;
}

/** `midtrain harvest --json` */
export interface HarvestResult {
  readonly corpus: string;
  readonly directory: string;
  readonly documents: number;
  readonly bytes: HarvestBytes;
  readonly rejectsByRule: Readonly<Record<string, number>>;
  readonly redactionsByRule: Readonly<Record<string, number>>;
  readonly duplicateClusters: number;
  readonly split: { readonly train: SplitCount; readonly heldOut: SplitCount; readonly sealed: SplitCount };
  readonly seconds: number;
}

/** manifest.json of a corpus: everything needed to show it and to recompute its id. */
export interface CorpusManifest {
  readonly format: 1;
  readonly corpus: string;
  readonly tool: string;
  readonly rules: string;
  readonly repository: { readonly kind: "git" | "directory"; readonly head?: string; readonly branch?: string; readonly dirty?: number };
  readonly documents: number;
  readonly bytes: HarvestBytes;
  readonly byClass: Readonly<Record<string, SplitCount>>;
  readonly byLanguage: Readonly<Record<string, SplitCount>>;
  readonly rejectsByRule: Readonly<Record<string, number>>;
  readonly redactionsByRule: Readonly<Record<string, number>>;
  readonly redactedFiles: number;
  readonly duplicateClusters: number;
  /** How many documents were compared, and how: all pairs exactly, or candidates from MinHash in bands, each verified. */
  readonly nearDuplicates?: { readonly method: "exact" | "minhash-lsh"; readonly documents: number };
  readonly split: {
    readonly train: SplitCount;
    readonly heldOut: SplitCount;
    readonly sealed: SplitCount;
    readonly words: string;
    readonly note?: string;
  };
  /** Things said in words when met: submodules not entered, odd encodings, no git. */
  readonly notes: readonly string[];
  readonly shards: readonly { readonly file: string; readonly sha256: string; readonly documents: number }[];
  /** Wall seconds of the harvest that wrote it; not part of the id. */
  readonly seconds: number;
}
