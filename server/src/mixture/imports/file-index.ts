import { posix } from "node:path";

/** Which files of the repository there are, by path, by directory and by the end of their path. */
export class FileIndex {
  readonly #byPath: ReadonlyMap<string, number>;
  readonly #byDirectory = new Map<string, number[]>();
  readonly #byName = new Map<string, number[]>();

  constructor(readonly paths: readonly string[]) {
    this.#byPath = new Map(paths.map((path, file) => [path, file]));
    for (const [file, path] of paths.entries()) {
      add(this.#byDirectory, directoryOf(path), file);
      add(this.#byName, posix.basename(path), file);
    }
  }

  at(path: string): number | undefined {
    return this.#byPath.get(path);
  }

  /** The first of some paths that is there. */
  first(candidates: Iterable<string>): number | undefined {
    for (const candidate of candidates) {
      const file = this.#byPath.get(candidate);
      if (file !== undefined) return file;
    }
    return undefined;
  }

  in(directory: string): readonly number[] {
    return this.#byDirectory.get(directory) ?? [];
  }

  hasDirectory(directory: string): boolean {
    return this.#byDirectory.has(directory);
  }

  /** Files whose path is `end` or ends with a slash and `end`. */
  endingWith(end: string): readonly number[] {
    const named = this.#byName.get(posix.basename(end)) ?? [];
    return named.filter((file) => this.paths[file] === end || this.paths[file]!.endsWith(`/${end}`));
  }
}

function add(map: Map<string, number[]>, key: string, file: number): void {
  const files = map.get(key);
  if (files === undefined) map.set(key, [file]);
  else files.push(file);
}

/** The root is "". */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/** The directory, its parent, and so on to the root. */
export function ancestorsOf(directory: string): string[] {
  const ancestors = [directory];
  for (let current = directory; current !== "";) ancestors.push((current = directoryOf(current)));
  return ancestors;
}

/** Undefined for what leads out of the repository. */
export function joined(directory: string, name: string): string | undefined {
  const path = posix.normalize(posix.join(directory, name));
  if (path === ".." || path.startsWith("../")) return undefined;
  return path === "." ? "" : path.replace(/\/$/, "");
}
