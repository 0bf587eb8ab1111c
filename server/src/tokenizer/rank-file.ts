import { MidtrainError } from "@midtrain/protocol/errors";
import { basename } from "node:path";
import { bytesToAlphabet } from "./byte-alphabet";
import type { ByteLevelTokenizer } from "./byte-level-tokenizer";
import { encodingNames, namedEncoding } from "./named-encodings";
import { readTokenizerText } from "./tokenizer-file";
import { rankTokenizer } from "./tiktoken-tokenizer";

const largestRank = 1 << 24;

/** Whether a file begins like tiktoken's rank files: lines of a token in base64 and its rank. */
function looksLikeRanks(text: string): boolean {
  return /^\s*[A-Za-z0-9+/]+={0,2} \d+\r?(\n|$)/.test(text.slice(0, 4096));
}

/**
 * A rank file (`*.tiktoken`, Llama-3's `tokenizer.model`) as a tokenizer.
 * @param encoding name of the encoding whose pattern and special tokens it goes with.
 * @throws MidtrainError (input) without a known name; (corrupt) when the file is no complete list of ranks.
 */
export function rankFileTokenizer(file: string, encoding: string | undefined, name: string): ByteLevelTokenizer {
  const text = readTokenizerText(file);
  if (!looksLikeRanks(text)) throw noRanks(file);
  if (encoding === undefined)
    throw new MidtrainError({
      reason: "input",
      message: `${basename(file)} is a list of ranks; it does not say how its encoding cuts text, nor its special tokens.`,
      where: file,
      next: `Name the encoding behind the file: ${encodingNames()}.`,
    });
  const { pattern, specials, nfc } = namedEncoding(encoding, file);
  const ranks = readRanks(text, file);
  return rankTokenizer({ name, pattern, ranks, specials: specials(ranks.length), nfc });
}

function noRanks(file: string): MidtrainError {
  return new MidtrainError({
    reason: "unsupported",
    message: `Unsupported tokenizer component: ${basename(file)} is neither a tokenizer.json nor a list of ranks (a SentencePiece model has no list that Midtrain reads).`,
    where: file,
    next: "Convert it: AutoTokenizer.from_pretrained(…).save_pretrained(…) writes a tokenizer.json.",
  });
}

function readRanks(text: string, file: string): (readonly [bytes: Uint8Array, rank: number])[] {
  const seen = new Set<number>();
  const tokens = new Set<string>();
  const ranks: (readonly [Uint8Array, number])[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const match = /^([A-Za-z0-9+/]+={0,2}) (\d{1,9})\r?$/.exec(line);
    const rank = Number(match?.[2]);
    const bytes = Buffer.from(match?.[1] ?? "", "base64");
    const key = bytesToAlphabet(bytes);
    if (!match || rank >= largestRank || bytes.length === 0 || seen.has(rank) || tokens.has(key))
      throw badRanks(file, `line ${index + 1} is no rank of its own`);
    seen.add(rank);
    tokens.add(key);
    ranks.push([bytes, rank]);
  }
  for (let byte = 0; byte < 256; byte++)
    if (!tokens.has(bytesToAlphabet([byte]))) throw badRanks(file, `it has no token for the byte 0x${byte.toString(16)}`);
  return ranks;
}

function badRanks(file: string, why: string): MidtrainError {
  return new MidtrainError({
    reason: "corrupt",
    message: `The rank file is not complete: ${why}.`,
    where: file,
    next: "Take the file from the model's own repository again.",
  });
}
