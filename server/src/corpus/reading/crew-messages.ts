import type { PlainError } from "../../platform/plain-error";
import type { Cleaned, CleanRequest, Knowledge, Look, NumberedFile } from "./file-work";

/** To a worker thread: batches are answered in order, knowledge is not answered. */
export type CrewRequest =
  | { readonly kind: "look"; readonly files: readonly NumberedFile[] }
  | { readonly kind: "clean"; readonly files: readonly CleanRequest[] }
  | { readonly kind: "learn"; readonly knowledge: Knowledge };

export type CrewReply =
  | { readonly kind: "look"; readonly looks: readonly Look[] }
  | { readonly kind: "clean"; readonly cleaned: readonly Cleaned[] }
  | { readonly kind: "error"; readonly error: PlainError };
