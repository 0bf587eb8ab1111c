/** state.json: what any window or command line shows without reading the events. Written whole, at most once a second. */
import { hostname } from "node:os";
import type { RunState, RunStatus } from "@midtrain/protocol/run";
import { writeJsonAtomic } from "../platform/atomic-write";
import { readWrittenStatus, runFiles } from "./run-directory";
import { isAlive, livingOwner } from "./run-lock";

export type StatusChange = Partial<Omit<RunStatus, "run" | "pid" | "host" | "updatedAt">>;

export interface StatusWriter {
  readonly current: RunStatus;
  /** Merges a change; it reaches the disk now if the state or phase changed, else within a second. */
  update(change: StatusChange): void;
  flush(): void;
  close(): void;
}

const heartbeatMilliseconds = 1000;

export function initialStatus(run: string, now: Date): RunStatus {
  return {
    run,
    state: "queued",
    phase: "queued",
    pid: 0,
    host: hostname(),
    updatedAt: now.toISOString(),
    step: 0,
    steps: 0,
    tokens: 0,
    branch: 0,
    seq: -1,
  };
}

/** The status of a living controller. The heartbeat goes on while the executor computes: it runs in another thread. */
export function openStatus(runDirectory: string, first: RunStatus, now: () => Date): StatusWriter {
  const file = runFiles(runDirectory).state;
  let current: RunStatus = { ...first, pid: process.pid, host: hostname() };
  let writtenAt = 0;
  const flush = (): void => {
    current = { ...current, updatedAt: now().toISOString() };
    writtenAt = now().getTime();
    writeJsonAtomic(file, current);
  };
  const beat = setInterval(() => {
    try {
      if (now().getTime() - writtenAt >= heartbeatMilliseconds) flush();
    } catch {
      // A full disk is met, and told, by the next write of the controller itself; the heartbeat only repeats.
    }
  }, heartbeatMilliseconds);
  beat.unref();
  return {
    get current() {
      return current;
    },
    update: (change) => {
      const turned =
        (change.state !== undefined && change.state !== current.state) || (change.phase !== undefined && change.phase !== current.phase);
      current = { ...current, ...change };
      if (turned || now().getTime() - writtenAt >= heartbeatMilliseconds) flush();
    },
    flush,
    close: () => {
      clearInterval(beat);
      flush();
    },
  };
}

const needsController: ReadonlySet<RunState> = new Set(["preparing", "running", "stopping"]);

/** The status as readers show it: a run whose controller died without saying so is `lost`. */
export function readStatus(runDirectory: string): RunStatus {
  const written = readWrittenStatus(runDirectory);
  if (!needsController.has(written.state) || hasController(runDirectory, written)) return written;
  // The controller may have ended between the two reads: what it wrote last counts.
  const again = readWrittenStatus(runDirectory);
  if (!needsController.has(again.state) || hasController(runDirectory, again)) return again;
  return { ...again, state: "lost", message: "The controller ended without a word. Resume the run: it goes on from its last checkpoint." };
}

/** A controller that was just launched has not taken the lock yet; its process id is known. */
function hasController(runDirectory: string, status: RunStatus): boolean {
  if (livingOwner(runFiles(runDirectory).lock) !== undefined) return true;
  return status.phase === "launch" && isAlive({ pid: status.pid, host: status.host, startedAt: "" });
}
