import { MidtrainError } from "@midtrain/protocol/errors";
import { complement, mergeRanges, patternClass } from "./pattern-classes";
import type { CodePointRange } from "./unicode-classes";

export type PatternDialect = "oniguruma" | "rust";

/** A regular expression as a tree. Every single character, class or folded letter is a `set`. */
export type PatternNode =
  | { readonly kind: "set"; readonly ranges: readonly CodePointRange[] }
  | { readonly kind: "sequence"; readonly parts: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly options: readonly PatternNode[] }
  | { readonly kind: "repeat"; readonly body: PatternNode; readonly min: number; readonly max: number; readonly mode: RepeatMode }
  | { readonly kind: "look"; readonly ahead: boolean; readonly negated: boolean; readonly body: PatternNode }
  | { readonly kind: "end" };

export type RepeatMode = "greedy" | "lazy" | "possessive";

/**
 * Reads an Oniguruma or Rust regular expression, in the subset that pre-tokenizers use. Classes come from our own
 * tables, so that nothing depends on the Unicode version of the JavaScript engine.
 * @throws MidtrainError (unsupported) for every construct outside the subset: it is refused, never guessed.
 */
export function parsePattern(pattern: string, dialect: PatternDialect): PatternNode {
  return new PatternParser(pattern, dialect).parse();
}

/** Deeper groups than this are nobody's pre-tokenizer, and a parser that calls itself must end somewhere. */
const deepestGroup = 100;
/** {n,m} is written out; a larger count is refused. */
const mostRepeats = 1000;

class PatternParser {
  private at = 0;
  /** Case-insensitive groups that are open, innermost last. */
  private readonly folding: boolean[] = [false];

  constructor(
    private readonly pattern: string,
    private readonly dialect: PatternDialect,
  ) {}

  parse(): PatternNode {
    const tree = this.alternatives();
    if (this.at < this.pattern.length) throw this.refuse("an unmatched )");
    return tree;
  }

  private alternatives(): PatternNode {
    const options: PatternNode[] = [];
    let parts: PatternNode[] = [];
    while (this.at < this.pattern.length && this.peek() !== ")") {
      if (this.peek() === "|") {
        options.push(sequence(parts));
        parts = [];
        this.at++;
      } else parts.push(this.quantified());
    }
    options.push(sequence(parts));
    return choice(options);
  }

