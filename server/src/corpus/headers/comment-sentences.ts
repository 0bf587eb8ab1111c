import type { CommentLine, Piece, Sentence } from "./comment-lines";
import { isNoticeContinuation, isNoticeOpen, noticeStart } from "./licence-wording";

/** A line that begins with a name and a colon, or with a tag, says something of its own. */
const label = /^(?:[@\\][a-z]|[A-Z][\w /()-]{0,28}:(?:\s|$))/;
/** A line that begins so opens a licence, whatever stands before it. */
const legalStart =
  /^(?:this (?:program|file|software|code|library|driver|source|work|product|header|module|script|package|project|material|document|is free|computer program|information|copyrighted)\b|(?:dual[- ])?licen[cs]ed |licen[cs]e(?:s\b|\s*[:(])|permission |redistribution|you (?:should|may|can|are|must) |the software|in no event|released |distributed under|spdx-|all rights|use of this|subject to|unless required|alternatively|may be (?:used|copied|dist)|the (?:above|contents of)|provided |gpl|gnu |see (?:the )?(?:file )?(?:copying|licen)|it is (?:free|licen|dist)|under (?:the )?(?:terms|gpl|gnu))/i;
const finished = /[.!?:;]["')\]]*$/;
/** A line that ends so goes on in the next, whatever that begins with. */
const hanging = /\b(?:the|an?|of|under|by|to|in|and|or|this|with|from|for|as|is|are|see|at|on)$/i;
const abbreviation = /[,:;]$|\b(?:inc|corp|ltd|co|st|dr|mr|jr|no|vs|cf|al|approx|resp|dept|e\.g|i\.e|ver|v|rev|etc|\w)\.$/i;
const opensSentence = /^["'(\[]?[A-Z0-9]/;

/** Splits the words of a comment into sentences: by full stops, notices, labels, and lines that were broken before they were full. */
export function sentencesOf(text: string, lines: readonly CommentLine[]): Sentence[] {
  const sentences: Sentence[] = [];
  let paragraph = 0;
  let open: Piece[] = [];
  let isNotice = false;
  const flush = (): void => {
    if (open.length > 0) sentences.push({ pieces: open, paragraph, isNotice });
    open = [];
    isNotice = false;
  };
  let width = 0;
  let previous = "";
  for (const [index, line] of lines.entries()) {
    if (line.from === line.to) {
      flush();
      paragraph++;
      previous = "";
      continue;
    }
    if (previous === "") width = widthOf(lines, index);
    const words = text.slice(line.from, line.to);
    const notice = noticeStart(words);
    const goesOn =
      isNotice && notice < 0 && (isNoticeOpen(previous) || isNoticeContinuation(words)) && !label.test(words) && !legalStart.test(words);
    if (!goesOn && (isNotice || notice === 0 || previous.startsWith("SPDX-") || isBreak(previous, words, width))) flush();
    if (notice === 0) isNotice = true;
    let from = 0;
    for (const to of cutsOf(words, notice)) {
      if (to > from) open.push({ line: index, start: line.from + from, end: line.from + to });
      flush();
      isNotice = to === notice;
      from = to;
    }
    if (from < words.length) open.push({ line: index, start: line.from + from, end: line.to });
    previous = words;
  }
  flush();
  return sentences;
}

function widthOf(lines: readonly CommentLine[], first: number): number {
  let width = 0;
  for (let index = first; index < lines.length && lines[index]!.to > lines[index]!.from; index++)
    width = Math.max(width, lines[index]!.to - lines[index]!.from);
  return width;
}

function isBreak(previous: string, words: string, width: number): boolean {
  if (previous === "" || hanging.test(previous)) return false;
  if (label.test(words) || legalStart.test(words)) return true;
  if (/https?:\/\/\S+\)$/.test(previous)) return true;
  if (finished.test(previous) && (opensSentence.test(words) || !abbreviation.test(previous))) return true;
  if (!opensSentence.test(words)) return false;
  // The first word had room on the line before: the break was meant.
  const firstWord = words.search(/\s|$/);
  return previous.length + firstWord + 9 <= width;
}

/** Offsets in a line at which a sentence ends or a notice begins. */
function cutsOf(words: string, notice: number): number[] {
  const cuts: number[] = notice > 0 ? [notice] : [];
  if (words.includes(". ") || words.includes("! ")) {
    for (const match of words.matchAll(
      /(?<!\b(?:[A-Z]|Inc|Corp|Ltd|Co|St|Dr|Mr|Jr|No|vs|cf|al|approx|resp|Bros|Dept|e\.g|i\.e|ver|vers|Rev))[.!]["')]*\s+(?=["'(]?[A-Z])/g,
    )) {
      const cut = match.index + match[0].length;
      const isListNumber = match.index < 4 && /^\W*\w{1,2}$/.test(words.slice(0, match.index));
      // A full stop inside an aside does not end the sentence around it.
      const isAside = /\([^()]*$/.test(words.slice(0, match.index)) && !match[0].includes(")");
      if (cut !== notice && !isListNumber && !isAside) cuts.push(cut);
    }
    cuts.sort((a, b) => a - b);
  }
  return cuts;
}

/** The words of a sentence in one line. */
export function sentenceText(text: string, sentence: Sentence): string {
  return sentence.pieces.length === 1
    ? text.slice(sentence.pieces[0]!.start, sentence.pieces[0]!.end)
    : sentence.pieces.map((piece) => text.slice(piece.start, piece.end)).join(" ");
}

export function isLabelled(words: string): boolean {
  return label.test(words);
}
