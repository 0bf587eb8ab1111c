import { commentLines, type CommentLine } from "./comment-lines";
import { sentencesOf } from "./comment-sentences";
import { stripsOf, mergeTouching, behindBlankLines } from "./comment-strips";
import { isDirective } from "./directives";
import { documentNoise, isDocumentLanguage, type NoiseStretch } from "./document-noise";
import { leadingComments, type CommentGroup, type Stretch } from "./leading-comments";
import { legalSentences } from "./legal-sentences";
import { mayBeLegal } from "./licence-wording";
import { wordsKey } from "./recurring-key";

/** A stretch at the head of a file that says under which terms it may be used, and nothing about what it does. */
export type HeaderStretch = Stretch;
export type KeyedStretch = Stretch & { readonly key: string };

/** What may go from a file. Plain data, small: it is kept for every file, cached and passed between threads. */
export interface HeaderAnalysis {
  /** Licence paragraphs and copyright lines of the leading comments. */
  readonly licence: readonly HeaderStretch[];
  /** The first leading comment that says more than a licence, when it may turn out to recur in many files. `key` identifies its words. */
  readonly block?: KeyedStretch;
  /** Navigation and badges of a document. */
  readonly noise?: readonly NoiseStretch[];
  /** Blocks at the top and at the end of a document that may turn out to recur in many. */
  readonly blocks?: readonly KeyedStretch[];
}

const none: HeaderAnalysis = { licence: [] };

/**
 * Finds what may be stripped from a file. Of code only the leading comments are read, after shebang, encoding line, XML or PHP opener
 * and the like; documentation in a comment with a licence stays. Documents are looked through for navigation noise. Pure.
 */
export function analyseHeader(text: string, language: string): HeaderAnalysis {
  const header = analyseComments(text, language);
  if (!isDocumentLanguage(language)) return header;
  const { noise, blocks } = documentNoise(text, language);
  return { ...header, ...(noise.length > 0 ? { noise } : {}), ...(blocks.length > 0 ? { blocks } : {}) };
}

/** Keys of everything in a file that may turn out to recur, each once: what to count over all files. */
export function recurringKeys(header: HeaderAnalysis): readonly string[] {
  const keys = new Set((header.blocks ?? []).map(({ key }) => key));
  if (header.block !== undefined) keys.add(header.block.key);
  return [...keys];
}

function analyseComments(text: string, language: string): HeaderAnalysis {
  const groups = leadingComments(text, language);
  if (groups.length === 0) return none;
  const licence: Stretch[] = [];
  let block: KeyedStretch | undefined;
  let isFirst = true;
  for (const [index, group] of groups.entries()) {
    const lines = commentLines(text, group);
    const strips = licenceStrips(text, group, lines);
    licence.push(...strips);
    const isWhole = strips.length === 1 && strips[0]!.start === group.start && strips[0]!.end >= group.end;
    if (isFirst && !isWhole) {
      const isPackageDoc = language === "go" && /^package\b/.test(text.slice(group.end, group.end + 8));
      if (!isPackageDoc) block = recurringBlock(text, group, lines, strips, index === groups.length - 1);
      isFirst = false;
    }
  }
  return { licence: mergeTouching(licence), ...(block === undefined ? {} : { block }) };
}

const spdxLine = /^[ \t]*\S{1,4}[ \t]*SPDX-License-Identifier:[^\n]*\n$/;

function licenceStrips(text: string, group: CommentGroup, lines: readonly CommentLine[]): Stretch[] {
  const said = text.slice(group.start, group.end);
  if (lines.length === 1 && group.kind !== "indented" && spdxLine.test(said))
    return [{ start: group.start, end: behindBlankLines(text, group.end) }];
  if (!mayBeLegal.test(said.toLowerCase())) return [];
  const legal = legalSentences(text, sentencesOf(text, lines));
  if (legal.length === 0) return [];
  // In a text of unknown language one line that looks like a comment may be a title.
  if (group.isGuess && lines.length < 2 && !said.includes("SPDX-")) return [];
  return stripsOf(text, group, lines, legal);
}

const longestBanner = 8192;
const fewestBannerWords = 8;
const documentation =
  /^(?:\/\*!|\/\/[/!]|--+ ?\||\{- ?\||#'|"""|''')|[@\\](?:param|returns?|file|brief|defgroup|module|package|class|author|since|see|deprecated|example|overview|fileoverview)\b/;
const importLike =
  /^(?:#|import\b|from\b|package\b|using\b|namespace\b|use\b|require|include|module\b|extern\b|const \w+ = require|'use|"use|<)/;

/** The name of the file on a line of its own: a banner is the same banner in every file. */
const ownName = /^\W*[\w.+-]+\.[A-Za-z]\w{0,7}\W*$/;

/** A comment that may be the repository's banner: no documentation, no directives, not about the code right behind it. */
function recurringBlock(
  text: string,
  group: CommentGroup,
  lines: readonly CommentLine[],
  strips: readonly Stretch[],
  isLast: boolean,
): KeyedStretch | undefined {
  const { start, end } = group;
  if (group.kind === "docstring" || group.isGuess || end - start > longestBanner || end - start < 40) return undefined;
  if (isLast && end < text.length && !/^[ \t]*\r?\n/.test(text.slice(end, end + 80)) && !importLike.test(text.slice(end, end + 40)))
    return undefined;
  const body = text.slice(start, end).trimStart();
  if (documentation.test(body)) return undefined;
  const isStripped = (line: CommentLine): boolean => strips.some((strip) => line.start >= strip.start && line.end <= strip.end);
  const left = lines.filter((line) => line.to > line.from && !isStripped(line));
  if (left.some((line) => isDirective(text.slice(line.start, line.end)) || isDirective(text.slice(line.from, line.to)))) return undefined;
  const { key, words } = wordsKey(left.map((line) => text.slice(line.from, line.to)).filter((said) => !ownName.test(said)));
  return words < fewestBannerWords ? undefined : { start, end: behindBlankLines(text, end), key };
}
