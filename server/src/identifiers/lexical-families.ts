/** The families of languages that write comments, strings and names alike. */
import { comment, cssColour, literal, name, number, numberQuoted } from "./lexical-parts";
import { family, type LexicalFamily, type Part } from "./lexical-pattern";
import { heredoc, nestedComment, stringTemplate } from "./string-templates";

const nested = {
  c: { open: "\\/\\*", opener: nestedComment("\\/\\*", "\\*\\/") },
  d: { open: "\\/\\+", opener: nestedComment("\\/\\+", "\\+\\/") },
  haskell: { open: "\\{-", opener: nestedComment("\\{-", "-\\}") },
  ml: { open: "\\(\\*(?!\\))", opener: nestedComment("\\(\\*(?!\\))", "\\*\\)") },
  lisp: { open: "#\\|", opener: nestedComment("#\\|", "\\|#") },
  julia: { open: "#=", opener: nestedComment("#=", "=#") },
  nim: { open: "#\\[", opener: nestedComment("#\\[", "\\]#") },
} as const;

/** A string between equal quotes with a prefix that makes it a template. */
function template(quote: '"' | "'" | "`" | '"""' | "'''", shape: Partial<Parameters<typeof stringTemplate>[0]>, prefix = ""): Part {
  return { open: `${prefix}${quote}`, opener: stringTemplate({ end: quote, insert: ["dollarBrace"], ...shape }) };
}

const beforePrefix = "(?<![\\p{L}\\p{N}_])";
const pythonPrefix = `${beforePrefix}(?:[fFtT][rR]?|[rR][fFtT])`;
const python = { insert: ["brace"], formatted: true } as const;
const dollars = { insert: ["dollarBrace", "dollarName"] } as const;
const hashes = { insert: ["hashBrace"] } as const;
const shell = { insert: ["dollarBrace", "dollarParen", "dollarName"] } as const;
const php = { insert: ["dollarBrace", "phpBrace", "dollarName"] } as const;
const sigil = (open: string, close: string): Part => ({
  open: `%[QWIrx]${open}`,
  opener: stringTemplate({ end: close, insert: ["hashBrace"] }),
});
const outside: Part = { open: "\\?>", opener: { kind: "outside" } };
const slash: Part = { open: "\\/", opener: { kind: "regex" } };
const shellHeredoc: Part = {
  open: "(?<!<)<<[-~]?(?=[ \\t]*[\"'\\\\]?[A-Za-z_])",
  opener: heredoc(["dollarBrace", "dollarParen", "dollarName"]),
};
const rubyHeredoc: Part = { open: "<<[-~](?=[\"'`]?[A-Za-z_])|<<(?=[\"'`]?[A-Z_])", opener: heredoc(["hashBrace"]) };
const perlHeredoc: Part = { open: "<<~?(?=[\"']?[A-Za-z_])", opener: heredoc(["dollarBrace", "dollarName"]) };
const phpHeredoc: Part = { open: "<<<[ \\t]*(?=[\"']?[A-Za-z_])", opener: heredoc(["dollarBrace", "phpBrace", "dollarName"]) };
const hclHeredoc: Part = { open: "<<-?(?=[A-Za-z_])", opener: heredoc(["dollarBrace"]) };

const { slashes, block, hash } = comment;
const { double, single, character, tripleDouble, tripleSingle, backtick } = literal;

