import { gitFailed, requireGit, splitAtNul, streamGit } from "./git";
import type { WorkTree } from "./git-place";
import { pathName } from "./path-names";

/** A file that a commit made from another one. */
export interface Move {
  readonly kind: "rename" | "copy";
  readonly from: string;
  readonly to: string;
  /** Percent of the text that stayed. */
  readonly similarity: number;
}

/** Is told what commits did, in the order of the log. Paths are relative to the root of the work tree. */
export interface HistoryListener {
  commit(time: number, id: string): void;
  added(path: string): void;
  moved(move: Move): void;
}

/** Renames with changes are looked for where a commit adds and deletes at most so many files; beyond, only exact ones. */
const renameLimit = 400;

/** In a partial clone only equal blobs are compared: looking into others would have to fetch them. */
export function renameArguments({ config }: WorkTree): string[] {
  return config.isPartialClone ? ["-M100%"] : ["-M", `-l${renameLimit}`];
}

/** Tracked files below the directory, relative to it. */
export async function trackedPaths({ directory }: WorkTree, signal?: AbortSignal): Promise<string[]> {
  return splitAtNul(await requireGit(directory, ["ls-files", "-z"], { signal })).map((path) => pathName(path).path);
}

/** Streams `git log` with these arguments to the listener; memory does not grow with the history. */
export async function followLog(tree: WorkTree, args: readonly string[], listener: HistoryListener, signal?: AbortSignal): Promise<void> {
  const command = ["log", "-z", "--no-show-signature", "--no-color", "--no-ext-diff", "--name-status", "--format=@%ct %H", ...args];
  const parser = new LogParser(listener);
  let rest: Buffer = Buffer.alloc(0);
  const onOutput = (chunk: Buffer): void => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const complete = rest.lastIndexOf(0) + 1;
    for (const field of splitAtNul(rest.subarray(0, complete))) parser.field(field);
    rest = rest.subarray(complete);
  };
  const end = await streamGit(tree.root, command, onOutput, { signal });
  if (end.code !== 0) throw gitFailed(tree.root, command, end);
}

/**
 * `git log -z --name-status`: `@<time> <commit>`, then `A`, path, or `R<similarity>`, old path, new path; a merge has one letter per parent.
 * What a field means follows from the one before it, so that no path can pass for anything else.
 */
class LogParser {
  readonly #listener: HistoryListener;
  #status = "";
  #oldPath: string | undefined;

  constructor(listener: HistoryListener) {
    this.#listener = listener;
  }

  field(field: Buffer): void {
    if (this.#status === "") return this.#commitOrStatus(field.toString("latin1").replace(/^\n/, ""));
    const path = pathName(field).path;
    const isMove = /^[RC]/.test(this.#status);
    if (isMove && this.#oldPath === undefined) {
      this.#oldPath = path;
      return;
    }
    if (this.#oldPath === undefined) this.#listener.added(path);
    else this.#listener.moved(this.#moveTo(this.#oldPath, path));
    this.#oldPath = undefined;
    this.#status = "";
  }

  #moveTo(from: string, to: string): Move {
    return { kind: this.#status.startsWith("C") ? "copy" : "rename", from, to, similarity: Number.parseInt(this.#status.slice(1), 10) };
  }

  #commitOrStatus(text: string): void {
    if (!text.startsWith("@")) this.#status = text;
    else this.#listener.commit(Number(text.slice(1, text.indexOf(" "))), text.slice(text.indexOf(" ") + 1));
  }
}
