import { MidtrainError } from "@midtrain/protocol/errors";

/** The refusal of a tokenizer component: named, so that a person can see what their tokenizer needs. */
export function unsupportedComponent(component: string): MidtrainError {
  return new MidtrainError({
    reason: "unsupported",
    message: `Unsupported tokenizer component: ${component}.`,
    next: "Choose a model with a tokenizer of the GPT-2, Qwen2, Llama-3, StarCoder2 or DeepSeek-Coder kind, or tiktoken:NAME.",
  });
}
