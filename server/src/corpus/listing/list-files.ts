import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ResolvedCorpusConfig } from "../corpus-config";
import type { Pacer } from "../pacer";
import { addRoots } from "./further-roots";
import { GitMissing } from "./git";
import { findWorkTree, type WorkTree } from "./git-place";
import { historyDocuments } from "./history-documents";
import { listDirectory } from "./list-directory";
import { isIgnoredByGit, listTrackedFiles, type GitListing } from "./list-git";
import type { ListedFile, Listing } from "./listing";
import { addSubmodules } from "./submodules";
import { makeSubTrees, type SubTrees } from "./sub-trees";

export type ListingConfig = Pick<ResolvedCorpusConfig, "directories" | "roots" | "untracked" | "submodules" | "history">;

export interface ListOptions {
  readonly config?: ListingConfig | undefined;
  /** Directory of the configuration file: `corpus.roots` are relative to it. By default the root of the work tree. */
  readonly configDirectory?: string | undefined;
  /** Where answers of git may be remembered, by the root of the work tree; by default nowhere. */
  readonly cacheDirectory?: ((root: string) => string | undefined) | undefined;
  /** Milliseconds since 1970, by the clock that the times of files are compared with. */
  readonly now?: number | undefined;
}

/** What listing a place takes, whichever place it is. */
interface ListContext {
  readonly config: ListingConfig;
  readonly cacheDirectory: string | undefined;
  readonly pacer: Pacer;
  readonly signal: AbortSignal | undefined;
  readonly now: number;
}

export interface Place {
  readonly listing: Listing;
  /** Root of the work tree, or the directory itself. */
  readonly root: string;
}

const onlyTracked: ListingConfig = {
  directories: [],
  roots: [],
  untracked: false,
  submodules: false,
  history: { commits: 0, releases: false },
};

/**
 * What belongs to a repository: tracked files where git knows, a walk by ignore rules where it does not, and what the configuration adds
 * (sub-trees, untracked files, submodules, history, further roots).
 * @throws MidtrainError: input (a sub-tree outside, a root that is not there), environment (git refuses), cancelled.
 */
export async function listFiles(
  directory: string,
  pacer: Pacer,
  signal: AbortSignal | undefined,
  options: ListOptions = {},
): Promise<Place> {
  const config = options.config ?? onlyTracked;
  const tree = await findTree(directory, signal);
  const root = tree.kind === "work-tree" ? tree.root : directory;
  const context: ListContext = { config, cacheDirectory: options.cacheDirectory?.(root), pacer, signal, now: options.now ?? Date.now() };
  const subTrees = makeSubTrees(directory, config.directories);
  const place = await listPlace(directory, tree, subTrees, context);
  const history = await historyOf(tree, place, subTrees, context);
  const own = withSubTrees({ ...place.listing, files: [...place.listing.files, ...history.files] }, subTrees);
  const main = { ...own, notes: [...own.notes, ...history.notes] };
  const roots = { paths: config.roots, base: options.configDirectory ?? place.root };
  const listing = await addRoots(main, directory, roots, async (other) => (await listOther(other, context)).listing);
  return { listing, root: place.root };
}

type Tree = WorkTree | { readonly kind: "none"; readonly why: string };

async function findTree(directory: string, signal: AbortSignal | undefined): Promise<Tree> {
  try {
    return await findWorkTree(directory, signal);
  } catch (error) {
    if (!(error instanceof GitMissing)) throw error;
    return { kind: "none", why: "there is no git program on this machine" };
  }
}

/** Lists one directory with its submodules. A directory that the repository around it ignores is listed like one without git. */
async function listPlace(directory: string, tree: Tree, subTrees: SubTrees, context: ListContext): Promise<Place> {
  if (tree.kind === "none") return { listing: await listDirectory(directory, tree.why, context.pacer, context.now), root: directory };
  // A sub-tree may lie inside a submodule, where a pathspec of the repository around it does not reach.
  const listing = await listTree(tree, context.config.submodules ? [] : subTrees.pathspecs, context);
  if (listing.files.length === 0 && !tree.isRoot && (await isIgnoredByGit(directory, context.signal))) {
    return {
      listing: await listDirectory(directory, "the repository around it ignores this directory", context.pacer, context.now),
      root: directory,
    };
  }
  return { listing, root: tree.root };
}

/** A further directory, whatever it is. */
async function listOther(directory: string, context: ListContext): Promise<Place> {
  return listPlace(directory, await findTree(directory, context.signal), makeSubTrees(directory, []), context);
}

async function listTree(tree: WorkTree, pathspecs: readonly string[], context: ListContext): Promise<Listing> {
  return addSubmodules(
    await listRepository(tree, pathspecs, context),
    tree.directory,
    async (directory) => {
      if (!existsSync(join(directory, ".git"))) return undefined;
      const inner = await findTree(directory, context.signal);
      return inner.kind === "work-tree" && inner.isRoot ? listTree(inner, [], context) : undefined;
    },
    context.config.submodules,
  );
}

/** A directory below the root is all that git has to look at. */
function pathspecsOf(tree: WorkTree, pathspecs: readonly string[]): readonly string[] {
  return pathspecs.length > 0 || tree.isRoot ? pathspecs : ["."];
}

function listRepository(tree: WorkTree, pathspecs: readonly string[], context: ListContext): Promise<GitListing> {
  const place = createHash("sha256").update(tree.directory).digest("hex").slice(0, 12);
  return listTrackedFiles(
    tree,
    {
      pathspecs: pathspecsOf(tree, pathspecs),
      untracked: context.config.untracked,
      cache: { directory: context.cacheDirectory, place },
    },
    context.signal,
  );
}

async function historyOf(
  tree: Tree,
  place: Place,
  subTrees: SubTrees,
  { config, signal }: ListContext,
): Promise<Pick<Listing, "files" | "notes">> {
  if (config.history.commits === 0 && !config.history.releases) return { files: [], notes: [] };
  if (tree.kind === "none" || place.listing.kind === "directory")
    return { files: [], notes: ["There is no history to take messages from."] };
  return historyDocuments(tree, config.history, pathspecsOf(tree, subTrees.pathspecs), signal);
}

/** The documents that a harvest would make of the history now; none where the configuration asks for none. */
export async function listHistory(directory: string, config: ListingConfig, signal?: AbortSignal): Promise<readonly ListedFile[]> {
  const tree = await findTree(directory, signal);
  if ((config.history.commits === 0 && !config.history.releases) || tree.kind === "none") return [];
  const subTrees = makeSubTrees(directory, config.directories);
  return (await historyDocuments(tree, config.history, pathspecsOf(tree, subTrees.pathspecs), signal)).files;
}

function withSubTrees(listing: Listing, subTrees: SubTrees): Listing {
  if (subTrees.isEverything) return listing;
  const files = listing.files.filter((file) => file.content !== undefined || subTrees.includes(file.path));
  const empty = subTrees.without(files.map((file) => file.path));
  const within = (paths: ReadonlySet<string>): Set<string> => new Set([...paths].filter((path) => subTrees.includes(path)));
  return {
    ...listing,
    files,
    notes: [...listing.notes, ...(empty.length === 0 ? [] : [`corpus.directories names what holds no listed file: ${empty.join(", ")}.`])],
    staged: within(listing.staged),
    changed: within(listing.changed),
  };
}
