import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { requireGit, runGit } from "./git";
import { prefixOf, type WorkTree } from "./git-place";
import { requireHistory } from "./held-out-after";
import { followLog, renameArguments, trackedPaths, type HistoryListener, type Move } from "./history-log";

export interface FirstCommits {
  /** Seconds since 1970 (committer's clock) at which a path, or the path that it was renamed from, first entered the history. */
  readonly dates: ReadonlyMap<string, number>;
  /** Paths whose date is only an upper bound: a shallow clone does not hold the commit that brought them. */
  readonly unknownBefore: ReadonlySet<string>;
}

/**
 * When each of these tracked files was first committed, renames followed: one pass over the history of HEAD, streamed.
 * Files that no commit holds are left out.
 * @param paths relative to `directory`; "all": every tracked file below it.
 * @throws MidtrainError: input (no git history here), environment, cancelled.
 */
export async function firstCommitted(
  directory: string,
  paths: readonly string[] | "all",
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  return (await readFirstCommits(await requireHistory(directory, signal), paths, signal)).dates;
}

export async function readFirstCommits(tree: WorkTree, paths: readonly string[] | "all", signal?: AbortSignal): Promise<FirstCommits> {
  const wanted = paths === "all" ? await trackedPaths(tree, signal) : paths;
  const prefix = prefixOf(tree);
  const fromRoot = wanted.map((path) => prefix + path);
  const follower = new HistoryFollower(fromRoot, await shallowCommits(tree, signal));
  const head = await runGit(tree.directory, ["rev-parse", "--verify", "-q", "HEAD"], { signal });
  if (head.code === 0) {
    await followLog(tree, [...renameArguments(tree), "--diff-filter=AR", "--topo-order", "HEAD", "--"], follower, signal);
    await followMerges(tree, follower, signal);
  }
  return follower.result((path) => path.slice(prefix.length));
}

/** Commits whose parents are not here: everything in them looks as if they had added it. */
async function shallowCommits(tree: WorkTree, signal?: AbortSignal): Promise<ReadonlySet<string>> {
  if (!tree.isShallow) return new Set();
  const file = (await requireGit(tree.directory, ["rev-parse", "--git-path", "shallow"], { signal }))
    .toString("utf8")
    .replace(/\r?\n$/, "");
  return new Set(readFileSync(resolve(tree.directory, file), "utf8").split("\n"));
}

/** Paths that only a merge commit itself brought are shown by no ordinary commit. So many at most are asked for by name. */
const mostPathspecs = 1000;

async function followMerges(tree: WorkTree, follower: HistoryFollower, signal?: AbortSignal): Promise<void> {
  const missing = follower.missing();
  if (missing.length === 0) return;
  const pathspecs = missing.length > mostPathspecs ? [] : missing.map((path) => `:(literal)${path}`);
  await followLog(tree, ["-c", "--merges", "--no-renames", "--diff-filter=A", "HEAD", "--", ...pathspecs], follower, signal);
}

/** Goes through history from new to old and knows under which names the wanted files went at that time. */
class HistoryFollower implements HistoryListener {
  readonly #wanted: readonly string[];
  readonly #shallow: ReadonlySet<string>;
  /** Name in the part of history that is looked at -> files of today. */
  readonly #names = new Map<string, Set<string>>();
  readonly #dates = new Map<string, number>();
  readonly #bounds = new Set<string>();
  #time = 0;
  #isCut = false;

  constructor(wanted: readonly string[], shallow: ReadonlySet<string>) {
    this.#wanted = wanted;
    this.#shallow = shallow;
    for (const path of wanted) this.#names.set(path, new Set([path]));
  }

  commit(time: number, id: string): void {
    this.#time = time;
    this.#isCut = this.#shallow.has(id);
  }

  added(path: string): void {
    for (const file of this.#names.get(path) ?? []) {
      if (this.#isCut) this.#bounds.add(file);
      const known = this.#dates.get(file);
      if (known === undefined || this.#time < known) this.#dates.set(file, this.#time);
    }
  }

  moved({ from, to }: Move): void {
    const files = this.#names.get(to);
    if (files === undefined) return;
    const older = this.#names.get(from);
    if (older === undefined) this.#names.set(from, new Set(files));
    else for (const file of files) older.add(file);
  }

  missing(): string[] {
    return this.#wanted.filter((path) => !this.#dates.has(path));
  }

  result(shown: (path: string) => string): FirstCommits {
    return {
      dates: new Map([...this.#dates].map(([path, time]) => [shown(path), time])),
      unknownBefore: new Set([...this.#bounds].map(shown)),
    };
  }
}
