import { addedToken } from "./added-tokens";
import type { BpeModelParts } from "./bpe-model";
import { byteToChar, bytesToAlphabet } from "./byte-alphabet";
import { ByteLevelTokenizer } from "./byte-level-tokenizer";
import { MergeTable } from "./merge-table";
import { regexSplitter } from "./pre-tokenizer";
import { loadTiktokenEncoding, tiktokenRanks, type TiktokenEncoding } from "./tiktoken-ranks";
import { canonicalJson, sha256 } from "../platform/hash";

/** An OpenAI encoding (`o200k_base`, `cl100k_base`, …) on our own engine. @throws MidtrainError (input) for an unknown name. */
export function tiktokenTokenizer(name: string): ByteLevelTokenizer {
  const encoding = loadTiktokenEncoding(name);
  const tokens: string[] = [];
  const ids = new Map<string, number>();
  for (const [bytes, rank] of tiktokenRanks(encoding)) {
    const token = bytesToAlphabet(bytes);
    tokens[rank] = token;
    ids.set(token, rank);
  }
  return new ByteLevelTokenizer({
    name: `tiktoken:${name}`,
    contentHash: encodingHash(encoding),
    engine: "tiktoken",
    model: rankModel(ids),
    tokens,
    addedTokens: Object.entries(encoding.special_tokens).map(([content, id]) => addedToken({ id, content, special: true })),
    split: regexSplitter(encoding.pat_str, "rust"),
    nfc: false,
    endOfText: encoding.special_tokens["<|endoftext|>"],
  });
}

/**
 * Ranks instead of merges: any two neighbours whose concatenation is a token merge with that token's rank, and a whole
 * piece that is a token stays one. So every split of every token into two tokens is a merge.
 */
function rankModel(ids: ReadonlyMap<string, number>): BpeModelParts {
  const pairs: number[] = [];
  for (const [token, rank] of ids) {
    for (let cut = 1; cut < token.length; cut++) {
      const left = ids.get(token.slice(0, cut));
      if (left === undefined) continue;
      const right = ids.get(token.slice(cut));
      if (right !== undefined) pairs.push(left, right, rank);
    }
  }
  const merges = new MergeTable(pairs.length / 3);
  for (let i = 0; i < pairs.length; i += 3) merges.set(pairs[i]!, pairs[i + 1]!, pairs[i + 2]!, pairs[i + 2]!);
  return { merges, byteIds: Int32Array.from(byteToChar, (char) => ids.get(char) ?? -1), wholePieces: ids };
}

function encodingHash(encoding: TiktokenEncoding): string {
  return sha256(canonicalJson(encoding));
}
