import type { PackingTokenizer } from "./packing-types";

/**
 * The same tokenizer, to which control tokens inside a text are text: some models (Qwen2.5-Coder) do not mark theirs special, and would
 * read the `<|file_sep|>` of a file that only writes about it as the end of that file. Such a spelling is cut behind its first
 * character and encoded in two parts.
 */
export function asOrdinaryText(tokenizer: PackingTokenizer, controls: readonly string[]): PackingTokenizer {
  if (controls.length === 0) return tokenizer;
  const escaped = controls.map((content) => content.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const anyControl = new RegExp(escaped.join("|"), "g");
  return {
    identity: tokenizer.identity,
    endOfText: tokenizer.endOfText,
    countSpecialLookalikes: (text) => tokenizer.countSpecialLookalikes(text) + [...text.matchAll(anyControl)].length,
    encode: (text, options) => {
      const cuts = [...text.matchAll(anyControl)].map(({ index }) => index + 1);
      if (cuts.length === 0) return tokenizer.encode(text, options);
      const parts = [0, ...cuts].map((start, at) => tokenizer.encode(text.slice(start, cuts[at]), options));
      return Int32Array.from(parts.flatMap((part) => [...part]));
    },
  };
}
