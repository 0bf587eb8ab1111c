import { MidtrainError } from "@midtrain/protocol/errors";
import type { Splitter } from "./scanners";
import { classRanges, type CodePointRange } from "./unicode-classes";

/**
 * The other way to the same pieces, to compare with: an Oniguruma or Rust regular expression rewritten for the regular
 * expressions of JavaScript, with the classes written out.
 * @throws MidtrainError (unsupported) for every construct outside the subset: it is refused, never guessed.
 */
function translatePattern(pattern: string, dialect: "oniguruma" | "rust"): string {
  return new Translator(pattern, dialect).translate();
}

/** The class tables that `\p{…}` and `\s`, `\d` may name. */
function namedRanges(name: string): readonly CodePointRange[] | undefined {
  if (name === "s") return classRanges("White_Space");
  if (name === "d") return classRanges("Nd");
  return classRanges(name as Parameters<typeof classRanges>[0]);
}

function mergeRanges(ranges: readonly CodePointRange[]): CodePointRange[] {
  const merged: CodePointRange[] = [];
  for (const range of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && range[0] <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], range[1])];
    else merged.push(range);
  }
  return merged;
}

function complement(ranges: readonly CodePointRange[]): CodePointRange[] {
  const out: CodePointRange[] = [];
  let position = 0;
  for (const [start, end] of ranges) {
    if (start > position) out.push([position, start]);
    position = end;
  }
  if (position < 0x110000) out.push([position, 0x110000]);
  return out;
}

function writeRanges(ranges: readonly CodePointRange[]): string {
  const point = (value: number): string => `\\u{${value.toString(16)}}`;
  return ranges.map(([start, end]) => (end - start === 1 ? point(start) : `${point(start)}-${point(end - 1)}`)).join("");
}

const syntaxCharacters = "^$\\.*+?()[]{}|/";

class Translator {
  private at = 0;
  /** Case-insensitive groups that are open, innermost last. */
  private readonly folding: boolean[] = [false];
  private captures = 0;

  constructor(
    private readonly pattern: string,
    private readonly dialect: "oniguruma" | "rust",
  ) {}

  translate(): string {
    const out = this.alternatives();
    if (this.at < this.pattern.length) throw this.refuse("an unmatched )");
    return out;
  }

  private alternatives(): string {
    let out = "";
    while (this.at < this.pattern.length && this.peek() !== ")") {
      if (this.peek() === "|") {
        out += "|";
        this.at++;
      } else out += this.quantified();
    }
    return out;
  }

  private quantified(): string {
    const atom = this.atom();
    const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(this.pattern.slice(this.at))?.[0];
    if (quantifier === undefined) return atom;
    this.at += quantifier.length;
    const suffix = this.peek();
    if (suffix === "?") {
      this.at++;
      return `${atom}${quantifier}?`;
    }
    if (suffix !== "+") return `${atom}${quantifier}`;
    // In Oniguruma's Ruby syntax a{1,2}+ repeats instead of being possessive.
    if (quantifier.startsWith("{") && this.dialect === "oniguruma") throw this.refuse("{n,m}+");
    this.at++;
    // JavaScript has no possessive quantifiers: a lookahead is atomic, and the back reference consumes what it saw.
    const name = `atomic${this.captures++}`;
    return `(?=(?<${name}>${atom}${quantifier}))\\k<${name}>`;
  }

  private atom(): string {
    const char = this.take();
    if (char === "(") return this.group();
    if (char === "[") return this.charClass();
    if (char === "\\") return this.escapeOutside();
    if (char === ".") return "[^\\n]";
    if (char === "$" && this.dialect === "rust") return "$";
    if ("^$*+?{}".includes(char)) throw this.refuse(char);
    return this.literal(char);
  }

  private literal(char: string): string {
    if (!this.folding.at(-1)) return syntaxCharacters.includes(char) ? `\\${char}` : char;
    const lower = char.toLowerCase();
    const upper = char.toUpperCase();
    if (lower === upper) return syntaxCharacters.includes(char) ? `\\${char}` : char;
    if (!/^[a-z]$/.test(lower)) throw this.refuse(`a case-insensitive ${char}`);
    // U+017F and U+212A fold to s and k.
    return `[${lower}${upper}${lower === "s" ? "\\u{17f}" : lower === "k" ? "\\u{212a}" : ""}]`;
  }

