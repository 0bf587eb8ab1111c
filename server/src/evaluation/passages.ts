/** A stretch of a text, in UTF-16 units. */
export interface Passage {
  readonly start: number;
  readonly end: number;
}

const fewestBytes = 500;
const mostBytes = 700;
/** A shorter rest at the end of a file is left out, unless it is all there is. */
const fewestRest = 200;
const fewestOnly = 40;

/** Cuts after line feeds; a line longer than a passage is cut between characters. */
function pieces(text: string): Passage[] {
  const found: Passage[] = [];
  for (const line of text.matchAll(/[^\n]*\n|[^\n]+$/g)) {
    const end = line.index + line[0].length;
    if (Buffer.byteLength(line[0]) <= mostBytes) found.push({ start: line.index, end });
    else found.push(...cutCharacters(text, line.index, end));
  }
  return found;
}

function cutCharacters(text: string, from: number, end: number): Passage[] {
  const found: Passage[] = [];
  let start = from;
  let bytes = 0;
  for (let at = from; at < end;) {
    const character = String.fromCodePoint(text.codePointAt(at)!);
    bytes += Buffer.byteLength(character);
    at += character.length;
    if (bytes < fewestBytes && at < end) continue;
    found.push({ start, end: at });
    start = at;
    bytes = 0;
  }
  return found;
}

/** Passages of about 500 to 700 UTF-8 bytes that end at line ends where the text allows it; in order, none overlaps. */
export function cutPassages(text: string): readonly Passage[] {
  const passages: Passage[] = [];
  let start = 0;
  let end = 0;
  let bytes = 0;
  for (const piece of pieces(text)) {
    const size = Buffer.byteLength(text.slice(piece.start, piece.end));
    if (bytes >= fewestBytes && bytes + size > mostBytes) {
      passages.push({ start, end });
      start = piece.start;
      bytes = 0;
    }
    end = piece.end;
    bytes += size;
  }
  if (bytes >= (passages.length === 0 ? fewestOnly : fewestRest)) passages.push({ start, end });
  return passages.filter((passage) => text.slice(passage.start, passage.end).trim() !== "");
}

/** Up to `limit` UTF-8 bytes of the text before `end`, from the start of a line where there is one. */
export function precedingText(text: string, end: number, limit: number): string {
  let start = end;
  for (let bytes = 0; start > 0;) {
    const low = text.charCodeAt(start - 1);
    const width = low >= 0xdc00 && low <= 0xdfff && start > 1 ? 2 : 1;
    bytes += Buffer.byteLength(text.slice(start - width, start));
    if (bytes > limit) break;
    start -= width;
  }
  if (start === 0) return text.slice(0, end);
  const line = text.indexOf("\n", start - 1) + 1;
  return text.slice(line > 0 && line < end ? line : start, end);
}
