import { PatternAutomaton } from "./pattern-automaton";
import { OutOfSteps, PatternBacktracker, type StepBudget } from "./pattern-backtracker";
import { programOf, type Program } from "./pattern-program";
import { patternRefusal, type PatternDialect } from "./pattern-syntax";
import { codePointAt } from "./unicode-classes";

/** A stretch of a text that a pattern matches (`hit`), or that lies between two matches. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly hit: boolean;
}

/** Cuts a text into consecutive stretches that cover it. Matches may be empty; they cut, and are no piece themselves. */
export type Matcher = (text: string) => Stretch[];

export type SplitBehavior = "Removed" | "Isolated" | "Contiguous" | "MergedWithPrevious" | "MergedWithNext";

/** Matches of single code points. */
export function charMatcher(isHit: (point: number) => boolean): Matcher {
  return (text) => {
    const stretches: Stretch[] = [];
    let done = 0;
    for (let at = 0; at < text.length;) {
      const point = codePointAt(text, at, text.length);
      const next = at + (point > 0xffff ? 2 : 1);
      if (isHit(point)) {
        if (done < at) stretches.push({ from: done, to: at, hit: false });
        stretches.push({ from: at, to: next, hit: true });
        done = next;
      }
      at = next;
    }
    if (done < text.length) stretches.push({ from: done, to: text.length, hit: false });
    return stretches;
  };
}

/** Matches of a literal, from left to right without overlap. */
export function literalMatcher(literal: string): Matcher {
  return (text) => {
    const matches: [number, number][] = [];
    for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + literal.length)) matches.push([at, at + literal.length]);
    return withGaps(matches, text.length);
  };
}

/**
 * Matches of a regular expression, in the order and with the empty matches of the reference's search: an empty match
 * right behind the match before it does not count.
 * @throws MidtrainError (unsupported) for a construct outside the subset, and from the matcher when a text needs too many steps.
 */
export function patternMatcher(pattern: string, dialect: PatternDialect): Matcher {
  const program = programOf(pattern, dialect);
  if (!program) throw patternRefusal(pattern.slice(0, 200), "a pattern that is too large");
  const automaton = program.regular ? new PatternAutomaton(program) : undefined;
  const skips = automaton !== undefined && !matchesNothing(program);
  return (text) => {
    const budget: StepBudget = { left: 1_000_000 + 64 * text.length };
    const backtracker = automaton ? undefined : new PatternBacktracker(program, budget);
    const endAt = (at: number): number => {
      if (backtracker) return backtracker.matchEnd(text, at, text.length, 0);
      const found = automaton!.matchEnd(text, at, text.length);
      if ((budget.left -= automaton!.examined - Math.max(at, found)) < 0) throw new OutOfSteps();
      return found;
    };
    const next = skips ? (at: number): number => automaton.nextStart(text, at, text.length) : (at: number): number => at;
    try {
      return withGaps(allMatches(text, endAt, next), text.length);
    } catch (error) {
      throw error instanceof OutOfSteps ? patternRefusal(pattern, "a pattern that needs too many steps on this text") : error;
    }
  };
}

function allMatches(text: string, endAt: (at: number) => number, next: (at: number) => number): [number, number][] {
  const matches: [number, number][] = [];
  let lastEnd = -1;
  for (let at = next(0); at <= text.length;) {
    const end = endAt(at);
    const counts = end > at || (end === at && end !== lastEnd);
    if (counts) {
      matches.push([at, end]);
      lastEnd = end;
    }
    at = counts && end > at ? end : counts ? at : at + (at < text.length && codePointAt(text, at, text.length) > 0xffff ? 2 : 1);
    if (at < text.length) at = next(at);
  }
  return matches;
}

/** Whether a pattern can match without taking a character. @throws MidtrainError (unsupported) */
export function canMatchNothing(pattern: string, dialect: PatternDialect): boolean {
  const program = programOf(pattern, dialect);
  return program !== undefined && matchesNothing(program);
}

function matchesNothing(program: Program): boolean {
  const seen = new Set<number>();
  const waiting = [program.start];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const step = program.instructions[at]!;
    if (step.op === "match") return true;
    if (step.op === "split") waiting.push(step.first, step.second);
    else if (step.op === "atomic") return true;
    else if (step.op !== "set") waiting.push(step.next);
  }
  return false;
}

function withGaps(matches: readonly (readonly [number, number])[], length: number): Stretch[] {
  const stretches: Stretch[] = [];
  let done = 0;
  for (const [from, to] of matches) {
    if (done < from) stretches.push({ from: done, to: from, hit: false });
    stretches.push({ from, to, hit: true });
    done = to;
  }
  if (done < length) stretches.push({ from: done, to: length, hit: false });
  return stretches;
}

/** The pieces of a text after its stretches were cut, joined or taken out (the reference's SplitDelimiterBehavior). */
export function splitPieces(stretches: readonly Stretch[], behavior: SplitBehavior): { readonly from: number; readonly to: number }[] {
  if (behavior === "Isolated") return [...stretches];
  if (behavior === "Removed") return stretches.filter(({ hit }) => !hit);
  if (behavior === "MergedWithNext") return mergedWithNext(stretches);
  const pieces: { from: number; to: number }[] = [];
  let wasHit = false;
  for (const { from, to, hit } of stretches) {
    const last = pieces.at(-1);
    const joins = behavior === "Contiguous" ? hit === wasHit : hit && !wasHit;
    if (joins && last) last.to = to;
    else pieces.push({ from, to });
    wasHit = hit;
  }
  return pieces;
}

function mergedWithNext(stretches: readonly Stretch[]): { readonly from: number; readonly to: number }[] {
  const pieces: { from: number; to: number }[] = [];
  let wasHit = false;
  for (const { from, to, hit } of [...stretches].reverse()) {
    const last = pieces.at(-1);
    if (hit && !wasHit && last) last.from = from;
    else pieces.push({ from, to });
    wasHit = hit;
  }
  return pieces.reverse();
}