  private quantified(): PatternNode {
    const atom = this.atom();
    const found = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})/.exec(this.pattern.slice(this.at));
    if (!found) return atom;
    const [quantifier] = found;
    this.at += quantifier.length;
    if (atom.kind === "look" || atom.kind === "end") throw this.refuse("a repeated assertion");
    if (canBeEmpty(atom)) throw this.refuse("a repeated group that may be empty");
    const { min, max } = this.counts(quantifier, found);
    return { kind: "repeat", body: atom, min, max, mode: this.repeatMode(quantifier) };
  }

  private counts(quantifier: string, [, low, comma, high]: RegExpExecArray): { readonly min: number; readonly max: number } {
    if (low === undefined) return { min: quantifier === "+" ? 1 : 0, max: quantifier === "?" ? 1 : Infinity };
    const min = Number(low);
    const max = comma === undefined ? min : high === "" ? Infinity : Number(high);
    if (max < min || min > mostRepeats || (max > mostRepeats && max !== Infinity)) throw this.refuse(quantifier);
    return { min, max };
  }

  private repeatMode(quantifier: string): RepeatMode {
    const suffix = this.peek();
    if (suffix !== "?" && suffix !== "+") return "greedy";
    // In Oniguruma's Ruby syntax a{1,2}+ repeats instead of being possessive.
    if (suffix === "+" && quantifier.startsWith("{") && this.dialect === "oniguruma") throw this.refuse("{n,m}+");
    this.at++;
    return suffix === "?" ? "lazy" : "possessive";
  }

  private atom(): PatternNode {
    const char = this.take();
    if (char === "(") return this.group();
    if (char === "[") return this.charClass();
    if (char === "\\") return this.escapeOutside();
    if (char === ".") return { kind: "set", ranges: complement([[0x0a, 0x0b]]) };
    if (char === "$" && this.dialect === "rust") return { kind: "end" };
    if ("^$*+?{}".includes(char)) throw this.refuse(char);
    return this.literal(char);
  }

  private literal(char: string): PatternNode {
    const own = char.codePointAt(0)!;
    const lower = char.toLowerCase();
    const upper = char.toUpperCase();
    if (!this.folding.at(-1) || lower === upper) return { kind: "set", ranges: [[own, own + 1]] };
    if (!/^[a-z]$/.test(lower)) throw this.refuse(`a case-insensitive ${char}`);
    // U+017F and U+212A fold to s and k.
    const points = [lower.charCodeAt(0), upper.charCodeAt(0), ...(lower === "s" ? [0x17f] : lower === "k" ? [0x212a] : [])];
    return { kind: "set", ranges: mergeRanges(points.map((point) => [point, point + 1])) };
  }

  private group(): PatternNode {
    const opening = ["?i:", "?:", "?=", "?!", "?<=", "?<!", "?>"].find((prefix) => this.pattern.startsWith(prefix, this.at));
    if (opening === undefined && this.peek() === "?") throw this.refuse(`(${this.pattern.slice(this.at, this.at + 3)}`);
    this.at += opening?.length ?? 0;
    if (this.folding.length > deepestGroup) throw this.refuse(`groups nested deeper than ${deepestGroup}`);
    this.folding.push(opening === "?i:" || this.folding.at(-1)!);
    const body = this.alternatives();
    this.folding.pop();
    if (this.take() !== ")") throw this.refuse("an unclosed group");
    if (opening === "?>") return { kind: "repeat", body, min: 1, max: 1, mode: "possessive" };
    if (opening === undefined || opening.endsWith(":")) return body;
    return { kind: "look", ahead: !opening.startsWith("?<"), negated: opening.endsWith("!"), body };
  }

  private escapeOutside(): PatternNode {
    const ranges = this.namedClass();
    return ranges ? { kind: "set", ranges } : this.literal(this.escapedCharacter());
  }

  /** After a backslash: the ranges of `\p{…}`, `\P{…}`, `\s`, `\d`, `\w` and their opposites; undefined when it is a character. */
  private namedClass(): readonly CodePointRange[] | undefined {
    const match = /^(?:([pP])\{(\^?)([A-Za-z_]+)\}|([sSdDwW]))/.exec(this.pattern.slice(this.at));
    if (!match) return undefined;
    this.at += match[0].length;
    const shorthand = match[4]?.toLowerCase();
    // The table of \w is Oniguruma's.
    const ranges = shorthand === "w" && this.dialect === "rust" ? undefined : patternClass(match[3] ?? shorthand!);
    if (!ranges) throw this.refuse(`\\${match[0]}`);
    const negated = match[1] === "P" || (match[4] !== undefined && match[4] !== shorthand);
    return negated !== (match[2] === "^") ? complement(ranges) : ranges;
  }

  private escapedCharacter(): string {
    const char = this.take();
    const control = ({ r: "\r", n: "\n", t: "\t", f: "\f", v: "\v" } as const)[char];
    if (control !== undefined) return control;
    const code = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/.exec(this.pattern.slice(this.at - 1));
    if (code) {
      this.at += code[0].length - 1;
      return String.fromCharCode(parseInt(code[1] ?? code[2]!, 16));
    }
    if (/[A-Za-z0-9]/.test(char)) throw this.refuse(`\\${char}`);
    return char;
  }

  private charClass(): PatternNode {
    if (this.folding.at(-1)) return this.foldedClass();
    const negated = this.peek() === "^";
    if (negated) this.at++;
    const members: CodePointRange[] = [];
    while (this.peek() !== "]") members.push(...this.classMember());
    this.at++;
    const ranges = mergeRanges(members);
    return { kind: "set", ranges: negated ? complement(ranges) : ranges };
  }

  /** A class of plain ASCII letters inside (?i:…). */
  private foldedClass(): PatternNode {
    const match = /^([a-z]+)\]/.exec(this.pattern.slice(this.at));
    if (!match) throw this.refuse("a case-insensitive class");
    this.at += match[0].length;
    return choice(Array.from(match[1]!, (char) => this.literal(char)));
  }

  private classMember(): readonly CodePointRange[] {
    const first = this.classCharacter();
    if (typeof first !== "number") return first;
    if (this.peek() !== "-" || this.pattern[this.at + 1] === "]") return [[first, first + 1]];
    this.at++;
    const last = this.classCharacter();
    if (typeof last !== "number" || last < first) throw this.refuse("a class range");
    return [[first, last + 1]];
  }

  private classCharacter(): number | readonly CodePointRange[] {
    const char = this.take();
    if (char === "[" || (char === "&" && this.peek() === "&")) throw this.refuse(char);
    if (char !== "\\") return char.codePointAt(0)!;
    return this.namedClass() ?? this.escapedCharacter().codePointAt(0)!;
  }

  private peek(): string | undefined {
    return this.pattern[this.at];
  }

  /** The next code point. */
  private take(): string {
    const point = this.pattern.codePointAt(this.at);
    if (point === undefined) throw this.refuse("an unexpected end");
    const char = String.fromCodePoint(point);
    this.at += char.length;
    return char;
  }

  private refuse(what: string): MidtrainError {
    return patternRefusal(this.pattern, `Split pattern with ${what}`);
  }
}

export function patternRefusal(pattern: string, what: string): MidtrainError {
  const shown = pattern.length > 400 ? `${pattern.slice(0, 400)}…` : pattern;
  return new MidtrainError({
    reason: "unsupported",
    message: `Unsupported tokenizer component: ${what} in ${JSON.stringify(shown)}.`,
    next: "Use a tokenizer whose pre-tokenizer Midtrain knows (GPT-2, Qwen2, Llama-3, StarCoder2, DeepSeek-Coder shapes).",
  });
}

function sequence(parts: readonly PatternNode[]): PatternNode {
  return parts.length === 1 ? parts[0]! : { kind: "sequence", parts };
}

/** Alternatives of one character each are a set. */
function choice(options: readonly PatternNode[]): PatternNode {
  if (options.length === 1) return options[0]!;
  if (options.every((option) => option.kind === "set")) {
    return { kind: "set", ranges: mergeRanges(options.flatMap((option) => (option.kind === "set" ? option.ranges : []))) };
  }
  return { kind: "choice", options };
}

function canBeEmpty(node: PatternNode): boolean {
  switch (node.kind) {
    case "set":
      return false;
    case "sequence":
      return node.parts.every(canBeEmpty);
    case "choice":
      return node.options.some(canBeEmpty);
    case "repeat":
      return node.min === 0 || canBeEmpty(node.body);
    case "look":
    case "end":
      return true;
  }
}
