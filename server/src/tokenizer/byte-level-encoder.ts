import { BpeMerger, type BpeModelParts } from "./bpe-model";
import { IntList } from "./int-list";
import { PieceCache, longestCachedPiece } from "./piece-cache";
import type { Splitter } from "./scanners";

/**
 * Text without added tokens -> ids: pre-tokenizer, UTF-8, merges.
 *
 * Spans are UTF-16 units. A token that holds only some bytes of a character has that whole character as its span, so
 * the tokens inside one character share a span and neighbours may overlap: the convention of the reference, in UTF-16.
 * A lone surrogate is encoded as U+FFFD and spans its one unit.
 */
export class ByteLevelEncoder {
  private readonly merger: BpeMerger;
  private readonly hasUnknownBytes: boolean;
  private readonly cache = new PieceCache();
  private readonly ends = new IntList();
  private bytes = new Uint8Array(256);
  /** First UTF-16 unit of the character behind each byte, and the unit after it; relative to the piece. */
  private unitStart = new Int32Array(256);
  private unitEnd = new Int32Array(256);
  private spans = new Int32Array(512);
  private readonly single = new Int32Array(1);

  constructor(
    private readonly model: BpeModelParts,
    private readonly split: Splitter,
  ) {
    this.merger = new BpeMerger(model);
    this.hasUnknownBytes = model.byteIds.includes(-1);
  }

  /** Appends the tokens of text[start, end); their spans too, moved by `shift`, when `offsets` is given. */
  encode(text: string, start: number, end: number, ids: IntList, offsets: IntList | undefined): void {
    const { ends, cache } = this;
    ends.clear();
    this.split(text, start, end, ends);
    for (let i = 0, from = start; i < ends.length; i++) {
      const to = ends.items[i]!;
      if (to - from > longestCachedPiece) this.encodePiece(text, from, to, ids, offsets, false);
      else {
        const entry = cache.find(text, from, to);
        if (entry >= 0) cache.copy(entry, ids, offsets, from);
        else this.encodePiece(text, from, to, ids, offsets, true);
      }
      from = to;
    }
  }

  private encodePiece(text: string, from: number, to: number, ids: IntList, offsets: IntList | undefined, remember: boolean): void {
    const length = this.toUtf8(text, from, to);
    const whole = this.model.wholePieces?.find(this.bytes, length) ?? -1;
    const result = whole < 0 ? this.merger.merge(this.bytes, this.dropUnknownBytes(length)) : this.singleToken(whole, length);
    for (let i = 0, byte = 0; i < result.count; i++) {
      this.spans[2 * i] = this.unitStart[byte]!;
      byte += result.lengths[i]!;
      this.spans[2 * i + 1] = this.unitEnd[byte - 1]!;
    }
    if (remember) this.cache.store(text, from, to, result.ids, this.spans, result.count);
    for (let i = 0; i < result.count; i++) ids.push(result.ids[i]!);
    if (!offsets) return;
    for (let i = 0; i < 2 * result.count; i++) offsets.push(this.spans[i]! + from);
  }

  private dropUnknownBytes(length: number): number {
    if (!this.hasUnknownBytes) return length;
    let write = 0;
    for (let read = 0; read < length; read++) {
      if (this.model.byteIds[this.bytes[read]!]! < 0) continue;
      this.bytes[write] = this.bytes[read]!;
      this.unitStart[write] = this.unitStart[read]!;
      this.unitEnd[write++] = this.unitEnd[read]!;
    }
    return write;
  }

  private singleToken(id: number, length: number): { readonly ids: Int32Array; readonly lengths: Int32Array; readonly count: number } {
    this.single[0] = id;
    return { ids: this.single, lengths: Int32Array.of(length), count: 1 };
  }

  /** UTF-8 bytes of the piece with the units behind them; returns the number of bytes. */
  private toUtf8(text: string, from: number, to: number): number {
    this.reserve(3 * (to - from));
    const { bytes, unitStart, unitEnd } = this;
    let length = 0;
    for (let i = from; i < to;) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80) {
        bytes[length] = unit;
        unitStart[length] = i - from;
        unitEnd[length++] = ++i - from;
        continue;
      }
      const wide = isPair(text, i, to);
      const first = length;
      length = wide ? putFour(bytes, length, unit, text.charCodeAt(i + 1)) : putTwoOrThree(bytes, length, unit);
      const next = i + (wide ? 2 : 1);
      for (let byte = first; byte < length; byte++) {
        unitStart[byte] = i - from;
        unitEnd[byte] = next - from;
      }
      i = next;
    }
    return length;
  }

  private reserve(bytes: number): void {
    if (this.bytes.length >= bytes) return;
    this.bytes = new Uint8Array(2 * bytes);
    this.unitStart = new Int32Array(2 * bytes);
    this.unitEnd = new Int32Array(2 * bytes);
    this.spans = new Int32Array(4 * bytes);
  }
}

function isPair(text: string, at: number, end: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 && at + 1 < end && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
}

function putFour(bytes: Uint8Array, at: number, high: number, low: number): number {
  const point = ((high - 0xd800) << 10) + (low - 0xdc00) + 0x10000;
  bytes[at] = 0xf0 | (point >> 18);
  bytes[at + 1] = 0x80 | ((point >> 12) & 0x3f);
  bytes[at + 2] = 0x80 | ((point >> 6) & 0x3f);
  bytes[at + 3] = 0x80 | (point & 0x3f);
  return at + 4;
}

/** A unit that is no part of a pair; a lone surrogate becomes U+FFFD, as in every conversion to UTF-8. */
function putTwoOrThree(bytes: Uint8Array, at: number, unit: number): number {
  if (unit < 0x800) {
    bytes[at] = 0xc0 | (unit >> 6);
    bytes[at + 1] = 0x80 | (unit & 0x3f);
    return at + 2;
  }
  const point = (unit & 0xf800) === 0xd800 ? 0xfffd : unit;
  bytes[at] = 0xe0 | (point >> 12);
  bytes[at + 1] = 0x80 | ((point >> 6) & 0x3f);
  bytes[at + 2] = 0x80 | (point & 0x3f);
  return at + 3;
}
