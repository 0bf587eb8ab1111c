import type { Executor } from "@midtrain/protocol/executor";
import { type ErrorReason, MidtrainError } from "@midtrain/protocol/errors";

/** The calls that cross to the worker thread: every method of the contract. */
export type ExecutorMethod = Exclude<keyof Executor, "name" | "capabilities">;

export interface WorkerRequest {
  readonly id: number;
  readonly method: ExecutorMethod;
  readonly arguments: readonly unknown[];
}

export type WorkerReply =
  | { readonly id: number; readonly kind: "value"; readonly value: unknown }
  | { readonly id: number; readonly kind: "error"; readonly error: PlainError };

/** An error as structured data: cloning an Error would lose its reason, place and next step. */
interface PlainError {
  readonly message: string;
  readonly reason: ErrorReason;
  readonly where: string | undefined;
  readonly next: string | undefined;
  readonly stack: string | undefined;
}

export function toPlainError(error: unknown): PlainError {
  if (MidtrainError.is(error)) {
    const { message, reason, where, next, stack } = error;
    return { message, reason, where, next, stack };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { message, reason: "internal", where: undefined, next: undefined, stack };
}

export function fromPlainError(plain: PlainError): MidtrainError {
  return new MidtrainError({
    reason: plain.reason,
    message: plain.message,
    ...(plain.where === undefined ? {} : { where: plain.where }),
    ...(plain.next === undefined ? {} : { next: plain.next }),
    cause: plain.stack,
  });
}
