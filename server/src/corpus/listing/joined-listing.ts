import type { ListedFile, Listing } from "./listing";
import type { PathName } from "./path-names";

/** The name under another directory; both are UTF-8 or the whole is kept in bytes. */
export function nameUnder(prefix: string, name: PathName): PathName {
  const path = `${prefix}/${name.path}`;
  return name.bytes === undefined ? { path } : { path, bytes: Buffer.concat([Buffer.from(`${prefix}/`, "utf8"), name.bytes]) };
}

function pathsUnder(prefix: string, paths: ReadonlySet<string>): string[] {
  return [...paths].map((path) => `${prefix}/${path}`);
}

/** A blob id of another object format says nothing in this corpus. */
function inFormat(file: ListedFile, sameFormat: boolean): ListedFile {
  if (sameFormat || file.index === undefined) return file;
  const { index, ...rest } = file;
  return index.unmerged ? { ...rest, index: { ...index, blob: "" }, unchanged: false } : { ...rest, unchanged: false };
}

/** Puts the files of another listing under a prefix beside those of the first. */
export function joinListings(main: Listing, other: Listing, prefix: string, place: (file: ListedFile) => ListedFile): Listing {
  const sameFormat = main.objectFormat === other.objectFormat;
  return {
    ...main,
    files: [...main.files, ...other.files.map((file) => place(inFormat(file, sameFormat)))],
    notes: [...main.notes, ...other.notes.map((note) => `${prefix}: ${note}`)],
    staged: new Set([...main.staged, ...pathsUnder(prefix, other.staged)]),
    changed: new Set([...main.changed, ...pathsUnder(prefix, other.changed)]),
  };
}
