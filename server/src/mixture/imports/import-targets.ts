import { posix } from "node:path";
import { ancestorsOf, directoryOf, joined, type FileIndex } from "./file-index";
import type { ImportStatement } from "./import-statements";

/** What files say about the names under which others import them. */
export interface ImportNames {
  /** Directory of a JavaScript package by its name. */
  readonly packages: ReadonlyMap<string, string>;
  /** Directory of a Go module by its path. */
  readonly goModules: ReadonlyMap<string, string>;
  /** Files by the package they declare (Java and its kin). */
  readonly javaPackages: ReadonlyMap<string, readonly number[]>;
}

/** The files that a statement means, none when it means something outside of the repository. */
export function targetsOf(statement: ImportStatement, from: string, files: FileIndex, names: ImportNames): readonly number[] {
  switch (statement.kind) {
    case "script":
      return some(scriptTarget(statement.name, from, files, names));
    case "python":
      return pythonTargets(statement, from, files);
    case "include":
      return some(includeTarget(statement, from, files));
    case "go":
      return goTargets(statement.name, files, names);
    case "java":
      return javaTargets(statement.name, files, names);
    case "rust-module":
      return some(files.first(rustModuleFiles(rustDirectory(from), statement.name)));
    case "rust-use":
      return some(rustUseTarget(statement.path, from, files));
  }
}

const some = (file: number | undefined): readonly number[] => (file === undefined ? [] : [file]);

