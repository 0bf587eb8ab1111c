import { LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import { MidtrainError } from "@midtrain/protocol/errors";

/** The error of a request with its reason and next step attached, so that the extension can show and act on them. */
export function asResponseError(error: unknown): ResponseError<unknown> {
  if (MidtrainError.is(error, "cancelled"))
    return new ResponseError(LSPErrorCodes.RequestCancelled, error.message, { reason: "cancelled" });
  const message = error instanceof Error ? error.message : String(error);
  const data = MidtrainError.is(error) ? { reason: error.reason, where: error.where, next: error.next } : { reason: "internal" };
  return new ResponseError(LSPErrorCodes.RequestFailed, message, data);
}
