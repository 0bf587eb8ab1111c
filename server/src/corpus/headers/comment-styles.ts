import { commentSyntax } from "../rules/languages";

/** How comments look at the head of a file. */
export interface CommentStyle {
  /** What opens a comment that runs to the end of the line. Tried in order, after `block`. */
  readonly line: readonly string[];
  readonly block: readonly (readonly [open: string, close: string])[];
  /** Comment lines that no fixed prefix tells; sticky, matched at the start of a line. */
  readonly linePattern?: RegExp;
  /** A block that opens within a block has to close too. */
  readonly isNested?: boolean;
  /** The module documentation is a string literal. */
  readonly hasDocstring?: boolean;
  /** A comment is a `..` line with what is indented under it. */
  readonly isIndented?: boolean;
  /** The language is not known: the text looks as if it had such comments. */
  readonly isGuess?: boolean;
}

const slashes: CommentStyle = { line: ["//"], block: [["/*", "*/"]] };
const nestedSlashes: CommentStyle = { ...slashes, isNested: true };
const hash: CommentStyle = { line: ["#"], block: [] };
const markup: CommentStyle = {
  line: ["##"],
  block: [
    ["<!--", "-->"],
    ["<%--", "--%>"],
    ["<%#", "%>"],
    ["<#--", "-->"],
    ["{{!--", "--}}"],
    ["{{!", "}}"],
    ["{#", "#}"],
    ["@*", "*@"],
    ["{*", "*}"],
  ],
};
const roff: CommentStyle = { line: ['.\\"', "'\\\"", '\\"', '.\\ "', ".\\#"], block: [] };
const semicolons: CommentStyle = { line: [";"], block: [["#|", "|#"]], isNested: true };
const dashes: CommentStyle = { line: ["--"], block: [["/*", "*/"]] };
const braces: CommentStyle = { line: ["--"], block: [["{-", "-}"]], isNested: true };
const rst: CommentStyle = { line: [], block: [], isIndented: true };

/** Where a header needs more than the comment syntax of the language table. */
const styles: Readonly<Record<string, CommentStyle>> = {
  python: { line: ["#"], block: [], hasDocstring: true },
  rust: nestedSlashes,
  swift: nestedSlashes,
  kotlin: nestedSlashes,
  scala: nestedSlashes,
  dart: nestedSlashes,
  d: {
    line: ["//"],
    block: [
      ["/*", "*/"],
      ["/+", "+/"],
    ],
    isNested: true,
  },
  haskell: braces,
  elm: braces,
  purescript: braces,
  dhall: braces,
  ocaml: {
    line: [],
    block: [
      ["(*", "*)"],
      ["/*", "*/"],
    ],
    isNested: true,
  },
  lisp: semicolons,
  clojure: semicolons,
  lua: {
    line: ["--"],
    block: [
      ["--[[", "]]"],
      ["--[==[", "]==]"],
      ["--[=[", "]=]"],
    ],
  },
  cmake: {
    line: ["#"],
    block: [
      ["#[[", "]]"],
      ["#[=[", "]=]"],
      ["#[==[", "]==]"],
    ],
  },
  ruby: { line: ["#"], block: [["=begin", "=end"]] },
  perl: { line: ["#"], block: [] },
  raku: { line: ["#"], block: [] },
  julia: { line: ["#"], block: [["#=", "=#"]] },
  nim: { line: ["#"], block: [["#[", "]#"]] },
  bat: { line: [], block: [], linePattern: /[ \t]*(?:@?rem\b|::)/iy },
  vb: { line: ["'"], block: [], linePattern: /[ \t]*(?:'|rem\b)/iy },
  fortran: { line: ["!"], block: [], linePattern: /[ \t]*!|[cC*](?=[ \t\r\n*=-])/y },
  cobol: { line: [], block: [], linePattern: /[ \t0-9]{0,7}[*/]/y },
  m4: { line: ["#"], block: [], linePattern: /[ \t]*(?:dnl\b|#)/y },
  texinfo: { line: [], block: [], linePattern: /@c(?:omment)?(?=[ \t\r\n])|%/y },
  latex: { line: ["%"], block: [] },
  erlang: { line: ["%"], block: [] },
  prolog: { line: ["%"], block: [["/*", "*/"]] },
  html: markup,
  jade: { line: ["//", "-#", "-//"], block: [["/*", "*/"]] },
  markdown: {
    line: ["[//]:", "[comment]:"],
    block: [
      ["<!--", "-->"],
      ["{/*", "*/}"],
    ],
  },
  restructuredtext: rst,
  asciidoc: { line: ["//"], block: [["////", "////"]] },
  org: { line: ["# ", "#\n"], block: [] },
  textile: { line: [], block: [["<!--", "-->"]] },
  roff,
  po: hash,
  assembly: { line: ["//", "#", ";", "@", "|", "!"], block: [["/*", "*/"]] },
  ini: { line: ["#", ";"], block: [] },
};

/** A text of unknown language shows its comments by its first characters. */
function guess(text: string, at: number): CommentStyle | undefined {
  const guessed = (style: CommentStyle): CommentStyle => ({ ...style, isGuess: true });
  switch (text[at]) {
    case "/":
      return guessed(slashes);
    case "#":
      return text[at + 1] === "|" ? guessed(semicolons) : guessed(hash);
    case ";":
      return guessed(semicolons);
    case "-":
      return guessed(dashes);
    case "%":
      return guessed({ line: ["%"], block: [] });
    case "<":
    case "{":
      return guessed(text[at + 1] === "-" ? braces : markup);
    case "(":
      return guessed({ line: [], block: [["(*", "*)"]], isNested: true });
    case "'":
    case "\\":
      return guessed(roff);
    case ".":
      return guessed(text[at + 1] === "." ? rst : roff);
    case "d":
      return text.startsWith("dnl", at) ? guessed({ line: ["dnl"], block: [] }) : undefined;
    default:
      return undefined;
  }
}

const none: CommentStyle = { line: [], block: [] };
/** Data formats in which a line that looks like a comment is data. */
const withoutComments = new Set(["json", "jsonl", "csv", "log", "diff"]);
const resolved = new Map<string, CommentStyle | "guess">();

function resolve(language: string): CommentStyle | "guess" {
  if (Object.hasOwn(styles, language)) return styles[language]!;
  const { line, block } = commentSyntax(language);
  if (line.length + block.length > 0) return { line, block };
  return withoutComments.has(language) ? none : "guess";
}

/** Comment style of a language; for text of no known language, what the text at `at` looks like. */
export function commentStyle(language: string, text: string, at: number): CommentStyle {
  let style = resolved.get(language);
  if (style === undefined) resolved.set(language, (style = resolve(language)));
  return style === "guess" ? (guess(text, at) ?? none) : style;
}