const families = {
  c: family(slashes, block, literal.include, literal.rawCpp, double, character, numberQuoted, name.plain),
  csharp: family(
    slashes,
    block,
    { open: '\\$\\$+"""', opener: stringTemplate({ end: '"""', insert: ["doubleBrace"], escape: "none", formatted: true }) },
    template('"""', { ...python, escape: "none" }, "\\$"),
    template('"', { ...python, escape: "double" }, "(?:\\$@|@\\$)"),
    template('"', { ...python, oneLine: true }, "\\$"),
    tripleDouble,
    literal.verbatim,
    double,
    character,
    number,
    name.plain,
  ),
  java: family(slashes, block, tripleDouble, double, character, number, name.plain),
  kotlin: family(
    slashes,
    nested.c,
    template('"""', { ...dollars, escape: "none" }),
    template('"', { ...dollars, oneLine: true }),
    character,
    number,
    name.plain,
  ),
  scala: family(
    slashes,
    nested.c,
    template('"""', { ...dollars, escape: "none" }, "(?<=[\\p{L}\\p{N}_])"),
    tripleDouble,
    template('"', { ...dollars, oneLine: true }, "(?<=[\\p{L}\\p{N}_])"),
    double,
    character,
    number,
    name.plain,
  ),
  groovy: family(
    slashes,
    block,
    tripleSingle,
    template('"""', dollars),
    template('"', { ...dollars, oneLine: true }),
    single,
    literal.regexGroovy,
    number,
    name.plain,
  ),
  swift: family(
    slashes,
    nested.c,
    { open: '#"""', opener: stringTemplate({ end: '"""#', insert: ["backslashHashParen"], escape: "none" }) },
    { open: '#"', opener: stringTemplate({ end: '"#', insert: ["backslashHashParen"], escape: "none" }) },
    template('"""', { insert: ["backslashParen"] }),
    template('"', { insert: ["backslashParen"], oneLine: true }),
    number,
    name.plain,
  ),
  zig: family(slashes, literal.lineZig, double, character, number, name.plain),
  d: family(slashes, block, nested.d, backtick, double, character, number, name.plain),
  javascript: family(slashes, block, double, single, template("`", {}), slash, number, name.dollar),
  dart: family(
    slashes,
    nested.c,
    literal.rawDart,
    template('"""', dollars),
    template("'''", dollars),
    template('"', { ...dollars, oneLine: true }),
    template("'", { ...dollars, oneLine: true }),
    number,
    name.plain,
  ),
  go: family(slashes, block, double, backtick, character, number, name.plain),
  rust: family(slashes, nested.c, literal.rawRust, literal.doubleLong, character, number, name.plain),
  python: family(
    hash,
    template('"""', python, pythonPrefix),
    template("'''", python, pythonPrefix),
    template('"', { ...python, oneLine: true }, pythonPrefix),
    template("'", { ...python, oneLine: true }, pythonPrefix),
    tripleDouble,
    tripleSingle,
    double,
    single,
    number,
    name.plain,
  ),
  hash: family(hash, double, single, number, name.plain),
  nim: family(nested.nim, hash, tripleDouble, double, character, number, name.plain),
  r: family(hash, literal.rawR, literal.doubleLong, literal.singleLong, number, name.plain),
  ruby: family(
    comment.ruby,
    hash,
    rubyHeredoc,
    literal.percentWords,
    sigil("\\(", "\\)"),
    sigil("\\[", "\\]"),
    sigil("\\{", "\\}"),
    template('"', hashes),
    template("`", hashes),
    literal.singleLong,
    slash,
    number,
    name.plain,
  ),
  coffeescript: family(
    comment.coffee,
    hash,
    template('"""', hashes),
    tripleSingle,
    template('"', hashes),
    literal.singleLong,
    slash,
    number,
    name.dollar,
  ),
  elixir: family(
    hash,
    template('"""', hashes, "(?:~[a-z])?"),
    template('"', hashes, "(?:~[a-z])?"),
    template("'", { ...hashes, oneLine: true }),
    slash,
    number,
    name.plain,
  ),
  julia: family(
    nested.julia,
    hash,
    template('"""', { insert: ["dollarParen", "dollarName"] }),
    template('"', { insert: ["dollarParen", "dollarName"] }),
    character,
    number,
    name.plain,
  ),
  perl: family(
    comment.pod,
    comment.perlHash,
    perlHeredoc,
    literal.perlWords,
    literal.perlReplace,
    template('"', { insert: ["dollarBrace", "dollarName"] }),
    literal.singleLong,
    slash,
    number,
    name.plain,
  ),
  shell: family(comment.shellHash, shellHeredoc, literal.singlePlain, template('"', shell), number, name.plain),
  php: family(outside, slashes, "#(?!\\[)[^\\n]*", block, phpHeredoc, template('"', php), literal.singleLong, number, name.plain),
  plainHash: family(slashes, hash, block, literal.doubleLong, literal.singleLong, number, name.plain),
  terraform: family(slashes, hash, block, hclHeredoc, template('"', { text: "\\$\\$\\{" }), number, name.plain),
  nix: family(
    hash,
    block,
    { open: "''(?!')", opener: stringTemplate({ end: "''(?![$'\\\\])", insert: ["dollarBrace"], escape: "none", text: "''\\$\\{" }) },
    template('"', {}),
    number,
    name.hyphened,
  ),
  sql: family(comment.dashes, block, literal.singleSql, double, number, name.plain),
  lua: family(comment.lua, comment.dashes, literal.luaLong, double, single, number, name.plain),
  haskell: family(nested.haskell, comment.dashes, double, character, number, name.primed),
  ml: family(nested.ml, literal.quotedOcaml, literal.doubleLong, character, number, name.primed),
  fsharp: family(
    slashes,
    nested.ml,
    template('"""', { ...python, escape: "none" }, "\\$"),
    template('"', python, "\\$"),
    tripleDouble,
    literal.verbatim,
    literal.doubleLong,
    character,
    number,
    name.primed,
  ),
  lisp: family(nested.lisp, comment.semicolon, literal.regexClojure, literal.doubleLong, number, name.hyphened),
  percent: family(comment.percent, literal.doubleLong, number, name.plain),
  basic: family(comment.basic, template('"', { ...python, escape: "double" }, "\\$"), double, number, name.plain),
  fortran: family(comment.bang, double, single, number, name.plain),
  pascal: family(slashes, nested.ml, "\\{[^}]*\\}?", literal.singleSql, number, name.plain),
  powershell: family(
    comment.powershell,
    hash,
    literal.hereSingle,
    {
      open: '@"(?=\\r?\\n)',
      opener: stringTemplate({ end: '\\n"@', insert: ["dollarParen", "dollarBrace", "dollarName"], escape: "backtick" }),
    },
    template('"', { ...shell, escape: "backtick" }),
    literal.singlePlain,
    number,
    name.plain,
  ),
  cmake: family(literal.cmakeLong, hash, template('"', {}), number, name.plain),
  vhdl: family(comment.dashes, double, number, name.plain),
  asm: family(slashes, block, comment.semicolon, hash, double, number, name.plain),
  vim: family(comment.vim, double, single, number, name.plain),
  cobol: family("^.{6}\\*[^\\n]*", double, single, number, name.hyphened),
  css: family(block, double, single, cssColour, number, `(?<=[.#$@-])${name.hyphened}`),
  scss: family(slashes, block, double, single, cssColour, number, `(?<=[.#$@%-])${name.hyphened}`),
} as const satisfies Record<string, LexicalFamily>;

