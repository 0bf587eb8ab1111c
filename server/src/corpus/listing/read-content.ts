import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import type { ReadableName } from "./listing";
import { absolutePath, type PathName } from "./path-names";

export type ReadOutcome =
  | { readonly kind: "content"; readonly content: Buffer }
  | { readonly kind: "reject"; readonly rule: string; readonly reason: string; readonly bytes: number };

function reject(rule: string, reason: string, bytes: number): ReadOutcome {
  return { kind: "reject", rule, reason, bytes };
}

function rejectError(error: unknown, bytes: number): ReadOutcome {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
  if (code === "ENOENT" || code === "ENOTDIR") return reject("vanished", "The file is tracked or listed, but no longer there.", 0);
  if (code === "ELOOP") return reject("symlink", "Symbolic links are not followed.", bytes);
  return reject("unreadable", `The file cannot be read (${code}).`, bytes);
}

/** Reads files of one tree, and of further roots that names point to, without ever leaving them through a symbolic link. */
export class ContentReader {
  readonly #root: string;
  readonly #maxBytes: number;
  readonly #realDirectories = new Map<string, boolean>();

  constructor(root: string, maxBytes: number) {
    this.#root = root;
    this.#maxBytes = maxBytes;
  }

  /** Size on disk without reading, 0 when there is nothing. */
  size(file: ReadableName): number {
    if (file.content !== undefined) return file.content.length;
    try {
      return lstatSync(absolutePath(file.disk?.root ?? this.#root, file.disk?.name ?? file)).size;
    } catch {
      return 0;
    }
  }

  /** @param roomFor gives room for so many bytes of content; what was read stands in it */
  read(file: ReadableName, roomFor: (bytes: number) => Buffer = Buffer.allocUnsafeSlow): ReadOutcome {
    if (file.content !== undefined) return this.#limited(file.content.length) ?? { kind: "content", content: file.content };
    const root = file.disk?.root ?? this.#root;
    const name = file.disk?.name ?? file;
    let bytes = 0;
    try {
      if (!this.#isBelowRealDirectories(root, name)) return reject("symlink", "A directory above the file is a symbolic link.", 0);
      const path = absolutePath(root, name);
      const status = lstatSync(path);
      bytes = status.isDirectory() ? 0 : status.size;
      if (status.isSymbolicLink()) return reject("symlink", "Symbolic links are not followed.", bytes);
      if (!status.isFile()) return reject("not-a-file", "This is not a regular file.", bytes);
      return this.#limited(status.size) ?? this.#readRegular(path, roomFor);
    } catch (error) {
      return rejectError(error, bytes);
    }
  }

  #limited(bytes: number): ReadOutcome | undefined {
    return bytes > this.#maxBytes ? reject("too-large", `The file has ${bytes} bytes; the limit is ${this.#maxBytes}.`, bytes) : undefined;
  }

  /** A file may change between being looked at and being read, so everything is asked again of the open descriptor. */
  #readRegular(path: string | Buffer, roomFor: (bytes: number) => Buffer): ReadOutcome {
    const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const status = fstatSync(descriptor);
      if (!status.isFile()) return reject("not-a-file", "This is not a regular file.", 0);
      const buffer = roomFor(Math.min(status.size, this.#maxBytes) + 1);
      let length = 0;
      for (let read = -1; read !== 0 && length < buffer.length; length += read)
        read = readSync(descriptor, buffer, length, buffer.length - length, length);
      if (length === buffer.length) return reject("vanished", "The file grew while it was being read.", status.size);
      return { kind: "content", content: buffer.subarray(0, length) };
    } finally {
      closeSync(descriptor);
    }
  }

  #isBelowRealDirectories(root: string, name: PathName): boolean {
    const parent = dirname(name.path);
    return name.bytes !== undefined || parent === "." || this.#isRealDirectory(root, parent);
  }

  #isRealDirectory(root: string, path: string): boolean {
    const place = join(root, path);
    const known = this.#realDirectories.get(place);
    if (known !== undefined) return known;
    const parent = dirname(path);
    const real = (parent === "." || this.#isRealDirectory(root, parent)) && !lstatSync(place).isSymbolicLink();
    this.#realDirectories.set(place, real);
    return real;
  }
}

/** Git's id of a blob with this content, in the repository's object format. */
export function blobId(content: Uint8Array, format: "sha1" | "sha256"): string {
  return createHash(format).update(`blob ${content.length}\0`).update(content).digest("hex");
}
