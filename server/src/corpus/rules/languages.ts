import { posix } from "node:path";

/** How comments look, for licence headers: line prefixes and block delimiters. */
export interface CommentSyntax {
  readonly line: readonly string[];
  readonly block: readonly (readonly [string, string])[];
}

/** What kind of text a language is: decides the class of a file and which limits apply to it. */
export type LanguageKind = "code" | "config" | "prose" | "data";

const comments = {
  none: { line: [], block: [] },
  c: { line: ["//"], block: [["/*", "*/"]] },
  css: { line: [], block: [["/*", "*/"]] },
  hash: { line: ["#"], block: [] },
  php: { line: ["//", "#"], block: [["/*", "*/"]] },
  sql: { line: ["--"], block: [["/*", "*/"]] },
  lua: { line: ["--"], block: [["--[[", "]]"]] },
  haskell: { line: ["--"], block: [["{-", "-}"]] },
  html: { line: [], block: [["<!--", "-->"]] },
  lisp: { line: [";"], block: [["#|", "|#"]] },
  percent: { line: ["%"], block: [] },
  ml: { line: [], block: [["(*", "*)"]] },
  fsharp: { line: ["//"], block: [["(*", "*)"]] },
  pascal: {
    line: ["//"],
    block: [
      ["{", "}"],
      ["(*", "*)"],
    ],
  },
  basic: { line: ["'"], block: [] },
  batch: { line: ["REM ", "rem ", "::"], block: [] },
  vim: { line: ['"'], block: [] },
  fortran: { line: ["!"], block: [] },
  assembly: { line: ["//", "#", ";", "@"], block: [["/*", "*/"]] },
  powershell: { line: ["#"], block: [["<#", "#>"]] },
  ini: { line: ["#", ";"], block: [] },
  rst: { line: [], block: [] },
} as const satisfies Record<string, CommentSyntax>;

type CommentName = keyof typeof comments;

/**
 * id (VS Code's language ids where it has one), kind, comment syntax, extensions, file names, shebang interpreters.
 * An extension belongs to the first language that lists it.
 */
