import { posix } from "node:path";
import { linguistTables } from "../../../../.cache/linguist-tables.mjs";
import { comments, languageTable, type CommentName, type CommentSyntax, type LanguageKind } from "./language-table";

export type { CommentSyntax, LanguageKind } from "./language-table";

export interface Language {
  readonly id: string;
  readonly kind: LanguageKind;
  readonly comment: CommentSyntax;
}

/** The language of text that no table knows. */
export const unknownLanguage = "plaintext";

const byId = new Map<string, Language>();
const byAlias = new Map<string, Language>();
const byExtension = new Map<string, Language>();
const byName = new Map<string, Language>();
const byInterpreter = new Map<string, Language>();

function words(text: string | undefined): string[] {
  return (text ?? "").split(" ").filter((word) => word !== "");
}

function addAll(index: Map<string, Language>, keys: readonly string[], language: Language): void {
  for (const key of keys) if (!index.has(key)) index.set(key, language);
}

/** Names under which Linguist knows a language of our table; equal names and aliases are found without it. */
const linguistNames: Readonly<Record<string, string>> = {
  tsx: "typescriptreact",
  tex: "latex",
  bibtex: "latex",
  text: "plaintext",
  "c++": "cpp",
  "c#": "csharp",
  "f#": "fsharp",
  cuda: "cuda-cpp",
  "objective-c++": "objective-cpp",
  shell: "shellscript",
  "json with comments": "jsonc",
  json5: "jsonc",
  "visual basic .net": "vb",
  "visual basic 6.0": "vb",
  vba: "vb",
  batchfile: "bat",
  "common lisp": "lisp",
  "emacs lisp": "lisp",
  scheme: "lisp",
  racket: "lisp",
  "protocol buffer": "proto3",
  hcl: "terraform",
  "java properties": "ini",
  "ignore list": "ignore",
  "git attributes": "ignore",
  codeowners: "ignore",
  "pip requirements": "pip-requirements",
  "go module": "go.mod",
  "gettext catalog": "po",
  tsv: "csv",
  "roff manpage": "roff",
  wikitext: "textile",
  "pod 6": "pod",
  "unix assembly": "assembly",
  "motorola 68k assembly": "assembly",
  m4sugar: "m4",
  "xml property list": "xml",
  "maven pom": "xml",
  gradle: "groovy",
  "gradle kotlin dsl": "kotlin",
  pug: "jade",
  glsl: "wgsl",
  hlsl: "wgsl",
  metal: "wgsl",
};

/** Comments by the editor mode that Linguist names; what is missing here has none that we would cut. */
const modeComments: Readonly<Record<string, CommentName>> = {
  c_cpp: "c",
  java: "c",
  javascript: "c",
  typescript: "c",
  csharp: "c",
  golang: "c",
  rust: "c",
  d: "c",
  dart: "c",
  scala: "c",
  haxe: "c",
  actionscript: "c",
  glsl: "c",
  verilog: "c",
  protobuf: "c",
  scad: "c",
  vala: "c",
  css: "css",
  python: "hash",
  ruby: "hash",
  perl: "hash",
  sh: "hash",
  yaml: "hash",
  toml: "hash",
  makefile: "hash",
  elixir: "hash",
  julia: "hash",
  r: "hash",
  tcl: "hash",
  nix: "hash",
  coffee: "hash",
  dockerfile: "hash",
  gitignore: "hash",
  php: "php",
  sql: "sql",
  pgsql: "sql",
  ada: "sql",
  vhdl: "sql",
  lua: "lua",
  haskell: "haskell",
  elm: "haskell",
  html: "html",
  xml: "html",
  markdown: "html",
  lisp: "lisp",
  clojure: "lisp",
  scheme: "lisp",
  tex: "percent",
  erlang: "percent",
  matlab: "percent",
  prolog: "percent",
  ocaml: "ml",
  pascal: "pascal",
  powershell: "powershell",
  ini: "ini",
  properties: "ini",
  assembly_x86: "assembly",
};

/** Kinds of Linguist's type `data` that people write by hand as they write programs. */
const writtenData =
  /^(ABNF|EBNF|ASN\.1|Avro IDL|Bicep|CIL|Cloud Firestore.*|GN|Kusto|Lark|Linux Kernel Module|Ninja|PlantUML|Prisma|RBS|RPM Spec|SELinux Policy|SPARQL|Soong|WebAssembly Interface Type|YANG)$/;
/** Kinds that machines write for machines. */
const machineData =
  /ObjDump|Font|Layout|Gerber|Wavefront|Pickle|Public Key|X BitMap|X PixMap|IRC log|Checksums|traceback|SubRip|WebVTT|^(2-Dimensional Array|Altium Designer|COLLADA|CoNLL-U|DirectX 3D File|Eagle|Edje.*|FIGlet.*|Formatted|GEDCOM|G-code|KiCad.*|M3U|NL|Raw token data|STL|STAR|Simple File Verification|TSPLIB data|TextGrid|Unity3D Asset|Jest Snapshot)$/;

