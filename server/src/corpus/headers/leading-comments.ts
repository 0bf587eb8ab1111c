import { commentStyle, type CommentStyle } from "./comment-styles";
import { skipOpeners } from "./openers";

/** A range of UTF-16 units. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export type GroupKind = "lines" | "block" | "boxes" | "docstring" | "indented";

/** A comment, or a run of line comments or of one-line block comments, as it stands at the head of a file; ends after its line break. */
export interface CommentGroup extends Stretch {
  readonly kind: GroupKind;
  /** What opens the comment, or each line of it. */
  readonly open: string;
  readonly close: string;
  /** The language is guessed: only plain licence wording counts. */
  readonly isGuess: boolean;
}

/** Headers are short; a licence in full may take two hundred lines. */
const longestHeader = 32_768;

/** The comments before the first code of a file, after everything that has to stand first (`openers`). Reads the head only. */
export function leadingComments(text: string, language: string): CommentGroup[] {
  const head = text.length > longestHeader ? text.slice(0, longestHeader) : text;
  const groups: CommentGroup[] = [];
  for (let at = skipOpeners(head, 0, language); ;) {
    const group = groupAt(head, at, commentStyle(language, head, at));
    if (group === undefined) return groups;
    groups.push({ ...group, start: indentStart(head, group.start) });
    at = skipOpeners(head, group.end, language);
  }
}

/** A comment begins where the white space before it on its line does. */
function indentStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && (text[start - 1] === " " || text[start - 1] === "\t")) start--;
  return start === 0 || text[start - 1] === "\n" ? start : at;
}

export function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

function skipSpaces(text: string, at: number): number {
  for (let code = text.charCodeAt(at); code === 32 || code === 9; code = text.charCodeAt(at)) at++;
  return at;
}

/** True when nothing but white space stands between `at` and the end of its line. */
function isRestBlank(text: string, at: number): boolean {
  const end = skipSpaces(text, at);
  const code = text.charCodeAt(end);
  return Number.isNaN(code) || code === 10 || (code === 13 && text.charCodeAt(end + 1) === 10);
}

function groupAt(text: string, start: number, style: CommentStyle): CommentGroup | undefined {
  if (start >= text.length) return undefined;
  if (style.isIndented === true) return indentedGroup(text, start, style);
  for (const [open, close] of style.block) {
    if (text.startsWith(open, start) && !isNoComment(text, start)) return blockGroup(text, start, open, close, style);
  }
  if (style.hasDocstring === true) {
    const opening = docstringOpening.exec(text.slice(start, start + 6));
    if (opening !== null) return docstringGroup(text, start, opening[0]);
  }
  return linesGroup(text, start, style);
}

const docstringOpening = /^[rRuU]{0,2}("""|''')/;

/** Compiler pragmas, conditional comments and server-side includes look like block comments. */
function isNoComment(text: string, at: number): boolean {
  return text.startsWith("{-#", at) || text.startsWith("{$", at) || text.startsWith("<!--[if", at) || text.startsWith("<!--#", at);
}

function closingAt(text: string, at: number, open: string, close: string, isNested: boolean): number {
  let depth = 1;
  for (;;) {
    const end = text.indexOf(close, at);
    if (end < 0) return -1;
    for (let inner = isNested ? text.indexOf(open, at) : -1; inner >= 0 && inner < end; inner = text.indexOf(open, inner + open.length))
      depth++;
    if (--depth === 0) return end + close.length;
    at = end + close.length;
  }
}

function blockGroup(text: string, start: number, open: string, close: string, style: CommentStyle): CommentGroup | undefined {
  const isNested = style.isNested === true;
  let after = closingAt(text, start + open.length, open, close, isNested);
  // Code behind the comment on its last line keeps the line; a comment that the head cuts is too long for a header.
  if (after < 0 || !isRestBlank(text, after)) return undefined;
  let end = lineEnd(text, after);
  let kind: GroupKind = "block";
  for (let next = skipSpaces(text, end), last = start; isOneLine(text, last, after); next = skipSpaces(text, end)) {
    if (!text.startsWith(open, next) || isNoComment(text, next)) break;
    const nextAfter = closingAt(text, next + open.length, open, close, isNested);
    if (nextAfter < 0 || !isRestBlank(text, nextAfter) || !isOneLine(text, next, nextAfter)) break;
    kind = "boxes";
    last = next;
    after = nextAfter;
    end = lineEnd(text, after);
  }
  return { kind, start, end, open, close, isGuess: style.isGuess === true };
}

function isOneLine(text: string, start: number, end: number): boolean {
  const newline = text.indexOf("\n", start);
  return newline < 0 || newline >= end;
}

function docstringGroup(text: string, start: number, open: string): CommentGroup | undefined {
  const close = open.slice(-3);
  const end = text.indexOf(close, start + open.length);
  if (end < 0 || !isRestBlank(text, end + 3)) return undefined;
  return { kind: "docstring", start, end: lineEnd(text, end + 3), open, close, isGuess: false };
}

function linesGroup(text: string, start: number, style: CommentStyle): CommentGroup | undefined {
  const opening = lineOpening(text, start, style);
  if (opening === undefined) return undefined;
  const { open } = opening;
  let end = lineEnd(text, start);
  while (end < text.length) {
    const next = lineOpening(text, opening.isPattern ? end : skipSpaces(text, end), style);
    if (next === undefined || (!opening.isPattern && next.open !== open)) break;
    if (style.block.some(([blockOpen]) => text.startsWith(blockOpen, skipSpaces(text, end)))) break;
    end = lineEnd(text, end);
  }
  return { kind: "lines", start, end, open, close: "", isGuess: style.isGuess === true };
}

const preprocessor = /#[ \t]*(?:include|define|undef|if|ifdef|ifndef|elif|else|endif|pragma|error|warning|import|line|region|endregion)\b/y;

function lineOpening(text: string, at: number, style: CommentStyle): { readonly open: string; readonly isPattern: boolean } | undefined {
  const prefix = style.line.find((candidate) => text.startsWith(candidate, at));
  if (prefix !== undefined) {
    if (prefix !== "#") return { open: prefix, isPattern: false };
    const next = text[at + 1];
    if (next === "!" || next === "[") return undefined;
    // `#` opens comments of assemblers and of PHP, and preprocessor lines there too.
    preprocessor.lastIndex = at;
    return (style.line.length > 1 || style.isGuess === true) && preprocessor.test(text) ? undefined : { open: prefix, isPattern: false };
  }
  if (style.linePattern === undefined) return undefined;
  style.linePattern.lastIndex = at;
  const match = style.linePattern.exec(text);
  return match === null || match[0] === "" ? undefined : { open: match[0], isPattern: true };
}

/** reStructuredText: `.. ` with free text is a comment; a directive, a target, a substitution or a citation is none. */
const rstComment = /\.\.(?:[ \t]+(?![\w.:-]+::|[_[|]|__[ :])\S[^\n]*|[ \t]*)(?:\r?\n|$)/y;
const rstBody = /(?:(?:[ \t]*\r?\n)*[ \t]+\S[^\n]*(?:\n|$))*/y;

function indentedGroup(text: string, start: number, style: CommentStyle): CommentGroup | undefined {
  rstComment.lastIndex = start;
  const first = rstComment.exec(text);
  if (first === null) return undefined;
  rstBody.lastIndex = start + first[0].length;
  const body = rstBody.exec(text);
  return {
    kind: "indented",
    start,
    end: start + first[0].length + (body?.[0].length ?? 0),
    open: "..",
    close: "",
    isGuess: style.isGuess === true,
  };
}
