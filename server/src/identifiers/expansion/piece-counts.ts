/** Pieces of a split, each with its ids and how often it occurs. */
import { throwIfCancelled } from "../../platform/cancellation";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { Tokenizer } from "../../tokenizer";
import { readTerms } from "../extract-terms";
import type { ReportDocument } from "../fragmentation-report";
import type { CountedPiece } from "./continued-bpe";

export interface SplitPieces {
  readonly files: number;
  readonly tokens: number;
  readonly pieces: readonly CountedPiece[];
  /** Distinct terms. */
  readonly terms: ReadonlySet<string>;
}

/** Longer pieces are data: no token comes of them. UTF-16 units. */
const longestPiece = 96;

export async function countPieces(
  documents: Iterable<ReportDocument> | AsyncIterable<ReportDocument>,
  tokenizer: Tokenizer,
  signal: AbortSignal | undefined,
): Promise<SplitPieces> {
  if (tokenizer.pieceEnds === undefined) throw notPieces(tokenizer);
  const counts = new Map<string, number>();
  const terms = new Set<string>();
  let files = 0;
  let long = 0;
  for await (const { text, language } of documents) {
    throwIfCancelled(signal, "the expansion verdict");
    files++;
    for (const { term } of readTerms(text, language).terms) terms.add(term);
    // Tokens are counted on what the normalizer of such tokenizers would make of the text.
    const normal = text.normalize("NFC");
    let from = 0;
    for (const end of tokenizer.pieceEnds(normal)) {
      const piece = normal.slice(from, end);
      from = end;
      if (piece.length > longestPiece) long += tokenizer.encode(piece, { special: "ordinary" }).length;
      else counts.set(piece, (counts.get(piece) ?? 0) + 1);
    }
  }
  const pieces = Array.from(counts, ([piece, count]) => ({ ids: Array.from(tokenizer.encode(piece, { special: "ordinary" })), count }));
  return { files, tokens: pieces.reduce((sum, { ids, count }) => sum + ids.length * count, long), pieces, terms };
}

function notPieces(tokenizer: Tokenizer): MidtrainError {
  return new MidtrainError({
    reason: "unsupported",
    message: `New tokens cannot be tried on ${tokenizer.identity.name}: it does not cut text into pieces before it merges (SentencePiece).`,
    where: "--expansion",
    next: "The figures of names hold good without it; ask for the verdict with a byte-level tokenizer.",
  });
}
