import type { Executor } from "@midtrain/protocol/executor";
import type { PlainError } from "../platform/plain-error";

/** The calls that cross to the worker thread: every method of the contract that concerns this executor. */
export type ExecutorMethod = Exclude<keyof Executor, "name" | "capabilities" | "onEvent" | "memory">;

export interface WorkerRequest {
  readonly id: number;
  readonly method: ExecutorMethod;
  readonly arguments: readonly unknown[];
}

export type WorkerReply =
  | { readonly id: number; readonly kind: "value"; readonly value: unknown }
  | { readonly id: number; readonly kind: "error"; readonly error: PlainError };
