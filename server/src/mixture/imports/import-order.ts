import { count, plural } from "@midtrain/protocol/words";
import { circles, dependencyOrder, type ImportGraph } from "./dependency-order";
import { directoryOf, FileIndex, joined } from "./file-index";
import { importFamily, importStatements, type ImportStatement } from "./import-statements";
import { targetsOf, type ImportNames } from "./import-targets";

export interface ImportOrder {
  /** Place of each path; undefined when no file imports another one, so that the order is that of the paths. */
  readonly places: ReadonlyMap<string, number> | undefined;
  /** What was found, in words. */
  readonly words: string;
}

interface OrderedText {
  readonly path: string;
  readonly text: string;
}

/**
 * Files after what they import, circles together, ties by path (DeepSeek-Coder 2401.14196 orders repositories like this): JavaScript and
 * TypeScript, Python, C and C++, Go, Java and its kin, Rust. Imports that lead out of the repository count for nothing.
 */
export function importOrder(documents: readonly OrderedText[]): ImportOrder {
  const sorted = [...documents].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const graph = importGraph(sorted);
  const imports = graph.reduce((sum, targets) => sum + targets.length, 0);
  if (imports === 0) return { places: undefined, words: "No file imports another one: the files are packed in path order." };
  const order = dependencyOrder(graph);
  const loops = circles(graph).filter((members) => members.length > 1).length;
  const importers = graph.filter((targets) => targets.length > 0).length;
  const inCircles = loops === 0 ? "" : `; ${plural(loops, "circle stands", "circles stand")} together`;
  return {
    places: new Map(order.map((file, place) => [sorted[file]!.path, place])),
    words: `The files are packed in import order: ${count(importers)} of ${plural(sorted.length, "file")} import others of the repository, ${plural(imports, "import")} in all${inCircles}.`,
  };
}

/** Numbers are places in `documents`, which are sorted by path and have each path once. */
export function importGraph(documents: readonly OrderedText[]): ImportGraph {
  const files = new FileIndex(documents.map(({ path }) => path));
  const statements = documents.map(({ path, text }): readonly ImportStatement[] => {
    const family = importFamily(path);
    return family === undefined ? [] : importStatements(family, text);
  });
  const names = namesOf(documents, files, statements);
  return documents.map(({ path }, file) => {
    const targets = new Set(statements[file]!.flatMap((statement) => targetsOf(statement, path, files, names)));
    targets.delete(file);
    return [...targets].sort((a, b) => a - b);
  });
}

function namesOf(documents: readonly OrderedText[], files: FileIndex, statements: readonly (readonly ImportStatement[])[]): ImportNames {
  const packages = new Map<string, string>();
  const goModules = new Map<string, string>();
  const javaPackages = new Map<string, number[]>();
  for (const [file, { path, text }] of documents.entries()) {
    if (/(?:^|\/)package\.json$/.test(path)) {
      const name = /"name"\s*:\s*"([^"\n]+)"/.exec(text)?.[1];
      if (name !== undefined) packages.set(name, directoryOf(path));
    } else if (/(?:^|\/)go\.mod$/.test(path)) {
      const name = /^module[ \t]+"?([^\s"]+)/m.exec(text)?.[1];
      if (name !== undefined) goModules.set(name, directoryOf(path));
    } else if (importFamily(path) === "java") {
      const name = /^[ \t]*package[ \t]+([\w.]+)/m.exec(text)?.[1];
      if (name === undefined) continue;
      const members = javaPackages.get(name);
      if (members === undefined) javaPackages.set(name, [file]);
      else members.push(file);
    }
  }
  if (goModules.size === 0) addLikelyGoModule(goModules, files, statements);
  return { packages, goModules, javaPackages };
}

/** Without a go.mod the module is what most imports have before a directory that is here. */
function addLikelyGoModule(modules: Map<string, string>, files: FileIndex, statements: readonly (readonly ImportStatement[])[]): void {
  const votes = new Map<string, number>();
  for (const statement of statements.flat()) {
    if (statement.kind !== "go" || !statement.name.split("/")[0]!.includes(".")) continue;
    for (let slash = statement.name.indexOf("/"); slash > 0; slash = statement.name.indexOf("/", slash + 1)) {
      const directory = joined("", statement.name.slice(slash + 1));
      if (directory === undefined || !files.hasDirectory(directory)) continue;
      const module = statement.name.slice(0, slash);
      votes.set(module, (votes.get(module) ?? 0) + 1);
      break;
    }
  }
  const [best] = [...votes].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  if (best !== undefined) modules.set(best[0], "");
}
