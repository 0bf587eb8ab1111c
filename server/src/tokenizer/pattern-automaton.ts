import type { Program } from "./pattern-program";
import { codePointAt } from "./unicode-classes";

const unknown = -1;
/** States are kept up to here; then all are forgotten and found again, so that memory stays bounded. */
const mostStates = 2048;

/**
 * A regular pattern as an automaton whose states are built when they are first needed: the match that backtracking
 * would find (first alternative, greedy or lazy as written), with one table look-up a character and no backtracking.
 *
 * A state is the list of threads in order of preference; a thread that matches cuts off those behind it, and the last
 * match seen wins. One character is looked at before a match is known, so `(?!\S)` and `$` cost nothing more.
 */
export class PatternAutomaton {
  /** Where the last call stopped reading: nothing from here on had any influence. Beyond `end` when the end itself had. */
  examined = 0;
  /** Cells of the table that were filled so far: each costs as much as reading many characters. */
  transitionsBuilt = 0;
  /** Classes, the end of the text as the last. */
  readonly stride: number;
  private readonly classOf: Uint8Array;
  /** By state and class: the next state times `stride` times two, plus one when the pattern matches before this character. */
  private table: Int32Array;
  private threads: (readonly number[])[] = [];
  /** By class: whether a match of at least one character may start with it. */
  private readonly starts: Uint8Array;
  private readonly stateOf = new Map<string, number>();

  constructor(private readonly program: Program) {
    this.stride = program.alphabet.size + 1;
    this.classOf = program.alphabet.classOf;
    this.table = new Int32Array(16 * this.stride);
    this.forget();
    this.starts = Uint8Array.from({ length: this.stride }, (_, kind) => Math.min(1, this.step([program.start], kind).threads.length));
  }

  /** States that are kept now. */
  get states(): number {
    return this.threads.length;
  }

  /** First position from `at` on where a match of at least one character may start, or `end`. */
  nextStart(text: string, at: number, end: number): number {
    const { classOf, starts } = this;
    for (let i = at; i < end; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0xd800) {
        if (starts[classOf[unit]!] === 1) return i;
        continue;
      }
      const point = codePointAt(text, i, end);
      if (starts[classOf[point]!] === 1) return i;
      if (point > 0xffff) i++;
    }
    return end;
  }

  /** End of the match that starts at `at`, or -1. */
  matchEnd(text: string, at: number, end: number): number {
    const { classOf, stride } = this;
    let table = this.table;
    let found = -1;
    let state = stride;
    let i = at;
    for (;;) {
      let kind = stride - 1;
      let next = i + 1;
      if (i < end) {
        const unit = text.charCodeAt(i);
        if (unit < 0xd800) kind = classOf[unit]!;
        else {
          const point = codePointAt(text, i, end);
          kind = classOf[point]!;
          if (point > 0xffff) next++;
        }
      }
      let step = table[state + kind]!;
      if (step === unknown) {
        step = this.transition(state, kind);
        table = this.table;
      }
      if (step & 1) found = i;
      state = step >> 1;
      i = next;
      if (state === 0) break;
    }
    this.examined = i;
    return found;
  }

  /**
   * Pairs of classes between which every text is cut, whatever stands before and behind: no match goes on over the
   * second, and the first is never left unmatched. What is before such a place does not depend on what follows that
   * character, and what is behind not on anything before. By first class times `stride` plus second.
   * @returns undefined where that cannot be told: the pattern may match nothing, or has too many states.
   */
  breakTable(): Uint8Array | undefined {
    const { stride } = this;
    const kinds = Array.from({ length: stride }, (_, kind) => kind);
    const breaks = new Uint8Array(stride * stride).fill(1);
    for (let state = 1; state < this.threads.length; state++) {
      if (this.threads.length > mostStates / 2) return undefined;
      for (const kind of kinds) this.cell(state * stride, kind);
    }
    for (let state = 1; state < this.threads.length; state++) {
      for (const first of kinds) {
        const after = this.cell(state * stride, first);
        // An empty match would cut, or not, by other rules.
        if (state === 1 && (after & 1) === 1) return undefined;
        for (const second of kinds) {
          const step = this.cell((after >> 1) | 0, second);
          const goesOn = after >> 1 !== 0 && step >> 1 !== 0;
          const unmatched = state === 1 && (after >> 1 === 0 || (step & 1) === 0);
          if (goesOn || unmatched) breaks[first * stride + second] = 0;
        }
      }
    }
    return breaks;
  }

  private cell(state: number, kind: number): number {
    const known = this.table[state + kind]!;
    return known === unknown ? this.transition(state, kind) : known;
  }

  /** Fills one cell of the table. */
  private transition(state: number, kind: number): number {
    this.transitionsBuilt++;
    const current = this.threads[state / this.stride]!;
    const { matched, threads } = this.step(current, kind);
    let from = state;
    if (this.threads.length >= mostStates) {
      this.forget();
      from = this.stateFor(current);
    }
    const next = (this.stateFor(threads) << 1) | Number(matched);
    this.table[from + kind] = next;
    return next;
  }

  /** The dead state is 0, the start is 1. */
  private forget(): void {
    this.threads = [];
    this.stateOf.clear();
    this.stateFor([]);
    this.stateFor([this.program.start]);
  }

  private stateFor(threads: readonly number[]): number {
    const key = threads.join();
    const known = this.stateOf.get(key);
    if (known !== undefined) return known;
    const state = this.threads.push(threads) - 1;
    if (this.table.length < (state + 1) * this.stride) {
      const grown = new Int32Array(2 * this.table.length);
      grown.set(this.table);
      this.table = grown;
    }
    this.table.fill(unknown, state * this.stride, (state + 1) * this.stride);
    this.stateOf.set(key, state * this.stride);
    return state * this.stride;
  }

  /** Follows the threads up to the next character and over it. */
  private step(from: readonly number[], kind: number): { readonly matched: boolean; readonly threads: readonly number[] } {
    const { instructions } = this.program;
    const seen = new Set<number>();
    const reached = new Set<number>();
    const waiting = [...from].reverse();
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const instruction = instructions[at]!;
      if (instruction.op === "match") return { matched: true, threads: [...reached] };
      if (instruction.op === "split") waiting.push(instruction.second, instruction.first);
      else if (instruction.op === "peek" && instruction.members[kind] === 1) waiting.push(instruction.next);
      else if (instruction.op === "set" && instruction.members[kind] === 1) reached.add(instruction.next);
    }
    return { matched: false, threads: [...reached] };
  }
}
