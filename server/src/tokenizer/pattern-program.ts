import { alphabetOf, type Alphabet } from "./pattern-classes";
import { parsePattern, type PatternDialect, type PatternNode } from "./pattern-syntax";

/** One step of a pattern; numbers are indices into the program. `split` prefers its first way. */
export type Instruction =
  | { readonly op: "set"; readonly members: Uint8Array; readonly backward: boolean; readonly next: number }
  | { readonly op: "split"; readonly first: number; readonly second: number }
  /** The class of the next code point, not consumed, must be in `members` (whose last entry is the end of the text). */
  | { readonly op: "peek"; readonly members: Uint8Array; readonly next: number }
  | { readonly op: "look"; readonly body: number; readonly negated: boolean; readonly next: number }
  /** The body matches once, as it likes best, and is never tried again otherwise. */
  | { readonly op: "atomic"; readonly body: number; readonly next: number }
  | { readonly op: "match" };

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly start: number;
  readonly alphabet: Alphabet;
  /** Whether every step is one that an automaton can take: nothing looks further than one code point ahead. */
  readonly regular: boolean;
}

/** Counted repeats are written out; a program longer than this is nobody's pre-tokenizer. */
const longestProgram = 20_000;

interface ReadPattern {
  readonly pattern: string;
  readonly dialect: PatternDialect;
  readonly tree: PatternNode;
  program?: Program | undefined;
}

/** A tokenizer asks for its patterns several times while it is made. */
const recent: ReadPattern[] = [];
const remembered = 8;

function read(pattern: string, dialect: PatternDialect): ReadPattern {
  const known = recent.find((entry) => entry.pattern === pattern && entry.dialect === dialect);
  if (known) return known;
  const entry = { pattern, dialect, tree: parsePattern(pattern, dialect) };
  recent.unshift(entry);
  recent.length = Math.min(recent.length, remembered);
  return entry;
}

/** @throws MidtrainError (unsupported) for a pattern outside the subset. */
export function patternTree(pattern: string, dialect: PatternDialect): PatternNode {
  return read(pattern, dialect).tree;
}

/**
 * @returns undefined when the pattern is too large.
 * @throws MidtrainError (unsupported) for a pattern outside the subset.
 */
export function programOf(pattern: string, dialect: PatternDialect): Program | undefined {
  const entry = read(pattern, dialect);
  if (!("program" in entry)) entry.program = compileProgram(entry.tree);
  return entry.program;
}

function compileProgram(tree: PatternNode): Program | undefined {
  const sets = collectSets(tree);
  const alphabet = alphabetOf([...sets.values()]);
  if (!alphabet) return undefined;
  const compiler = new Compiler(alphabet, new Map([...sets.keys()].map((key, index) => [key, index])));
  const match = compiler.add({ op: "match" });
  const start = compiler.compile(tree, match, false);
  if (start === undefined || compiler.instructions.length > longestProgram) return undefined;
  const regular = compiler.instructions.every(({ op }) => op !== "look" && op !== "atomic");
  return { instructions: compiler.instructions, start, alphabet, regular };
}

type SetNode = Extract<PatternNode, { kind: "set" }>;

const keys = new WeakMap<SetNode["ranges"], string>();

function keyOf({ ranges }: SetNode): string {
  const key = keys.get(ranges) ?? ranges.join(";");
  keys.set(ranges, key);
  return key;
}

function collectSets(node: PatternNode, found = new Map<string, SetNode["ranges"]>()): Map<string, SetNode["ranges"]> {
  if (node.kind === "set") found.set(keyOf(node), node.ranges);
  else if (node.kind === "sequence") node.parts.forEach((part) => collectSets(part, found));
  else if (node.kind === "choice") node.options.forEach((option) => collectSets(option, found));
  else if (node.kind !== "end") collectSets(node.body, found);
  return found;
}

class Compiler {
  readonly instructions: Instruction[] = [];

  constructor(
    private readonly alphabet: Alphabet,
    private readonly setIndex: ReadonlyMap<string, number>,
  ) {}

  add(instruction: Instruction): number {
    return this.instructions.push(instruction) - 1;
  }

  /** Writes the node so that it goes on at `next`; returns where it starts. */
  compile(node: PatternNode, next: number, backward: boolean): number {
    switch (node.kind) {
      case "set":
        return this.add({ op: "set", members: this.membersOf(node), backward, next });
      case "sequence":
        return this.sequence(node.parts, next, backward);
      case "choice":
        return node.options
          .map((option) => this.compile(option, next, backward))
          .reduceRight((second, first) => this.add({ op: "split", first, second }));
      case "repeat":
        return this.repeat(node, next, backward);
      case "look":
        return this.look(node, next);
      case "end":
        return this.add({ op: "peek", members: this.onlyEnd(), next });
    }
  }

  private sequence(parts: readonly PatternNode[], next: number, backward: boolean): number {
    const ordered = backward ? parts : [...parts].reverse();
    return ordered.reduce((after, part) => this.compile(part, after, backward), next);
  }

  private repeat(node: Extract<PatternNode, { kind: "repeat" }>, next: number, backward: boolean): number {
    const { body, min, max, mode } = node;
    if (mode === "possessive") {
      // One character that may not be given back: as if the repeat ended where the next one is of another class.
      if (body.kind === "set" && !backward) return this.possessiveSet(body, min, max, next);
      return this.add({ op: "atomic", body: this.repeat({ ...node, mode: "greedy" }, this.add({ op: "match" }), backward), next });
    }
    const either = (more: number): number =>
      this.add(mode === "lazy" ? { op: "split", first: next, second: more } : { op: "split", first: more, second: next });
    let at = next;
    if (max === Infinity) {
      at = this.instructions.length;
      this.instructions.push({ op: "match" });
      const more = this.compile(body, at, backward);
      this.instructions[at] = mode === "lazy" ? { op: "split", first: next, second: more } : { op: "split", first: more, second: next };
    } else for (let count = min; count < max && this.fits(); count++) at = either(this.compile(body, at, backward));
    for (let count = 0; count < min && this.fits(); count++) at = this.compile(body, at, backward);
    return at;
  }

  private possessiveSet(set: SetNode, min: number, max: number, next: number): number {
    const ends = this.add({ op: "peek", members: this.membersOf(set).map((member) => 1 - member), next });
    const greedy = { kind: "repeat", body: set, mode: "greedy" } as const;
    if (max === Infinity) return this.repeat({ ...greedy, min, max }, ends, false);
    const most = this.repeat({ ...greedy, min: max, max }, next, false);
    if (min === max) return most;
    return this.add({ op: "split", first: most, second: this.repeat({ ...greedy, min, max: max - 1 }, ends, false) });
  }

  private look({ ahead, negated, body }: Extract<PatternNode, { kind: "look" }>, next: number): number {
    if (ahead && body.kind === "set") {
      const members = this.membersOf(body);
      return this.add({ op: "peek", members: negated ? members.map((member) => 1 - member) : members, next });
    }
    return this.add({ op: "look", body: this.compile(body, this.add({ op: "match" }), !ahead), negated, next });
  }

  private fits(): boolean {
    return this.instructions.length <= longestProgram;
  }

  private membersOf(set: SetNode): Uint8Array {
    return this.alphabet.members[this.setIndex.get(keyOf(set))!]!;
  }

  private onlyEnd(): Uint8Array {
    return Uint8Array.from({ length: this.alphabet.size + 1 }, (_, index) => Number(index === this.alphabet.size));
  }
}
