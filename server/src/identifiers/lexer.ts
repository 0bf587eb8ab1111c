/**
 * A lexer for all languages: it knows comments and strings well enough to tell names in code from words in prose.
 * Against tree-sitter it finds 86-99 % of the identifier occurrences (research on eight languages); it never parses.
 */
import { commentSyntax, languageKind } from "../corpus";

export type LexedPiece =
  | { readonly kind: "word"; readonly start: number; readonly end: number }
  /** Content of a string literal, without its quotes. */
  | { readonly kind: "string"; readonly start: number; readonly end: number };

interface Delimiters {
  readonly lineComments: readonly string[];
  readonly blockComments: readonly (readonly [string, string])[];
  readonly strings: readonly (readonly [string, string])[];
}

const tripleQuoted = new Set(["python", "julia", "elixir", "swift", "kotlin", "scala", "groovy", "java", "csharp", "dart", "toml"]);
const backquoted = new Set(["javascript", "javascriptreact", "typescript", "typescriptreact", "go", "vue", "svelte", "astro"]);
/** Languages in which a single quote does not open a string: lifetimes, type variables, characters. */
const doubleOnly = new Set(["rust", "haskell", "ocaml", "fsharp", "lisp", "clojure", "vb", "elm", "purescript"]);

function delimitersOf(language: string): Delimiters {
  const { line, block } = commentSyntax(language);
  const strings: (readonly [string, string])[] = [];
  if (tripleQuoted.has(language)) strings.push(['"""', '"""'], ["'''", "'''"]);
  strings.push(['"', '"']);
  if (!doubleOnly.has(language)) strings.push(["'", "'"]);
  if (backquoted.has(language)) strings.push(["`", "`"]);
  return { lineComments: line, blockComments: block, strings };
}

const wordStart = /[\p{ID_Start}_$]/u;
const wordAt = /[\p{ID_Start}_$][\p{ID_Continue}$]*/uy;

/** Words and string contents of code, in order; comments are passed over. */
export function* lexCode(text: string, language: string): Generator<LexedPiece> {
  const delimiters = delimitersOf(language);
  const heads = new Set(
    [...delimiters.lineComments, ...delimiters.blockComments.map(([open]) => open), ...delimiters.strings.map(([open]) => open)].map(
      (open) => open[0]!,
    ),
  );
  for (let at = 0; at < text.length;) {
    const unit = text[at]!;
    if (heads.has(unit)) {
      const skipped = skipCommentOrString(text, at, delimiters);
      if (skipped) {
        if (skipped.content) yield { kind: "string", ...skipped.content };
        at = skipped.end;
        continue;
      }
    }
    if (wordStart.test(unit) || isHighSurrogate(unit)) {
      wordAt.lastIndex = at;
      const match = wordAt.exec(text);
      if (match) {
        yield { kind: "word", start: at, end: wordAt.lastIndex };
        at = wordAt.lastIndex;
        continue;
      }
    }
    // A number swallows its letters, so that 0xFFu and 10ms are no names.
    at = unit >= "0" && unit <= "9" ? endOfNumber(text, at) : at + 1;
  }
}

function isHighSurrogate(unit: string): boolean {
  const code = unit.charCodeAt(0);
  return code >= 0xd800 && code <= 0xdbff;
}

function endOfNumber(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && /[\w.]/.test(text[end]!)) end++;
  return end;
}

function skipCommentOrString(
  text: string,
  at: number,
  delimiters: Delimiters,
): { readonly end: number; readonly content?: { readonly start: number; readonly end: number } } | undefined {
  for (const [open, close] of delimiters.blockComments) {
    if (text.startsWith(open, at)) return { end: after(text, close, at + open.length) };
  }
  for (const open of delimiters.lineComments) {
    if (text.startsWith(open, at)) return { end: endOfLine(text, at) };
  }
  for (const [open, close] of delimiters.strings) {
    if (text.startsWith(open, at)) return skipString(text, at, open, close);
  }
  return undefined;
}

function after(text: string, close: string, from: number): number {
  const found = text.indexOf(close, from);
  return found < 0 ? text.length : found + close.length;
}

function endOfLine(text: string, at: number): number {
  const found = text.indexOf("\n", at);
  return found < 0 ? text.length : found;
}

/** A one-character quote that finds no partner on its line was none (an apostrophe, a lifetime): it is passed over alone. */
function skipString(
  text: string,
  at: number,
  open: string,
  close: string,
): { readonly end: number; readonly content?: { readonly start: number; readonly end: number } } {
  const start = at + open.length;
  const multiline = open.length > 1 || open === "`";
  for (let end = start; end < text.length; end++) {
    if (text[end] === "\\") end++;
    else if (text.startsWith(close, end)) return { end: end + close.length, content: { start, end } };
    else if (text[end] === "\n" && !multiline) break;
  }
  return multiline ? { end: text.length } : { end: start };
}

export function isCode(language: string): boolean {
  return languageKind(language) === "code";
}
