/**
 * How the languages write comments, strings and names: one regular expression per family, that finds the next thing
 * that matters. Named parts: `string` (content of a literal), `name`, `hook` (a character that needs more than a regular
 * expression: a template or a possible regular expression of JavaScript). What no named part holds is skipped.
 */
export interface LexicalFamily {
  readonly pattern: RegExp;
  /** Capture group of a name. */
  readonly name: number;
  /** Capture group of a hook; 0 where the family has none. */
  readonly hook: number;
  /** Capture groups of string contents. */
  readonly strings: readonly number[];
}

const comment = {
  slashes: "\\/\\/[^\\n]*",
  hash: "#[^\\n]*",
  /** In shells # opens a comment only at the start of a word. */
  shellHash: "(?<![\\w$\\\\{}&'\"])#[^\\n]*",
  dashes: "--[^\\n]*",
  semicolon: ";[^\\n]*",
  percent: "%[^\\n]*",
  bang: "![^\\n]*",
  block: "\\/\\*[\\s\\S]*?(?:\\*\\/|$)",
  lua: "--\\[(?<eq>=*)\\[[\\s\\S]*?(?:\\]\\k<eq>\\]|$)",
  haskell: "\\{-[\\s\\S]*?(?:-\\}|$)",
  ml: "\\(\\*[\\s\\S]*?(?:\\*\\)|$)",
  lisp: "#\\|[\\s\\S]*?(?:\\|#|$)",
  powershell: "<#[\\s\\S]*?(?:#>|$)",
  html: "<!--[\\s\\S]*?(?:-->|$)",
  basic: "'[^\\n]*",
  ruby: "^=begin[\\s\\S]*?(?:^=end|$)",
};

const literal = {
  double: '"(?<string>(?:[^"\\\\\\n]|\\\\[\\s\\S])*)"?',
  single: "'(?<string>(?:[^'\\\\\\n]|\\\\[\\s\\S])*)'?",
  doubleLong: '"(?<string>(?:[^"\\\\]|\\\\[\\s\\S])*)"?',
  singlePlain: "'(?<string>[^']*)'?",
  singleLong: "'(?<string>(?:[^'\\\\]|\\\\[\\s\\S])*)'?",
  singleSql: "'(?<string>(?:[^']|'')*)'?",
  character: "'(?:[^'\\\\\\n]|\\\\[^\\n'][^'\\n]{0,9}|\\\\')'",
  tripleDouble: '"""(?<string>[\\s\\S]*?)(?:"""|$)',
  tripleSingle: "'''(?<string>[\\s\\S]*?)(?:'''|$)",
  backtick: "`(?<string>[^`]*)`?",
  verbatim: '@\\$?"(?<string>(?:[^"]|"")*)"?',
  rawCpp: 'R"(?<delimiter>[^()\\\\\\s]{0,16})\\((?<string>[\\s\\S]*?)(?:\\)\\k<delimiter>"|$)',
  rawRust: 'r(?<hashes>#*)"(?<string>[\\s\\S]*?)(?:"\\k<hashes>|$)',
  include: "#[ \\t]*include[ \\t]*<(?<string>[^>\\n]+)>",
  luaLong: "\\[(?<level>=*)\\[(?<string>[\\s\\S]*?)(?:\\]\\k<level>\\]|$)",
};

const number = "(?<![\\p{L}_])\\d[\\w.]*";
const numberQuoted = "(?<![\\p{L}_])\\d(?:[\\w.]|'(?=[0-9a-fA-F]))*";
const name = {
  plain: "(?<name>[\\p{L}_][\\p{L}\\p{M}\\p{N}_]*)",
  dollar: "(?<name>[\\p{L}_$][\\p{L}\\p{M}\\p{N}_$\\u200c\\u200d]*)",
  primed: "(?<name>[\\p{L}_][\\p{L}\\p{M}\\p{N}_']*)",
  hyphened: "(?<name>[\\p{L}_][\\p{L}\\p{M}\\p{N}_-]*[\\p{L}\\p{M}\\p{N}_])",
};

