import { MidtrainError } from "@midtrain/protocol/errors";

export function cancelled(stage: string): MidtrainError {
  return new MidtrainError({ reason: "cancelled", message: `Cancelled during ${stage}.` });
}

/** Throws the cancellation error once the signal fired; long loops call it at every unit of work. */
export function throwIfCancelled(signal: AbortSignal | undefined, stage: string): void {
  if (signal?.aborted) throw cancelled(stage);
}
