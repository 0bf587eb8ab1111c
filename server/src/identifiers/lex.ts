import { startsWith, type FastTable, type LexicalFamily, type LexicalPattern } from "./lexical-pattern";
import type { Heredoc, NestedComment, Opener, StringTemplate } from "./string-templates";

/** Takes what is found, [start, end) in UTF-16 units of the whole text. A class, not a function: a new closure for every text would undo what the engine compiled. */
export interface LexemeSink {
  name(start: number, end: number): void;
  string(start: number, end: number): void;
}

/** A regular expression from its first slash. */
const regexLiteral = /\/(?![*/])(?:[^/\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+\/[a-z]*/y;
/** What stands before a regular expression and never before a division. */
const beforeRegex =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|await|yield|instanceof|new|if|unless|when|and|or|not|while|until|then|split|grep|match))\s*$/;
/** Deeper expressions inside strings inside expressions are read as text. */
const deepest = 40;

/**
 * Names and string contents of text[from, to), in order; comments, numbers and regular expressions are passed over, names in
 * expressions inside strings are found. A text that breaks off anywhere ends there.
 * @param units of the text.
 */
export function lex(text: string, units: Uint16Array, family: LexicalFamily, from: number, to: number, sink: LexemeSink): void {
  const whole = from === 0 && to === text.length;
  new Lexer(whole ? text : text.slice(from, to), from, whole ? units : units.subarray(from, to), family, sink).run();
}

class Lexer {
  private depth = 0;
  /** Tags of heredocs that no line below closes. */
  private readonly unclosed = new Set<string>();

  constructor(
    private text: string,
    /** Where the text begins in the whole one. */
    private readonly base: number,
    private readonly units: Uint16Array,
    private readonly family: LexicalFamily,
    private readonly sink: LexemeSink,
  ) {}

  run(): void {
    this.code(this.family.startsOutside ? this.firstCode() : 0, undefined);
  }

  /**
   * Reads code from `at` up to the end of the text or, inside a template, up to the bracket that closes the expression.
   * Returns where reading goes on.
   */
  private code(at: number, inside: StringTemplate | undefined): number {
    const part = inside === undefined ? this.family.code : this.family.inside;
    const { pattern, name, bracket } = part;
    const fast = part.fast();
    let open = 0;
    for (;;) {
      at = this.plainNames(at, fast);
      pattern.lastIndex = at;
      const match = pattern.exec(this.text);
      if (match === null) return this.text.length;
      at = Math.max(pattern.lastIndex, at + 1);
      if (match[name] !== undefined) this.foundName(match.index, at);
      else if (bracket !== 0 && match[bracket] !== undefined) {
        const sign = match[bracket];
        if (sign === ":") {
          if (open === 0 && inside!.formatted) return this.format(at);
        } else if ("([{".includes(sign)) open++;
        else if (open-- === 0) return at;
      } else at = this.other(match, part, at);
    }
  }

  private foundName(start: number, end: number): void {
    this.sink.name(start + this.base, end + this.base);
  }

  private foundString(start: number, end: number): void {
    this.sink.string(start + this.base, end + this.base);
  }

  /** Reads up to the first place that may be more than an ASCII name or nothing: from there on the pattern finds what it would have found from `at`. */
  private plainNames(at: number, { starts, goesOn }: FastTable): number {
    const { units } = this;
    const limit = this.text.length;
    for (;;) {
      while (at < limit && starts[units[at]!] === startsWith.nothing) at++;
      if (at >= limit || starts[units[at]!] !== startsWith.name) return at;
      let end = at + 1;
      while (end < limit && goesOn[units[end]!] === 1) end++;
      if (end < limit && units[end]! >= 128) return at;
      this.foundName(at, end);
      at = end;
    }
  }

  private other(match: RegExpExecArray, { openers, strings }: LexicalPattern, at: number): number {
    for (const { group, opener } of openers) if (match[group] !== undefined) return this.opened(opener, match.index, at);
    for (const group of strings) {
      const content = match[group];
      if (content === undefined) continue;
      if (content !== "") {
        const start = match.index + match[0].lastIndexOf(content);
        this.foundString(start, start + content.length);
      }
      break;
    }
    return at;
  }

