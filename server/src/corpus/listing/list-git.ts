import { lstatSync } from "node:fs";
import { readAttributes } from "./read-attributes";
import { noAttributes, type AttributeState, type Conversion, type FileAttributes, type PathAttributes } from "./attributes";
import { findAttributeSources } from "./attribute-sources";
import { requireGit, runGit, splitAtNul } from "./git";
import { filtersOff } from "./git-config";
import { readIndex, type Index, type IndexEntry } from "./git-index";
import type { WorkTree } from "./git-place";
import { readIndexFile } from "./index-file";
import type { ListedFile, Listing } from "./listing";
import { absolutePath, pathName, withDistinctPaths, type PathName } from "./path-names";
import { findUnlikeSizes, sizeKey, type UnlikeSizes } from "./same-sizes";

export { noAttributes, type AttributeState, type FileAttributes };
export type { ListedFile, Listing };

export interface GitListingOptions {
  /** Sub-trees as pathspecs: only these are looked at. */
  readonly pathspecs: readonly string[];
  readonly untracked: boolean;
  /** Where answers are remembered, and the name of this place in the files' names. */
  readonly cache: { readonly directory: string | undefined; readonly place: string };
}

/** A listing of one repository, before others are added to it. */
export interface GitListing extends Listing {
  readonly submodules: readonly PathName[];
}

interface Head {
  readonly head?: string;
  readonly branch?: string;
  readonly staged: ReadonlySet<string>;
  readonly notes: readonly string[];
}

async function readHead({ directory }: WorkTree, pathspecs: readonly string[], signal?: AbortSignal): Promise<Head> {
  const [head, branch, staged] = await Promise.all([
    runGit(directory, ["rev-parse", "--verify", "-q", "HEAD"], { signal }),
    runGit(directory, ["symbolic-ref", "-q", "--short", "HEAD"], { signal }),
    runGit(directory, ["diff-index", "--cached", "--name-only", "--relative", "--no-renames", "-z", "HEAD", "--", ...pathspecs], {
      signal,
    }),
  ]);
  const branchName = branch.code === 0 ? { branch: branch.stdout.toString("utf8").trim() } : {};
  if (head.code !== 0) return { ...branchName, staged: new Set(), notes: [] };
  return {
    head: head.stdout.toString("utf8").trim(),
    ...branchName,
    staged: pathsOf(staged.stdout),
    notes: staged.code === 0 ? [] : ["Which files are staged is not known: objects of the newest commit are not here."],
  };
}

function pathsOf(output: Buffer): Set<string> {
  return new Set(splitAtNul(output).map((path) => pathName(path).path));
}

/**
 * Paths whose file differs from the index, by git's own look: sizes and times first, the content where these cannot tell.
 * No filter program runs, no submodule is entered, nothing is written.
 */
async function readChanged(tree: WorkTree, pathspecs: readonly string[], signal?: AbortSignal): Promise<ReadonlySet<string>> {
  const args = ["diff-files", "-z", "--name-only", "--relative", "--no-renames", "--ignore-submodules=all", "--", ...pathspecs];
  return pathsOf(await requireGit(tree.directory, args, { signal, config: filtersOff(tree.config) }));
}

async function readUntracked({ directory }: WorkTree, pathspecs: readonly string[], signal?: AbortSignal): Promise<PathName[]> {
  const args = ["ls-files", "-z", "--others", "--exclude-standard", "--", ...pathspecs];
  return splitAtNul(await requireGit(directory, args, { signal })).map(pathName);
}

/** A file may be in the working tree although git was told to leave it alone (`update-index --skip-worktree`). */
function presentOnDisk(directory: string, entries: readonly IndexEntry[]): IndexEntry[] {
  return entries.filter((entry) => {
    try {
      return lstatSync(absolutePath(directory, entry), { throwIfNoEntry: false })?.isFile() === true;
    } catch {
      return false;
    }
  });
}

/** Files that git calls clean, although their size is not that of their blob. In a partial clone the blob may not be here: nothing is known. */
async function unlikeSizes(
  tree: WorkTree,
  entries: readonly IndexEntry[],
  changed: ReadonlySet<string>,
  options: GitListingOptions,
  signal?: AbortSignal,
): Promise<UnlikeSizes | undefined> {
  if (tree.config.isPartialClone) return undefined;
  const clean = entries.flatMap((entry) =>
    entry.size !== undefined && isStatClean(entry, changed) ? [{ blob: entry.index.blob, size: entry.size }] : [],
  );
  const cache = { directory: options.cache.directory, name: `same-sizes-${options.cache.place}` };
  return findUnlikeSizes(tree.directory, clean, cache, signal);
}