  private group(): string {
    const opening = ["?i:", "?:", "?=", "?!", "?<=", "?<!"].find((prefix) => this.pattern.startsWith(prefix, this.at));
    if (opening === undefined && this.peek() === "?") throw this.refuse(`(${this.pattern.slice(this.at, this.at + 3)}`);
    this.at += opening?.length ?? 0;
    this.folding.push(opening === "?i:" || this.folding.at(-1)!);
    const inner = this.alternatives();
    this.folding.pop();
    if (this.take() !== ")") throw this.refuse("an unclosed group");
    return `(${opening === undefined || opening === "?i:" ? "?:" : opening}${inner})`;
  }

  private escapeOutside(): string {
    const ranges = this.namedClass();
    if (ranges) return `[${writeRanges(ranges)}]`;
    return this.literal(this.escapedCharacter());
  }

  /** After a backslash: the ranges of `\p{…}`, `\P{…}`, `\s`, `\S`, `\d`, `\D`; undefined when it is a character. */
  private namedClass(): readonly CodePointRange[] | undefined {
    const match = /^(?:([pP])\{(\^?)([A-Za-z_]+)\}|([sSdD]))/.exec(this.pattern.slice(this.at));
    if (!match) return undefined;
    this.at += match[0].length;
    const name = match[3] ?? match[4]!.toLowerCase();
    const ranges = namedRanges(name);
    if (!ranges) throw this.refuse(`\\${match[0]}`);
    const negated = match[1] === "P" || match[4] === "S" || match[4] === "D";
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

  private charClass(): string {
    if (this.folding.at(-1)) return this.foldedClass();
    const negated = this.peek() === "^";
    if (negated) this.at++;
    const ranges: CodePointRange[] = [];
    while (this.peek() !== "]") ranges.push(...this.classMember());
    this.at++;
    return `[${negated ? "^" : ""}${writeRanges(mergeRanges(ranges))}]`;
  }

  /** A class of plain ASCII letters inside (?i:…). */
  private foldedClass(): string {
    const match = /^([a-z]+)\]/.exec(this.pattern.slice(this.at));
    if (!match) throw this.refuse("a case-insensitive class");
    this.at += match[0].length;
    return `(?:${Array.from(match[1]!, (char) => this.literal(char)).join("|")})`;
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
    return new MidtrainError({
      reason: "unsupported",
      message: `Unsupported tokenizer component: Split pattern with ${what} in ${JSON.stringify(this.pattern)}.`,
      next: "Use a tokenizer whose pre-tokenizer Midtrain knows (GPT-2, Qwen2, Llama-3, StarCoder2, DeepSeek-Coder shapes).",
    });
  }
}

/** Split(Regex, Isolated): every match is a piece, and so is every stretch between two matches. */
export function oracleSplitter(pattern: string, dialect: "oniguruma" | "rust"): Splitter {
  const source = translatePattern(pattern, dialect);
  const here = new RegExp(source, "uy");
  const next = new RegExp(source, "ug");
  return (text, start, end, ends) => {
    // The range is a string of its own, because lookahead must not see beyond it.
    const range = start === 0 && end === text.length ? text : text.slice(start, end);
    for (let at = 0; at < range.length;) {
      here.lastIndex = at;
      if (here.test(range) && here.lastIndex > at) {
        at = here.lastIndex;
        ends.push(start + at);
        continue;
      }
      next.lastIndex = at + (range.codePointAt(at)! > 0xffff ? 2 : 1);
      const match = nonEmptyMatch(next, range);
      if (match) ends.push(start + match.index);
      at = match ? match.index + match[0].length : range.length;
      ends.push(start + at);
    }
  };
}

function nonEmptyMatch(pattern: RegExp, text: string): RegExpExecArray | null {
  for (;;) {
    const match = pattern.exec(text);
    if (!match || match[0].length > 0) return match;
    // By code point: from the middle of a pair the search would go back to its start, for ever.
    pattern.lastIndex = match.index + (text.codePointAt(match.index)! > 0xffff ? 2 : 1);
  }
}
