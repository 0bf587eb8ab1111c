import type { TokenizerIdentity } from "@midtrain/protocol/tokens";
import type { PieceMergePath } from "./merge-path";

export interface EncodeOptions {
  /**
   * "parse" (default): added tokens in the text become their ids, as the reference encodes without adding special tokens.
   * "ordinary": text that looks like a special token is encoded as the ordinary text that it is (packing).
   */
  readonly special?: "parse" | "ordinary";
}

export interface Encoding {
  readonly ids: Int32Array;
  /**
   * Two per id: [start, end) in UTF-16 units of the text. Tokens inside one character share that character's span, so
   * neighbours may overlap. Nothing is trimmed: a token with a leading space has the space in its span.
   */
  readonly offsets: Int32Array;
}

export interface Tokenizer {
  readonly identity: TokenizerIdentity;
  /** Highest id + 1. */
  readonly vocabularySize: number;
  encode(text: string, options?: EncodeOptions): Int32Array;
  /** @throws MidtrainError (unsupported) when the engine of this tokenizer cannot prove offsets. */
  encodeWithOffsets(text: string, options?: EncodeOptions): Encoding;
  /** Special tokens included; bytes that are not UTF-8 become U+FFFD. */
  decode(ids: ArrayLike<number>): string;
  /** One token as people read it; lossy for a part of a character. */
  tokenText(id: number): string;
  specialTokenId(content: string): number | undefined;
  /** The id that ends a document: from the model's own configuration, else by the known names. */
  readonly endOfText: number | undefined;
  /** The merges by which each piece of a text, taken as ordinary text in the tokenizer's normal form, came to its tokens. Absent where there are none. */
  mergePaths?(text: string): readonly PieceMergePath[];
  /**
   * Whether every text is cut between these two code points, so that the tokens on either side do not depend on the other
   * (those before may on the code point `after` itself). Absent where nothing is proved; see EditedText.
   */
  breaksBetween?(before: number, after: number): boolean;
  /**
   * End of each piece of the pre-tokenizer, in UTF-16 units: no token crosses one. Added tokens are not looked for. Absent
   * where pieces are not a split of the text (SentencePiece); a normalizer is not applied.
   */
  pieceEnds?(text: string): Int32Array;
  /** How often ordinary text looks like a special token of this tokenizer. */
  countSpecialLookalikes(text: string): number;
}
