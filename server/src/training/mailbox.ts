/** commands/: files put there by a command line or a window, read and removed by the controller between two steps. */
import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { RunCommand } from "@midtrain/protocol/run";
import { parseRunCommand } from "@midtrain/protocol/run-schemas";
import { writeJsonAtomic } from "../platform/atomic-write";
import { runFiles } from "./run-directory";

export interface Mail {
  readonly commands: readonly RunCommand[];
  /** Files that were not commands: removed, and said. */
  readonly rejected: readonly string[];
}

/** Names sort by time of sending, so that commands are read in order. */
export function sendCommand(runDirectory: string, command: RunCommand, now: Date = new Date()): void {
  const directory = runFiles(runDirectory).commands;
  mkdirSync(directory, { recursive: true });
  const stamp = String(now.getTime()).padStart(15, "0");
  writeJsonAtomic(join(directory, `${stamp}-${randomBytes(4).toString("hex")}.json`), command);
}

/** Takes everything out of the mailbox. */
export function takeCommands(runDirectory: string): Mail {
  const directory = runFiles(runDirectory).commands;
  const commands: RunCommand[] = [];
  const rejected: string[] = [];
  for (const name of listJson(directory)) {
    const file = join(directory, name);
    const command = readCommand(file);
    rmSync(file, { force: true });
    if (command === undefined) rejected.push(name);
    else commands.push(command);
  }
  return { commands, rejected };
}

/** Commands meant for a controller that has ended must not reach the next one. */
export function emptyMailbox(runDirectory: string): void {
  rmSync(runFiles(runDirectory).commands, { recursive: true, force: true });
}

function readCommand(file: string): RunCommand | undefined {
  try {
    const parsed = parseRunCommand(JSON.parse(readFileSync(file, "utf8")));
    return parsed.ok ? parsed.value : undefined;
  } catch {
    return undefined;
  }
}

function listJson(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith(".json"))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
