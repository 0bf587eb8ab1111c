import { badgeLines } from "./badges";
import { documentLines, type DocumentLine } from "./document-lines";
import type { Stretch } from "./leading-comments";
import { linkRow } from "./link-rows";
import { wordsKey } from "./recurring-key";
import { contentsLines } from "./tables-of-contents";

export type NoiseRule = "badges" | "table-of-contents" | "navigation" | "tool-comment";
export type NoiseStretch = Stretch & { readonly rule: NoiseRule };

export interface DocumentNoise {
  readonly noise: readonly NoiseStretch[];
  /** Paragraphs at the top and at the end that may turn out to be the template of many documents. */
  readonly blocks: readonly (Stretch & { readonly key: string })[];
}

const documentLanguages = new Set(["markdown", "restructuredtext", "asciidoc"]);

export function isDocumentLanguage(language: string): boolean {
  return documentLanguages.has(language);
}

const toolComment =
  /^<!--\s*(?:prettier-ignore|markdownlint-|eslint-|textlint-|remark-|lint |lint-|vale |cspell:|spell-?checker:|alex |all-contributors-|tocstop|toc\b|\/toc|start doctoc|end doctoc|doctoc|badges?\b|\/badges?\b|endbadges|gh-only|rumdl-|dprint-|mdformat|pyml |deno-fmt-|embedme|readme-|auto-generated-content)[^>]*-->$/i;

/**
 * Finds what a document shows to visitors of a web page and a reader of text has no use for. Whole lines only; headings, code, tables,
 * front-matter and every line with a word of its own stay. Pure.
 */
export function documentNoise(text: string, language: string): DocumentNoise {
  const lines = documentLines(text, language);
  const rules = new Map<number, NoiseRule>();
  const mark = (indices: readonly number[], rule: NoiseRule): void => {
    for (const index of indices) if (isLoose(lines[index]!) || rule === "table-of-contents") if (!rules.has(index)) rules.set(index, rule);
  };
  if (text.includes("](#") || /\btoc|contents::/i.test(text)) mark(contentsLines(lines), "table-of-contents");
  if (/!\[|<img|image:/.test(text)) mark(badgeLines(lines, language), "badges");
  markRows(lines, rules);
  return { noise: stretchesOf(lines, rules), blocks: templateBlocks(lines, rules, text) };
}

function isLoose(line: DocumentLine): boolean {
  return line.kind === "text" || line.kind === "markup" || line.kind === "comment" || line.kind === "blank";
}

function markRows(lines: readonly DocumentLine[], rules: Map<number, NoiseRule>): void {
  let headings = 0;
  for (const [index, line] of lines.entries()) {
    if (line.kind === "heading") headings++;
    if (rules.has(index)) continue;
    if (line.kind === "comment" && toolComment.test(line.text)) rules.set(index, "tool-comment");
    if ((line.kind !== "text" && line.kind !== "markup") || !/\]\(|<a\b/i.test(line.text) || !standsAlone(lines, rules, index)) continue;
    const row = linkRow(line.text, headings <= 2);
    if (row !== undefined && isClosed(line.text)) rules.set(index, row === "anchors" ? "table-of-contents" : "navigation");
  }
}

/** A line within a paragraph or a list belongs to it. */
function standsAlone(lines: readonly DocumentLine[], rules: ReadonlyMap<number, NoiseRule>, index: number): boolean {
  const isFree = (other: number): boolean => lines[other] === undefined || lines[other].kind !== "text" || rules.has(other);
  return isFree(index - 1) && isFree(index + 1);
}

function isClosed(text: string): boolean {
  return (
    (text.match(/<[a-z]\w*\b(?![^>]*\/>)/gi)?.filter((tag) => !/^<(?:br|img|hr)/i.test(tag)).length ?? 0) ===
    (text.match(/<\/[a-z]/gi)?.length ?? 0)
  );
}

/** Runs of noise lines of one rule; the empty lines behind a run go with it where one stands before it too. */
function stretchesOf(lines: readonly DocumentLine[], rules: ReadonlyMap<number, NoiseRule>): NoiseStretch[] {
  const stretches: NoiseStretch[] = [];
  for (let index = 0; index < lines.length;) {
    const rule = rules.get(index);
    if (rule === undefined) {
      index++;
      continue;
    }
    let next = index + 1;
    while (next < lines.length && rules.get(next) === rule) next++;
    const isAfterBlank = index === 0 || lines[index - 1]!.kind === "blank";
    const last = next;
    while (isAfterBlank && next < lines.length && lines[next]!.kind === "blank" && !rules.has(next)) next++;
    stretches.push({ start: lines[index]!.start, end: lines[(isAfterBlank ? next : last) - 1]!.end, rule });
    index = next;
  }
  return stretches;
}

const fewestBlockWords = 8;
const blocksAtTop = 1;
const blocksAtEnd = 2;
/** A template speaks about the page, its owner or other pages; a sentence that many documents share for its content does not. */
const speaksOfThePage =
  /https?:|\]\(|mailto:|<a\s|©|copyright|\S@\S+\.|\bth(?:is|ese) (?:pages?|documents?|documentation|files?|repository|project|packages?|guide|handbook|site|manual|readme)\b/i;

function templateBlocks(
  lines: readonly DocumentLine[],
  rules: ReadonlyMap<number, NoiseRule>,
  text: string,
): (Stretch & { readonly key: string })[] {
  const paragraphs: { readonly from: number; readonly to: number }[] = [];
  for (let index = 0; index < lines.length;) {
    let next = index;
    while (next < lines.length && (lines[next]!.kind === "text" || lines[next]!.kind === "markup") && !rules.has(next)) next++;
    if (next > index) paragraphs.push({ from: index, to: next });
    index = Math.max(next, index + 1);
  }
  // A document of a few paragraphs is all content.
  if (paragraphs.length <= blocksAtTop + blocksAtEnd) return [];
  return [...paragraphs.slice(0, blocksAtTop), ...paragraphs.slice(-blocksAtEnd)].flatMap(({ from, to }) => {
    const { start } = lines[from]!;
    const { end } = lines[to - 1]!;
    // Directives, fields and what is indented under them are no paragraphs.
    if (/^[ \t:]|^\.\. /.test(text.slice(start, start + 4))) return [];
    const said = text.slice(start, end);
    if (!speaksOfThePage.test(said)) return [];
    const { key, words } = wordsKey([said]);
    return words < fewestBlockWords ? [] : [{ start, end, key }];
  });
}
