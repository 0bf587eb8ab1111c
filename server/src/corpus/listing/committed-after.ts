import { plural } from "@midtrain/protocol/words";
import { readFirstCommits } from "./first-committed";
import { requireGit, splitAtNul } from "./git";
import { prefixOf, type WorkTree } from "./git-place";
import { requireHistory, resolveAfter } from "./held-out-after";
import { renameArguments } from "./history-log";
import { pathName } from "./path-names";

export interface CommittedAfter {
  /** Of the given paths, those that are new since then. */
  readonly paths: ReadonlySet<string>;
  readonly notes: readonly string[];
}

/**
 * Which of these tracked files are new since a date or a commit (temporal hold-out, §3.1), renames followed; files that no commit holds yet are new.
 * Since a date: first committed later. Since a commit: not among its files. Where a shallow clone cannot tell, a file counts as old, and it is said.
 * @throws MidtrainError: input (no history, no such date or commit), environment, cancelled.
 */
export async function committedAfter(
  directory: string,
  after: string,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<CommittedAfter> {
  const tree = await requireHistory(directory, signal);
  const since = await resolveAfter(tree, after, signal);
  if (since.kind === "commit") {
    const added = await addedSince(tree, since.commit, signal);
    return { paths: new Set(paths.filter((path) => added.has(path))), notes: [] };
  }
  const { dates, unknownBefore } = await readFirstCommits(tree, paths, signal);
  const isLater = (path: string): boolean => (dates.get(path) ?? Infinity) > since.seconds;
  const unknown = paths.filter((path) => isLater(path) && unknownBefore.has(path));
  return {
    paths: new Set(paths.filter((path) => isLater(path) && !unknownBefore.has(path))),
    notes: unknown.length === 0 ? [] : [shallowNote(unknown.length, after)],
  };
}

function shallowNote(files: number, after: string): string {
  return `This is a shallow clone: whether ${plural(files, "file")} came after ${after} cannot be told; they count as old. \`git fetch --unshallow\` brings the history.`;
}

/** Paths of the index, relative to the directory, that the commit holds under no name. */
async function addedSince(tree: WorkTree, commit: string, signal?: AbortSignal): Promise<ReadonlySet<string>> {
  const args = ["diff-index", "--cached", "-z", "--name-only", "--diff-filter=A", ...renameArguments(tree), commit, "--"];
  const added = splitAtNul(await requireGit(tree.root, args, { signal })).map((path) => pathName(path).path);
  const prefix = prefixOf(tree);
  return new Set(added.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length)));
}
