import { extractTerms } from "./extract-terms";
import type { ReportDocument } from "./fragmentation-report";

/** Where a term occurs; line and character from 0, in UTF-16 units of the cleaned text. */
export interface TermPlace {
  readonly path: string;
  readonly line: number;
  readonly character: number;
  readonly preview: string;
}

/** The first `limit` occurrences of a term, in the order of the documents. */
export async function termOccurrences(
  documents: AsyncIterable<ReportDocument>,
  term: string,
  limit: number,
): Promise<readonly TermPlace[]> {
  const places: TermPlace[] = [];
  for await (const { path, language, text } of documents) {
    if (!text.includes(term)) continue;
    for (const found of extractTerms(text, language)) {
      if (found.term !== term) continue;
      places.push(placeOf(path, text, found.start));
      if (places.length >= limit) return places;
    }
  }
  return places;
}

function placeOf(path: string, text: string, offset: number): TermPlace {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const lineEnd = text.indexOf("\n", offset);
  const line = text.slice(0, lineStart).split("\n").length - 1;
  return {
    path,
    line,
    character: offset - lineStart,
    preview: text
      .slice(lineStart, lineEnd < 0 ? text.length : lineEnd)
      .trim()
      .slice(0, 200),
  };
}
