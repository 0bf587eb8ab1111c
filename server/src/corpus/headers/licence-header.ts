import { commentSyntax } from "../rules/languages";

/** A stretch at the head of a file that says under which terms it may be used, and nothing about what it does. */
export interface HeaderStretch {
  readonly start: number;
  readonly end: number;
}

export interface HeaderAnalysis {
  /** Licence paragraphs and copyright lines of the leading comments. */
  readonly licence: readonly HeaderStretch[];
  /** The first leading comment as a whole, when it may turn out to recur in many files. `key` identifies its words. */
  readonly block?: HeaderStretch & { readonly key: string };
}

const none: HeaderAnalysis = { licence: [] };

const licenceProse =
  /SPDX-License-Identifier|permission is hereby granted|redistribution and use in source|redistributions? (?:of|in) (?:source|binary)|licensed (?:under|to the|by|as)|under the (?:terms|same terms)|terms of the .{0,40}licen[cs]e|general public licen[cs]e|apache licen[cs]e|\bmit(?:-style)? licen[cs]e|bsd(?:-style)? licen[cs]e|mozilla public licen[cs]e|\bmpl\b.*2\.0|source code form is subject to|may not use this file except|licen[cs]ed? (?:that )?can be found|(?:see|found in|read) (?:the )?(?:accompanying |file |top-level |`|")?(?:licen[cs]e|copying|notice)\b|boost software licen[cs]e|eclipse public licen[cs]e|creative commons|without warrant(?:y|ies)|without any warranty|["'\u2018\u201c]as[ -]is["'\u2019\u201d]|provided as-is|permission is granted to anyone|without express or implied warranty|all rights reserved|public domain|proprietary and confidential|governed by (?:a|an|the) .{0,40}licen[cs]e|permission to use, copy|hereby granted|above copyright notice|substantial portions of the software|in no event shall|disclaims all|contributor (?:license )?agreements?|@licen[cs]e\b|licen[cs]e-end/i;
const copyrightLine =
  /\b[Cc](?:opyrights?|OPYRIGHTS?)\b.{0,12}(?:\([Cc]\)|©|&copy;|\d{4}|\bby\b|\bthe\b|[A-Z])|^\W*(?:\(?[Cc]\)|©)\s*(?:[Cc]opyright\b|\d{4})|SPDX-|[Aa]ll [Rr]ights [Rr]eserved|\bcopyright(?:ed)? (?:holder|owner)/;
/** Lines that tools read; they stay whatever stands around them. */
const directive =
  /go:[a-z]|\+build|-\*-|coding[:=]|eslint|@ts-|prettier|jshint|jslint|istanbul|v8 ignore|pylint|noqa|mypy|flake8|type:|isort|ruff|vim?:|frozen_string_literal|typed:|rubocop|shellcheck|pragma|clang-format|nolint|swiftlint|@flow|@jsx|use strict|cspell|spell-?checker|\$schema|yaml-language-server|syntax=|escape=/i;
const openers = [
  /^#![^\n]*\n/,
  /^<\?xml[^>]*\?>\s*/,
  /^<!DOCTYPE[^>]*>\s*/i,
  /^<\?php\b[^\n]*\n?/,
  /^#[^\n]*coding[:=][^\n]*\n/,
  /^@charset[^\n]*\n/,
  /^'use strict';\n|^"use strict";\n/,
];

interface CommentBlock extends HeaderStretch {
  readonly kind: "lines" | "block";
  readonly prefix: string;
}

/** Headers are short; a licence in full may take two hundred lines. */
const longestHeader = 32_768;

/**
 * Finds what may be stripped from the head of a file. Only leading comments count, after shebang, encoding line, XML or PHP opener;
 * a comment that mixes a licence with documentation loses the licence paragraphs only.
 */
export function analyseHeader(text: string, language: string): HeaderAnalysis {
  const head = text.length > longestHeader ? text.slice(0, longestHeader) : text;
  let at = skipOpeners(head);
  const licence: HeaderStretch[] = [];
  let first: CommentBlock | undefined;
  for (let block = commentAt(head, at, language); block !== undefined; block = commentAt(head, at, language)) {
    first ??= block;
    licence.push(...licenceStretches(head, block));
    at = block.end;
  }
  if (first === undefined) return none;
  const key = licence.length > 0 ? undefined : recurringKey(head, first);
  return {
    licence: mergeTouching(licence),
    ...(key === undefined ? {} : { block: { start: first.start, end: withBlankLines(head, first.end), key } }),
  };
}

function skipOpeners(text: string): number {
  let at = 0;
  for (let moved = true; moved;) {
    moved = false;
    for (const opener of openers) {
      const match = opener.exec(text.slice(at, at + 512));
      if (match === null || match[0].length === 0) continue;
      at += match[0].length;
      moved = true;
    }
  }
  return at;
}

function skipBlank(text: string, at: number): number {
  while (at < text.length && /\s/.test(text[at]!)) at++;
  return at;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

/** The comment that starts at or after `at` with nothing but white space before it: one block, or a run of comment lines. */
function commentAt(text: string, at: number, language: string): CommentBlock | undefined {
  const start = skipBlank(text, at);
  const syntax = commentSyntax(language);
  for (const [open, close] of syntax.block) {
    if (!text.startsWith(open, start)) continue;
    const end = text.indexOf(close, start + open.length);
    if (end < 0) return undefined;
    const after = end + close.length;
    // Code behind the comment on its last line keeps the line.
    return /^[ \t]*\r?(\n|$)/.test(text.slice(after, after + 200))
      ? { kind: "block", prefix: open, start, end: lineEnd(text, after) }
      : undefined;
  }
  const prefix = syntax.line.find((candidate) => text.startsWith(candidate, start));
  if (prefix === undefined || text.startsWith("#!", start)) return undefined;
  let end = start;
  while (end < text.length && isLineComment(text, end, prefix)) end = lineEnd(text, end);
  return end === start ? undefined : { kind: "lines", prefix, start, end };
}

/** In C, `#` opens a preprocessor line, but there it is no comment prefix; in Make and shell scripts it is. */
function isLineComment(text: string, at: number, prefix: string): boolean {
  while (text[at] === " " || text[at] === "\t") at++;
  return text.startsWith(prefix, at);
}

interface Paragraph extends HeaderStretch {
  readonly lines: readonly HeaderStretch[];
  readonly isLicence: boolean;
}

/** The words of a comment line: no delimiters, no decoration. */
function lineWords(line: string): string {
  return line.replace(/^[\s/*#;%'"!<>=~{}()|+-]+|[\s/*#=~<>|+-]+$/g, "");
}

function paragraphsOf(text: string, block: CommentBlock): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let lines: HeaderStretch[] = [];
  const flush = (): void => {
    if (lines.length === 0) return;
    const start = lines[0]!.start;
    const end = lines.at(-1)!.end;
    const joined = lines.map((line) => lineWords(text.slice(line.start, line.end))).join(" ");
    paragraphs.push({ start, end, lines, isLicence: licenceProse.test(joined) || copyrightLine.test(joined) });
    lines = [];
  };
  for (let at = block.start; at < block.end; at = lineEnd(text, at)) {
    const end = Math.min(lineEnd(text, at), block.end);
    if (lineWords(text.slice(at, end)) === "") flush();
    else lines.push({ start: at, end });
  }
  flush();
  return paragraphs;
}

function licenceStretches(text: string, block: CommentBlock): HeaderStretch[] {
  const paragraphs = paragraphsOf(text, block);
  const first = paragraphs.findIndex((paragraph) => paragraph.isLicence);
  if (first < 0) return [];
  const last = paragraphs.findLastIndex((paragraph) => paragraph.isLicence);
  // What stands between two licence paragraphs (conditions, an address, a URL) belongs to them.
  const legal = paragraphs.slice(first, last + 1);
  const stretches = mergeTouching(
    legal.flatMap((paragraph, index) => legalLines(text, paragraph, index === 0)).map((stretch) => withEmptyLines(text, block, stretch)),
  );
  if (isNothingLeft(text, block, stretches)) return [{ start: block.start, end: withBlankLines(text, block.end) }];
  return stretches.flatMap((stretch) => insideDelimiters(text, block, stretch));
}

function isNothingLeft(text: string, block: CommentBlock, stretches: readonly HeaderStretch[]): boolean {
  for (let at = block.start; at < block.end; at = lineEnd(text, at)) {
    const isCut = stretches.some((stretch) => at >= stretch.start && at < stretch.end);
    if (!isCut && lineWords(text.slice(at, Math.min(lineEnd(text, at), block.end))) !== "") return false;
  }
  return true;
}

/** The empty comment lines behind a stretch go with it. */
function withEmptyLines(text: string, block: CommentBlock, stretch: HeaderStretch): HeaderStretch {
  let { end } = stretch;
  while (
    end < block.end &&
    lineEnd(text, end) < block.end + (block.kind === "lines" ? 1 : 0) &&
    lineWords(text.slice(end, lineEnd(text, end))) === ""
  )
    end = lineEnd(text, end);
  return { start: stretch.start, end: Math.min(end, block.end) };
}

function hasDirective(text: string, block: HeaderStretch): boolean {
  return text
    .slice(block.start, block.end)
    .split("\n")
    .some((line) => directive.test(line) && !copyrightLine.test(line) && !licenceProse.test(line));
}

/**
 * A paragraph with a mere copyright notice loses only the notice. One of licence prose goes as a whole;
 * if it is the first legal one, what stands before its first legal line may say something else and stays. Directives stay.
 */
function legalLines(text: string, paragraph: Paragraph, isFirst: boolean): HeaderStretch[] {
  const line = (stretch: HeaderStretch): string => lineWords(text.slice(stretch.start, stretch.end));
  const isLegal = (stretch: HeaderStretch): boolean => copyrightLine.test(line(stretch)) || licenceProse.test(line(stretch));
  const isMereNotice = paragraph.isLicence && !licenceProse.test(paragraph.lines.map(line).join(" "));
  if (isMereNotice) return paragraph.lines.filter(isLegal);
  const from = isFirst ? Math.max(0, paragraph.lines.findIndex(isLegal)) : 0;
  return paragraph.lines.slice(from).filter((stretch) => isLegal(stretch) || !directive.test(text.slice(stretch.start, stretch.end)));
}

/** Within a block comment that stays, its opening and closing delimiters stay too. */
function insideDelimiters(text: string, block: CommentBlock, stretch: HeaderStretch): HeaderStretch[] {
  if (block.kind === "lines") return [stretch];
  let { start, end } = stretch;
  if (start === block.start)
    start += /^\/\*[*!]*|^<!--|^[({][*-]?|^--\[\[|^#\||^<#/.exec(text.slice(start, start + 8))?.[0].length ?? block.prefix.length;
  const closing = /[ \t]*(\*+\/|-->|\*\)|-\}|\]\]|\|#|#>|\})\s*$/.exec(text.slice(start, end));
  if (end === block.end && closing !== null) end = start + closing.index;
  return end > start ? [{ start, end }] : [];
}

function withBlankLines(text: string, end: number): number {
  const blank = /^(?:[ \t]*\r?\n)+/.exec(text.slice(end, end + 256));
  return blank === null ? end : end + blank[0].length;
}

function mergeTouching(stretches: readonly HeaderStretch[]): HeaderStretch[] {
  const merged: HeaderStretch[] = [];
  for (const stretch of stretches) {
    const last = merged.at(-1);
    if (last !== undefined && last.end >= stretch.start)
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, stretch.end) };
    else merged.push(stretch);
  }
  return merged;
}

/** Words of a comment that may be boilerplate of the repository: long enough to be a statement, free of tool directives and numbers. */
function recurringKey(text: string, block: CommentBlock): string | undefined {
  const body = text.slice(block.start, block.end);
  if (body.length < 60 || body.length > 8192 || hasDirective(text, block)) return undefined;
  const words = body.match(/\p{L}+/gu) ?? [];
  return words.length < 8 ? undefined : words.join(" ");
}
