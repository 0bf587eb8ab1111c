import type { CommentLine, Sentence } from "./comment-lines";
import { isDirective } from "./directives";
import type { CommentGroup, Stretch } from "./leading-comments";

type LineState =
  | { readonly kind: "blank" }
  | { readonly kind: "kept" }
  | { readonly kind: "gone" }
  | { readonly kind: "cut"; readonly cuts: readonly Stretch[] };

/** What to take out of a comment so that the given sentences go and everything else keeps its form. */
export function stripsOf(text: string, group: CommentGroup, lines: readonly CommentLine[], legal: readonly Sentence[]): Stretch[] {
  const states = lineStates(text, lines, legal);
  if (states.every((state) => state.kind === "gone" || state.kind === "blank")) {
    return [{ start: group.start, end: behindBlankLines(text, group.end) }];
  }
  const isLoose = group.kind === "lines" || group.kind === "boxes";
  const firstLoose = isLoose ? 0 : 1;
  const lastLoose = isLoose || group.kind === "indented" ? lines.length - 1 : lines.length - 2;
  const strips: Stretch[] = [];
  for (let index = 0; index < lines.length;) {
    const state = states[index]!;
    if (state.kind === "cut") strips.push(...state.cuts);
    if (state.kind !== "gone" && state.kind !== "blank") {
      index++;
      continue;
    }
    let next = index;
    while (next < lines.length && (states[next]!.kind === "gone" || states[next]!.kind === "blank")) next++;
    if (states.slice(index, next).some(({ kind }) => kind === "gone")) {
      const isInside = index > firstLoose && next <= lastLoose;
      strips.push(...runStrips(lines, states, { from: index, to: next, firstLoose, lastLoose, isInside }));
    }
    index = next;
  }
  return mergeTouching(strips);
}

function lineStates(text: string, lines: readonly CommentLine[], legal: readonly Sentence[]): LineState[] {
  const cuts = new Map<number, Stretch[]>();
  for (const piece of legal.flatMap((sentence) => sentence.pieces)) {
    const known = cuts.get(piece.line);
    if (known === undefined) cuts.set(piece.line, [piece]);
    else known.push(piece);
  }
  return lines.map((line, index): LineState => {
    if (line.from === line.to) return isDirective(text.slice(line.start, line.end)) ? { kind: "kept" } : { kind: "blank" };
    const pieces = cuts.get(index);
    if (pieces === undefined) return { kind: "kept" };
    const words = text.slice(line.from, line.to);
    if (!/SPDX-/.test(words) && (isDirective(words) || isDirective(text.slice(line.start, line.end)))) return { kind: "kept" };
    let rest = "";
    let at = line.from;
    for (const piece of pieces) {
      rest += text.slice(at, piece.start);
      at = piece.end;
    }
    rest += text.slice(at, line.to);
    return /[\p{L}\p{N}]/u.test(rest) ? { kind: "cut", cuts: pieces.map((piece) => withSpace(text, line, piece)) } : { kind: "gone" };
  });
}

/** A cut at the end of a line takes the space and the separator before it along. */
function withSpace(text: string, line: CommentLine, piece: Stretch): Stretch {
  let { start } = piece;
  if (piece.end === line.to) while (start > line.from && /[\s,;|-]/.test(text[start - 1]!)) start--;
  return { start, end: piece.end };
}

interface Run {
  readonly from: number;
  readonly to: number;
  readonly firstLoose: number;
  readonly lastLoose: number;
  /** Something stays before it and behind it. */
  readonly isInside: boolean;
}

/** A run of lines of which none stays. Between two things that stay, one empty line goes on parting them if there was any. */
function runStrips(lines: readonly CommentLine[], states: readonly LineState[], run: Run): Stretch[] {
  const strips: Stretch[] = [];
  let spare = run.isInside ? lines.findIndex((_, index) => index >= run.from && index < run.to && states[index]!.kind === "blank") : -1;
  for (let index = run.from; index < run.to; index++) {
    const line = lines[index]!;
    if (index === spare) {
      spare = -1;
      continue;
    }
    if (index >= run.firstLoose && index <= run.lastLoose) strips.push({ start: line.start, end: line.end });
    // The line with the opening or closing mark keeps the mark.
    else if (states[index]!.kind === "gone") strips.push({ start: line.from, end: line.to });
  }
  return strips;
}

/** The end of the empty lines that begin at `end`. */
export function behindBlankLines(text: string, end: number): number {
  for (let at = end; ;) {
    const code = text.charCodeAt(at);
    if (code === 10) end = at + 1;
    else if (code !== 32 && code !== 9 && code !== 13) return end;
    at++;
  }
}

export function mergeTouching(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const { start, end } of stretches) {
    const last = merged.at(-1);
    if (last !== undefined && last.end >= start) merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    else merged.push({ start, end });
  }
  return merged;
}
