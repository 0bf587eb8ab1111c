import { IntList } from "./int-list";

/** Tokens of a text in order; spans are two numbers per id. */
export class TokenList {
  readonly ids = new IntList();
  readonly spans = new IntList();

  push(id: number, start: number, end: number): void {
    this.ids.push(id);
    this.spans.push(start);
    this.spans.push(end);
  }

  clear(): void {
    this.ids.clear();
    this.spans.clear();
  }
}

/** What turns one pre-tokenized piece into tokens. */
export interface TokenModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  /**
   * Appends the tokens of a piece, spans in UTF-16 units of it; a token that holds only some bytes of a character has the whole character as its span.
   * @param ordinary ids of special tokens are not given for text that looks like them.
   */
  encode(piece: string, out: TokenList, ordinary: boolean): void;
}

/** Name of the token that stands for one byte where the vocabulary has no better one. */
export function byteToken(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
}
