import { MidtrainError } from "@midtrain/protocol/errors";
import { requireGit, runGit, splitAtNul } from "./git";
import { pathName, withDistinctPaths, type PathName } from "./path-names";

/** Attributes that decide something about a file, as git itself resolves them. */
export interface FileAttributes {
  readonly generated: AttributeState;
  readonly vendored: AttributeState;
  readonly documentation: AttributeState;
  readonly binary: AttributeState;
  /** linguist-language and working-tree-encoding, filter: their values. */
  readonly language?: string;
  readonly encoding?: string;
  readonly filter?: string;
}

export type AttributeState = "set" | "unset" | "unspecified";

export const noAttributes: FileAttributes = {
  generated: "unspecified",
  vendored: "unspecified",
  documentation: "unspecified",
  binary: "unspecified",
};

/** A file of the repository before it was read. */
export interface ListedFile extends PathName {
  readonly attributes: FileAttributes;
  /** What the index says; absent without git. */
  readonly index?: { readonly mode: string; readonly blob: string; readonly unmerged: boolean };
}

export interface Listing {
  readonly kind: "git" | "directory";
  readonly files: readonly ListedFile[];
  readonly notes: readonly string[];
  readonly head?: string;
  readonly branch?: string;
  /** Paths whose index entry differs from HEAD. */
  readonly staged: ReadonlySet<string>;
  readonly objectFormat: "sha1" | "sha256";
}

export type GitPlace = { readonly kind: "work-tree"; readonly root: string } | { readonly kind: "none"; readonly why: string };

/** Is this directory part of a work tree that git will read for us? @throws MidtrainError when git is there and refuses. */
export async function findWorkTree(directory: string, signal?: AbortSignal): Promise<GitPlace> {
  const inside = await runGit(directory, ["rev-parse", "--is-inside-work-tree", "--show-toplevel"], { signal });
  const [answer = "", ...root] = inside.stdout.toString("utf8").split("\n");
  if (inside.code === 0 && answer === "true") return { kind: "work-tree", root: root.join("\n").replace(/\n$/, "") };
  if (/not a git repository/i.test(inside.stderr)) return { kind: "none", why: "this is not a git repository" };
  if (/dubious ownership/i.test(inside.stderr)) {
    throw new MidtrainError({
      reason: "environment",
      message: "git refuses to read this repository because it belongs to another user.",
      where: directory,
      next: "If you trust it, run `git config --global --add safe.directory <that directory>` and harvest again.",
    });
  }
  throw new MidtrainError({
    reason: "input",
    message:
      answer === "false" || /work tree/.test(inside.stderr)
        ? "This is a git directory without a working tree."
        : `git cannot read this repository: ${inside.stderr}`,
    where: directory,
    next: "Name a checkout of the repository.",
  });
}

interface IndexEntries {
  readonly names: readonly (PathName & { readonly index: NonNullable<ListedFile["index"]> })[];
  readonly submodules: readonly string[];
  readonly sparse: number;
}

/** `git ls-files -t -s -z` prints `<tag> <mode> <blob> <stage>\t<path>`; paths are raw bytes. */
function parseIndex(output: Buffer): IndexEntries {
  const names = new Map<string, PathName & { index: NonNullable<ListedFile["index"]> }>();
  const submodules: string[] = [];
  let sparse = 0;
  for (const entry of splitAtNul(output)) {
    const tab = entry.indexOf(9);
    const [tag = "", mode = "", blob = "", stage = "0"] = entry.toString("latin1", 0, tab).split(" ");
    const name = pathName(entry.subarray(tab + 1));
    const key = name.bytes?.toString("latin1") ?? name.path;
    if (mode === "160000") submodules.push(name.path);
    else if (tag === "S") sparse++;
    else names.set(`${name.bytes ? "b" : "t"}${key}`, { ...name, index: { mode, blob, unmerged: stage !== "0" } });
  }
  return { names: withDistinctPaths([...names.values()]), submodules, sparse };
}

const attributeNames = [
  "linguist-generated",
  "linguist-vendored",
  "linguist-documentation",
  "binary",
  "linguist-language",
  "working-tree-encoding",
  "filter",
];

