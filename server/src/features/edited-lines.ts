/** What an edit does to the number of tokens: changed parts of a document against what was opened or saved last. Pure. */
import { diffArrays } from "diff";
import type { EditedLines } from "@midtrain/protocol/language-server";
import type { Encoding } from "../tokenizer";

/** Work of one comparison is bounded: beyond it the whole changed middle is one part. */
const mostEdits = 2000;

/** Tokens by the line on which they begin; their sum is the number of tokens. */
function tokensByLine(text: string, { offsets }: Encoding): Int32Array {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const counts = new Int32Array(starts.length);
  let line = 0;
  for (let token = 0; token < offsets.length; token += 2) {
    while (line + 1 < starts.length && starts[line + 1]! <= offsets[token]!) line++;
    counts[line]!++;
  }
  return counts;
}

interface Version {
  readonly text: string;
  readonly encoding: Encoding;
}

/** @returns changed parts in the order of the document */
export function editedLines(before: Version, after: Version): readonly EditedLines[] {
  if (before.text === after.text) return [];
  const [oldLines, newLines] = [before.text.split("\n"), after.text.split("\n")];
  const [oldTokens, newTokens] = [tokensByLine(before.text, before.encoding), tokensByLine(after.text, after.encoding)];
  return hunks(oldLines, newLines).map(({ oldStart, oldEnd, newStart, newEnd }) => ({
    line: newStart,
    lines: newEnd - newStart,
    before: sum(oldTokens, oldStart, oldEnd),
    after: sum(newTokens, newStart, newEnd),
  }));
}

interface Hunk {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

function hunks(oldLines: readonly string[], newLines: readonly string[]): Hunk[] {
  const changes = diffArrays([...oldLines], [...newLines], { maxEditLength: mostEdits });
  if (changes === undefined) return [changedMiddle(oldLines, newLines)];
  const found: Hunk[] = [];
  let [oldAt, newAt] = [0, 0];
  let open: Hunk | undefined;
  for (const { added, removed, value } of changes) {
    const length = value.length;
    if (!added && !removed) {
      if (open) found.push({ ...open, oldEnd: oldAt, newEnd: newAt });
      open = undefined;
    } else open ??= { oldStart: oldAt, oldEnd: oldAt, newStart: newAt, newEnd: newAt };
    if (!added) oldAt += length;
    if (!removed) newAt += length;
  }
  if (open) found.push({ ...open, oldEnd: oldAt, newEnd: newAt });
  return found;
}

/** What is left between the lines that both versions share at their ends. */
function changedMiddle(oldLines: readonly string[], newLines: readonly string[]): Hunk {
  const limit = Math.min(oldLines.length, newLines.length);
  let head = 0;
  while (head < limit && oldLines[head] === newLines[head]) head++;
  let tail = 0;
  while (tail < limit - head && oldLines[oldLines.length - 1 - tail] === newLines[newLines.length - 1 - tail]) tail++;
  return { oldStart: head, oldEnd: oldLines.length - tail, newStart: head, newEnd: newLines.length - tail };
}

function sum(values: Int32Array, from: number, to: number): number {
  let total = 0;
  for (let index = from; index < to; index++) total += values[index]!;
  return total;
}
