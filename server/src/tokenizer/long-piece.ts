import { BpeMerger, type BpeModelParts, type MergedPiece } from "./bpe-model";
import type { IntList } from "./int-list";
import { isPair, PieceBytes } from "./piece-bytes";

/** Units that are merged at once, at first. */
const windowUnits = 2048;
/** Tokens near the end of a window may come out otherwise when more text follows: so many bytes are merged again with the next one. */
const overlapBytes = 96;

/** Where a window began, so that it can be done again. */
interface WindowStart {
  readonly at: number;
  readonly ids: number;
  readonly offsets: number;
  /** Bytes of the token before it; empty at the start of the piece. */
  readonly before: Uint8Array;
}

interface DoneWindow {
  readonly start: WindowStart;
  readonly units: number;
}

/**
 * Merges a very long piece window by window, in memory that does not grow with it, exactly as all at once.
 *
 * Proof: a row of tokens is the result of merging their bytes if and only if each two neighbours, merged on their own,
 * come out as these two. For the merges inside one token, and across one boundary, happen in the same order whatever
 * is around them (always the lowest rank, the leftmost among equals), so the first merge across a boundary in the whole
 * would also happen in the two alone, and the other way round. Inside a window neighbours agree because they come out of
 * one merge; where two windows meet it is tried. If it fails, both are merged again as one larger window.
 */
export class LongPieceEncoder {
  /** Windows merged so far, those done again included: for tests of the effort. */
  windows = 0;
  private readonly merger: BpeMerger;
  private readonly joiner: BpeMerger;
  private readonly piece: PieceBytes;

  constructor(model: BpeModelParts) {
    this.merger = new BpeMerger(model);
    this.joiner = new BpeMerger(model);
    this.piece = new PieceBytes(model.byteIds);
  }

  encode(text: string, from: number, to: number, ids: IntList, offsets: IntList | undefined): void {
    const done: DoneWindow[] = [];
    let start: WindowStart = { at: from, ids: ids.length, offsets: offsets?.length ?? 0, before: new Uint8Array(0) };
    for (let units = windowUnits; start.at < to;) {
      const merged = this.mergeWindow(text, start.at, to, units);
      const next = this.joins(start.before, merged) ? this.keep(merged, start, to, ids, offsets) : undefined;
      if (next) {
        done.push({ start, units });
        start = next;
        units = windowUnits;
      } else {
        // Never the same twice: what is done again is larger than it was, at last the whole piece.
        const larger = done.pop() ?? { start, units };
        start = larger.start;
        units = 4 * Math.max(units, larger.units);
        ids.length = start.ids;
        if (offsets) offsets.length = start.offsets;
      }
    }
  }

  private windowEnd = 0;
  /** The window merged last; the merger still holds its tokens. */
  private last: { readonly bytes: Uint8Array; readonly merged: MergedPiece } | undefined;

  private mergeWindow(text: string, at: number, to: number, units: number): MergedPiece {
    this.windows++;
    let end = Math.min(to, at + units);
    if (end < to && isPair(text, end - 1, to)) end++;
    this.windowEnd = end;
    this.piece.read(text, at, end);
    this.piece.dropUnknownBytes();
    const bytes = this.piece.bytes.subarray(0, this.piece.length);
    // Texts of one window again and again are what is long without a break most often: spaces, rules, padding.
    if (!this.last || bytes.length !== this.last.bytes.length || Buffer.compare(bytes, this.last.bytes) !== 0) {
      this.last = { bytes: bytes.slice(), merged: this.merger.merge(bytes, bytes.length) };
    }
    return this.last.merged;
  }

  /** Whether the token before the window and its first one stay apart. */
  private joins(before: Uint8Array, { lengths, count }: MergedPiece): boolean {
    if (before.length === 0 || count === 0) return true;
    const both = new Uint8Array(before.length + lengths[0]!);
    both.set(before);
    both.set(this.piece.bytes.subarray(0, lengths[0]), before.length);
    const { lengths: parts, count: tokens } = this.joiner.merge(both, both.length);
    return tokens === 2 && parts[0] === before.length;
  }

  /** Gives the tokens of the window that are sure, and where the next window starts; undefined when none is. */
  private keep(
    { ids, lengths, count }: MergedPiece,
    start: WindowStart,
    to: number,
    out: IntList,
    offsets: IntList | undefined,
  ): WindowStart | undefined {
    const { piece } = this;
    const isLast = this.windowEnd === to;
    const limit = isLast ? piece.length : piece.length - overlapBytes;
    let kept = 0;
    let keptBytes = 0;
    for (let token = 0, byte = 0; token < count; token++) {
      byte += lengths[token]!;
      if (byte > limit) break;
      if (byte === piece.length || piece.startsCharacter(byte)) {
        kept = token + 1;
        keptBytes = byte;
      }
    }
    if (kept === 0 && !isLast) return undefined;
    for (let token = 0, byte = 0; token < kept; token++) {
      out.push(ids[token]!);
      offsets?.push(start.at + piece.unitStart[byte]!);
      byte += lengths[token]!;
      offsets?.push(start.at + piece.unitEnd[byte - 1]!);
    }
    const at = isLast ? this.windowEnd : start.at + (piece.unitStart[keptBytes] ?? 0);
    const before = kept === 0 ? start.before : piece.bytes.slice(keptBytes - lengths[kept - 1]!, keptBytes);
    return { at, ids: out.length, offsets: offsets?.length ?? 0, before };
  }
}
