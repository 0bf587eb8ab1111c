/** Syntax trees by tree-sitter: loaded when first asked for, one parser a language. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as TreeSitter from "web-tree-sitter";
import { bundledFile } from "../config";

/** Language -> grammar of @vscode/tree-sitter-wasm. A header of C is read as C++, which has the larger grammar. */
const grammarNames: ReadonlyMap<string, string> = new Map([
  ["typescript", "typescript"],
  ["typescriptreact", "tsx"],
  ["javascript", "javascript"],
  ["javascriptreact", "javascript"],
  ["python", "python"],
  ["go", "go"],
  ["rust", "rust"],
  ["java", "java"],
  ["csharp", "c-sharp"],
  ["c", "cpp"],
  ["cpp", "cpp"],
  ["ruby", "ruby"],
  ["php", "php"],
  ["shellscript", "bash"],
  ["powershell", "powershell"],
]);

export function hasGrammar(language: string): boolean {
  return grammarNames.has(language);
}

type Library = typeof TreeSitter;

interface Place {
  readonly library: string;
  readonly grammar: (name: string) => string;
}

/** In an installation the build put the grammars beside the bundles; in a checkout they are where npm put them. */
function place(): Place | undefined {
  const require = createRequire(__filename);
  try {
    const library = bundledFile(join("grammars", "web-tree-sitter.cjs"));
    return { library, grammar: (name) => join(dirname(library), `tree-sitter-${name}.wasm`) };
  } catch {
    try {
      return {
        library: require.resolve("web-tree-sitter"),
        grammar: (name) => require.resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`),
      };
    } catch {
      return undefined;
    }
  }
}

let library: Promise<Library | undefined> | undefined;
const parsers = new Map<string, Promise<TreeSitter.Parser | undefined>>();

async function loadLibrary(): Promise<Library | undefined> {
  const found = place();
  if (found === undefined) return undefined;
  const loaded = createRequire(__filename)(found.library) as Library;
  await loaded.Parser.init();
  return loaded;
}

async function loadParser(name: string): Promise<TreeSitter.Parser | undefined> {
  library ??= loadLibrary().catch(() => undefined);
  const tools = await library;
  const file = place()?.grammar(name);
  if (tools === undefined || file === undefined || !existsSync(file)) return undefined;
  const parser = new tools.Parser();
  parser.setLanguage(await tools.Language.load(file));
  return parser;
}

/** The syntax tree of a text, which the caller deletes; undefined without a grammar for the language or in this installation. */
export async function parseTree(text: string, language: string): Promise<TreeSitter.Tree | undefined> {
  const name = grammarNames.get(language);
  if (name === undefined) return undefined;
  let parser = parsers.get(name);
  if (parser === undefined) parsers.set(name, (parser = loadParser(name).catch(() => undefined)));
  return (await parser)?.parse(text) ?? undefined;
}
