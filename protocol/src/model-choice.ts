import type { FitView } from "./fit";

/** A model on this disk, as the picker shows it. */
export interface ModelChoice {
  readonly name: string;
  readonly directory: string;
  readonly where: "embedded" | "hub" | "folder";
  /** Elements of all stored tensors; absent when the weights cannot be read. */
  readonly parameters?: number;
  /** Of the weights on disk. */
  readonly bytes: number;
  readonly architecture: string;
  /** Largest number of positions. */
  readonly context?: number;
  /** Name of the licence file, else the licence that the model card names. */
  readonly licence?: string;
  /** Whether it was tuned to follow instructions, as far as its name and files tell. */
  readonly tuning: "base" | "instruct" | "unknown";
  /** That can run it, the one it gets by default first. */
  readonly executors: readonly ("onnx" | "torch")[];
  /** For the torch executor on this machine, with the configuration as it is; modelled, not measured. */
  readonly fit?: FitView;
  /** What stands in the way of training it, in words. */
  readonly problems: readonly string[];
}
