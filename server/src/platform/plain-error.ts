import { type ErrorReason, MidtrainError } from "@midtrain/protocol/errors";

/** An error as structured data: cloning an Error into another thread would lose its reason, place and next step. */
export interface PlainError {
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
