import type { TokenRowsManifest, TokenizerIdentity } from "@midtrain/protocol/tokens";

/** What packing needs of a tokenizer. */
export interface PackingTokenizer {
  readonly identity: TokenizerIdentity;
  /** End-of-document token, if the vocabulary has one. */
  readonly endOfText: number | undefined;
  /** Ids of a text in which nothing is special: `<|endoftext|>` inside a file is ordinary text. */
  encode(text: string, options: { readonly special: "ordinary" }): Int32Array;
  /** How many stretches of the text look like a special token. */
  countSpecialLookalikes(text: string): number;
}

export interface PackingDocument {
  readonly id: string;
  readonly path: string;
  readonly language: string;
  readonly text: string;
  /** Where it comes from, for models that are told the repository of a file; by default the one that is packed. */
  readonly repository?: string;
  /** The text carries its own header, or none (samples of the base): no path header is put before it, only the end-of-text token where it has none. */
  readonly rendered?: boolean;
}

export interface PackedDocument {
  readonly id: string;
  readonly path: string;
  /** Tokens of the rendered document: header once, body, end-of-text. */
  readonly tokens: number;
}

/** A document as ids: the header once, and the body in fragments; the last fragment ends with the end-of-text token. */
export interface EncodedDocument {
  readonly document: PackedDocument;
  readonly header: Int32Array;
  readonly fragments: readonly Int32Array[];
  /** Fragments that were turned around to fill the middle. */
  readonly turned?: number;
  readonly lookalikes: number;
}

/** Numbers of one segment in segments.bin. */
const segmentFields = ["row", "start", "length", "documentIndex", "bodyTokenStart", "headerLength"] as const;
export const segmentWidth = segmentFields.length;

export type PackingLedger = TokenRowsManifest["ledger"];

/** Packed rows in memory. Row r holds tokens[r·rowLength .. (r+1)·rowLength). */
export interface PackedRows {
  readonly tokenizer: TokenizerIdentity;
  readonly rowLength: number;
  readonly window: number;
  readonly rows: number;
  /** rows × rowLength ids. */
  readonly tokens: Int32Array;
  /** segments × segmentWidth, ascending by row and start: one segment is one fragment of one document. */
  readonly segments: Int32Array;
  readonly documents: readonly PackedDocument[];
  readonly ledger: PackingLedger;
}
