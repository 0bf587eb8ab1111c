/** Starts the controller of a run as a process of its own: it outlives the window or the shell that started it. */
import { spawn } from "node:child_process";
import { hostname } from "node:os";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { RunStatus } from "@midtrain/protocol/run";
import { bundledFile } from "../config";
import { requireNativePart } from "../executors";
import { writeJsonAtomic } from "../platform/atomic-write";
import { emptyMailbox } from "./mailbox";
import { readIdentity, readWrittenStatus, runFiles } from "./run-directory";
import { livingOwner } from "./run-lock";

export interface LaunchedRun {
  readonly pid: number;
  /** Resolves when the process ended while its starter still lives; the starter need not wait. */
  readonly ended: Promise<number | null>;
}

/**
 * @throws MidtrainError (busy) when a controller is at work on the run, (input) when the run has ended for good.
 */
export function launchRun(runDirectory: string): LaunchedRun {
  const status = launchableStatus(runDirectory);
  if (readIdentity(runDirectory).recipe.executor === "onnx") requireNativePart();
  const bundle = bundledFile("run.js");
  const files = runFiles(runDirectory);
  const announce = (pid: number): void =>
    writeJsonAtomic(files.state, {
      ...status,
      state: "preparing",
      phase: "launch",
      message: "starting the controller",
      pid,
      host: hostname(),
    });
  emptyMailbox(runDirectory);
  announce(process.pid);
  const log = openSync(files.log, "a");
  try {
    const child = spawn(process.execPath, [bundle, runDirectory], {
      detached: true,
      stdio: ["ignore", log, log],
      windowsHide: true,
      // Inside an editor, process.execPath is Electron; this makes it a plain Node.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
    });
    const ended = new Promise<number | null>((resolve) => {
      child.once("exit", (code) => resolve(code));
      child.once("error", () => resolve(null));
    });
    void ended.then(() => sayIfNeverStarted(runDirectory));
    child.unref();
    if (child.pid === undefined) {
      const message = "The controller could not be started.";
      throw new MidtrainError({ reason: "environment", message, where: process.execPath, next: "Run midtrain doctor." });
    }
    // Should the controller have written first, its heartbeat writes again within a second.
    announce(child.pid);
    return { pid: child.pid, ended };
  } finally {
    closeSync(log);
  }
}

function launchableStatus(runDirectory: string): RunStatus {
  const { run } = readIdentity(runDirectory);
  const owner = livingOwner(runFiles(runDirectory).lock);
  if (owner !== undefined) {
    const message = `Run ${run} is already running (process ${owner.pid}).`;
    throw new MidtrainError({ reason: "busy", message, where: runDirectory, next: `Watch it with midtrain run watch ${run}.` });
  }
  const status = readWrittenStatus(runDirectory);
  // A run that its user stopped kept its state: it may go on.
  if (status.state === "finished" && status.stopReason?.family !== "user") {
    const next = `See midtrain run show ${run}, or start a new one with midtrain adapt.`;
    throw new MidtrainError({ reason: "input", message: `Run ${run} has finished.`, where: runDirectory, next });
  }
  return status;
}

/** A controller that ended before its first word cannot say so itself. */
function sayIfNeverStarted(runDirectory: string): void {
  if (!existsSync(runFiles(runDirectory).state)) return;
  const status = readWrittenStatus(runDirectory);
  if (status.state !== "preparing" || status.phase !== "launch") return;
  writeJsonAtomic(runFiles(runDirectory).state, {
    ...status,
    state: "failed",
    phase: "failed",
    message: "The controller ended before it could begin; its log says why.",
  });
}

/** The last lines that the controller printed before it ended: what a reader shows when the run died before it could say why. */
export function controllerOutput(runDirectory: string, lines = 5): string {
  const file = runFiles(runDirectory).log;
  if (!existsSync(file)) return "";
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
}
