import { runGit } from "./git";
import { findWorkTree, prefixOf, type WorkTree } from "./git-place";
import { followLog, renameArguments, trackedPaths, type HistoryListener, type Move } from "./history-log";
import { comparePaths } from "./path-names";

/** Two tracked files that the history says were once one. */
export interface HistoryCopy {
  readonly a: string;
  readonly b: string;
}

/** Below this a copy shares a shape with its source, such as a licence and an outline, rather than its text. */
const leastCopySimilarity = 80;

/**
 * Pairs of tracked files of which the history says that one was copied from the other, or both from a third, names followed through renames (for the
 * split: copies belong together even where they have grown apart). A group of more than two is a star around its first path.
 * Copies are seen where the commit also changes their source; looking for others would read every file of every commit.
 * One pass over the history of HEAD; no pairs without git or a commit.
 * @param options.before a commit whose history, itself included, is not searched
 * @param options.paths the files in question, relative to the directory, instead of the tracked ones
 */
export async function renames(
  directory: string,
  signal?: AbortSignal,
  options: { readonly before?: string; readonly paths?: readonly string[] } = {},
): Promise<readonly HistoryCopy[]> {
  const tree = await findWorkTree(directory, signal);
  if (tree.kind === "none") return [];
  const head = await runGit(directory, ["rev-parse", "--verify", "-q", "HEAD"], { signal });
  if (head.code !== 0) return [];
  const prefix = prefixOf(tree);
  const finder = new CopyFinder((options.paths ?? (await trackedPaths(tree, signal))).map((path) => prefix + path));
  const revisions = ["HEAD", ...(options.before === undefined ? [] : [`^${options.before}`])];
  await followLog(tree, [...copyArguments(tree), ...revisions, "--"], finder, signal);
  return finder.pairs().map(({ a, b }) => ({ a: a.slice(prefix.length), b: b.slice(prefix.length) }));
}

/** Of `git log`: files that commits brought, moved and copied. */
export function copyArguments(tree: WorkTree): string[] {
  return [...renameArguments(tree), tree.config.isPartialClone ? "-C100%" : "-C", "--diff-filter=ARC", "--topo-order"];
}

/** Goes from new to old; where a name begins, what is known under it ends, because an older file of that name is another one. */
class CopyFinder implements HistoryListener {
  readonly #names = new Map<string, Set<string>>();
  readonly #pairs = new Map<string, HistoryCopy>();

  constructor(tracked: readonly string[]) {
    for (const path of tracked) this.#names.set(path, new Set([path]));
  }

  commit(): void {
    return undefined;
  }

  added(path: string): void {
    this.#names.delete(path);
  }

  moved({ kind, from, to, similarity }: Move): void {
    const files = this.#names.get(to);
    this.#names.delete(to);
    if (files === undefined || (kind === "copy" && similarity < leastCopySimilarity)) return;
    const older = this.#names.get(from);
    if (older === undefined) this.#names.set(from, files);
    else this.#join(older, files);
  }

  #join(older: Set<string>, files: ReadonlySet<string>): void {
    for (const file of files) older.add(file);
    const [first = "", ...others] = [...older].sort(comparePaths);
    for (const other of others) this.#pairs.set(`${first}\0${other}`, { a: first, b: other });
  }

  pairs(): HistoryCopy[] {
    return [...this.#pairs.values()].sort((x, y) => comparePaths(x.a, y.a) || comparePaths(x.b, y.b));
  }
}
