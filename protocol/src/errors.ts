/**
 * Why something could not be done. The command line maps these onto the exit codes of its contract:
 * `usage` and `input` are 2, `verdict` is 3, `cancelled` is 130, everything else is 1. `lost`: a process that held state died;
 * what it had written is whole, and a new one can go on from it.
 */
export type ErrorReason =
  "usage" | "input" | "unsupported" | "environment" | "corrupt" | "busy" | "verdict" | "cancelled" | "internal" | "lost";

export interface ErrorDetails {
  readonly reason: ErrorReason;
  /** What happened, one sentence. */
  readonly message: string;
  /** File (with line and column where known), step or option in which it happened. */
  readonly where?: string;
  /** What to do next, one imperative sentence. */
  readonly next?: string;
  readonly cause?: unknown;
}

/** An error that a person can act on: what happened, where, what to do next. */
export class MidtrainError extends Error {
  readonly reason: ErrorReason;
  readonly where: string | undefined;
  readonly next: string | undefined;

  constructor(details: ErrorDetails) {
    super(details.message, { cause: details.cause });
    this.name = "MidtrainError";
    this.reason = details.reason;
    this.where = details.where;
    this.next = details.next;
  }

  /** True for a MidtrainError, with the given reason if one is named. Survives bundling, unlike a bare instanceof on a duplicate class. */
  static is(error: unknown, reason?: ErrorReason): error is MidtrainError {
    if (!(error instanceof Error) || error.name !== "MidtrainError") return false;
    return reason === undefined || (error as MidtrainError).reason === reason;
  }
}

/** The error as people read it: what happened, where, what to do next, each once. */
export function describeError(error: unknown): string {
  if (!MidtrainError.is(error)) return error instanceof Error ? error.message : String(error);
  return [error.where ? `${error.where}: ${error.message}` : error.message, error.next].filter(Boolean).join("\n");
}

export const exitCodes = { done: 0, failed: 1, usage: 2, verdict: 3, cancelled: 130 } as const;

export function exitCodeOf(error: unknown): number {
  if (!MidtrainError.is(error)) return exitCodes.failed;
  switch (error.reason) {
    case "usage":
    case "input":
      return exitCodes.usage;
    case "verdict":
      return exitCodes.verdict;
    case "cancelled":
      return exitCodes.cancelled;
    default:
      return exitCodes.failed;
  }
}
