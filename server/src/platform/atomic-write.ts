import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { randomBytes } from "node:crypto";
import { MidtrainError } from "@midtrain/protocol/errors";

/** Writes the whole of `data` to an open descriptor; writeSync may write less than asked for. */
function writeFully(descriptor: number, data: Uint8Array): void {
  for (let written = 0; written < data.length;) written += writeSync(descriptor, data, written, data.length - written);
}

/** Makes a finished rename durable: the directory entry is data of the directory. */
export function syncDirectory(directory: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Writes a file so that a reader sees either the old content or the whole new one: temp + fsync + rename.
 * Content in parts is written one after the other, without a joined copy.
 * @throws MidtrainError naming the file: (environment) when the disk is full or the directory is not writable, (input) when
 *   the path leads through a file or to a directory.
 */
export function writeFileAtomic(file: string, data: string | Uint8Array | readonly Uint8Array[]): void {
  const parts = typeof data === "string" ? [Buffer.from(data, "utf8")] : data instanceof Uint8Array ? [data] : data;
  const directory = dirname(file);
  const temporary = join(directory, `.${randomBytes(6).toString("hex")}.tmp`);
  try {
    mkdirSync(directory, { recursive: true });
    const descriptor = openSync(temporary, "wx");
    try {
      for (const part of parts) writeFully(descriptor, part);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
    syncDirectory(directory);
  } catch (error) {
    removeIfThere(temporary);
    throw explainWriteError(error, file);
  }
}

/** What hinders the removal hindered the write before, and that is what is told. */
function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    return;
  }
}

export function writeJsonAtomic(file: string, value: unknown): void {
  writeFileAtomic(file, JSON.stringify(value, undefined, 2) + "\n");
}

/** A disk, or a right to it, is the matter: not a fault of the program. What is only a cache may do without the write. */
export function isWriteError(error: unknown): boolean {
  const cause = MidtrainError.is(error) ? (error.cause as NodeJS.ErrnoException | undefined) : (error as NodeJS.ErrnoException);
  return MidtrainError.is(error, "environment") || cause?.code !== undefined;
}

/** What the machine says; the others are what was asked for. */
const notWritable: readonly string[] = ["ENOSPC", "EDQUOT", "EACCES", "EROFS"];

/** A write error in words: what failed, where, what to do. Other errors pass unchanged. */
export function explainWriteError(error: unknown, file: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  const next: Record<string, string> = {
    ENOSPC: "Free some space, or choose another place with --out, and run the same command again.",
    EDQUOT: "The disk quota is used up: free some space, or choose another place with --out.",
    EACCES: "Make the directory writable, or choose another place with --out.",
    EROFS: "The file system is read-only: choose another place with --out.",
    ENOTDIR: "Choose another place.",
    EEXIST: "Choose another place.",
    EISDIR: "Name a file.",
  };
  if (code === undefined || next[code] === undefined) return error;
  const what: Record<string, string> = {
    ENOSPC: "The disk is full",
    EDQUOT: "The disk quota is used up",
    EACCES: "Not allowed to write",
    EROFS: "Not allowed to write",
    ENOTDIR: "A part of this path is a file, not a directory",
    EEXIST: "A part of this path is a file, not a directory",
    EISDIR: "This is a directory",
  };
  const reason = notWritable.includes(code) ? "environment" : "input";
  return new MidtrainError({ reason, message: `${what[code]}.`, where: file, next: next[code], cause: error });
}
