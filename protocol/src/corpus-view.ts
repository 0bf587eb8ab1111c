/** What the editor shows of a written corpus: lists by page, the answer about one file, how stale it is, its report. */
import type { CorpusManifest, DocumentClass, SplitSide } from "./corpus";
import type { CorpusCheckSummary } from "./corpus-check";

/** Lists of a corpus that can grow with the repository; the tree asks for one level of one of them at a time. */
export type CorpusList =
  | { readonly of: "documents"; readonly sides: readonly SplitSide[]; readonly class?: string; readonly language?: string }
  | { readonly of: "rejects"; readonly rule?: string }
  | { readonly of: "redactions"; readonly rule?: string }
  | { readonly of: "clusters" }
  /** What one cluster removed. */
  | { readonly of: "duplicates"; readonly survivor: string };

/** One level of a list: sub-directories and records below `under`. */
export interface CorpusPageQuery {
  readonly directory: string;
  readonly list: CorpusList;
  /** Ends with "/" unless empty. */
  readonly under: string;
  readonly offset: number;
  /** Records wherever they lie, without directories. */
  readonly flat?: boolean;
}

export interface CorpusPage {
  readonly entries: readonly CorpusEntry[];
  /** Entries of the whole level. */
  readonly total: number;
}

export type CorpusEntry =
  | {
      readonly kind: "directory";
      /** Ends with "/". */
      readonly path: string;
      readonly records: number;
      readonly bytes: number;
    }
  | {
      readonly kind: "document";
      readonly path: string;
      readonly class: string;
      readonly language: string;
      readonly split: SplitSide;
      readonly bytes: number;
    }
  | { readonly kind: "reject"; readonly path: string; readonly rule: string; readonly bytes: number; readonly reason: string }
  | ({ readonly kind: "redaction" } & FindingPlace)
  | { readonly kind: "cluster"; readonly path: string; readonly why?: string; readonly removed: number }
  | {
      readonly kind: "duplicate";
      readonly path: string;
      readonly survivor: string;
      readonly jaccard: number;
      readonly duplicate: "blob" | "text" | "near";
    };

/** Where a value was redacted, never the value. `line` from 1; offsets in UTF-16 units of the decoded file. */
export interface FindingPlace {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly start: number;
  readonly end: number;
  readonly placeholder: string;
}

/** What a person can do about a file that is not in the corpus, or about how it is. */
export type CorpusRemedy =
  | { readonly do: "include" }
  | { readonly do: "exclude" }
  | { readonly do: "rule-off"; readonly rule: string }
  | { readonly do: "raise-limit"; readonly bytes: number }
  | { readonly do: "harvest" }
  | { readonly do: "configuration"; readonly words: string };

/** Why a file is, or is not, in the corpus: one sentence, the evidence, what can be done. */
export type FileExplanation = {
  /** Relative to the harvested directory. */
  readonly path: string;
  /** One sentence that answers. */
  readonly words: string;
  readonly remedies: readonly CorpusRemedy[];
  /** The file is no longer what the harvest read. */
  readonly changed: boolean;
} & (
  | {
      readonly state: "kept";
      readonly class: string;
      readonly language: string;
      readonly side: SplitSide;
      readonly findings: readonly FindingPlace[];
      readonly stripped: number;
    }
  | { readonly state: "rejected"; readonly rule: string; readonly reason: string }
  | { readonly state: "duplicate"; readonly rule: string; readonly reason: string; readonly survivor: string }
  | { readonly state: "not-listed"; readonly why: "untracked" | "ignored" | "outside" | "submodule" | "own" | "missing" }
  | { readonly state: "not-harvested" }
);

/** A change of midtrain.jsonc that an action of the editor asks for. */
export type CorpusChange =
  | { readonly kind: "include"; readonly path: string }
  | { readonly kind: "exclude"; readonly path: string }
  | { readonly kind: "class"; readonly path: string; readonly class: DocumentClass }
  | { readonly kind: "language"; readonly path: string; readonly language: string }
  | { readonly kind: "rule-off"; readonly rule: string }
  | { readonly kind: "limit"; readonly bytes: number }
  /** A name that is left out of figures and hints. */
  | { readonly kind: "ignore-name"; readonly name: string }
  | { readonly kind: "allow-path"; readonly rule: string; readonly path: string }
  /** This value wherever it stands. Its salted hash is computed from the file; the value is written nowhere. */
  | { readonly kind: "allow-value"; readonly finding: FindingPlace };

/** Edits of the text of midtrain.jsonc, in order of their offsets, none overlapping. */
export interface ConfigurationEdit {
  readonly edits: readonly { readonly offset: number; readonly length: number; readonly content: string }[];
  /** What is written, in words: `Added "src/a.ts" to corpus.include.` */
  readonly words: string;
}

export interface CorpusStaleness {
  readonly corpus: string;
  /** Files of the repository that are no longer what the harvest read, gone or new. */
  readonly changed: number;
  /** A few of them. */
  readonly examples: readonly string[];
  /** midtrain.jsonc was written after the harvest. */
  readonly configuration: boolean;
  /** The history that the corpus takes messages from has moved on (commits or tags). */
  readonly history: boolean;
}

export interface DirectoryFigures {
  /** "" is the root itself, else it ends with "/". */
  readonly directory: string;
  readonly files: number;
  readonly bytes: number;
  readonly rejectedBytes: number;
  readonly duplicateBytes: number;
  readonly redactions: number;
}

/** What the corpus panel draws: one complete snapshot. */
export interface CorpusReport {
  readonly directory: string;
  readonly manifest: Omit<CorpusManifest, "shards">;
  /** Source bytes of rejects by rule; duplicates are rejects with a rule `duplicate-…`. */
  readonly rejectedBytesByRule: Readonly<Record<string, number>>;
  readonly kept: readonly { readonly class: string; readonly language: string; readonly files: number; readonly bytes: number }[];
  /** Those that lose most, worst first. */
  readonly directories: readonly DirectoryFigures[];
  /** What may still be in it after all rules, in words. */
  readonly residualRisk: string;
  /** What was derived again from this corpus; absent until it was checked. */
  readonly check?: CorpusCheckSummary;
}
