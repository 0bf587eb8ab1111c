import type { Program } from "./pattern-program";
import { codePointAt, codePointBefore } from "./unicode-classes";

/** Steps that a matcher may still take; what looks far ahead can need more than is reasonable. */
export interface StepBudget {
  left: number;
}

/** Thrown when the budget is used up. */
export class OutOfSteps extends Error {}

/**
 * Patterns that are not regular (assertions longer than one character, atomic groups of more than one): by trying, with
 * an explicit stack and a counted number of steps, so that no pattern can hang the caller.
 */
export class PatternBacktracker {
  examined = 0;
  private text = "";
  private start = 0;
  private end = 0;

  constructor(
    private readonly program: Program,
    private readonly budget: StepBudget,
  ) {}

  /** End of the match that starts at `at`, or -1. `start` is where the text begins for assertions that look back. */
  matchEnd(text: string, at: number, end: number, start: number): number {
    this.text = text;
    this.start = start;
    this.end = end;
    this.examined = at;
    return this.run(this.program.start, at);
  }

  private run(start: number, from: number): number {
    const stack = [start, from];
    while (stack.length > 0) {
      const position = stack.pop()!;
      const end = this.follow(stack.pop()!, position, stack);
      if (end >= 0) return end;
    }
    return -1;
  }

  /** One way to its end: the position of the match or -1; the other ways go on the stack. */
  private follow(instruction: number, from: number, stack: number[]): number {
    const { instructions } = this.program;
    let position = from;
    for (let at = instruction; ;) {
      if (this.budget.left-- <= 0) throw new OutOfSteps();
      const step = instructions[at]!;
      if (step.op === "match") return position;
      if (step.op === "split") {
        stack.push(step.second, position);
        at = step.first;
        continue;
      }
      if (step.op === "set") position = this.move(step.members, position, step.backward);
      else if (step.op === "peek") position = step.members[this.classAt(position)] === 1 ? position : -1;
      else if (step.op === "atomic") position = this.run(step.body, position);
      else if (this.run(step.body, position) >= 0 === step.negated) position = -1;
      if (position < 0) return -1;
      at = step.next;
    }
  }

  private classAt(position: number): number {
    this.examined = Math.max(this.examined, position + 1);
    const { classOf, size } = this.program.alphabet;
    return position < this.end ? classOf[codePointAt(this.text, position, this.end)]! : size;
  }

  private move(members: Uint8Array, position: number, backward: boolean): number {
    const { classOf } = this.program.alphabet;
    if (backward) {
      if (position <= this.start) return -1;
      const point = codePointBefore(this.text, position, this.start);
      return members[classOf[point]!] === 1 ? position - (point > 0xffff ? 2 : 1) : -1;
    }
    if (members[this.classAt(position)] === 0) return -1;
    return position + (codePointAt(this.text, position, this.end) > 0xffff ? 2 : 1);
  }
}
