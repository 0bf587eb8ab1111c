import { lstatSync } from "node:fs";

/** Clocks of file systems tick in steps of up to two seconds. */
const coarsestTickMilliseconds = 2000;

/**
 * What the file system says of a regular file, where equal answers at two times mean that the content is the same.
 * Like the index of git it trusts no file that was touched just before the look: it may change again within the same tick of the clock. The time
 * of the last change of status is in it because no program can set it back.
 * @param now milliseconds since 1970, from before the content is read
 * @returns undefined when nothing can be said, also for what is no regular file.
 */
export function readFileStat(path: string | Buffer, now: number): string | undefined {
  try {
    const status = lstatSync(path, { bigint: true });
    const limit = BigInt(now - coarsestTickMilliseconds);
    if (!status.isFile() || status.mtimeMs >= limit || status.ctimeMs >= limit) return undefined;
    return `stat ${status.size} ${status.mtimeNs} ${status.ctimeNs} ${status.dev} ${status.ino} ${status.mode}`;
  } catch {
    return undefined;
  }
}
