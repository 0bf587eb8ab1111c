import type { DocumentLine } from "./document-lines";
import { anchorItem } from "./link-rows";

const wordsOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/<[^>]*>|\]\([^)]*\)/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, "");

/** What in-page links may point at: the headings of a document, and explicit anchors. */
function targetsOf(lines: readonly DocumentLine[]): ReadonlySet<string> {
  const targets = new Set<string>();
  for (const { kind, text } of lines) {
    if (kind === "heading") targets.add(wordsOf(text));
    for (const match of text.matchAll(/<[^>]*\b(?:name|id)\s*=\s*["']?([^"'\s>]+)|\{#([^}\s]+)\}/g))
      targets.add(wordsOf(match[1] ?? match[2]!));
    if (/^<h\d/i.test(text)) targets.add(wordsOf(text));
  }
  return targets;
}

const openMarker = /^<!--\s*(?:toc\b|start doctoc\b|\[?toc(?:\s|\])|begin[- ]toc|table of contents)[^>]*-->$/i;
const closeMarker = /^<!--\s*(?:tocstop|\/toc|end doctoc|end[- ]toc|toc end|tocend|toc -)[^>]*-->$/i;
const placeholder =
  /^(?:\[toc\]|\[\[toc\]\]|\[\[_toc_\]\]|\$\{toc\}|\{:\s*toc\b[^}]*\}|\{\{\s*toc\s*\}\}|@\[toc\](?:\(.*\))?|toc::\[\]|:toc(?:levels|-title|-placement)?:.*)$/i;
const fewestItems = 3;

/** Indices of the lines of tables of contents: generated ones between marks, and lists of links that repeat the headings of the text. */
export function contentsLines(lines: readonly DocumentLine[]): readonly number[] {
  const found: number[] = [];
  const targets = targetsOf(lines);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    if (openMarker.test(line.text)) {
      const end = markedEnd(lines, index);
      for (let inner = index; inner <= end; inner++) if (lines[inner]!.kind !== "heading") found.push(inner);
      index = end;
    } else if (
      closeMarker.test(line.text) ||
      (line.kind !== "code" && placeholder.test(line.text) && (!line.text.startsWith(":") || index < 30))
    ) {
      found.push(index);
      if (/^\{:/.test(line.text) && /^(?:[-*+]|\d+\.)\s+\S+( \S+){0,3}$/.test(lines[index - 1]?.text ?? "")) found.push(index - 1);
    } else if (line.kind === "text" && /^\.\. contents::/.test(line.text)) {
      found.push(index);
      while (/^:[a-z-]+:/.test(lines[index + 1]?.text ?? "")) found.push(++index);
    } else if (anchorItem(line) !== undefined && line.kind === "text" && !followsItem(lines, index)) {
      const end = listEnd(lines, index);
      if (repeatsHeadings(lines, { from: index, to: end + 1 }, targets)) for (let inner = index; inner <= end; inner++) found.push(inner);
      index = end;
    }
  }
  return found;
}

/** The closing mark, when nothing but links, white space and a caption stands before it; else the opening one itself. */
function markedEnd(lines: readonly DocumentLine[], start: number): number {
  for (let index = start + 1; index < lines.length; index++) {
    const line = lines[index]!;
    if (closeMarker.test(line.text)) return index;
    const isCaption =
      /^(?:\*\*|__)?(?:table of )?contents(?:\*\*|__)?:?\s*(?:\*generated.*)?$/i.test(line.text) ||
      /generated with \[?doctoc/i.test(line.text);
    if (line.kind !== "blank" && line.kind !== "comment" && line.kind !== "heading" && anchorItem(line) === undefined && !isCaption)
      return start;
  }
  return start;
}

function listEnd(lines: readonly DocumentLine[], start: number): number {
  let end = start;
  for (let index = start + 1; index < lines.length; index++) {
    const line = lines[index]!;
    if (anchorItem(line) !== undefined) end = index;
    else if (line.kind !== "blank") return isListItem(line) ? start : end;
  }
  return end;
}

function followsItem(lines: readonly DocumentLine[], index: number): boolean {
  let before = index - 1;
  while (lines[before]?.kind === "blank") before--;
  return lines[before] !== undefined && isListItem(lines[before]!);
}

/** A list that goes on with items of another kind says more than the headings do. */
function isListItem(line: DocumentLine): boolean {
  return line.kind !== "heading" && /^(?:[-*+]|\d+[.)])\s/.test(line.text);
}

function repeatsHeadings(
  lines: readonly DocumentLine[],
  list: { readonly from: number; readonly to: number },
  targets: ReadonlySet<string>,
): boolean {
  const items = lines.slice(list.from, list.to).flatMap((line) => anchorItem(line) ?? []);
  if (items.length < fewestItems) return false;
  const known = items.filter(({ label, target }) => targets.has(wordsOf(label)) || targets.has(wordsOf(target.slice(1))));
  return known.length >= items.length * 0.9 && isForOrientation(lines, list.from, items.length);
}

/** A few links in the middle of a text are a statement; a table of contents stands under a heading or a caption, or lists most headings. */
function isForOrientation(lines: readonly DocumentLine[], from: number, items: number): boolean {
  let before = from - 1;
  while (lines[before]?.kind === "blank") before--;
  const line = lines[before];
  if (line === undefined || line.kind !== "text" || /contents|\btoc\b|overview|index|jump to/i.test(line.text)) return true;
  return items * 2 >= lines.filter(({ kind }) => kind === "heading").length;
}