const scriptExtensions = ["", ".ts", ".tsx", ".d.ts", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte", ".json"];

function scriptFile(path: string, files: FileIndex): number | undefined {
  // TypeScript names its sources by what they become.
  const source = path.replace(/\.([cm]?)jsx?$/, "");
  return (
    files.first(scriptExtensions.map((extension) => path + extension)) ??
    (source === path ? undefined : files.first(scriptExtensions.slice(1).map((extension) => source + extension))) ??
    files.first(scriptExtensions.slice(1).map((extension) => `${path === "" ? "" : `${path}/`}index${extension}`))
  );
}

function scriptTarget(name: string, from: string, files: FileIndex, { packages }: ImportNames): number | undefined {
  if (name.startsWith(".")) {
    const path = joined(directoryOf(from), name);
    return path === undefined ? undefined : scriptFile(path, files);
  }
  const parts = name.split("/");
  const [own, rest] = name.startsWith("@") ? [parts.slice(0, 2).join("/"), parts.slice(2)] : [parts[0]!, parts.slice(1)];
  const directory = packages.get(own);
  if (directory === undefined) return undefined;
  for (const root of [directory, posix.join(directory, "src"), posix.join(directory, "lib")]) {
    const file = scriptFile(joined(root, rest.join("/")) ?? "", files);
    if (file !== undefined) return file;
  }
  return undefined;
}

function pythonTargets({ level, module, names }: ImportStatement & { kind: "python" }, from: string, files: FileIndex): readonly number[] {
  const inside = module
    .split(".")
    .filter((part) => part !== "")
    .join("/");
  const roots = level > 0 ? pythonPackage(from, level) : pythonRoots(from);
  for (const root of roots) {
    const base = posix.join(root, inside).replace(/^\.$/, "");
    const submodules = names.flatMap((name) => some(files.first(pythonFiles(posix.join(base, name)))));
    const own = files.first(pythonFiles(base));
    const found = [...new Set([...submodules, ...some(own)])].filter((file) => files.paths[file] !== from);
    if (found.length > 0) return found;
  }
  return [];
}

/** The package that so many dots mean: one is the file's own. */
function pythonPackage(from: string, level: number): readonly string[] {
  const ancestors = ancestorsOf(directoryOf(from));
  const directory = ancestors[level - 1];
  return directory === undefined ? [] : [directory];
}

/** Where absolute imports may begin: the directories above the file, the nearest last, because scripts beside a package import it from the root. */
function pythonRoots(from: string): readonly string[] {
  const ancestors = ancestorsOf(directoryOf(from)).reverse();
  return [...new Set(ancestors.flatMap((directory) => [directory, posix.join(directory, "src"), posix.join(directory, "lib")]))];
}

function pythonFiles(path: string): readonly string[] {
  if (path === "" || path === ".") return ["__init__.py"];
  return [`${path}.py`, `${path}/__init__.py`, `${path}.pyi`, `${path}/__init__.pyi`, `${path}.pyx`];
}

function includeTarget({ name, quoted }: ImportStatement & { kind: "include" }, from: string, files: FileIndex): number | undefined {
  const directory = directoryOf(from);
  const beside = quoted ? joined(directory, name) : undefined;
  const near = beside === undefined ? undefined : files.at(beside);
  if (near !== undefined) return near;
  const roots = ancestorsOf(directory).flatMap((root) => [...(quoted || name.includes("/") ? [root] : []), posix.join(root, "include")]);
  const found = files.first(roots.flatMap((root) => joined(root, name) ?? []));
  if (found !== undefined) return found;
  // Elsewhere a name decides only when it is the only one of its kind: <string.h> is not the repository's own.
  const elsewhere = files.endingWith(name.replace(/^(?:\.\.?\/)+/, ""));
  const fitting = quoted ? elsewhere : elsewhere.filter((file) => files.paths[file]!.endsWith(`include/${name}`));
  return fitting.length === 1 ? fitting[0] : undefined;
}

function goTargets(name: string, files: FileIndex, { goModules }: ImportNames): readonly number[] {
  for (let module = name; module !== ""; module = directoryOf(module)) {
    const directory = goModules.get(module);
    if (directory === undefined) continue;
    const path = joined(directory, name.slice(module.length + 1)) ?? "";
    return files.in(path).filter((file) => files.paths[file]!.endsWith(".go") && !files.paths[file]!.endsWith("_test.go"));
  }
  return [];
}

function javaTargets(name: string, files: FileIndex, { javaPackages }: ImportNames): readonly number[] {
  if (/\.[*_]$/.test(name)) return javaPackages.get(name.slice(0, -2)) ?? [];
  // import a.b.C, a.b.C.Inner, static a.b.C.member: the longest package that is here, then the file of the next name.
  for (let end = name.lastIndexOf("."); end > 0; end = name.lastIndexOf(".", end - 1)) {
    const members = javaPackages.get(name.slice(0, end));
    if (members === undefined) continue;
    const type = name.slice(end + 1).split(".")[0]!;
    return members.filter((file) => posix.basename(files.paths[file]!).replace(/\.\w+$/, "") === type);
  }
  return [];
}

/** Where the children of a module lie: beside main.rs, lib.rs and mod.rs, else in the directory of the file's name. */
function rustDirectory(path: string): string {
  const name = posix.basename(path, ".rs");
  return ["main", "lib", "mod"].includes(name) ? directoryOf(path) : posix.join(directoryOf(path), name);
}

function rustModuleFiles(directory: string, name: string): readonly string[] {
  return [posix.join(directory, `${name}.rs`), posix.join(directory, name, "mod.rs")];
}

function rustUseTarget(path: readonly string[], from: string, files: FileIndex): number | undefined {
  const [root, ...rest] = path;
  let directory = rustDirectory(from);
  let names = rest;
  if (root === "crate") directory = rustCrate(from, files);
  else if (root === "super") {
    directory = directoryOf(directory);
    while (names[0] === "super") [directory, names] = [directoryOf(directory), names.slice(1)];
  }
  // What is named last is mostly an item of a module: the longest part that is a file.
  for (let length = names.length; length > 0; length--) {
    const target = files.first(rustModuleFiles(posix.join(directory, ...names.slice(0, length - 1)), names[length - 1]!));
    if (target !== undefined) return files.paths[target] === from ? undefined : target;
  }
  return undefined;
}

/** The nearest directory above with a lib.rs or main.rs. */
function rustCrate(from: string, files: FileIndex): string {
  const ancestors = ancestorsOf(directoryOf(from));
  return (
    ancestors.find((directory) => files.first(["lib.rs", "main.rs"].map((name) => posix.join(directory, name))) !== undefined) ?? "src"
  );
}
