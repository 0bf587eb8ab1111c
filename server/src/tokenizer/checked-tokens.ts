import { MidtrainError } from "@midtrain/protocol/errors";
import { addedToken, type AddedToken } from "./added-tokens";
import type { TokenizerJson } from "./tokenizer-json";

/**
 * The reference ignores the id of an added token that the vocabulary lacks and counts on from the end of the vocabulary
 * (added_vocabulary.rs, add_tokens). A file whose ids say otherwise means different things to different libraries.
 * A content that stands twice is one token, as it stands last.
 * @throws MidtrainError (corrupt)
 */
export function checkedTokens(json: TokenizerJson, vocabulary: Pick<ReadonlyMap<string, number>, "get" | "size">): AddedToken[] {
  let next = vocabulary.size;
  const tokens = new Map<string, AddedToken>();
  for (const member of json.added_tokens) {
    const token = addedToken(member);
    if (typeof token.content !== "string" || token.content === "") throw corruptToken("An added token has no content.", fileAgain);
    const expected = tokens.get(token.content)?.id ?? vocabulary.get(token.content) ?? next++;
    if (token.id !== expected)
      throw corruptToken(
        `The added token ${JSON.stringify(token.content)} has the id ${token.id}, but the reference library gives it ${expected}.`,
        "Put every added token with its id into model.vocab as well.",
      );
    tokens.set(token.content, token);
  }
  return [...tokens.values()];
}

const fileAgain = "Take the file from the model's own repository again.";

function corruptToken(message: string, next: string): MidtrainError {
  return new MidtrainError({
    reason: "corrupt",
    message,
    where: "tokenizer.json, added_tokens",
    next,
  });
}
