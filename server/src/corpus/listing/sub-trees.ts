import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import picomatch from "picomatch";
import { MidtrainError } from "@midtrain/protocol/errors";

/** The sub-trees that `corpus.directories` names, relative to the harvested directory. */
export interface SubTrees {
  /** For git, so that it looks at nothing else; empty: everything. */
  readonly pathspecs: readonly string[];
  readonly isEverything: boolean;
  includes(path: string): boolean;
  /** Configured sub-trees that hold none of these paths. */
  without(paths: readonly string[]): readonly string[];
}

function normalised(given: string): string {
  const path = posix.normalize(given.replaceAll("\\", "/")).replace(/\/$/, "").replace(/^\.\//, "");
  if (path !== ".." && !path.startsWith("../") && !posix.isAbsolute(path)) return path;
  throw new MidtrainError({
    reason: "input",
    message: `corpus.directories names ${given}, which lies outside the harvested directory.`,
    where: "midtrain.jsonc",
    next: "Name sub-trees relative to the repository; further directories belong into corpus.roots.",
  });
}

/** Matches a path when the sub-tree is the path itself or one of the directories above it. */
function matcherOf(directory: string, subTree: string): { readonly matches: (path: string) => boolean; readonly pathspecs: string[] } {
  if (subTree === ".") return { matches: () => true, pathspecs: ["."] };
  const isGlob = picomatch.scan(subTree).isGlob && !existsSync(join(directory, subTree));
  if (!isGlob) {
    return { matches: (path) => path === subTree || path.startsWith(`${subTree}/`), pathspecs: [`:(literal)${subTree}`] };
  }
  const matchesGlob = picomatch(subTree, { dot: true, nonegate: true });
  const decided = new Map<string, boolean>();
  const matches = (path: string): boolean => {
    if (path === "." || path === "") return false;
    const known = decided.get(path);
    if (known !== undefined) return known;
    const verdict = matchesGlob(path) || matches(posix.dirname(path));
    decided.set(path, verdict);
    return verdict;
  };
  // Git's globs know no braces: it is asked about everything, and the answer is filtered.
  return { matches, pathspecs: ["."] };
}

export function makeSubTrees(directory: string, directories: readonly string[]): SubTrees {
  const subTrees = directories.map(normalised);
  const matchers = subTrees.map((subTree) => matcherOf(directory, subTree));
  return {
    pathspecs: [...new Set(matchers.flatMap((matcher) => matcher.pathspecs))],
    isEverything: matchers.length === 0,
    includes: matchers.length === 0 ? () => true : (path) => matchers.some((matcher) => matcher.matches(path)),
    without: (paths) => subTrees.filter((_, at) => !paths.some((path) => matchers[at]!.matches(path))),
  };
}
