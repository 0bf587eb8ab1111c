import { lstatSync } from "node:fs";
import { join } from "node:path";
import type { GitListing } from "./list-git";
import type { Listing } from "./listing";
import { joinListings, nameUnder } from "./joined-listing";

function shown(paths: readonly string[]): string {
  return paths.slice(0, 5).join(", ") + (paths.length > 5 ? ", …" : "");
}

function notEntered(paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  return [`${paths.length === 1 ? "1 submodule was" : `${paths.length} submodules were`} not entered: ${shown(paths)}.`];
}

function notCheckedOut(paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const many = paths.length === 1 ? "1 submodule is" : `${paths.length} submodules are`;
  return [`${many} not checked out and not read: ${shown(paths)}. \`git submodule update --init\` brings them.`];
}

/** No part of the path below the harvested directory may be a link out of it. */
function isRealDirectory(directory: string, path: string): boolean {
  const parts = path.split("/");
  try {
    return parts.every((_, depth) => lstatSync(join(directory, ...parts.slice(0, depth + 1))).isDirectory());
  } catch {
    return false;
  }
}

/**
 * Adds the files of submodules that are checked out, under the submodule's path, if asked for; the others are said in a note.
 * @param list lists the repository in a directory; undefined when there is none of its own.
 */
export async function addSubmodules(
  { submodules, ...main }: GitListing,
  directory: string,
  list: (directory: string) => Promise<Listing | undefined>,
  enter: boolean,
): Promise<Listing> {
  if (!enter) return { ...main, notes: [...notEntered(submodules.map((name) => name.path)), ...main.notes] };
  let all: Listing = main;
  const missing: string[] = [];
  for (const { path, bytes } of submodules) {
    const inner = bytes === undefined && isRealDirectory(directory, path) ? await list(join(directory, path)) : undefined;
    if (inner === undefined) missing.push(path);
    else all = joinListings(all, inner, path, (file) => ({ ...file, ...nameUnder(path, file) }));
  }
  return { ...all, notes: [...notCheckedOut(missing), ...all.notes] };
}
