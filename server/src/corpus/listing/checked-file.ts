import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isWriteError, writeFileAtomic } from "../../platform/atomic-write";
import { sha256 } from "../../platform/hash";

/** Where answers of git are remembered: a file per place and purpose. Without a directory nothing is remembered. */
export interface CacheFile {
  readonly directory: string | undefined;
  readonly name: string;
}

/** Two cached files never hold one another's content: the first line names the key, and vouches for the rest. */
function headerOf(key: string, body: Buffer): Buffer {
  return Buffer.from(`midtrain ${key} ${sha256(body)}\n`);
}

/** The body that was written under this key; undefined when there is none, or when a byte of it is wrong. */
export function readCheckedFile(file: CacheFile, key: string): Buffer | undefined {
  if (file.directory === undefined) return undefined;
  try {
    const content = readFileSync(join(file.directory, file.name));
    const start = content.indexOf(10) + 1;
    const body = content.subarray(start);
    return content.subarray(0, start).equals(headerOf(key, body)) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** A place that cannot be written to costs time at the next run, nothing else. */
export function writeCheckedFile(file: CacheFile, key: string, body: Buffer): void {
  if (file.directory === undefined) return;
  try {
    const ignore = join(file.directory, ".gitignore");
    if (!existsSync(ignore)) writeFileAtomic(ignore, "*\n");
    writeFileAtomic(join(file.directory, file.name), [headerOf(key, body), body]);
  } catch (error) {
    if (!isWriteError(error)) throw error;
  }
}
