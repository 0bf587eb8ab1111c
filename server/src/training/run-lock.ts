/**
 * One controller per run: a lock file with process id and the time at which that process started, so that a
 * recycled process id is not taken for the owner. A lock whose owner is dead is taken over.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { hostname } from "node:os";
import { MidtrainError } from "@midtrain/protocol/errors";
import { explainWriteError } from "../platform/atomic-write";

export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** Start time of the process in clock ticks since boot (Linux); empty where the system does not tell. */
  readonly startedAt: string;
}

export interface RunLock {
  release(): void;
}

/** @throws MidtrainError (busy) when a living controller holds the run. */
export function acquireRunLock(file: string): RunLock {
  mkdirSync(dirname(file), { recursive: true });
  const owner: LockOwner = { pid: process.pid, host: hostname(), startedAt: processStart(process.pid) ?? "" };
  const text = `${JSON.stringify(owner)}\n`;
  const mine = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(mine, text, { flag: "wx" });
    while (!tryLink(mine, file)) takeOver(file);
  } catch (error) {
    throw explainWriteError(error, file);
  } finally {
    rmSync(mine, { force: true });
  }
  return {
    release: () => {
      if (readText(file) === text) rmSync(file, { force: true });
    },
  };
}

/** The living owner of a run; undefined when nobody holds it. */
export function livingOwner(file: string): LockOwner | undefined {
  const owner = parseOwner(readText(file));
  return owner !== undefined && isAlive(owner) ? owner : undefined;
}

/** True while the process runs. A process on another host cannot be asked and counts as alive. */
export function isAlive(owner: LockOwner): boolean {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const started = processStart(owner.pid);
  return started === undefined ? owner.startedAt === "" : owner.startedAt === "" || started === owner.startedAt;
}

/** Hard link: the one operation that creates a complete file exclusively. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function takeOver(file: string): void {
  const text = readText(file);
  if (text === undefined) return;
  const owner = parseOwner(text);
  if (owner !== undefined && isAlive(owner)) {
    throw new MidtrainError({
      reason: "busy",
      message: `Another controller (process ${owner.pid} on ${owner.host}) is working on this run.`,
      where: dirname(file),
      next: "Watch it with midtrain run watch, or stop it with midtrain run stop.",
    });
  }
  const aside = `${file}.${randomBytes(6).toString("hex")}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  // Between reading and renaming somebody else may have taken over: then it is theirs, not a stale one.
  if (readText(aside) !== text) tryLink(aside, file);
  rmSync(aside, { force: true });
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function parseOwner(text: string | undefined): LockOwner | undefined {
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Partial<LockOwner> | null;
    if (value === null || typeof value.pid !== "number" || typeof value.host !== "string" || typeof value.startedAt !== "string")
      return undefined;
    return { pid: value.pid, host: value.host, startedAt: value.startedAt };
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/<pid>/stat; the name in field 2 may contain spaces and brackets, so counting starts behind its last bracket. */
function processStart(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie has ended; only its parent has not asked yet.
  return fields[0] === "Z" ? "ended" : fields[19];
}
