import { significant } from "@midtrain/protocol/words";
import type { FileAttributes } from "../listing/list-git";
import { isMarkedGenerated, traceOfGenerator } from "./generated";
import { languageKind } from "./languages";
import { hasReleaseBanner, isLibraryPath } from "./linguist-paths";
import type { Reject } from "./path-rules";
import { longLine, type TextFigures } from "./text-figures";

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

/** Most UTF-16 units of a file of these languages; larger ones are data. Hand-written ones end far below. */
const dataLimits: Readonly<Record<string, number>> = {
  csv: 8_192,
  jsonl: 4_096,
  svg: 2_048,
  log: 4_096,
  diff: 32_768,
  po: 0,
  json: 49_152,
  jsonc: 98_304,
  yaml: 196_608,
  xml: 98_304,
  toml: 196_608,
  plaintext: 393_216,
};
const otherDataLimit = 4_096;

function share(part: number, whole: number): string {
  return `${significant((100 * part) / Math.max(1, whole))} %`;
}

/** Minified and packed text stands in long lines: a few long ones among many short do not make it so. */
function rejectMinified(figures: TextFigures, language: string): Reject | undefined {
  const kind = languageKind(language);
  if (kind === "prose" || figures.length < 1024 || figures.inLongLines * 2 <= figures.length) return undefined;
  const isWeb = /^(javascript|css|scss|less|html|typescript|json)/.test(language);
  const mean = figures.length / figures.lines;
  if (mean <= (/^(javascript|css)/.test(language) ? 110 : 250) && figures.longestLine < 5000) return undefined;
  const reason = `${share(figures.inLongLines, figures.length)} of the text is in lines of more than ${longLine} characters, the longest ${figures.longestLine}.`;
  return { rule: isWeb ? "minified" : "data-heavy", reason };
}

/** Where Linguist stops looking at a file. Programs of this size by hand do not exist, but tables of registers and of tests do. */
const largestOther = 1 << 20;
const largePrograms =
  /^(?:c|cpp|cuda-cpp|objective-c|objective-cpp|rust|go|java|csharp|swift|kotlin|ada|fortran|assembly|verilog|systemverilog|vhdl|dts)$/;

function rejectTooLarge(figures: TextFigures, language: string): Reject | undefined {
  if (figures.length <= largestOther || largePrograms.test(language)) return undefined;
  return {
    rule: "too-large",
    reason: `${figures.length} characters of ${language}; only programs of compiled languages may have more than ${largestOther}.`,
  };
}

/** A schema is written by hand, and says so at once. */
const schemaHead = /json-schema\.org|^\s*\{\s*"definitions"/;
const schemaLimit = 393_216;

function limitOf(text: string, language: string): number | undefined {
  if (language === "json" && schemaHead.test(text.slice(0, 400))) return schemaLimit;
  if (Object.hasOwn(dataLimits, language)) return dataLimits[language]!;
  return languageKind(language) === "data" ? otherDataLimit : undefined;
}

function rejectBySize(text: string, figures: TextFigures, language: string): Reject | undefined {
  const limit = limitOf(text, language);
  if (limit === undefined || figures.length <= limit) return undefined;
  return {
    rule: "data-heavy",
    reason:
      limit === 0
        ? `Files of kind ${language} are data.`
        : `${figures.length} characters of ${language} are data rather than text; the limit is ${limit}.`,
  };
}

function rejectEncoded(figures: TextFigures, language: string): Reject | undefined {
  if (figures.length < 2048) return undefined;
  // Tests and tables of real programs hold long constants; only code that is mostly constants is data.
  if (figures.encoded <= figures.length * (languageKind(language) === "code" ? 0.6 : 0.3)) return undefined;
  return { rule: "encoded-data", reason: `${share(figures.encoded, figures.length)} of the text is base64 or hex.` };
}

function rejectNumbers(figures: TextFigures, language: string): Reject | undefined {
  if (figures.length < 2048) return undefined;
  const kind = languageKind(language);
  // Documents show tables and output; a file that is nothing but numbers is plain text or code.
  const numbers = kind === "code" ? 0.8 : language === "plaintext" || kind !== "prose" ? 0.6 : 0.95;
  if (figures.numbers > figures.words * numbers)
    return { rule: "data-heavy", reason: `${share(figures.numbers, figures.words)} of the words are numbers.` };
  // Prose draws tables and figures with punctuation.
  if (kind !== "prose" && figures.letters * 4 < figures.visible)
    return { rule: "data-heavy", reason: `Only ${share(figures.letters, figures.visible)} of the visible characters are letters.` };
  return undefined;
}

export interface TextToJudge {
  readonly path: string;
  readonly text: string;
  readonly language: string;
  readonly figures: TextFigures;
  readonly attributes: FileAttributes;
}

/** Asked in this order; the first that answers names the rule. Attributes that are switched off switch the matching rule off. */
const checks: readonly ((file: TextToJudge) => Reject | undefined)[] = [
  ({ text, figures, language }) => rejectBySize(text, figures, language),
  ({ text, language, attributes }) =>
    attributes.generated !== "unset" && isMarkedGenerated(text, language)
      ? { rule: "generated", reason: "The head of the file says that a program wrote it." }
      : undefined,
  ({ text, language, attributes }) => {
    const trace = attributes.generated === "unset" ? undefined : traceOfGenerator(text, language);
    return trace === undefined ? undefined : { rule: "generated", reason: trace };
  },
  ({ path, text, language, attributes }) =>
    /^(?:javascript|css|scss|less|sass)$/.test(language) && attributes.vendored !== "unset" && isLibraryPath(path) && hasReleaseBanner(text)
      ? { rule: "vendored", reason: "The name and the banner are those of a published library." }
      : undefined,
  ({ figures, language, attributes }) => (attributes.generated === "unset" ? undefined : rejectMinified(figures, language)),
  ({ figures, language }) => rejectEncoded(figures, language),
  ({ figures, language }) => rejectNumbers(figures, language),
  ({ figures, language }) => rejectTooLarge(figures, language),
];

/** Rules on the decoded text. `off` names rules that reject nothing here. */
export function rejectByText(file: TextToJudge, off: ReadonlySet<string>): Reject | undefined {
  for (const check of checks) {
    const reject = check(file);
    if (reject !== undefined && !off.has(reject.rule)) return reject;
  }
  return undefined;
}
