import { MidtrainError } from "@midtrain/protocol/errors";

/** The refusal of a tokenizer component: named, so that a person can see what their tokenizer needs. */
export function unsupportedComponent(component: string): MidtrainError {
  return new MidtrainError({
    reason: "unsupported",
    message: `Unsupported tokenizer component: ${component}.`,
    next: "Choose another tokenizer, or tiktoken:NAME (tiktoken:o200k_base).",
  });
}
