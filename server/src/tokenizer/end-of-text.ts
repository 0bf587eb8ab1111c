import type { AddedToken } from "./added-tokens";

/** Names that can only end a document: they win over a configured `eos_token`, which in a chat model ends a turn (Qwen2's <|im_end|>, Llama-3's <|eot_id|>). */
const documentEnds = ["<|endoftext|>", "<|end_of_text|>", "<｜end▁of▁sentence｜>"];
const otherEnds = ["</s>", "<eos>", "<|eos|>", "[SEP]"];

/** The id that ends a document. @param configured `eos_token` of the model's own configuration. */
export function endOfTextId(
  added: readonly AddedToken[],
  idOf: (token: string) => number | undefined,
  configured: string | undefined,
): number | undefined {
  for (const name of [...documentEnds, ...(configured === undefined ? [] : [configured]), ...otherEnds]) {
    const id = added.find(({ content }) => content === name)?.id ?? (name === configured ? idOf(name) : undefined);
    if (id !== undefined) return id;
  }
  return undefined;
}
