/** What the gates panel and report.html draw: one complete snapshot, built by the engine from a run directory. */
import type { BucketName, Buckets, Verdict } from "./measures";
import type { CheckpointScore, CompletionSample, RunDocument, RunIdentity, RunPlan, RunStatus } from "./run";
import type { ExpansionAssessment, FragmentationComparison, FragmentationReport } from "./tokens";
import type { CorpusManifest } from "./corpus";
import type { CorpusReport } from "./corpus-view";

export interface StepPoint {
  readonly step: number;
  readonly branch: number;
  readonly tokens: number;
  readonly loss: number;
  readonly lossBySource: Readonly<Record<string, number>>;
  readonly gradNorm: number;
  readonly learningRate: number;
}

export interface EvaluationPoint {
  readonly step: number;
  readonly branch: number;
  /** False once a rollback undid the branch behind this point. */
  readonly live: boolean;
  readonly tokens: number;
  readonly buckets: Buckets;
  readonly score: number;
}

export interface RunMark {
  readonly kind: "checkpoint" | "rollback" | "policy" | "anomaly" | "gap-window-end" | "resumed";
  readonly step: number;
  readonly branch: number;
  readonly bucket?: BucketName;
  readonly text: string;
}

export interface ChangeLine {
  readonly seq: number;
  readonly time: string;
  readonly step: number;
  readonly text: string;
}

export interface RunView {
  readonly document: RunDocument;
  readonly status: RunStatus;
  readonly identity: RunIdentity;
  readonly plan: RunPlan | null;
  /** The first sentence: what a busy engineer acts on. */
  readonly headline: string;
  /** At most about 1,000 points, evenly thinned. */
  readonly steps: readonly StepPoint[];
  readonly evaluations: readonly EvaluationPoint[];
  readonly marks: readonly RunMark[];
  readonly candidates: readonly CheckpointScore[];
  readonly changes: readonly ChangeLine[];
  readonly completions: readonly CompletionSample[];
  readonly falseAlarm: { readonly budget: number; readonly spent: number };
  readonly corpus: CorpusManifest | null;
  /** Only for the embedded base: what it is for, and the step up. */
  readonly embeddedNote: string | null;
}

/** One row of the runs tree. */
export interface RunSummary {
  readonly run: string;
  readonly directory: string;
  readonly createdAt: string;
  readonly status: RunStatus;
  readonly headline: string;
  readonly verdicts: Readonly<Partial<Record<BucketName, { readonly verdict: Verdict; readonly word: string; readonly text: string }>>>;
}

/** What the fragmentation panel draws. */
export interface FragmentationSnapshot {
  readonly report: FragmentationReport;
  /** A name that the panel searches for when it takes this snapshot. */
  readonly search?: string;
  /** Names of one directory alone, where one was chosen. */
  readonly within?: { readonly path: string; readonly report: FragmentationReport };
  readonly comparison?: FragmentationComparison;
  readonly expansion?: ExpansionAssessment;
}

/** Data of a standalone report or a panel, by view. */
export type PanelData =
  | { readonly view: "run"; readonly run: RunView }
  | ({ readonly view: "fragmentation" } & FragmentationSnapshot)
  | { readonly view: "corpus"; readonly report: CorpusReport };