export type FamilyName = keyof typeof families;

const byLanguage: Readonly<Record<FamilyName, string>> = {
  c: "c cpp cuda-cpp objective-c objective-cpp wgsl v proto3 verilog systemverilog dts lex yacc",
  csharp: "csharp",
  java: "java solidity cue go.mod",
  kotlin: "kotlin",
  scala: "scala",
  groovy: "groovy",
  swift: "swift",
  zig: "zig",
  d: "d",
  javascript: "javascript javascriptreact typescript typescriptreact",
  dart: "dart",
  go: "go",
  rust: "rust",
  python: "python starlark meson",
  hash: "raku awk tcl rego graphql makefile dockerfile kconfig",
  nim: "nim",
  r: "r",
  ruby: "ruby crystal",
  coffeescript: "coffeescript",
  elixir: "elixir",
  julia: "julia",
  perl: "perl",
  shell: "shellscript just m4 bat",
  php: "php",
  plainHash: "thrift jsonnet",
  terraform: "terraform",
  nix: "nix",
  sql: "sql",
  lua: "lua",
  haskell: "haskell elm purescript dhall",
  ml: "ocaml",
  fsharp: "fsharp",
  lisp: "clojure lisp",
  percent: "erlang prolog",
  basic: "vb",
  fortran: "fortran",
  pascal: "pascal",
  powershell: "powershell",
  cmake: "cmake",
  vhdl: "vhdl ada",
  asm: "assembly",
  vim: "vim",
  cobol: "cobol",
  css: "css",
  scss: "scss less sass",
};

const familyOf = new Map<string, LexicalFamily>();
for (const [name, languages] of Object.entries(byLanguage)) {
  for (const language of languages.split(" ")) familyOf.set(language, families[name as FamilyName]);
}

/** By how a language that is not in the table opens its line comments. */
const byComment: Readonly<Record<string, FamilyName>> = {
  "//": "c",
  "#": "hash",
  "--": "sql",
  ";": "lisp",
  "%": "percent",
  "!": "fortran",
  "'": "basic",
};

/** How a language is read; undefined for prose, data and markup. `lineComment` helps with languages that the table does not name. */
export function lexicalFamily(language: string, lineComment?: string): LexicalFamily | undefined {
  const known = familyOf.get(language);
  if (known !== undefined || lineComment === undefined || !Object.hasOwn(byComment, lineComment)) return known;
  return families[byComment[lineComment]!];
}