/** Groups become numbered: names may not repeat in a pattern, and a match with named groups costs twice the time. */
function family(...parts: readonly string[]): LexicalFamily {
  const groups: string[] = [""];
  const source = parts
    .join("|")
    .replace(/\(\?<([a-z]+)>|\\k<([a-z]+)>/g, (_all, opened: string | undefined, repeated: string | undefined) => {
      if (opened !== undefined) groups.push(opened);
      return opened === undefined ? `\\${groups.lastIndexOf(repeated!)}` : "(";
    })
    .replaceAll("|$)", "|(?![\\s\\S]))");
  return {
    pattern: new RegExp(source, "gmu"),
    name: groups.indexOf("name"),
    hook: Math.max(0, groups.indexOf("hook")),
    strings: groups.flatMap((group, index) => (group === "string" ? [index] : [])),
  };
}

/** Colours look like ids. */
const cssColour = "#[0-9a-fA-F]{3,8}\\b";
const { slashes, block } = comment;
const { double, single, character, tripleDouble, tripleSingle, backtick } = literal;

const families = {
  c: family(slashes, block, literal.include, literal.rawCpp, double, character, numberQuoted, name.plain),
  csharp: family(slashes, block, tripleDouble, literal.verbatim, double, character, number, name.plain),
  java: family(slashes, block, tripleDouble, double, character, number, name.plain),
  javascript: family(slashes, block, double, single, "(?<hook>[`/{}])", number, name.dollar),
  dart: family(slashes, block, tripleDouble, tripleSingle, double, single, number, name.plain),
  go: family(slashes, block, double, backtick, character, number, name.plain),
  rust: family(slashes, block, literal.rawRust, literal.doubleLong, character, number, name.plain),
  python: family(comment.hash, tripleDouble, tripleSingle, double, single, number, name.plain),
  hash: family(comment.hash, double, single, number, name.plain),
  ruby: family(comment.ruby, comment.hash, double, single, number, name.plain),
  shell: family(comment.shellHash, literal.singlePlain, literal.doubleLong, number, name.plain),
  php: family("<\\?(?:php\\b|=)?", slashes, "#(?!\\[)[^\\n]*", block, literal.doubleLong, literal.singleLong, number, name.plain),
  sql: family(comment.dashes, block, literal.singleSql, double, number, name.plain),
  lua: family(comment.lua, comment.dashes, literal.luaLong, double, single, number, name.plain),
  haskell: family(comment.haskell, comment.dashes, double, character, number, name.primed),
  ml: family(comment.ml, double, character, number, name.primed),
  fsharp: family(slashes, comment.ml, tripleDouble, literal.verbatim, double, character, number, name.primed),
  lisp: family(comment.lisp, comment.semicolon, literal.doubleLong, number, name.hyphened),
  percent: family(comment.percent, literal.doubleLong, number, name.plain),
  basic: family(comment.basic, double, number, name.plain),
  fortran: family(comment.bang, double, single, number, name.plain),
  pascal: family(slashes, comment.ml, "\\{[^}]*\\}?", literal.singleSql, number, name.plain),
  powershell: family(comment.powershell, comment.hash, literal.doubleLong, literal.singlePlain, number, name.plain),
  vhdl: family(comment.dashes, double, number, name.plain),
  asm: family(slashes, block, comment.semicolon, comment.hash, double, number, name.plain),
  css: family(block, double, single, cssColour, number, `(?<=[.#$@-])${name.hyphened}`),
  scss: family(slashes, block, double, single, cssColour, number, `(?<=[.#$@%-])${name.hyphened}`),
} as const satisfies Record<string, LexicalFamily>;

export type FamilyName = keyof typeof families;

const byLanguage: Readonly<Record<FamilyName, string>> = {
  c: "c cpp cuda-cpp objective-c objective-cpp wgsl d v proto3",
  csharp: "csharp",
  java: "java kotlin scala groovy swift zig solidity cue go.mod",
  javascript: "javascript javascriptreact typescript typescriptreact",
  dart: "dart",
  go: "go",
  rust: "rust",
  python: "python starlark meson",
  hash: "perl raku r julia elixir nim awk tcl nix rego graphql cmake makefile dockerfile",
  ruby: "ruby",
  shell: "shellscript just m4 bat",
  php: "php thrift terraform jsonnet",
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
  vhdl: "vhdl ada",
  asm: "assembly",
  css: "css",
  scss: "scss less sass",
};

const familyOf = new Map<string, LexicalFamily>();
for (const [name, languages] of Object.entries(byLanguage)) {
  for (const language of languages.split(" ")) familyOf.set(language, families[name as FamilyName]);
}

/** How a language is read; undefined for prose, data and markup. */
export function lexicalFamily(language: string): LexicalFamily | undefined {
  return familyOf.get(language);
}
