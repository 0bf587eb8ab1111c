import type { BpeModelParts } from "./bpe-model";
import { IntList } from "./int-list";
import { PieceBytes } from "./piece-bytes";
import type { Splitter } from "./scanners";

/** Two neighbours that became one. */
export interface MergeStep {
  readonly left: number;
  readonly right: number;
  readonly merged: number;
  /** Place of the merge in the tokenizer's list; of all that were possible, the lowest was taken. */
  readonly rank: number;
  /** How many tokens stand before the pair. */
  readonly at: number;
}

/** How one piece of a text came to its tokens. */
export interface PieceMergePath {
  /** UTF-16 range of the piece. */
  readonly start: number;
  readonly end: number;
  /** Ids of the single bytes it begins with; one id when the piece as a whole is a token. */
  readonly bytes: readonly number[];
  readonly steps: readonly MergeStep[];
  readonly ids: readonly number[];
}

/** Longer pieces have no path that anyone could read. */
const longestPath = 512;

/** The merges of every piece of a text, which is taken as ordinary text; pieces of more than 512 bytes are left out. */
export function mergePaths(text: string, split: Splitter, model: BpeModelParts): PieceMergePath[] {
  const ends = new IntList();
  split(text, 0, text.length, ends);
  const piece = new PieceBytes(model.byteIds);
  const paths: PieceMergePath[] = [];
  for (let i = 0, start = 0; i < ends.length; i++) {
    const end = ends.items[i]!;
    piece.read(text, start, end);
    if (piece.length <= longestPath) paths.push({ start, end, ...pathOf(piece, model) });
    start = end;
  }
  return paths;
}

function pathOf(piece: PieceBytes, model: BpeModelParts): Omit<PieceMergePath, "start" | "end"> {
  const whole = model.wholePieces?.find(piece.bytes, piece.length) ?? -1;
  if (whole >= 0) return { bytes: [whole], steps: [], ids: [whole] };
  piece.dropUnknownBytes();
  const bytes = Array.from(piece.bytes.subarray(0, piece.length), (byte) => model.byteIds[byte]!);
  const ids = [...bytes];
  const steps: MergeStep[] = [];
  for (let step = bestStep(ids, model); step; step = bestStep(ids, model)) {
    ids.splice(step.at, 2, step.merged);
    steps.push(step);
  }
  return { bytes, steps, ids };
}

/** The pair of lowest rank, the leftmost among equals. */
function bestStep(ids: readonly number[], { merges }: BpeModelParts): MergeStep | undefined {
  let best: MergeStep | undefined;
  for (let at = 0; at + 1 < ids.length; at++) {
    const [left, right] = [ids[at]!, ids[at + 1]!];
    const rank = merges.find(left, right);
    if (rank >= 0 && (!best || rank < best.rank)) best = { left, right, merged: merges.mergedOf(rank), rank, at };
  }
  return best;
}
