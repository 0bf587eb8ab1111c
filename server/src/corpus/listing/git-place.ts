import { realpathSync } from "node:fs";
import { relative, resolve } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import { readGitConfig, type GitConfig } from "./git-config";
import { runGit, type GitOutput } from "./git";

/** A directory inside a work tree, with what the listing has to know about its repository. */
export interface WorkTree {
  readonly kind: "work-tree";
  readonly directory: string;
  /** Root of the work tree. */
  readonly root: string;
  readonly isRoot: boolean;
  readonly config: GitConfig;
  readonly gitVersion: string;
  /** `$GIT_DIR/info/attributes`, in a linked work tree that of the main one. */
  readonly infoAttributes: string;
  /** The file of the index. */
  readonly indexFile: string;
  readonly isShallow: boolean;
  readonly objectFormat: "sha1" | "sha256";
}

/** Path of the directory below the root of its work tree, "" or with a slash at its end. */
export function prefixOf({ root, directory }: WorkTree): string {
  const path = relative(realpathSync(root), directory).replaceAll("\\", "/");
  return path === "" ? "" : `${path}/`;
}

export type GitPlace = WorkTree | { readonly kind: "none"; readonly why: string };

function text(output: GitOutput): string {
  return output.stdout.toString("utf8").replace(/\r?\n$/, "");
}

/** Is this directory part of a work tree that git will read for us? @throws MidtrainError when git is there and refuses; GitMissing. */
export async function findWorkTree(directory: string, signal?: AbortSignal): Promise<GitPlace> {
  const ask = (...args: string[]): Promise<GitOutput> => runGit(directory, args, { signal });
  const [inside, gitPaths, version, config] = await Promise.all([
    ask("rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-object-format", "--show-toplevel"),
    ask("rev-parse", "--git-path", "info/attributes", "--git-path", "index"),
    ask("version"),
    readGitConfig(directory, signal),
  ]);
  const [answer = "", shallow, format, ...root] = text(inside).split("\n");
  if (inside.code !== 0 || answer !== "true") return refusal(directory, answer, inside.stderr);
  const top = root.join("\n");
  const [infoAttributes, indexFile] = bothPaths(text(gitPaths));
  const real = realpathSync(directory);
  return {
    kind: "work-tree",
    directory: real,
    root: top,
    isRoot: realpathSync(top) === real,
    config,
    gitVersion: text(version),
    infoAttributes: resolve(directory, infoAttributes),
    indexFile: resolve(directory, indexFile),
    isShallow: shallow === "true",
    objectFormat: format === "sha256" ? "sha256" : "sha1",
  };
}

/** Two paths, a line each, of the same git directory; a name with a line feed makes them two halves. */
function bothPaths(lines: string): readonly [string, string] {
  const middle = lines.lastIndexOf("info/attributes\n") + "info/attributes".length;
  return [lines.slice(0, middle), lines.slice(middle + 1)];
}

function refusal(directory: string, answer: string, stderr: string): GitPlace {
  if (/not a git repository/i.test(stderr)) return { kind: "none", why: "this is not a git repository" };
  if (/dubious ownership/i.test(stderr)) {
    throw new MidtrainError({
      reason: "environment",
      message: "git refuses to read this repository because it belongs to another user.",
      where: directory,
      next: "If you trust it, run `git config --global --add safe.directory <that directory>` and harvest again.",
    });
  }
  const isBare = answer === "false" || /work tree/.test(stderr);
  throw new MidtrainError({
    reason: "input",
    message: isBare ? "This is a git directory without a working tree." : `git cannot read this repository: ${stderr}`,
    where: directory,
    next: "Name a checkout of the repository.",
  });
}