function attributeState(value: string): AttributeState {
  if (value === "set" || value === "true") return "set";
  if (value === "unset" || value === "false") return "unset";
  return "unspecified";
}

function attributeValue(value: string): string | undefined {
  return ["set", "unset", "unspecified", ""].includes(value) ? undefined : value;
}

/** One `git check-attr` for every path; answers come in the order of the questions. */
async function readAttributes(directory: string, names: readonly PathName[], signal?: AbortSignal): Promise<FileAttributes[]> {
  if (names.length === 0) return [];
  const nul = Buffer.from([0]);
  const input = Buffer.concat(names.flatMap((name) => [name.bytes ?? Buffer.from(name.path, "utf8"), nul]));
  const fields = splitAtNul(await requireGit(directory, ["check-attr", "-z", "--stdin", ...attributeNames], { input, signal }));
  return names.map((_, file) => {
    const value = (attribute: number): string =>
      fields[(file * attributeNames.length + attribute) * 3 + 2]?.toString("utf8") ?? "unspecified";
    const language = attributeValue(value(4));
    const encoding = attributeValue(value(5));
    const filter = attributeValue(value(6));
    return {
      generated: attributeState(value(0)),
      vendored: attributeState(value(1)),
      documentation: attributeState(value(2)),
      binary: attributeState(value(3)),
      ...(language === undefined ? {} : { language }),
      ...(encoding === undefined ? {} : { encoding }),
      ...(filter === undefined ? {} : { filter }),
    };
  });
}

function submoduleNote(submodules: readonly string[]): string {
  const shown = submodules.slice(0, 5).join(", ") + (submodules.length > 5 ? ", …" : "");
  return submodules.length === 1 ? `1 submodule was not entered: ${shown}.` : `${submodules.length} submodules were not entered: ${shown}.`;
}

async function readHead(directory: string, signal?: AbortSignal): Promise<{ head?: string; branch?: string; staged: ReadonlySet<string> }> {
  const [head, branch] = await Promise.all([
    runGit(directory, ["rev-parse", "--verify", "-q", "HEAD"], { signal }),
    runGit(directory, ["symbolic-ref", "-q", "--short", "HEAD"], { signal }),
  ]);
  const headId = head.code === 0 ? head.stdout.toString("utf8").trim() : undefined;
  const branchName = branch.code === 0 ? branch.stdout.toString("utf8").trim() : undefined;
  const staged =
    headId === undefined
      ? undefined
      : await runGit(directory, ["diff-index", "--cached", "--name-only", "--relative", "-z", "HEAD", "--"], { signal });
  return {
    ...(headId === undefined ? {} : { head: headId }),
    ...(branchName === undefined ? {} : { branch: branchName }),
    staged: new Set(staged?.code === 0 ? splitAtNul(staged.stdout).map((path) => pathName(path).path) : []),
  };
}

/** Tracked files under `directory`, paths relative to it. Untracked and ignored files are not listed: git is the judge. */
export async function listTrackedFiles(directory: string, signal?: AbortSignal): Promise<Listing> {
  const index = parseIndex(await requireGit(directory, ["ls-files", "-z", "-t", "-s", "--"], { signal }));
  const [attributes, head, format] = await Promise.all([
    readAttributes(directory, index.names, signal),
    readHead(directory, signal),
    runGit(directory, ["rev-parse", "--show-object-format"], { signal }),
  ]);
  const notes: string[] = [];
  if (index.submodules.length > 0) notes.push(submoduleNote(index.submodules));
  if (index.sparse > 0) notes.push(`${index.sparse} tracked files lie outside the sparse checkout and were not read.`);
  if (index.names.length === 0) notes.push("git tracks no file here yet; run `git add` for what belongs to the repository.");
  return {
    kind: "git",
    files: index.names.map((name, file) => ({ ...name, attributes: attributes[file] ?? noAttributes })),
    notes,
    ...head,
    objectFormat: format.stdout.toString("utf8").trim() === "sha256" ? "sha256" : "sha1",
  };
}

/** True when the repository around it ignores this directory, so that listing tracked files would say nothing about it. */
export async function isIgnoredByGit(directory: string, signal?: AbortSignal): Promise<boolean> {
  return (await runGit(directory, ["check-ignore", "-q", "--", "."], { signal })).code === 0;
}
