import { longestCachedPiece, PieceCache } from "./piece-cache";
import { TokenList, type TokenModel } from "./token-model";

/** A model that looks every piece up before it computes it: words come again and again. */
export class RememberingModel implements TokenModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  private readonly piece = new TokenList();
  private readonly parsed = new PieceCache();
  private ordinary: PieceCache | undefined;

  constructor(private readonly model: TokenModel) {
    this.vocabulary = model.vocabulary;
  }

  encode(piece: string, out: TokenList, ordinary: boolean): void {
    if (piece.length > longestCachedPiece) {
      this.model.encode(piece, out, ordinary);
      return;
    }
    const cache = ordinary ? (this.ordinary ??= new PieceCache()) : this.parsed;
    const entry = cache.find(piece, 0, piece.length);
    if (entry >= 0) {
      cache.copy(entry, out.ids, out.spans, 0);
      return;
    }
    this.piece.clear();
    this.model.encode(piece, this.piece, ordinary);
    const { ids, spans } = this.piece;
    cache.store(piece, 0, piece.length, ids.items, spans.items, ids.length);
    for (let i = 0; i < ids.length; i++) out.push(ids.items[i]!, spans.items[2 * i]!, spans.items[2 * i + 1]!);
  }
}