  /** @param start of the opener. @param at behind it. */
  private opened(opener: Opener, start: number, at: number): number {
    switch (opener.kind) {
      case "template":
        return this.template(opener, at);
      case "comment":
        return this.comment(opener, at);
      case "heredoc":
        return this.heredoc(opener, at);
      case "regex":
        return this.regex(start);
      case "outside":
        return this.outside(at);
    }
  }

  private template(template: StringTemplate, from: number): number {
    const { marks } = template;
    let at = from;
    for (let isPlain = true; ;) {
      marks.lastIndex = at;
      const match = marks.exec(this.text);
      if (match === null) return this.text.length;
      at = marks.lastIndex;
      if (match[1] !== undefined) continue;
      if (match[2] !== undefined) {
        if (isPlain && match.index > from) this.foundString(from, match.index);
        return Math.max(at, match.index);
      }
      isPlain = false;
      if (match[3] !== undefined) at = this.expression(template, at);
      else this.foundName(at - match[4]!.length, at);
    }
  }

  private expression(template: StringTemplate, at: number): number {
    if (this.depth >= deepest) return at;
    this.depth++;
    const end = this.code(at, template);
    this.depth--;
    return end;
  }

  /** The format of an expression, up to the bracket that closes it; a width may be an expression in braces. */
  private format(at: number): number {
    for (; at < this.text.length; at++) {
      const char = this.text[at];
      if (char === "}") return at + 1;
      if (char === "\n" || char === '"' || char === "'") return at;
      if (char === "{") at = this.text.indexOf("}", at) < 0 ? this.text.length : this.text.indexOf("}", at);
    }
    return at;
  }

  private comment({ marks }: NestedComment, at: number): number {
    for (let open = 1; open > 0;) {
      marks.lastIndex = at;
      const match = marks.exec(this.text);
      if (match === null) return this.text.length;
      open += match[1] === undefined ? -1 : 1;
      at = marks.lastIndex;
    }
    return at;
  }

  /** The rest of the line is code; the body stands below it, up to a line that holds only the tag. Without such a line it is a shift. */
  private heredoc({ body }: Heredoc, at: number): number {
    const tag = /[ \t]*(["'`\\]?)([A-Za-z_]\w*)\1?/y;
    tag.lastIndex = at;
    const found = tag.exec(this.text);
    const lineEnd = this.text.indexOf("\n", at);
    if (found === null || lineEnd < 0) return at;
    const [, quote, word] = found;
    if (this.unclosed.has(word!)) return at;
    const close = new RegExp(`^[ \\t]*${word}\\b(?![^\\S\\n]*[\\w"'])`, "gm");
    close.lastIndex = lineEnd + 1;
    const end = close.exec(this.text);
    if (end === null) {
      this.unclosed.add(word!);
      return at;
    }
    this.within(lineEnd, () => this.code(tag.lastIndex, undefined));
    if (quote === "" || quote === '"' || quote === "`") this.within(end.index, () => this.template(body, lineEnd + 1));
    return close.lastIndex;
  }

  /** Reads with the text ending at `end`. */
  private within(end: number, read: () => void): void {
    const whole = this.text;
    this.text = whole.slice(0, end);
    read();
    this.text = whole;
  }

  private regex(start: number): number {
    if (!beforeRegex.test(this.text.slice(Math.max(0, start - 24), start))) return start + 1;
    regexLiteral.lastIndex = start;
    return regexLiteral.test(this.text) ? regexLiteral.lastIndex : start + 1;
  }

  private outside(at: number): number {
    const next = /<\?(?:php\b|=)?/g;
    next.lastIndex = at;
    return next.test(this.text) ? next.lastIndex : this.text.length;
  }

  /** A piece of code without any tag is all code. */
  private firstCode(): number {
    return this.text.includes("<?") ? this.outside(0) : 0;
  }
}
