import { realpathSync } from "node:fs";
import { GitMissing } from "./git";
import { listDirectory } from "./list-directory";
import { findWorkTree, isIgnoredByGit, listTrackedFiles, type Listing } from "./list-git";
import type { Pacer } from "../pacer";

export interface Place {
  readonly listing: Listing;
  /** Root of the work tree, or the directory itself. */
  readonly root: string;
}

/** What belongs to a repository: tracked files where git knows, a walk by ignore rules where it does not. */
export async function listFiles(directory: string, pacer: Pacer, signal: AbortSignal | undefined): Promise<Place> {
  try {
    const place = await findWorkTree(directory, signal);
    if (place.kind === "none") return { listing: await listDirectory(directory, place.why, pacer), root: directory };
    const listing = await listTrackedFiles(directory, signal);
    const isRoot = realpathSync(place.root) === realpathSync(directory);
    if (listing.files.length > 0 || isRoot || !(await isIgnoredByGit(directory, signal))) return { listing, root: place.root };
    return { listing: await listDirectory(directory, "the repository around it ignores this directory", pacer), root: directory };
  } catch (error) {
    if (!(error instanceof GitMissing)) throw error;
    return { listing: await listDirectory(directory, "there is no git program on this machine", pacer), root: directory };
  }
}
