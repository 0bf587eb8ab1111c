import { MidtrainError } from "@midtrain/protocol/errors";
import { MergeTable } from "./merge-table";
import { byteToken, type TokenList, type TokenModel } from "./token-model";

export interface UnigramParts {
  /** Tokens with their log probabilities; the place is the id. */
  readonly scores: readonly (readonly [token: string, score: number])[];
  readonly specials: ReadonlySet<number>;
  readonly unknown: number | undefined;
  readonly byteFallback: boolean;
}

/**
 * A score as the reference has it: its JSON reader rounds twice, the digits to a double and then their quotient by a
 * power of ten, so that the last bit may differ, and with it the choice between two ways of equal probability.
 * Taken from the shortest digits that give the number, which is how such files are written.
 */
function referenceScore(score: number): number {
  if (!Number.isFinite(score)) return score;
  const [digits, exponent] = Math.abs(score).toExponential().split("e") as [string, string];
  const significand = digits.replace(".", "");
  let power = Number(exponent) - (significand.length - 1);
  let value = Number(significand);
  for (; power < -308; power += 308) value /= 1e308;
  value = power < 0 ? value / Number(`1e${-power}`) : value * Number(`1e${power}`);
  return score < 0 ? -value : value;
}

/** What an unknown character costs below the least probable token. */
const unknownPenalty = 10;

/** SentencePiece's unigram model: the most probable way to write a piece in tokens; unknown characters side by side are one token. */
export class Unigram implements TokenModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  private readonly trie: UnitTrie;
  private readonly scores: Float64Array;
  private readonly unknownScore: number;
  /** By place in the piece: score of the best way to it, where its last token starts, and that token. */
  private best = new Float64Array(256);
  private from = new Int32Array(256);
  private token = new Int32Array(256);

  constructor(private readonly parts: UnigramParts) {
    this.vocabulary = new Map(parts.scores.map(([token], id) => [token, id]));
    this.trie = new UnitTrie(this.vocabulary);
    this.scores = Float64Array.from(parts.scores, ([, score]) => referenceScore(score));
    this.unknownScore = this.scores.reduce((least, score) => Math.min(least, score), Infinity) - unknownPenalty;
  }

  encode(piece: string, out: TokenList, ordinary: boolean): void {
    this.search(piece, ordinary);
    const tokens: { readonly start: number; readonly end: number; readonly known: boolean }[] = [];
    for (let end = piece.length; end > 0;) {
      const start = this.from[end]!;
      const known = this.token[end] !== this.parts.unknown;
      const last = tokens.at(-1);
      // Backwards: an unknown stretch grows to the left.
      if (!known && last && !last.known) tokens[tokens.length - 1] = { start, end: last.end, known };
      else tokens.push({ start, end, known });
      end = start;
    }
    for (const { start, end } of tokens.reverse()) this.emit(piece, start, end, out, ordinary);
  }

  private search(piece: string, ordinary: boolean): void {
    this.reserve(piece.length + 1);
    const { best, from, token } = this;
    best[0] = 0;
    from.fill(-1, 0, piece.length + 1);
    const offer = (start: number, end: number, id: number, score: number): void => {
      const total = score + best[start]!;
      if (from[end]! >= 0 && !(total > best[end]!)) return;
      best[end] = total;
      from[end] = start;
      token[end] = id;
    };
    for (let at = 0; at < piece.length;) {
      const next = at + (piece.codePointAt(at)! > 0xffff ? 2 : 1);
      let single = false;
      this.trie.prefixes(piece, at, (end, id) => {
        if (ordinary && this.parts.specials.has(id)) return;
        offer(at, end, id, this.scores[id]!);
        single ||= end === next;
      });
      if (!single) offer(at, next, this.unknownId(), this.unknownScore);
      at = next;
    }
  }

  private emit(piece: string, start: number, end: number, out: TokenList, ordinary: boolean): void {
    const text = piece.slice(start, end);
    const id = this.vocabulary.get(text);
    if (id !== undefined && !(ordinary && this.parts.specials.has(id))) {
      out.push(id, start, end);
      return;
    }
    const bytes = this.parts.byteFallback
      ? Array.from(Buffer.from(text, "utf8"), (byte) => this.vocabulary.get(byteToken(byte)))
      : [undefined];
    if (bytes.includes(undefined)) out.push(this.unknownId(), start, end);
    else for (const byte of bytes) out.push(byte!, start, end);
  }

  private unknownId(): number {
    if (this.parts.unknown !== undefined) return this.parts.unknown;
    throw new MidtrainError({
      reason: "corrupt",
      message: "The text has characters outside the vocabulary, and the model has no unknown token.",
      where: "tokenizer.json, model.unk_id",
      next: "Take the file from the model's own repository again.",
    });
  }

  private reserve(length: number): void {
    if (this.best.length >= length) return;
    this.best = new Float64Array(2 * length);
    this.from = new Int32Array(2 * length);
    this.token = new Int32Array(2 * length);
  }
}

/** Tokens by their UTF-16 units: a node and a unit lead to a node. */
class UnitTrie {
  private readonly next: MergeTable;
  /** Token that ends at a node, or -1. */
  private readonly ids: number[] = [-1];

  constructor(tokens: ReadonlyMap<string, number>) {
    this.next = new MergeTable([...tokens.keys()].reduce((sum, token) => sum + token.length, 0));
    for (const [token, id] of tokens) {
      let node = 0;
      for (let i = 0; i < token.length; i++) {
        const unit = token.charCodeAt(i);
        const known = this.next.find(node, unit);
        const child = known < 0 ? this.ids.push(-1) - 1 : known;
        if (known < 0) this.next.set(node, unit, child);
        node = child;
      }
      this.ids[node] = id;
    }
  }

  /** Every token that the text has at `at`, the shortest first. */
  prefixes(text: string, at: number, found: (end: number, id: number) => void): void {
    for (let i = at, node = 0; i < text.length; i++) {
      node = this.next.find(node, text.charCodeAt(i));
      if (node < 0) return;
      if (this.ids[node]! >= 0) found(i + 1, this.ids[node]!);
    }
  }
}