function kindOf(name: string, type: string): LanguageKind {
  if (machineData.test(name)) return "data";
  if (type === "prose") return "prose";
  return type === "data" && !writtenData.test(name) ? "config" : "code";
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll("#", "sharp")
    .replaceAll("+", "p")
    .replace(/[^a-z0-9.]+/g, "-")
    .replace(/^-|-$/g, "");
}

for (const [id, kind, comment, extensions, names, interpreters] of languageTable) {
  const language: Language = { id, kind, comment: comments[comment] };
  byId.set(id, language);
  addAll(byExtension, words(extensions), language);
  addAll(byName, words(names), language);
  addAll(byInterpreter, words(interpreters), language);
}
for (const pass of ["primary", "others"]) {
  for (const [name, type, , mode, aliases, extensions, fileNames, interpreters] of linguistTables.languages) {
    const known = [name.toLowerCase(), slug(name), ...aliases].map((alias) =>
      byId.get(Object.hasOwn(linguistNames, alias) ? linguistNames[alias]! : alias),
    );
    const comment = Object.hasOwn(modeComments, mode) ? modeComments[mode]! : "none";
    const language: Language = known.find((found) => found !== undefined) ?? {
      id: slug(name),
      kind: kindOf(name, type),
      comment: comments[comment],
    };
    if (!byId.has(language.id)) byId.set(language.id, language);
    addAll(byAlias, [name.toLowerCase(), ...aliases], language);
    // A language's first extension says more about it than the others that it shares.
    addAll(byExtension, pass === "primary" ? extensions.slice(0, 1) : extensions, language);
    addAll(
      byName,
      fileNames.map((file) => file.toLowerCase()),
      language,
    );
    addAll(byInterpreter, interpreters, language);
  }
}

/** A language by its id or any name that Linguist knows it by ("C++", "Jupyter Notebook", "zsh"). */
export function languageByName(value: string): string | undefined {
  const name = value.toLowerCase();
  const mapped = Object.hasOwn(linguistNames, name) ? linguistNames[name]! : name;
  return (byId.get(mapped) ?? byAlias.get(name))?.id;
}

/** Maps the value of a `linguist-language` attribute; Linguist writes spaces as dashes there. */
export function languageFromAttribute(value: string): string | undefined {
  return languageByName(value) ?? languageByName(value.replaceAll("-", " "));
}

export function languageByShebang(firstLine: string): Language | undefined {
  if (!firstLine.startsWith("#!")) return undefined;
  const match = /^#!\s*(\S+)(?:\s+(.*))?$/.exec(firstLine.trimEnd());
  if (match === null) return undefined;
  const program = posix.basename(match[1]!);
  const interpreter =
    program === "env" ? (match[2] ?? "").split(/\s+/).find((word) => word !== "" && !word.startsWith("-") && !word.includes("=")) : program;
  return interpreter === undefined ? undefined : (byInterpreter.get(interpreter) ?? byInterpreter.get(interpreter.replace(/[\d.]+$/, "")));
}

export interface NamedLanguage {
  readonly language?: Language | undefined;
  /** The ending by which it was found, or would be. */
  readonly extension: string;
}

/** What the name alone says. */
export function languageByPath(path: string): NamedLanguage {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const named = byName.get(name) ?? byNamePattern(name);
  if (named !== undefined) return { language: named, extension: "" };
  // `config.yaml.example`, `nginx.conf.template`: the outer ending says how it is used, the inner one what it is.
  const bare = name.replace(/\.(example|sample|template|tmpl|tpl|dist|in|default|bak|orig)$/, "");
  for (const stem of bare === name ? [name] : [bare, name]) {
    for (let dot = stem.indexOf("."); dot >= 0; dot = stem.indexOf(".", dot + 1)) {
      const extension = stem.slice(dot + 1);
      const language = byExtension.get(extension);
      if (language !== undefined) return { language, extension };
    }
    if (stem !== name && byName.has(stem)) return { language: byName.get(stem), extension: "" };
  }
  return { extension: bare.includes(".") ? bare.slice(bare.lastIndexOf(".") + 1) : "" };
}

function byNamePattern(name: string): Language | undefined {
  if (name.startsWith(".env") && /^\.env(\.|$)/.test(name)) return byId.get("dotenv");
  if (/^(dockerfile|containerfile)[.-]/.test(name)) return byId.get("dockerfile");
  if (/^makefile[.-]/.test(name)) return byId.get("makefile");
  if (/^k(?:config|build)[.-]/.test(name)) return byId.get(name.startsWith("kconfig") ? "kconfig" : "makefile");
  if (name.endsWith(".txt") && /^(.*[-_.])?requirements([-_.].*)?\.txt$/.test(name)) return byId.get("pip-requirements");
  return undefined;
}

function lookUp(path: string, firstLine: string | undefined): Language | undefined {
  return languageByPath(path).language ?? (firstLine === undefined ? undefined : languageByShebang(firstLine));
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
