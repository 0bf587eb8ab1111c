/** Whether a model can be trained on this machine, as preflight, doctor and the model picker say it. */
export const fits = ["fits", "tight", "does not fit"] as const;
export type Fit = (typeof fits)[number];

export interface MemoryPart {
  readonly name: string;
  readonly bytes: number;
}

export interface FitView {
  readonly fit: Fit;
  /** "GPU 0, NVIDIA H100" or "the CPU". */
  readonly device: string;
  readonly peakBytes: number;
  readonly freeBytes: number;
  /** What would make it fit, best first; empty where it fits. */
  readonly remedies: readonly string[];
  /** One line: device, badge, predicted peak against free memory. */
  readonly words: string;
}
