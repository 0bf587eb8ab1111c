import type { Stretch } from "./leading-comments";

/** What a line of a document is part of. Only `text` lines may be noise; `markup` is HTML. */
export type LineKind = "text" | "blank" | "heading" | "code" | "table" | "front-matter" | "markup" | "comment";

export interface DocumentLine extends Stretch {
  readonly kind: LineKind;
  /** The line without white space at its ends. */
  readonly text: string;
}

interface Reading {
  fence: string | undefined;
  inFrontMatter: boolean;
  inComment: boolean;
}

const underline = /^([=\-~^"'`*+#:.<>_])\1{2,}$/;

/** The lines of a Markdown, reStructuredText or AsciiDoc text with what they belong to; unsure lines count as code or table. */
export function documentLines(text: string, language: string): DocumentLine[] {
  const reading: Reading = { fence: undefined, inFrontMatter: false, inComment: false };
  const lines: DocumentLine[] = [];
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline + 1;
    const raw = text.slice(start, end);
    lines.push({ start, end, kind: kindOf(raw, language, reading, lines.length), text: raw.trim() });
    start = end;
  }
  return withContext(lines, language);
}

function kindOf(raw: string, language: string, reading: Reading, index: number): LineKind {
  const text = raw.trim();
  if (reading.inFrontMatter) {
    if (index > 0 && (text === "---" || text === "+++" || text === "...")) reading.inFrontMatter = false;
    return "front-matter";
  }
  if (index === 0 && language === "markdown" && (text === "---" || text === "+++")) {
    reading.inFrontMatter = true;
    return "front-matter";
  }
  if (reading.fence !== undefined) {
    if (text.startsWith(reading.fence) && text.replaceAll(reading.fence[0]!, "") === "") reading.fence = undefined;
    return "code";
  }
  if (text === "") return reading.inComment ? "comment" : "blank";
  const fence = !/^[`~=.+-]{3}/.test(text) ? undefined : /^(`{3,}|~{3,}|-{4,}$|={4,}$|\.{4,}$|\+{4,}$)/.exec(text)?.[1];
  const opensFence =
    language === "markdown" ? /^[`~]/.test(fence ?? "") : language === "asciidoc" && fence !== undefined && fence[0] !== "`";
  if (opensFence) {
    reading.fence = fence;
    return "code";
  }
  if (reading.inComment) {
    if (text.includes("-->")) reading.inComment = false;
    return "comment";
  }
  return looseKind(raw, text, language, reading);
}

function looseKind(raw: string, text: string, language: string, reading: Reading): LineKind {
  if (text.startsWith("<!--")) {
    if (!text.includes("-->")) reading.inComment = true;
    return "comment";
  }
  if (language === "markdown" && /^#{1,6}(?:\s|$)/.test(text)) return "heading";
  if (language === "asciidoc" && /^={1,6}\s/.test(text)) return "heading";
  if (/^(?: {4}|\t)/.test(raw) && language === "markdown" && !/^[-*+]\s|^\d+[.)]\s/.test(text)) return "code";
  if (/^\|.*\||^\+[-=+]+\+$|^\|===|^={3,}\s+={3,}/.test(text) && !/^\|[\w .-]+\|(?:_{0,2}\s|_{0,2}$)/.test(text)) return "table";
  if (language === "markdown" && /^<\/?[a-z]/i.test(text)) return "markup";
  return "text";
}

/** Headings by underline, and rows of tables without outer bars, show only by the line after them. */
function withContext(lines: readonly DocumentLine[], language: string): DocumentLine[] {
  const kinds = lines.map(({ kind }) => kind);
  for (let index = 1; index < lines.length; index++) {
    const { text } = lines[index]!;
    if (kinds[index] !== "text") continue;
    const isUnderline = language === "markdown" ? /^(?:={2,}|-{2,})$/.test(text) : language === "restructuredtext" && underline.test(text);
    if (isUnderline && kinds[index - 1] === "text") {
      kinds[index] = "heading";
      kinds[index - 1] = "heading";
    } else if (/^[\s:|-]*-[\s:|-]*\|[\s:|-]*$/.test(text)) {
      kinds[index] = "table";
      for (let row = index - 1; row >= 0 && kinds[row] === "text" && row >= index - 1; row--) kinds[row] = "table";
      for (let row = index + 1; row < lines.length && kinds[row] === "text" && lines[row]!.text.includes("|"); row++) kinds[row] = "table";
    }
  }
  return lines.map((line, index) => (kinds[index] === line.kind ? line : { ...line, kind: kinds[index]! }));
}
