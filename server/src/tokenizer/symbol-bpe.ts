import { MidtrainError } from "@midtrain/protocol/errors";
import { BpeMerger } from "./bpe-model";
import { IntList } from "./int-list";
import type { MergeTable } from "./merge-table";
import { longestCachedPiece, PieceCache } from "./piece-cache";
import { byteToken, type TokenList, type TokenModel } from "./token-model";

export interface SymbolBpeParts {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly merges: MergeTable;
  readonly specials: ReadonlySet<number>;
  readonly unknown: string | undefined;
  readonly fuseUnknown: boolean;
  readonly byteFallback: boolean;
  readonly ignoreMerges: boolean;
  readonly prefix: string;
  readonly suffix: string;
  /** Whether a merge takes the token of a byte: then a cut between characters could hide it. */
  readonly mergesBytes: boolean;
}

/**
 * Byte-pair encoding whose symbols are characters (SentencePiece's kind, and the original one with a prefix or suffix):
 * unknown characters become bytes, the unknown token or nothing, as the file says.
 */
export class SymbolBpe implements TokenModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  private readonly merger: BpeMerger;
  private readonly cache = new PieceCache();
  private readonly joins: JoinTable | undefined;
  private readonly byteIds: readonly number[];
  private readonly found: TokenSpans = { ids: new IntList(), starts: new IntList(), ends: new IntList() };
  private spans = new Int32Array(512);

  constructor(private readonly parts: SymbolBpeParts) {
    this.vocabulary = parts.vocabulary;
    this.merger = new BpeMerger({ merges: parts.merges, byteIds: new Int32Array(256) });
    this.byteIds = parts.byteFallback ? Array.from({ length: 256 }, (_, byte) => parts.vocabulary.get(byteToken(byte)) ?? -1) : [];
    const complete = parts.byteFallback && !this.byteIds.includes(-1);
    const noUnknown = complete || parts.unknown === undefined;
    if (noUnknown && !parts.mergesBytes && parts.prefix === "" && parts.suffix === "") this.joins = new JoinTable(parts.vocabulary.keys());
  }

  encode(piece: string, out: TokenList, ordinary: boolean): void {
    const whole = this.parts.ignoreMerges ? this.parts.vocabulary.get(piece) : undefined;
    if (whole !== undefined && !(ordinary && this.parts.specials.has(whole))) {
      out.push(whole, 0, piece.length);
      return;
    }
    for (let from = 0; from < piece.length;) {
      const to = this.joins?.nextCut(piece, from) ?? piece.length;
      this.encodeRange(piece, from, to, out);
      from = to;
    }
  }

  private encodeRange(piece: string, from: number, to: number, out: TokenList): void {
    const short = to - from <= longestCachedPiece;
    const entry = short && this.joins ? this.cache.find(piece, from, to) : -1;
    if (entry >= 0) {
      this.cache.copy(entry, out.ids, out.spans, from);
      return;
    }
    this.readSymbols(piece, from, to);
    const { ids, starts, ends } = this.found;
    const { ids: merged, lengths, count } = this.merger.mergeSymbols(ids.items, ids.length);
    if (this.spans.length < 2 * count) this.spans = new Int32Array(4 * count);
    for (let i = 0, symbol = 0; i < count; i++) {
      this.spans[2 * i] = starts.items[symbol]! - from;
      symbol += lengths[i]!;
      this.spans[2 * i + 1] = ends.items[symbol - 1]! - from;
    }
    if (short && this.joins) this.cache.store(piece, from, to, merged, this.spans, count);
    for (let i = 0; i < count; i++) out.push(merged[i]!, this.spans[2 * i]! + from, this.spans[2 * i + 1]! + from);
  }

  /** The symbols of a range, before any merge. */
  private readSymbols(piece: string, from: number, to: number): void {
    const { vocabulary, prefix, suffix, unknown } = this.parts;
    const { ids, starts, ends } = this.found;
    for (const list of [ids, starts, ends]) list.clear();
    const add = (id: number, start: number, end: number): void => {
      ids.push(id);
      starts.push(start);
      ends.push(end);
    };
    let waiting: { readonly start: number; readonly end: number } | undefined;
    const flush = (): void => {
      if (waiting) add(this.unknownId(), waiting.start, waiting.end);
      waiting = undefined;
    };
    for (let at = from; at < to;) {
      const char = String.fromCodePoint(piece.codePointAt(at)!);
      const end = at + char.length;
      const id = vocabulary.get((at > 0 ? prefix : "") + char + (end === piece.length ? suffix : ""));
      const bytes = id === undefined ? this.bytesOf(char) : undefined;
      if (id !== undefined) {
        flush();
        add(id, at, end);
      } else if (bytes) for (const byte of bytes) add(byte, at, end);
      else if (unknown !== undefined) {
        if (this.parts.fuseUnknown && waiting) waiting = { start: waiting.start, end };
        else {
          flush();
          waiting = { start: at, end };
        }
      }
      at = end;
    }
    flush();
  }

  /** Ids of the bytes of a character; undefined when the vocabulary lacks one of them. */
  private bytesOf(char: string): readonly number[] | undefined {
    if (!this.parts.byteFallback) return undefined;
    const ids = Array.from(Buffer.from(char, "utf8"), (byte) => this.byteIds[byte]!);
    return ids.includes(-1) ? undefined : ids;
  }

  private unknownId(): number {
    const id = this.parts.vocabulary.get(this.parts.unknown!);
    if (id !== undefined) return id;
    throw new MidtrainError({
      reason: "corrupt",
      message: `The text has characters outside the vocabulary, and its unknown token ${JSON.stringify(this.parts.unknown)} is not in it either.`,
      where: "tokenizer.json, model.unk_token",
      next: "Take the file from the model's own repository again.",
    });
  }
}

interface TokenSpans {
  readonly ids: IntList;
  readonly starts: IntList;
  readonly ends: IntList;
}

/**
 * Which characters stand side by side inside some token. Between two that never do, no merge can happen, so that a text
 * can be cut there and its parts merged, and remembered, on their own: exact, and never more than a word at a time.
 * A hash may claim a pair that is not there, which costs a cut and no exactness.
 */
class JoinTable {
  private readonly bits = new Uint8Array(1 << 19);

  constructor(tokens: Iterable<string>) {
    for (const token of tokens) {
      let before = -1;
      for (const char of token) {
        const point = char.codePointAt(0)!;
        if (before >= 0) {
          const hash = hashPair(before, point);
          this.bits[hash >> 3]! |= 1 << (hash & 7);
        }
        before = point;
      }
    }
  }

  /** First position after `from` where the text can be cut, or its end. */
  nextCut(text: string, from: number): number {
    let before = text.codePointAt(from)!;
    for (let at = from + (before > 0xffff ? 2 : 1); at < text.length;) {
      const point = text.codePointAt(at)!;
      const hash = hashPair(before, point);
      if ((this.bits[hash >> 3]! & (1 << (hash & 7))) === 0) return at;
      at += point > 0xffff ? 2 : 1;
      before = point;
    }
    return text.length;
  }
}

function hashPair(first: number, second: number): number {
  let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  hash ^= hash >>> 15;
  return (Math.imul(hash, 0x2c1b3c6d) >>> 10) & 0x3fffff;
}
