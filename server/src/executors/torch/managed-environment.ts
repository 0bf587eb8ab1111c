/** Where `doctor --install` makes the Python environment of the torch executor, and the mark of a finished one. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { userCache } from "../../platform/user-cache";

/** Written last into a finished environment. */
const markerName = "midtrain-environment.json";
const markerSchema = z.object({ format: z.literal(1), lock: z.string(), tool: z.string() });

/** Identity of the environment that a lock file asks for. */
export function lockHash(lockFile: string): string {
  return createHash("sha256").update(readFileSync(lockFile)).digest("hex");
}

/** Where the environment of this lock belongs: another lock, another directory, so that a running training keeps its own. */
export function environmentDirectory(lock: string, cache = userCache()): string {
  return join(cache, `training-${lock.slice(0, 12)}`);
}

export function interpreterOf(directory: string, platform: NodeJS.Platform = process.platform): string {
  return platform === "win32" ? join(directory, "Scripts", "python.exe") : join(directory, "bin", "python");
}

export function markerFile(directory: string): string {
  return join(directory, markerName);
}

export function markerText(lock: string, tool: string): string {
  return `${JSON.stringify({ format: 1, lock, tool })}\n`;
}

/** Hash of the lock that a finished environment was made for; undefined while it is not finished. */
export function finishedFor(directory: string): string | undefined {
  try {
    return markerSchema.parse(JSON.parse(readFileSync(markerFile(directory), "utf8"))).lock;
  } catch {
    return undefined;
  }
}

/** The interpreter of the finished environment for this lock. */
export function managedInterpreter(lockFile: string): string | undefined {
  const lock = lockHash(lockFile);
  const directory = environmentDirectory(lock);
  return finishedFor(directory) === lock ? interpreterOf(directory) : undefined;
}
