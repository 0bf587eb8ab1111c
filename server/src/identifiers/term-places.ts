import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TextSpan } from "@midtrain/protocol/corpus";
import { extractTerms } from "./extract-terms";
import type { ReportDocument } from "./fragmentation-report";

/** Where a term occurs in the file; line and character from 0, in UTF-16 units. */
export interface TermPlace {
  readonly path: string;
  readonly line: number;
  readonly character: number;
  readonly preview: string;
}

/** A document with what was cut out of the file or replaced; without spans the text is the file's. */
export interface PlacedDocument extends ReportDocument {
  readonly spans?: readonly TextSpan[];
}

/**
 * The first `limit` occurrences of a term, in the order of the documents.
 * @param root directory of the repository. With it, places behind something that was stripped or redacted are those of
 *   the file on disk; without it, or when the file has changed since, they are those of the cleaned text.
 */
export async function termOccurrences(
  documents: Iterable<PlacedDocument> | AsyncIterable<PlacedDocument>,
  term: string,
  limit: number,
  root?: string,
): Promise<readonly TermPlace[]> {
  const places: TermPlace[] = [];
  for await (const document of documents) {
    if (!document.text.includes(term)) continue;
    const found = extractTerms(document.text, document.language).filter((occurrence) => occurrence.term === term);
    if (found.length === 0) continue;
    const original = originalText(document, root);
    for (const { start } of found) {
      if (places.length >= limit) return places;
      const at = original === undefined ? start : originalOffset(start, document.spans ?? []);
      const moved = original !== undefined && original.startsWith(term, at);
      places.push(placeOf(document.path, moved ? original : document.text, moved ? at : start));
    }
  }
  return places;
}

/** The file as it was decoded, only where something was taken out of it. */
function originalText({ path, spans }: PlacedDocument, root: string | undefined): string | undefined {
  if (root === undefined || !spans || spans.length === 0) return undefined;
  try {
    return readFileSync(join(root, path), "utf8").replace(/^\ufeff/, "");
  } catch {
    // Gone or unreadable by now: the places in the cleaned text are what is left.
    return undefined;
  }
}

/** Where a unit of the cleaned text stands in the file. */
function originalOffset(offset: number, spans: readonly TextSpan[]): number {
  let removed = 0;
  for (const { start, end, placeholder } of spans) {
    const inserted = placeholder?.length ?? 0;
    if (offset < start - removed + inserted) break;
    removed += end - start - inserted;
  }
  return offset + removed;
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
