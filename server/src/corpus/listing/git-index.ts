import { gitFailed, streamGit } from "./git";
import { pathName, type PathName } from "./path-names";

/** One path of the index. */
export interface IndexEntry extends PathName {
  readonly index: { readonly mode: string; readonly blob: string; readonly unmerged: boolean };
  /** Git was told not to look at the file (assume-unchanged, skip-worktree), so what it says about it may be wrong. */
  readonly isUnwatched: boolean;
  /** Size on disk when git last looked. */
  readonly size?: number;
}

export interface Index {
  readonly entries: readonly IndexEntry[];
  /** Paths that git was told not to have in the working tree. */
  readonly skipped: readonly IndexEntry[];
  readonly submodules: readonly PathName[];
}

const tab = 9;
const lineFeed = 10;
const space = 32;

/**
 * Reads what `git ls-files -z -v -s --debug` prints as it comes: `<tag> <mode> <blob> <stage>TAB<path>NUL`, then indented lines about the last
 * look at the file. Paths are raw bytes. The lines are only used where they are as known: without them no size is given.
 */
export class IndexParser {
  readonly #entries: IndexEntry[] = [];
  readonly #skipped: IndexEntry[] = [];
  readonly #submodules: PathName[] = [];
  #last: IndexEntry | undefined;
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    const output = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = output.subarray(this.#parse(output, false));
  }

  end(): Index {
    this.#parse(this.#rest, true);
    return { entries: this.#entries, skipped: this.#skipped, submodules: this.#submodules };
  }

  /** @returns where the first entry begins whose end is not here yet. */
  #parse(output: Buffer, isEnd: boolean): number {
    for (let at = 0; ;) {
      const end = output.indexOf(0, at);
      if (end < 0) return at;
      const { next, size } = readDebugLines(output, end + 1);
      // Only the beginning of the next entry shows that no line follows.
      if (!isEnd && next + 1 >= output.length) return at;
      this.#entry(output, at, end, size);
      at = next;
    }
  }

  #entry(output: Buffer, at: number, end: number, size: number | undefined): void {
    const tabAt = output.indexOf(tab, at);
    const tag = output[at]!;
    const mode = output.toString("latin1", at + 2, at + 8);
    const name = nameAt(output, tabAt + 1, end);
    if (mode === "160000") {
      this.#submodules.push(name);
      return;
    }
    const unmerged = output[tabAt - 1] !== 48;
    // The stages of an unmerged path follow one another.
    if (unmerged && this.#last?.index.unmerged && isSameName(this.#last, name)) return;
    const isSkipped = tag === 83 || tag === 115;
    const index = { mode, blob: output.toString("latin1", at + 9, tabAt - 2), unmerged };
    this.#last = entryOf(name, index, isSkipped || tag >= 97, size);
    (isSkipped ? this.#skipped : this.#entries).push(this.#last);
  }
}

/** The index as far as these arguments of `git ls-files` reach. */
export async function readIndex(directory: string, pathspecs: readonly string[], signal?: AbortSignal): Promise<Index> {
  const args = ["ls-files", "-z", "-v", "-s", "--debug", "--", ...pathspecs];
  const parser = new IndexParser();
  const end = await streamGit(directory, args, (chunk) => parser.push(chunk), { signal });
  if (end.code !== 0) throw gitFailed(directory, args, end);
  return parser.end();
}

/** Written out, because a hundred thousand spread objects cost more than git does. */
export function entryOf(name: PathName, index: IndexEntry["index"], isUnwatched: boolean, size: number | undefined): IndexEntry {
  const { path, bytes } = name;
  if (bytes !== undefined) return { path, bytes, index, isUnwatched };
  return size === undefined ? { path, index, isUnwatched } : { path, index, isUnwatched, size };
}

/** Decodes first and looks for the sign of a failure, because nearly every name is fine. */
export function nameAt(output: Buffer, start: number, end: number): PathName {
  const path = output.toString("utf8", start, end);
  return path.includes("\ufffd") ? pathName(output.subarray(start, end)) : { path };
}

export function isSameName(a: PathName, b: PathName): boolean {
  return a.path === b.path && (a.bytes === undefined) === (b.bytes === undefined);
}

/** Lines of an entry begin with two spaces, which no entry does. */
function readDebugLines(output: Buffer, start: number): { next: number; size?: number } {
  let next = start;
  let size: number | undefined;
  while (output[next] === space && output[next + 1] === space) {
    const end = output.indexOf(lineFeed, next);
    if (end < 0) return { next: output.length };
    if (output[next + 2] === 115) size = numberAfterColon(output, next, end);
    next = end + 1;
  }
  return size === undefined ? { next } : { next, size };
}

function numberAfterColon(output: Buffer, start: number, end: number): number | undefined {
  let at = output.indexOf(58, start) + 2;
  let value = 0;
  const first = at;
  for (; at < end && output[at]! >= 48 && output[at]! <= 57; at++) value = value * 10 + output[at]! - 48;
  return at > first && at < end ? value : undefined;
}
