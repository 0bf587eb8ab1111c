/** Whether a model can be trained on this machine, as preflight, doctor and the model picker say it. Bytes, unless a name says otherwise. */
export type Fit = "fits" | "tight" | "does not fit";

export interface MemoryPart {
  readonly name: string;
  readonly bytes: number;
}

export interface FitView {
  readonly fit: Fit;
  /** "GPU 0 (NVIDIA H100)" or "the CPU". */
  readonly device: string;
  readonly peakBytes: number;
  readonly freeBytes: number;
  /** What would make it fit, best first; empty where it fits. */
  readonly remedies: readonly string[];
  /** One line: badge, predicted peak against free memory, and of what. */
  readonly words: string;
}

/** Checkpoints of a run against the free disk. */
export interface DiskView {
  readonly fit: Fit;
  /** What the run holds at any time: a full state being written beside the one it replaces. */
  readonly leastBytes: number;
  /** When every kept state is another one and every evaluated state stays on the front. */
  readonly mostBytes: number;
  readonly freeBytes: number;
  readonly words: string;
}

/** What was known of memory, disk and time before a run began: in run.json and plan.json. */
export interface RunPreflight {
  /** Processes the run takes, where it is more than one; and why, where the preflight chose them. */
  readonly processes?: { readonly count: number; readonly why?: string };
  readonly memory?: FitView;
  readonly disk: DiskView;
  /** From the probe; of training alone, without evaluations. */
  readonly speed?: { readonly tokensPerSecond: number; readonly tokens: number; readonly seconds: number; readonly words: string };
}
