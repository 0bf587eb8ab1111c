import { MidtrainError } from "@midtrain/protocol/errors";
import type { TokenList, TokenModel } from "./token-model";

interface WordParts {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly specials: ReadonlySet<number>;
  readonly unknown: string;
}

/** The longest token that starts a word, then the longest that continues it; a word that cannot be written so is unknown as a whole. */
export class WordPiece implements TokenModel {
  readonly vocabulary: ReadonlyMap<string, number>;

  constructor(private readonly parts: WordParts & { readonly prefix: string; readonly longestWord: number }) {
    this.vocabulary = parts.vocabulary;
  }

  encode(piece: string, out: TokenList, ordinary: boolean): void {
    const found = Array.from(piece).length > this.parts.longestWord ? undefined : this.pieces(piece, ordinary);
    if (found) for (const [id, start, end] of found) out.push(id, start, end);
    else out.push(unknownId(this.parts), 0, piece.length);
  }

  private pieces(word: string, ordinary: boolean): (readonly [id: number, start: number, end: number])[] | undefined {
    const found: (readonly [number, number, number])[] = [];
    for (let start = 0; start < word.length;) {
      const end = this.longestFrom(word, start, ordinary);
      if (end === undefined) return undefined;
      found.push([this.vocabulary.get(this.candidate(word, start, end))!, start, end]);
      start = end;
    }
    return found;
  }

  private longestFrom(word: string, start: number, ordinary: boolean): number | undefined {
    for (let end = word.length; end > start; end--) {
      if ((word.charCodeAt(end) & 0xfc00) === 0xdc00) continue;
      const id = this.vocabulary.get(this.candidate(word, start, end));
      if (id !== undefined && !(ordinary && this.parts.specials.has(id))) return end;
    }
    return undefined;
  }

  private candidate(word: string, start: number, end: number): string {
    return (start > 0 ? this.parts.prefix : "") + word.slice(start, end);
  }
}

/** A piece is a token or unknown. */
export class WordLevel implements TokenModel {
  readonly vocabulary: ReadonlyMap<string, number>;

  constructor(private readonly parts: WordParts) {
    this.vocabulary = parts.vocabulary;
  }

  encode(piece: string, out: TokenList, ordinary: boolean): void {
    const id = this.vocabulary.get(piece);
    const known = id !== undefined && !(ordinary && this.parts.specials.has(id));
    out.push(known ? id : unknownId(this.parts), 0, piece.length);
  }
}

function unknownId({ vocabulary, unknown }: WordParts): number {
  const id = vocabulary.get(unknown);
  if (id !== undefined) return id;
  throw new MidtrainError({
    reason: "corrupt",
    message: `The text has words outside the vocabulary, and its unknown token ${JSON.stringify(unknown)} is not in it either.`,
    where: "tokenizer.json, model.unk_token",
    next: "Take the file from the model's own repository again.",
  });
}
