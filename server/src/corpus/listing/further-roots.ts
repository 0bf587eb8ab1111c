import { existsSync, realpathSync, statSync } from "node:fs";
import { basename, join, resolve, sep } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import { joinListings, nameUnder } from "./joined-listing";
import type { ListedFile, Listing } from "./listing";

function requireRoot(given: string, base: string): string {
  const directory = resolve(base, given);
  if (existsSync(directory) && statSync(directory).isDirectory()) return realpathSync(directory);
  throw new MidtrainError({
    reason: "input",
    message: `corpus.roots names ${given}, which is not a directory.`,
    where: directory,
    next: "Correct the path, relative to midtrain.jsonc, or remove it from corpus.roots.",
  });
}

/** The directory's own name, numbered where it is taken by another root or by something at the top of the repository. */
function freeName(directory: string, taken: ReadonlySet<string>): string {
  const name = basename(directory) || "root";
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (!taken.has(candidate.toLowerCase())) return candidate;
  }
}

function isInside(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
}

function diskPath(file: ListedFile, directory: string): string {
  return file.disk === undefined ? join(directory, file.path) : join(file.disk.root, file.disk.name.path);
}

/** Files that are not listed yet: roots may lie in one another. */
function onlyNew(other: Listing, root: string, listed: Listing, directory: string): Listing {
  const places = [directory, ...new Set(listed.files.flatMap((file) => file.disk?.root ?? []))];
  if (!places.some((place) => isInside(place, root) || isInside(root, place))) return other;
  const known = new Set(listed.files.filter((file) => file.content === undefined).map((file) => diskPath(file, directory)));
  return { ...other, files: other.files.filter((file) => !known.has(join(root, file.path))) };
}

/**
 * Lists every directory of `corpus.roots` like the main one, its paths under its name. A file that lies in two roots is listed once.
 * @throws MidtrainError (input) when a root is not there.
 */
export async function addRoots(
  main: Listing,
  directory: string,
  roots: { readonly paths: readonly string[]; readonly base: string },
  list: (directory: string) => Promise<Listing>,
): Promise<Listing> {
  if (roots.paths.length === 0) return main;
  const real = realpathSync(directory);
  const taken = new Set(main.files.map((file) => (file.path.split("/", 1)[0] ?? "").toLowerCase()));
  let all = main;
  for (const root of new Set(roots.paths.map((given) => requireRoot(given, roots.base)))) {
    const name = freeName(root, taken);
    taken.add(name.toLowerCase());
    all = joinListings(all, onlyNew(await list(root), root, all, real), name, (file) => ({
      ...file,
      ...nameUnder(name, file),
      disk: { root, name: { path: file.path, ...(file.bytes === undefined ? {} : { bytes: file.bytes }) } },
    }));
  }
  return all;
}
