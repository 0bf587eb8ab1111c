import { significant } from "@midtrain/protocol/words";
import { commentSyntax, languageKind } from "./languages";
import type { FileAttributes } from "../listing/list-git";
import type { Reject } from "./path-rules";
import { measureText, type TextFigures } from "./text-figures";

const lfsPointer = Buffer.from("version https://git-lfs.github.com/spec/");

/** Rules on the raw bytes, before decoding. */
export function rejectByBytes(content: Buffer, attributes: FileAttributes): Reject | undefined {
  if (content.length === 0) return { rule: "empty", reason: "The file is empty." };
  if (content.length < 1024 && content.subarray(0, lfsPointer.length).equals(lfsPointer)) {
    const filter = attributes.filter === "lfs" ? "" : ", though no attribute says so";
    return { rule: "lfs-pointer", reason: `The file is a Git LFS pointer${filter}; its content is not here.` };
  }
  return undefined;
}

/** Sentences by which generators mark what they write; looked for in the first comment lines only. */
const generatedSentences: readonly RegExp[] = [
  /\bcode generated\b.{0,200}\bdo not (?:edit|modify)\b/i,
  /(?<!["`])\bDO NOT (?:EDIT|MODIFY)\b/,
  /(?:^\W*|[.;:!,-] *)(?:please,? )?do not (?:edit|modify|change) (?:this file|it|directly|manually|by hand)\b[^A-Za-z\n]*$/im,
  /\b(?:this|the following) (?:file|code|source|module|header|class|document|script|table|parser|lexer|schema)s?\b[^.\n]{0,40}\b(?:is|are|was|were|has been|have been) (?:auto(?:matically)?[- ]?|machine[- ]?|computer[- ]?)?generated\b/i,
  /^\W*(?:auto|automatically|machine)[- ]?generated\b(?! by hand)/im,
  /^\W*(?:Generated|GENERATED) (?:by|from|with|using|via|at|on|automatically|code|file|BY|FROM|CODE|FILE)\b/m,
  /<auto-?generated|\bauto-?generated (?:file|code)\b/i,
];
const generatedMarker = /@generated\b(?! (?:by hand|not))/;

function isCommentLine(line: string, language: string): boolean {
  const trimmed = line.trimStart();
  const { line: prefixes, block } = commentSyntax(language);
  return (
    trimmed.startsWith("*") ||
    prefixes.some((prefix) => trimmed.startsWith(prefix)) ||
    block.some(([open]) => trimmed.startsWith(open)) ||
    /^("""|'''|<!--|<\?)/.test(trimmed)
  );
}

/** True when the head of the file says in a comment that a program wrote it. */
export function isMarkedGenerated(text: string, language: string): boolean {
  const head = text.slice(0, 3000).split("\n", 30);
  const isCode = languageKind(language) !== "prose";
  const commentLines = isCode
    ? head.filter((line) => isCommentLine(line, language))
    : head.filter((line) => /^\W*<!--|^%|^\.\\"/.test(line));
  const marks = commentLines.slice(0, 12).join("\n");
  return generatedSentences.some((sentence) => sentence.test(marks)) || generatedMarker.test(commentLines.join("\n"));
}

const dataLimits: Readonly<Record<string, number>> = {
  csv: 8_192,
  jsonl: 4_096,
  svg: 0,
  log: 0,
  diff: 0,
  po: 0,
  json: 49_152,
  jsonc: 98_304,
  yaml: 196_608,
  xml: 98_304,
  toml: 196_608,
  plaintext: 393_216,
};

function share(part: number, whole: number): string {
  return `${significant((100 * part) / Math.max(1, whole))} %`;
}

function rejectMinified(figures: TextFigures, language: string): Reject | undefined {
  const mean = figures.length / figures.lines;
  const isWeb = /^(javascript|css|scss|less|html|typescript|json)/.test(language);
  if (languageKind(language) === "prose" || figures.length < 1024) return undefined;
  const limit = /^(javascript|css)/.test(language) ? 110 : 250;
  if (mean <= limit && figures.longestLine * 2 <= figures.length) return undefined;
  if (mean <= limit && figures.longestLine < 5000) return undefined;
  const reason = `Lines have ${Math.round(mean)} characters on average, the longest ${figures.longestLine}.`;
  return { rule: isWeb ? "minified" : "data-heavy", reason };
}

function rejectBySize(figures: TextFigures, language: string): Reject | undefined {
  const limit = dataLimits[language];
  if (limit === undefined || figures.length <= limit) return undefined;
  return {
    rule: "data-heavy",
    reason:
      limit === 0
        ? `Files of kind ${language} are data.`
        : `${figures.length} characters of ${language} are data rather than text; the limit is ${limit}.`,
  };
}

function rejectData(figures: TextFigures, language: string): Reject | undefined {
  if (figures.length < 2048) return undefined;
  // Tests and tables of real programs hold long constants; only code that is mostly constants is data.
  const isCode = languageKind(language) === "code";
  if (figures.encoded > figures.length * (isCode ? 0.5 : 0.3))
    return { rule: "encoded-data", reason: `${share(figures.encoded, figures.length)} of the text is base64 or hex.` };
  if (figures.numbers > figures.words * (isCode ? 0.7 : 0.6))
    return { rule: "data-heavy", reason: `${share(figures.numbers, figures.words)} of the words are numbers.` };
  if (figures.letters * 4 < figures.visible)
    return { rule: "data-heavy", reason: `Only ${share(figures.letters, figures.visible)} of the visible characters are letters.` };
  return undefined;
}

/** Rules on the decoded text. Attributes that are switched off switch the matching rule off. */
export function rejectByText(text: string, language: string, attributes: FileAttributes): Reject | undefined {
  const figures = measureText(text);
  if (figures.visible === 0) return { rule: "empty", reason: "The file holds only white space." };
  const large = rejectBySize(figures, language);
  if (large !== undefined) return large;
  if (attributes.generated !== "unset") {
    if (isMarkedGenerated(text, language)) return { rule: "generated", reason: "The head of the file says that a program wrote it." };
    const minified = rejectMinified(figures, language);
    if (minified !== undefined) return minified;
  }
  return rejectData(figures, language);
}