const table: readonly (readonly [
  id: string,
  kind: LanguageKind,
  comment: CommentName,
  extensions: string,
  names?: string,
  interpreters?: string,
])[] = [
  ["typescript", "code", "c", "ts mts cts", "", "ts-node tsx deno bun"],
  ["typescriptreact", "code", "c", "tsx"],
  ["javascript", "code", "c", "js mjs cjs es6 jsm", "jakefile", "node"],
  ["javascriptreact", "code", "c", "jsx"],
  ["vue", "code", "html", "vue"],
  ["svelte", "code", "html", "svelte"],
  ["astro", "code", "html", "astro"],
  [
    "python",
    "code",
    "hash",
    "py pyi pyw pyx pxd pxi bzl bazel star gyp gypi",
    "sconstruct sconscript wscript build workspace snakefile tiltfile",
    "python python2 python3 pypy pypy3",
  ],
  ["go", "code", "c", "go"],
  ["rust", "code", "c", "rs"],
  ["java", "code", "c", "java jav"],
  ["kotlin", "code", "c", "kt kts"],
  ["scala", "code", "c", "scala sc sbt", "", "scala"],
  ["groovy", "code", "c", "groovy gradle gvy", "jenkinsfile", "groovy"],
  ["c", "code", "c", "c h"],
  ["cpp", "code", "c", "cc cpp cxx c++ hh hpp hxx h++ inl ipp tpp tcc cppm ixx ino"],
  ["cuda-cpp", "code", "c", "cu cuh"],
  ["objective-c", "code", "c", "m"],
  ["objective-cpp", "code", "c", "mm"],
  ["csharp", "code", "c", "cs csx"],
  ["fsharp", "code", "fsharp", "fs fsi fsx"],
  ["vb", "code", "basic", "vb bas frm"],
  ["swift", "code", "c", "swift", "", "swift"],
  ["dart", "code", "c", "dart"],
  ["php", "code", "php", "php php3 php4 php5 phtml", "", "php"],
  [
    "ruby",
    "code",
    "hash",
    "rb rake gemspec ru podspec thor",
    "rakefile gemfile podfile vagrantfile fastfile guardfile brewfile capfile",
    "ruby jruby",
  ],
  ["perl", "code", "hash", "pl pm t", "", "perl"],
  ["raku", "code", "hash", "raku rakumod p6 pm6", "", "raku"],
  ["lua", "code", "lua", "lua", "", "lua luajit"],
  ["r", "code", "hash", "r rmd", "", "rscript"],
  ["julia", "code", "hash", "jl", "", "julia"],
  ["haskell", "code", "haskell", "hs lhs hsc", "", "runhaskell"],
  ["elm", "code", "haskell", "elm"],
  ["purescript", "code", "haskell", "purs"],
  ["ocaml", "code", "ml", "ml mli mll mly", "", "ocaml"],
  ["clojure", "code", "lisp", "clj cljs cljc edn"],
  ["lisp", "code", "lisp", "lisp lsp cl el scm ss rkt"],
  ["erlang", "code", "percent", "erl hrl escript", "rebar.config", "escript"],
  ["elixir", "code", "hash", "ex exs", "", "elixir"],
  ["nim", "code", "hash", "nim nims"],
  ["zig", "code", "c", "zig zon"],
  ["d", "code", "c", "d di"],
  ["v", "code", "c", "v vh sv svh"],
  ["vhdl", "code", "sql", "vhd vhdl"],
  ["pascal", "code", "pascal", "pas pp dpr lpr"],
  ["ada", "code", "sql", "adb ads"],
  ["fortran", "code", "fortran", "f f77 f90 f95 f03 f08 for"],
  ["cobol", "code", "none", "cob cbl cpy"],
  ["prolog", "code", "percent", "pro prolog"],
  ["latex", "prose", "percent", "tex sty cls ltx bib"],
  ["solidity", "code", "c", "sol"],
  ["wgsl", "code", "c", "wgsl glsl vert frag comp hlsl metal"],
  ["assembly", "code", "assembly", "s asm"],
  [
    "shellscript",
    "code",
    "hash",
    "sh bash zsh ksh fish bats command",
    ".bashrc .zshrc .profile .bash_profile pkgbuild apkbuild .envrc",
    "sh bash zsh ksh dash ash fish bats",
  ],
  ["powershell", "code", "powershell", "ps1 psm1 psd1", "", "pwsh"],
  ["bat", "code", "batch", "bat cmd"],
  ["awk", "code", "hash", "awk", "", "awk gawk mawk"],
  ["tcl", "code", "hash", "tcl exp", "", "tclsh wish expect"],
  ["vim", "code", "vim", "vim", ".vimrc"],
  ["sql", "code", "sql", "sql ddl dml psql pgsql"],
  ["graphql", "code", "hash", "graphql gql graphqls"],
  ["proto3", "code", "c", "proto"],
  ["thrift", "code", "php", "thrift"],
  ["terraform", "code", "php", "tf hcl tofu"],
  ["nix", "code", "hash", "nix"],
  ["dhall", "code", "haskell", "dhall"],
  ["rego", "code", "hash", "rego"],
  ["jsonnet", "code", "php", "jsonnet libsonnet"],
  ["cue", "code", "c", "cue"],
  ["starlark", "code", "hash", "sky"],
  ["cmake", "code", "hash", "cmake", "cmakelists.txt"],
  ["makefile", "code", "hash", "mk mak make", "makefile gnumakefile kbuild", "make"],
  ["meson", "code", "hash", "", "meson.build meson_options.txt"],
  ["just", "code", "hash", "just", "justfile"],
  ["m4", "code", "hash", "m4 ac am", "configure.in"],
  ["html", "code", "html", "html htm xhtml jinja jinja2 j2 hbs handlebars mustache ejs erb twig liquid njk cshtml razor jsp jspx ftl vm"],
  ["jade", "code", "c", "pug jade haml slim"],
  ["css", "code", "css", "css"],
  ["scss", "code", "c", "scss"],
  ["sass", "code", "c", "sass styl"],
  ["less", "code", "c", "less"],
  ["yaml", "config", "hash", "yml yaml", ".clang-format .clang-tidy cff"],
  ["toml", "config", "hash", "toml", "pipfile"],
  [
    "ini",
    "config",
    "ini",
    "ini cfg conf cnf properties editorconfig desktop service timer socket inf reg",
    ".editorconfig .gitconfig .npmrc .flake8 .coveragerc .pylintrc .gitmodules",
  ],
  ["dotenv", "config", "hash", "env", ".env"],
  ["dockerfile", "config", "hash", "dockerfile containerfile", "dockerfile containerfile"],
  [
    "ignore",
    "config",
    "hash",
    "",
    ".gitignore .dockerignore .npmignore .eslintignore .prettierignore .gitattributes .helmignore .hgignore codeowners",
  ],
  ["pip-requirements", "config", "hash", "", "requirements.txt constraints.txt requirements-dev.txt dev-requirements.txt"],
  ["go.mod", "config", "c", "", "go.mod go.work"],
  [
    "jsonc",
    "config",
    "c",
    "jsonc json5 code-workspace",
    "tsconfig.json jsconfig.json .eslintrc .babelrc .jshintrc .swcrc settings.json launch.json tasks.json extensions.json",
  ],
  ["json", "config", "none", "json webmanifest avsc ipynb", ".prettierrc .stylelintrc"],
  ["xml", "config", "html", "xml xsd xsl xslt wsdl plist csproj vbproj fsproj props targets nuspec resx xaml axml storyboard xib pom rng"],
  ["markdown", "prose", "html", "md markdown mdx mkd mdown"],
  ["restructuredtext", "prose", "rst", "rst rest"],
  ["asciidoc", "prose", "c", "adoc asciidoc asc"],
  ["org", "prose", "none", "org"],
  ["textile", "prose", "none", "textile rdoc creole mediawiki wiki"],
  ["pod", "prose", "none", "pod"],
  ["roff", "prose", "none", "1 2 3 4 5 6 7 8 9 man mdoc"],
  ["texinfo", "prose", "none", "texi texinfo"],
  [
    "plaintext",
    "prose",
    "none",
    "txt text",
    "readme changelog changes news history authors contributors maintainers todo install contributing thanks copying hacking",
  ],
  ["csv", "data", "none", "csv tsv psv"],
  ["jsonl", "data", "none", "jsonl ndjson geojson"],
  ["svg", "data", "html", "svg"],
  ["log", "data", "none", "log out"],
  ["po", "data", "none", "po pot"],
  ["diff", "data", "none", "diff patch rej"],
];