/** Names that are no UTF-8 may be shown alike, so the set of changed paths does not tell them apart. */
function isStatClean({ path, bytes, index, isUnwatched }: IndexEntry, changed: ReadonlySet<string>): boolean {
  return bytes === undefined && !isUnwatched && !index.unmerged && index.mode !== "120000" && !changed.has(path);
}

function conversionOf({ conversion }: PathAttributes, { config }: WorkTree): Exclude<Conversion, "by-config"> {
  if (conversion !== "by-config") return conversion;
  return config.autoCrlf ? "line-ends" : "none";
}

/** What git would list of the whole work tree, from its own file. */
function readWholeIndex({ isRoot, indexFile, objectFormat }: WorkTree, pathspecs: readonly string[]): Index | undefined {
  return isRoot && pathspecs.length === 0 ? readIndexFile(indexFile, objectFormat) : undefined;
}

/** Tracked files under the directory, paths relative to it. Untracked files only when asked for, ignored ones never: git is the judge. */
export async function listTrackedFiles(tree: WorkTree, options: GitListingOptions, signal?: AbortSignal): Promise<GitListing> {
  const { directory } = tree;
  const { pathspecs } = options;
  const [index, changed, head, untracked] = await Promise.all([
    readWholeIndex(tree, pathspecs) ?? readIndex(directory, pathspecs, signal),
    readChanged(tree, pathspecs, signal),
    readHead(tree, pathspecs, signal),
    options.untracked ? readUntracked(tree, pathspecs, signal) : [],
  ]);
  const kept = presentOnDisk(directory, index.skipped);
  const entries = withDistinctPaths([...index.entries, ...kept]);
  const others = untracked.filter((name) => !name.path.endsWith("/"));
  const names: PathName[] = [...entries, ...others];
  const sources = await findAttributeSources({ ...tree, tracked: [...index.entries, ...index.skipped], names }, signal);
  const cache = { directory: options.cache.directory, name: `attributes-${options.cache.place}` };
  const [attributes, unlike] = await Promise.all([
    readAttributes(directory, names, sources, cache, signal),
    unlikeSizes(tree, entries, changed, options, signal),
  ]);
  const nested = untracked.filter((name) => name.path.endsWith("/"));
  return {
    kind: "git",
    files: [
      ...entries.map((entry, at) => listedFile(entry, attributes[at]!, tree, changed, unlike)),
      ...others.map((name, at): ListedFile => ({ ...name, attributes: attributes[entries.length + at]!.attributes, unchanged: false })),
    ],
    notes: [...gitNotes(index, kept.length, names.length), ...nestedNotes(nested), ...head.notes],
    ...(head.head === undefined ? {} : { head: head.head }),
    ...(head.branch === undefined ? {} : { branch: head.branch }),
    staged: head.staged,
    changed,
    objectFormat: tree.objectFormat,
    submodules: index.submodules,
  };
}

function listedFile(
  entry: IndexEntry,
  answer: PathAttributes,
  tree: WorkTree,
  changed: ReadonlySet<string>,
  unlike: UnlikeSizes | undefined,
): ListedFile {
  const { path, bytes, index, size } = entry;
  const { attributes } = answer;
  if (bytes !== undefined) return { path, bytes, index, attributes, unchanged: false };
  if (size === undefined || !isStatClean(entry, changed)) return { path, index, attributes, unchanged: false };
  const isLike = unlike !== undefined && (unlike.size === 0 || !unlike.has(sizeKey({ blob: index.blob, size })));
  const conversion = conversionOf(answer, tree);
  const unchanged = conversion !== "opaque" && (isLike || (unlike === undefined && conversion === "none"));
  return { path, index, attributes, unchanged, size };
}

function gitNotes(index: Index, keptSkipped: number, listed: number): string[] {
  const sparse = index.skipped.length - keptSkipped;
  const notes: string[] = [];
  if (sparse > 0) notes.push(`${sparse} tracked files lie outside the sparse checkout and were not read.`);
  if (listed === 0 && sparse === 0) notes.push("git tracks no file here yet; run `git add` for what belongs to the repository.");
  return notes;
}

function nestedNotes(nested: readonly PathName[]): string[] {
  if (nested.length === 0) return [];
  const shown = nested.slice(0, 5).map((name) => name.path);
  return [
    `Not entered, because they are repositories of their own: ${shown.join(", ")}${nested.length > 5 ? ", …" : ""}. Name them in corpus.roots to harvest them too.`,
  ];
}

/** True when the repository around it ignores this directory, so that listing tracked files would say nothing about it. */
export async function isIgnoredByGit(directory: string, signal?: AbortSignal): Promise<boolean> {
  return (await runGit(directory, ["check-ignore", "-q", "--", "."], { signal })).code === 0;
}
