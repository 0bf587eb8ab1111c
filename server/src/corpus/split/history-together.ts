import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod/mini";
import { MidtrainError } from "@midtrain/protocol/errors";
import { count } from "@midtrain/protocol/words";
import { isWriteError, writeJsonAtomic } from "../../platform/atomic-write";
import { requireGit, runGit, splitAtNul } from "../listing/git";
import { findWorkTree, prefixOf } from "../listing/git-place";
import { copyArguments, renames, type HistoryCopy } from "../listing/history-copies";
import { followLog } from "../listing/history-log";
import { comparePaths, pathName } from "../listing/path-names";

/** Commits that are searched for copies, the newest first: about a millisecond each where files were moved. */
const mostCommits = 10_000;

export interface HistoryTogether {
  /** Files of which the history says that one was copied or moved from the other, however far they have grown apart. */
  readonly pairs: readonly HistoryCopy[];
  readonly notes: readonly string[];
}

const remembered = z.object({
  head: z.string(),
  most: z.number(),
  cut: z.boolean(),
  pairs: z.array(z.object({ a: z.string(), b: z.string() })),
});
type Remembered = z.infer<typeof remembered>;

export interface HistorySearch {
  readonly directory: string;
  /** The commit that the work tree stands on; without one there is no history. */
  readonly head: string | undefined;
  /** Where the answer for a commit is remembered. */
  readonly cacheFile: string;
  readonly signal?: AbortSignal | undefined;
  readonly mostCommits?: number;
}

/** What must not be torn apart by the split because the history joins it. Depends on the commit alone, so it is asked once for each. */
export async function togetherByHistory(search: HistorySearch): Promise<HistoryTogether> {
  const { head, cacheFile, mostCommits: most = mostCommits } = search;
  if (head === undefined) return { pairs: [], notes: [] };
  const known = read(cacheFile);
  const found = known?.head === head && known.most === most ? known : await searchOrSay(search, head, most, known);
  if (found instanceof MidtrainError)
    return { pairs: [], notes: [`The history could not be searched for copies of files: ${found.message.replaceAll(/\s+/g, " ")}`] };
  if (found !== known) remember(cacheFile, found);
  const notes = found.cut
    ? [`Copies of files were looked for in the newest ${count(most)} commits only; older ones may lie on two sides of the split.`]
    : [];
  return { pairs: found.pairs, notes };
}

/** Of files that belong together, those that are there: a star around the first of them, as if the others had never been. */
export function joinPresent(pairs: readonly HistoryCopy[], isPresent: (path: string) => boolean): readonly HistoryCopy[] {
  const groups = new Map<string, string[]>();
  for (const { a, b } of pairs) {
    const [one, other] = [groups.get(a) ?? [a], groups.get(b) ?? [b]];
    if (one === other) continue;
    one.push(...other);
    for (const path of one) groups.set(path, one);
  }
  return [...new Set(groups.values())]
    .map((members) => members.filter(isPresent).sort(comparePaths))
    .flatMap(([first, ...others]) => others.map((other) => ({ a: first!, b: other })))
    .sort((x, y) => comparePaths(x.a, y.a) || comparePaths(x.b, y.b));
}

/** A history that cannot be read whole (missing objects, a treeless clone) costs this knowledge, not the harvest. */
async function searchOrSay(
  search: HistorySearch,
  head: string,
  most: number,
  known: Remembered | undefined,
): Promise<Remembered | MidtrainError> {
  try {
    return (await goOn(search, head, most, known)) ?? (await searchHistory(search, head, most));
  } catch (error) {
    if (MidtrainError.is(error, "environment")) return error;
    throw error;
  }
}

async function searchHistory({ directory, signal }: HistorySearch, head: string, most: number): Promise<Remembered> {
  const before = await commitBefore(directory, most, signal);
  // The files of the commit, not those of the index: the answer is to depend on the commit alone.
  const paths = await committedPaths(directory, signal);
  const pairs = await renames(directory, signal, { paths, ...(before === "" ? {} : { before }) });
  return { head, most, cut: before !== "", pairs: [...pairs] };
}

/**
 * An answer for an earlier commit holds on when the commits since then moved and copied nothing and brought no file of a pair anew:
 * what a whole search would find then is what it found, without the files that are gone. Undefined when it has to be made.
 */
async function goOn(
  { directory, signal }: HistorySearch,
  head: string,
  most: number,
  known: Remembered | undefined,
): Promise<Remembered | undefined> {
  if (known === undefined || known.cut || known.most !== most) return undefined;
  const isEarlier = await runGit(directory, ["merge-base", "--is-ancestor", known.head, "HEAD"], { signal });
  if (isEarlier.code !== 0 || (await commitBefore(directory, most, signal)) !== "") return undefined;
  const tree = await findWorkTree(directory, signal);
  if (tree.kind === "none") return undefined;
  const paired = new Set(known.pairs.flatMap(({ a, b }) => [prefixOf(tree) + a, prefixOf(tree) + b]));
  let isPlain = true;
  const listener = {
    commit: () => undefined,
    added: (path: string) => void (isPlain &&= !paired.has(path)),
    moved: () => void (isPlain = false),
  };
  await followLog(tree, [...copyArguments(tree), "HEAD", `^${known.head}`, "--"], listener, signal);
  if (!isPlain) return undefined;
  const committed = new Set(await committedPaths(directory, signal));
  return { ...known, head, pairs: [...joinPresent(known.pairs, (path) => committed.has(path))] };
}

/** The newest commit that is not searched any more, "" when all are. */
async function commitBefore(directory: string, most: number, signal: AbortSignal | undefined): Promise<string> {
  const oldest = await runGit(directory, ["rev-list", `--skip=${most}`, "--max-count=1", "HEAD"], { signal });
  return oldest.stdout.toString("latin1").trim();
}

async function committedPaths(directory: string, signal: AbortSignal | undefined): Promise<string[]> {
  const listed = await requireGit(directory, ["ls-tree", "-r", "-z", "--name-only", "HEAD"], { signal });
  return splitAtNul(listed).map((path) => pathName(path).path);
}

/** Undefined when there is none, or a damaged one. */
function read(file: string): Remembered | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return remembered.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** It saves time only: a full disk does not fail the harvest. */
function remember(file: string, found: Remembered): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeJsonAtomic(file, found);
  } catch (error) {
    if (!isWriteError(error)) throw error;
  }
}