interface Language {
  readonly id: string;
  readonly kind: LanguageKind;
  readonly comment: CommentSyntax;
}

const byId = new Map<string, Language>();
const byExtension = new Map<string, Language>();
const byName = new Map<string, Language>();
const byInterpreter = new Map<string, Language>();

function words(text: string | undefined): string[] {
  return (text ?? "").split(" ").filter((word) => word !== "");
}

for (const [id, kind, comment, extensions, names, interpreters] of table) {
  const language: Language = { id, kind, comment: comments[comment] };
  byId.set(id, language);
  for (const [index, keys] of [
    [byExtension, extensions],
    [byName, names],
    [byInterpreter, interpreters],
  ] as const) {
    for (const key of words(keys)) if (!index.has(key)) index.set(key, language);
  }
}

/** The language of text that no table knows. */
export const unknownLanguage = "plaintext";

function byShebang(firstLine: string): Language | undefined {
  const match = /^#!\s*(\S+)(?:\s+(.*))?$/.exec(firstLine.trimEnd());
  if (match === null) return undefined;
  const program = posix.basename(match[1]!);
  const interpreter =
    program === "env" ? (match[2] ?? "").split(/\s+/).find((word) => word !== "" && !word.startsWith("-") && !word.includes("=")) : program;
  return interpreter === undefined ? undefined : (byInterpreter.get(interpreter) ?? byInterpreter.get(interpreter.replace(/[\d.]+$/, "")));
}

function lookUp(path: string, firstLine: string | undefined): Language | undefined {
  const name = posix.basename(path).toLowerCase();
  const named = byName.get(name) ?? byNamePattern(name);
  if (named !== undefined) return named;
  // `config.yaml.example`, `nginx.conf.template`: the outer ending says how it is used, the inner one what it is.
  const bare = name.replace(/\.(example|sample|template|tmpl|tpl|dist|in|default|bak|orig)$/, "");
  const extension = bare.includes(".") ? bare.slice(bare.lastIndexOf(".") + 1) : "";
  return byExtension.get(extension) ?? byName.get(bare) ?? (firstLine === undefined ? undefined : byShebang(firstLine));
}

function byNamePattern(name: string): Language | undefined {
  if (/^\.env(\.|$)/.test(name)) return byId.get("dotenv");
  if (/^(dockerfile|containerfile)[.-]/.test(name)) return byId.get("dockerfile");
  if (/^makefile[.-]/.test(name)) return byId.get("makefile");
  if (/^(.*[-_.])?requirements([-_.].*)?\.txt$/.test(name)) return byId.get("pip-requirements");
  return undefined;
}

/**
 * Language id of a file (VS Code's ids where it has one) by name, extension and, for names that say nothing, the shebang line.
 * `plaintext` when nothing is known.
 */
export function languageOf(path: string, firstLine?: string): string {
  return lookUp(path, firstLine)?.id ?? unknownLanguage;
}

/** True when the name or the shebang tells the language. */
export function isKnownLanguage(path: string, firstLine?: string): boolean {
  return lookUp(path, firstLine) !== undefined;
}

export function languageKind(language: string): LanguageKind {
  return byId.get(language)?.kind ?? "prose";
}

export function commentSyntax(language: string): CommentSyntax {
  return byId.get(language)?.comment ?? comments.none;
}

/** Maps the value of a `linguist-language` attribute ("C++", "Jupyter Notebook") to an id of the table. */
export function languageFromAttribute(value: string): string | undefined {
  const name = value.toLowerCase();
  const aliases: Readonly<Record<string, string>> = {
    "c++": "cpp",
    "c#": "csharp",
    "f#": "fsharp",
    shell: "shellscript",
    tsx: "typescriptreact",
    tex: "latex",
    text: "plaintext",
    "json with comments": "jsonc",
  };
  const id = Object.hasOwn(aliases, name) ? aliases[name]! : name;
  return byId.has(id) ? id : undefined;
}
