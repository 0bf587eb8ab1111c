/** One line of progress of a long stage: what is being done, how far, out of how much. */
export interface Progress {
  /** A stage name from the chain, for example `harvest`, `tokenize`, `pack`, `baseline`, `training`. */
  readonly stage: string;
  /** What is being done, in words ("reading files"). */
  readonly message: string;
  readonly done?: number;
  readonly total?: number;
  /** Unit of done and total ("files", "steps"). */
  readonly unit?: string;
  readonly secondsLeft?: number;
}

export type OnProgress = (progress: Progress) => void;
