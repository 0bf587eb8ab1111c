import { BpeMerger, type BpeModelParts, type MergedPiece } from "./bpe-model";
import { IntList } from "./int-list";
import { LongPieceEncoder } from "./long-piece";
import { PieceBytes } from "./piece-bytes";
import { PieceCache, longestCachedPiece } from "./piece-cache";
import type { Splitter } from "./scanners";

/** Longer pieces, in UTF-16 units, are merged window by window. */
const longPiece = 4096;

/**
 * Text without added tokens -> ids: pre-tokenizer, UTF-8, merges.
 *
 * Spans are UTF-16 units. A token that holds only some bytes of a character has that whole character as its span, so
 * the tokens inside one character share a span and neighbours may overlap: the convention of the reference, in UTF-16.
 * A lone surrogate is encoded as U+FFFD and spans its one unit.
 */
export class ByteLevelEncoder {
  private readonly merger: BpeMerger;
  private readonly long: LongPieceEncoder;
  private readonly cache = new PieceCache();
  private readonly ends = new IntList();
  private readonly parts = new IntList();
  private readonly partIds = new IntList();
  private readonly partSpans = new IntList();
  private readonly piece: PieceBytes;
  private spans = new Int32Array(512);
  private readonly longFrom: number;

  constructor(
    private readonly model: BpeModelParts,
    private readonly split: Splitter,
    private readonly refine?: Splitter,
  ) {
    this.merger = new BpeMerger(model);
    this.long = new LongPieceEncoder(model);
    this.piece = new PieceBytes(model.byteIds);
    this.longFrom = Math.max(longPiece, model.wholePieces?.longest ?? 0);
  }

  /** Appends the tokens of text[start, end); their spans too when `offsets` is given. */
  encode(text: string, start: number, end: number, ids: IntList, offsets: IntList | undefined): void {
    const { ends, cache } = this;
    ends.clear();
    this.split(text, start, end, ends);
    for (let i = 0, from = start; i < ends.length; i++) {
      const to = ends.items[i]!;
      const short = to - from <= longestCachedPiece;
      const entry = short ? cache.find(text, from, to) : -1;
      if (entry >= 0) cache.copy(entry, ids, offsets, from);
      else if (this.refine) this.encodeRefined(text, from, to, ids, offsets, short);
      else this.encodePiece(text, from, to, ids, offsets, short);
      from = to;
    }
  }

  /** Only the whole is remembered: a part that stands alone elsewhere may be cut otherwise there. */
  private encodeRefined(text: string, from: number, to: number, ids: IntList, offsets: IntList | undefined, remember: boolean): void {
    const { parts, partIds, partSpans } = this;
    parts.clear();
    this.refine!(text, from, to, parts);
    partIds.clear();
    partSpans.clear();
    for (let i = 0, at = from; i < parts.length; i++) {
      this.encodePiece(text, at, parts.items[i]!, partIds, partSpans, false);
      at = parts.items[i]!;
    }
    for (let i = 0; i < partIds.length; i++) ids.push(partIds.items[i]!);
    if (offsets) for (let i = 0; i < partSpans.length; i++) offsets.push(partSpans.items[i]!);
    if (!remember) return;
    for (let i = 0; i < partSpans.length; i++) partSpans.items[i]! -= from;
    this.cache.store(text, from, to, partIds.items, partSpans.items, partIds.length);
  }

  private encodePiece(text: string, from: number, to: number, ids: IntList, offsets: IntList | undefined, remember: boolean): void {
    if (to - from > this.longFrom) {
      this.long.encode(text, from, to, ids, offsets);
      return;
    }
    const { piece } = this;
    piece.read(text, from, to);
    const whole = this.model.wholePieces?.find(piece.bytes, piece.length) ?? -1;
    if (whole < 0) piece.dropUnknownBytes();
    const result = whole < 0 ? this.merger.merge(piece.bytes, piece.length) : oneToken(whole, piece.length);
    if (this.spans.length < 2 * result.count) this.spans = new Int32Array(4 * result.count);
    for (let i = 0, byte = 0; i < result.count; i++) {
      this.spans[2 * i] = piece.unitStart[byte]!;
      byte += result.lengths[i]!;
      this.spans[2 * i + 1] = piece.unitEnd[byte - 1]!;
    }
    if (remember) this.cache.store(text, from, to, result.ids, this.spans, result.count);
    for (let i = 0; i < result.count; i++) ids.push(result.ids[i]!);
    if (!offsets) return;
    for (let i = 0; i < 2 * result.count; i++) offsets.push(this.spans[i]! + from);
  }
}

function oneToken(id: number, length: number): MergedPiece {
  return { ids: Int32Array.of(id), lengths: Int32Array.of(length), count: 1 };
}
