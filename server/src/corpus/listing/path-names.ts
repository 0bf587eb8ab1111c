import { isUtf8 } from "node:buffer";
import { join } from "node:path";

/** A path as it stands in the repository: text for people and records, bytes where text cannot hold it. */
export interface PathName {
  /** Relative, with forward slashes. Bytes that are no UTF-8 are shown as `\xHH`. */
  readonly path: string;
  /** Present only when the name is not valid UTF-8. */
  readonly bytes?: Buffer;
}

export function pathName(bytes: Buffer): PathName {
  if (isUtf8(bytes)) return { path: bytes.toString("utf8") };
  return { path: escapeInvalidUtf8(bytes), bytes: Buffer.from(bytes) };
}

/** Decodes valid sequences, shows every other byte as `\xHH`. */
function escapeInvalidUtf8(bytes: Buffer): string {
  let shown = "";
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    shown += length > 0 ? bytes.toString("utf8", at, at + length) : `\\x${bytes[at]!.toString(16).padStart(2, "0")}`;
    at += Math.max(1, length);
  }
  return shown;
}

function sequenceLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4; length++) if (at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))) return length;
  return 0;
}

/** Something the file system calls take. */
export function absolutePath(root: string, name: PathName): string | Buffer {
  if (name.bytes === undefined) return join(root, name.path);
  return Buffer.concat([Buffer.from(root.endsWith("/") ? root : `${root}/`, "utf8"), name.bytes]);
}

/** Code-unit order: the same on every machine, whatever its locale. */
export function comparePaths(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Two names with different bytes may be shown alike; the later ones get a mark, so that a path stays a key. */
export function withDistinctPaths<T extends PathName>(names: readonly T[]): T[] {
  if (names.every((name) => name.bytes === undefined)) return [...names];
  const taken = new Set<string>(names.filter((name) => name.bytes === undefined).map((name) => name.path));
  return names.map((name) => {
    if (name.bytes === undefined) return name;
    let path = name.path;
    while (taken.has(path)) path += "~";
    taken.add(path);
    return { ...name, path };
  });
}
