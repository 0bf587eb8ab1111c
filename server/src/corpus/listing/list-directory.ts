import { readdirSync, readFileSync, type Dirent } from "node:fs";
import ignore, { type Ignore } from "ignore";
import { noAttributes } from "./attributes";
import type { ListedFile, Listing } from "./listing";
import type { Pacer } from "../pacer";
import { readFileStat } from "./file-stat";
import { absolutePath, comparePaths, pathName, withDistinctPaths, type PathName } from "./path-names";

/** Directories that never hold text written here, whatever the ignore files say. */
const skippedDirectories = new Set([".git", ".hg", ".svn", ".midtrain", "node_modules"]);

interface IgnoreScope {
  /** Directory of the ignore file with a trailing slash, "" for the root. */
  readonly base: string;
  readonly rules: Ignore;
}

/** Deeper ignore files override shallower ones; the last one that speaks decides. */
function isIgnored(scopes: readonly IgnoreScope[], path: string, isDirectory: boolean): boolean {
  for (let depth = scopes.length - 1; depth >= 0; depth--) {
    const scope = scopes[depth]!;
    const relative = path.slice(scope.base.length) + (isDirectory ? "/" : "");
    if (!ignore.isPathValid(relative)) continue;
    const verdict = scope.rules.test(relative);
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

function readIgnoreFile(root: string, base: string): IgnoreScope | undefined {
  try {
    return { base, rules: ignore().add(readFileSync(`${root}/${base}.gitignore`, "utf8")) };
  } catch {
    return undefined;
  }
}

function childName(parent: PathName, entry: Buffer): PathName {
  const prefix = parent.path === "" ? Buffer.alloc(0) : Buffer.concat([parent.bytes ?? Buffer.from(parent.path, "utf8"), Buffer.from("/")]);
  return pathName(Buffer.concat([prefix, entry]));
}

function readEntries(root: string, directory: PathName): Dirent<Buffer>[] | undefined {
  try {
    const entries = readdirSync(directory.path === "" ? root : absolutePath(root, directory), { withFileTypes: true, encoding: "buffer" });
    return entries.sort((a, b) => Buffer.compare(a.name, b.name));
  } catch {
    return undefined;
  }
}

/**
 * Files of a directory that git does not manage: a walk by `.gitignore` rules that follows no symbolic link.
 * Links and other non-files are listed too, so that each ends as a recorded reject.
 * @param now milliseconds since 1970, before the walk
 */
export async function listDirectory(root: string, why: string, pacer: Pacer, now: number): Promise<Listing> {
  const files: PathName[] = [];
  const unreadable: string[] = [];
  const skipped = new Set<string>();
  const pending: { name: PathName; scopes: readonly IgnoreScope[] }[] = [{ name: { path: "" }, scopes: [] }];
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    if (pacer.due()) await pacer.rest();
    const entries = readEntries(root, place.name);
    if (entries === undefined) {
      unreadable.push(place.name.path);
      continue;
    }
    const own = readIgnoreFile(root, place.name.path === "" ? "" : `${place.name.path}/`);
    const scopes = own === undefined ? place.scopes : [...place.scopes, own];
    for (const entry of entries) {
      const name = childName(place.name, entry.name);
      if (skippedDirectories.has(entry.name.toString("latin1"))) skipped.add(entry.name.toString("latin1"));
      else if (isIgnored(scopes, name.path, entry.isDirectory())) continue;
      else if (entry.isDirectory()) pending.push({ name, scopes });
      else files.push(name);
    }
  }
  const distinct = withDistinctPaths(files.sort((a, b) => comparePaths(a.path, b.path)));
  return {
    kind: "directory",
    files: distinct.map((name): ListedFile => withStat({ ...name, attributes: noAttributes, unchanged: false }, root, now)),
    notes: directoryNotes(why, skipped, unreadable),
    staged: new Set(),
    changed: new Set(),
    objectFormat: "sha1",
  };
}

/** Names that are no UTF-8 are few, and a path does not tell them apart: those files are read every time. */
function withStat(file: ListedFile, root: string, now: number): ListedFile {
  const stat = file.bytes === undefined ? readFileStat(absolutePath(root, file), now) : undefined;
  return stat === undefined ? file : { ...file, stat };
}

function directoryNotes(why: string, skipped: ReadonlySet<string>, unreadable: readonly string[]): string[] {
  const notes = [`Files were listed by the .gitignore rules found, because ${why}.`];
  if (skipped.size > 0) notes.push(`Not entered: ${[...skipped].sort().join(", ")}.`);
  if (unreadable.length > 0) notes.push(`${unreadable.length} directories could not be read: ${unreadable.slice(0, 5).join(", ")}.`);
  return notes;
}
