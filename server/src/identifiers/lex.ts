import type { LexicalFamily } from "./lexical-families";

/** A name or the content of a string literal, in UTF-16 units. */
export interface Lexeme {
  readonly kind: "name" | "string";
  readonly start: number;
  readonly end: number;
}

/** Inside a template literal: up to its end or the next `${`. */
const templateRest = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(`|\$\{|$(?![\s\S]))/y;
/** A regular expression of JavaScript from its first slash. */
const regexLiteral = /\/(?![*/])(?:[^/\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+\/[a-z]*/y;
/** What stands before a regular expression and never before a division. */
const beforeRegex = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|await|yield|instanceof|new))\s*$/;

/** Names and string contents of a source text, in order; comments, numbers and regular expressions are passed over. */
export function* lex(text: string, family: LexicalFamily, from = 0, to = text.length): Generator<Lexeme> {
  const range = from === 0 && to === text.length ? text : text.slice(from, to);
  const { pattern } = family;
  /** Per open template literal the depth of braces inside its current expression. */
  const templates: number[] = [];
  let at = 0;
  for (;;) {
    pattern.lastIndex = at;
    const match = pattern.exec(range);
    if (!match) return;
    at = Math.max(pattern.lastIndex, at + 1);
    const hook = match[family.hook || match.length];
    if (match[family.name] !== undefined) yield { kind: "name", start: from + match.index, end: from + at };
    else if (hook !== undefined) at = afterHook(hook, range, match.index, templates);
    else {
      const content = match[family.strings.find((group) => match[group] !== undefined) ?? match.length];
      if (!content) continue;
      const start = from + match.index + match[0].lastIndexOf(content);
      yield { kind: "string", start, end: start + content.length };
    }
  }
}

/** Where reading goes on after a backtick, slash or brace of JavaScript. */
function afterHook(hook: string, text: string, at: number, templates: number[]): number {
  if (hook === "`") return intoTemplate(text, at + 1, templates);
  if (hook === "{") {
    if (templates.length > 0) templates[templates.length - 1]!++;
    return at + 1;
  }
  if (hook === "}") {
    const depth = templates.at(-1);
    if (depth === undefined) return at + 1;
    if (depth > 0) {
      templates[templates.length - 1] = depth - 1;
      return at + 1;
    }
    templates.pop();
    return intoTemplate(text, at + 1, templates);
  }
  if (!beforeRegex.test(text.slice(Math.max(0, at - 24), at))) return at + 1;
  regexLiteral.lastIndex = at;
  return regexLiteral.test(text) ? regexLiteral.lastIndex : at + 1;
}

function intoTemplate(text: string, at: number, templates: number[]): number {
  templateRest.lastIndex = at;
  const end = templateRest.exec(text);
  if (!end) return at;
  if (end[1] === "${") templates.push(0);
  return templateRest.lastIndex;
}
