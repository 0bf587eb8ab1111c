import { commentSyntax } from "./languages";

/** What opens a comment somewhere; used where a language's own comments are not known. */
const anyComment = /^\s*(?:#|\/\/|\/?\*|--|;|%|'|"|!|<!--|\{-|\(\*|\.\\"|REM\b|dnl\b)/i;

/** True when the line looks like one of a comment, seen alone: its prefix, or a block's opening or middle. */
export function isCommentLine(line: string, language: string): boolean {
  const trimmed = line.trimStart();
  const { line: prefixes, block } = commentSyntax(language);
  return (
    trimmed.startsWith("*") ||
    prefixes.some((prefix) => trimmed.startsWith(prefix)) ||
    block.some(([open]) => trimmed.startsWith(open)) ||
    /^("""|'''|<!--|<\?)/.test(trimmed)
  );
}

/** True when text[at] stands in a comment: behind a line prefix, or in a block that is still open. */
function isInComment(text: string, at: number, language: string): boolean {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  const before = text.slice(lineStart, at);
  const { line, block } = commentSyntax(language);
  if (line.length === 0 && block.length === 0) return anyComment.test(text.slice(lineStart, at + 1));
  if (line.some((prefix) => before.includes(prefix))) return true;
  return block.some(([open, close]) => {
    const opened = text.lastIndexOf(open, at - 1);
    return opened >= 0 && text.indexOf(close, opened + open.length) + close.length > at;
  });
}

const marker = /@?\bmidtrain[ \t]*[:=]?[ \t]*off\b/gi;
const markerLines = 20;

/** True when a comment in the first 20 lines says `midtrain: off`. */
export function hasOffMarker(text: string, language: string): boolean {
  let end = 0;
  for (let line = 0; line < markerLines && end >= 0; line++) end = text.indexOf("\n", end + 1);
  const head = text.slice(0, end < 0 ? Math.min(text.length, 16_384) : Math.min(end, 16_384));
  if (!/midtrain/i.test(head)) return false;
  for (const match of head.matchAll(marker)) if (isInComment(text, match.index, language)) return true;
  return false;
}
