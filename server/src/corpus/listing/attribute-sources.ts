import { lstatSync, readFileSync, statSync } from "node:fs";
import { createHash } from "node:crypto";
import { join, relative, resolve } from "node:path";
import { attributeWords } from "./attributes";
import type { GitConfig } from "./git-config";
import { readIndex, type IndexEntry } from "./git-index";
import { absolutePath, comparePaths, type PathName } from "./path-names";

/** Everything that git's answers about attributes depend on, beside the paths. */
export interface AttributeSources {
  /** Equal keys: equal answers. */
  readonly key: string;
  /** False when no source holds a word of ours: then nothing is set on any path, without asking. */
  readonly saySomething: boolean;
}

/** State of one source: its content, or what stands in its place. */
type Source =
  | { readonly kind: "absent" }
  | { readonly kind: "content"; readonly content: Buffer }
  /** Git reads the index instead of a file that is gone; a link or an unreadable file is git's business too. */
  | { readonly kind: "other"; readonly state: string };

const absent: Source = { kind: "absent" };

/** Git follows links to files of attributes outside the work tree, and reads none through a link inside it. */
type Follow = "follow" | "no-follow";

function readSource(path: string | Buffer, follow: Follow): Source {
  try {
    const status = (follow === "follow" ? statSync : lstatSync)(path, { throwIfNoEntry: false });
    if (status === undefined) return absent;
    if (!status.isFile()) return { kind: "other", state: `${status.mode} ${status.mtimeMs}` };
  } catch {
    return absent;
  }
  try {
    return { kind: "content", content: readFileSync(path) };
  } catch {
    return { kind: "other", state: "unreadable" };
  }
}

function parentOf(name: PathName): PathName {
  if (name.bytes !== undefined) {
    const slash = name.bytes.lastIndexOf(47);
    const bytes = name.bytes.subarray(0, Math.max(0, slash));
    return { path: bytes.toString("latin1"), bytes };
  }
  return { path: name.path.slice(0, Math.max(0, name.path.lastIndexOf("/"))) };
}

/** Every directory above these paths, below the one that they are relative to, itself included (""). */
function directoriesOf(names: readonly PathName[]): PathName[] {
  const found = new Map<string, PathName>([["", { path: "" }]]);
  let last = "";
  for (const name of names) {
    if (name.bytes === undefined && name.path.startsWith(last) && name.path.indexOf("/", last.length) < 0 && last !== "") continue;
    for (let place = parentOf(name); place.path !== ""; place = parentOf(place)) {
      const key = place.bytes === undefined ? place.path : `\0${place.path}`;
      if (found.has(key)) break;
      found.set(key, place);
    }
    last = name.bytes === undefined ? name.path.slice(0, name.path.lastIndexOf("/") + 1) : "";
  }
  return [...found.values()];
}

function attributesFileIn(directory: string, place: PathName): string | Buffer {
  if (place.path === "") return join(directory, ".gitattributes");
  if (place.bytes === undefined) return join(directory, place.path, ".gitattributes");
  return Buffer.concat([absolutePath(directory, place) as Buffer, Buffer.from("/.gitattributes")]);
}

/** Directories from the root of the work tree down to the one above `directory`, relative to the root. */
function directoriesAbove(root: string, directory: string): string[] {
  const parts = relative(root, directory)
    .split(/[\\/]/)
    .filter((part) => part !== "");
  return parts.map((_, depth) => parts.slice(0, depth).join("/"));
}

/** Index entries of attributes files above the harvested directory: git falls back on them where the file is gone. */
async function indexEntriesAbove(root: string, above: readonly string[], signal?: AbortSignal): Promise<readonly IndexEntry[]> {
  if (above.length === 0) return [];
  const paths = above.map((place) => `:(top,literal)${place === "" ? "" : `${place}/`}.gitattributes`);
  const index = await readIndex(root, paths, signal);
  return [...index.entries, ...index.skipped];
}

function isAttributesFile({ path }: PathName): boolean {
  return path === ".gitattributes" || path.endsWith("/.gitattributes");
}

export interface SourcesOf {
  readonly root: string;
  readonly directory: string;
  readonly config: GitConfig;
  readonly gitVersion: string;
  /** `$GIT_DIR/info/attributes`. */
  readonly infoAttributes: string;
  /** All entries of the index below `directory`. */
  readonly tracked: readonly IndexEntry[];
  /** The paths that are asked about. */
  readonly names: readonly PathName[];
}

/** Looks at every file that git would read attributes from, tracked or not. */
export async function findAttributeSources(of: SourcesOf, signal?: AbortSignal): Promise<AttributeSources> {
  const hash = createHash("sha256");
  let saySomething = false;
  const add = (name: string, source: Source): void => {
    if (source.kind === "absent") return;
    const state = source.kind === "content" ? source.content : Buffer.from(source.state);
    hash.update(`${name}\0${source.kind}\0${state.length}\0`).update(state);
    saySomething ||= source.kind === "other" || attributeWords.some((word) => source.content.includes(word));
  };
  hash.update(`${of.gitVersion}\0${of.config.ignoreCase}\0${process.env["GIT_ATTR_NOSYSTEM"] ?? ""}\0`);
  for (const file of of.config.attributeFiles) add(file, readSource(resolve(of.root, file), "follow"));
  add("info/attributes", readSource(of.infoAttributes, "follow"));
  const above = directoriesAbove(of.root, of.directory);
  for (const place of above) add(`/${place}`, readSource(join(of.root, place, ".gitattributes"), "no-follow"));
  for (const place of directoriesOf(of.names)) add(place.path, readSource(attributesFileIn(of.directory, place), "no-follow"));
  const fromIndex = (base: string, entries: readonly IndexEntry[]): void => {
    for (const entry of [...entries].sort((a, b) => comparePaths(a.path, b.path))) {
      hash.update(`${entry.path}\0${entry.index.blob}\0`);
      saySomething ||= readSource(absolutePath(base, entry), "no-follow").kind === "absent";
    }
  };
  fromIndex(of.directory, of.tracked.filter(isAttributesFile));
  fromIndex(of.root, await indexEntriesAbove(of.root, above, signal));
  return { key: hash.digest("hex"), saySomething };
}
