import { OutOfSteps, PatternBacktracker, type StepBudget } from "./pattern-backtracker";
import { PatternAutomaton } from "./pattern-automaton";
import { programOf, type Program } from "./pattern-program";
import { patternRefusal, type PatternDialect } from "./pattern-syntax";
import type { Splitter } from "./scanners";
import { codePointAt } from "./unicode-classes";

/** Characters read for nothing, and steps tried, that a text may cost: far beyond what any sensible pattern needs. */
const allowance = (units: number): number => 1_000_000 + 64 * units;

/**
 * Split(Regex, Isolated): every match is a piece, and so is every stretch between two matches.
 * @throws MidtrainError (unsupported) here for a pattern outside the subset, and from the splitter for a text on which the
 *   pattern needs more than a bounded number of steps.
 */
export function patternSplitter(pattern: string, dialect: PatternDialect): Splitter {
  const program = programOf(pattern, dialect);
  if (!program) throw patternRefusal(pattern.slice(0, 200), "a Split pattern that is too large");
  return program.regular ? regularSplitter(program, pattern) : triedSplitter(program, pattern);
}

/** Building a transition, in characters read. */
const transitionCost = 50;

const tooCostly = "a Split pattern that needs too many steps on this text";

function regularSplitter(program: Program, pattern: string): Splitter {
  const automaton = new PatternAutomaton(program);
  return (text, start, end, ends) => {
    let covered = start;
    let wasted = -transitionCost * automaton.transitionsBuilt;
    for (let at = automaton.nextStart(text, start, end); at < end;) {
      const found = automaton.matchEnd(text, at, end);
      if (found > at) {
        if (covered < at) ends.push(at);
        ends.push(found);
        wasted += automaton.examined - found;
        at = covered = found;
      } else {
        // Empty matches do not cut.
        wasted += automaton.examined - at;
        at += codePointAt(text, at, end) > 0xffff ? 2 : 1;
      }
      if (wasted + transitionCost * automaton.transitionsBuilt > allowance(end - start)) throw patternRefusal(pattern, tooCostly);
      at = automaton.nextStart(text, at, end);
    }
    if (covered < end) ends.push(end);
  };
}

function triedSplitter(program: Program, pattern: string): Splitter {
  return (text, start, end, ends) => {
    const budget: StepBudget = { left: allowance(end - start) };
    const backtracker = new PatternBacktracker(program, budget);
    let covered = start;
    try {
      for (let at = start; at < end;) {
        const found = backtracker.matchEnd(text, at, end, start);
        if (found <= at) {
          at += codePointAt(text, at, end) > 0xffff ? 2 : 1;
          continue;
        }
        if (covered < at) ends.push(at);
        ends.push(found);
        at = covered = found;
      }
    } catch (error) {
      throw error instanceof OutOfSteps ? patternRefusal(pattern, tooCostly) : error;
    }
    if (covered < end) ends.push(end);
  };
}
