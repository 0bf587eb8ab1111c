import { lineEnd, type CommentGroup, type Stretch } from "./leading-comments";

/** A line of a comment; `from`..`to` are its words, without comment marks, borders and white space. Empty when from = to. */
export interface CommentLine extends Stretch {
  readonly from: number;
  readonly to: number;
}

/** Characters of comment marks, bullets and borders in front of words and behind them. */
const leading = new Uint8Array(128);
const trailing = new Uint8Array(128);
for (const character of " \t\r\n\f*#/;%!|=~<>{}+-_\"'.:`,^$") leading[character.charCodeAt(0)] = 1;
for (const character of " \t\r\n\f*#/=~|+-_<^") trailing[character.charCodeAt(0)] = 1;
const markWord = /^(?:@?rem\b|dnl\b|@c(?:omment)?\b|[cC](?=[ \t\r\n*=-]|$)|[0-9 ]{6}\*)/i;

function skipMarks(text: string, at: number, end: number): number {
  while (at < end && leading[text.charCodeAt(at)] === 1) at++;
  return at;
}

/** The lines of a comment with the places of their words. */
export function commentLines(text: string, group: CommentGroup): CommentLine[] {
  const lines: CommentLine[] = [];
  const opensWithWord = group.kind === "lines" && /[a-z0-9@]/i.test(group.open);
  for (let start = group.start; start < group.end;) {
    const end = Math.min(lineEnd(text, start), group.end);
    lines.push(lineOf(text, group, start, end, opensWithWord));
    start = end;
  }
  return lines;
}

function lineOf(text: string, group: CommentGroup, start: number, end: number, opensWithWord: boolean): CommentLine {
  let from = start;
  const isOwn = group.kind === "boxes" || group.kind === "lines";
  if (isOwn || start === group.start) {
    while (from < end && (text[from] === " " || text[from] === "\t")) from++;
    if (opensWithWord) from += markWord.exec(text.slice(from, Math.min(end, from + 16)))?.[0].length ?? 0;
    else if (text.startsWith(group.open, from)) from += group.open.length;
  }
  let to = end;
  if (group.close !== "" && (group.kind === "boxes" || end === group.end)) {
    const close = text.lastIndexOf(group.close, end - 1);
    if (close >= from) to = close;
  }
  from = skipMarks(text, from, to);
  while (to > from && trailing[text.charCodeAt(to - 1)] === 1) to--;
  return { start, end, from, to };
}

/** Words of a line that stand together, to which no other line's words belong. */
export interface Piece extends Stretch {
  readonly line: number;
}

/** What a comment says in one go: a sentence, a notice, a title. */
export interface Sentence {
  readonly pieces: readonly Piece[];
  readonly paragraph: number;
  readonly isNotice: boolean;
}
