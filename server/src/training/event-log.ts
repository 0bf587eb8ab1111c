/**
 * events.jsonl: the append-only record of a run. `seq` counts from 0 without holes; a line is complete when its
 * newline is on disk; a torn last line is truncated by the next writer and never seen by a reader.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { NewRunEvent, RunEvent, RunEventType } from "@midtrain/protocol/run";
import { parseRunEvent } from "@midtrain/protocol/run-schemas";
import { explainWriteError } from "../platform/atomic-write";

export interface EventLog {
  /** Sequence number of the next event. */
  readonly nextSeq: number;
  append(event: NewRunEvent, branch: number): RunEvent;
  sync(): void;
  close(): void;
}

export interface EventPage {
  readonly events: readonly RunEvent[];
  /** Byte offset after the last complete line: where the next read starts. */
  readonly nextByte: number;
}

/** Events that a resume or a reader relies on are durable before the run goes on. */
const durable: ReadonlySet<RunEventType> = new Set([
  "run-started",
  "baseline",
  "evaluation",
  "checkpoint",
  "rollback",
  "resumed",
  "selected",
  "run-finished",
]);
const newline = 0x0a;
const syncEveryMilliseconds = 1000;

/**
 * Opens the log for its one writer (the holder of the run's lock).
 * @throws MidtrainError (corrupt) when a line before the last one is not an event.
 */
export function openEventLog(file: string, now: () => Date): EventLog {
  mkdirSync(dirname(file), { recursive: true });
  const descriptor = openSync(file, "a+");
  const existing = readPage(descriptor, 0, file);
  ftruncateSync(descriptor, existing.nextByte);
  let size = existing.nextByte;
  let nextSeq = (existing.events[existing.events.length - 1]?.seq ?? -1) + 1;
  let syncedAt = now().getTime();

  const sync = (): void => {
    fsyncSync(descriptor);
    syncedAt = now().getTime();
  };
  return {
    get nextSeq() {
      return nextSeq;
    },
    append: (event, branch) => {
      const time = now();
      const complete = { seq: nextSeq, time: time.toISOString(), branch, ...event } as RunEvent;
      const line = Buffer.from(`${JSON.stringify(complete)}\n`, "utf8");
      try {
        for (let written = 0; written < line.length;) written += writeSync(descriptor, line, written);
        if (durable.has(event.type) || time.getTime() - syncedAt >= syncEveryMilliseconds) sync();
      } catch (error) {
        // A half-written line must not become the beginning of the next event.
        ftruncateSync(descriptor, size);
        throw explainWriteError(error, file);
      }
      size += line.length;
      nextSeq += 1;
      return complete;
    },
    sync,
    close: () => {
      sync();
      closeSync(descriptor);
    },
  };
}

/** All complete events from a byte offset on (0, or a `nextByte` of an earlier page). A missing file has no events yet. */
export function readEvents(file: string, fromByte = 0): EventPage {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { events: [], nextByte: fromByte };
    throw error;
  }
  try {
    return readPage(descriptor, fromByte, file);
  } finally {
    closeSync(descriptor);
  }
}

function readPage(descriptor: number, fromByte: number, file: string): EventPage {
  const data = readFrom(descriptor, fromByte);
  const events: RunEvent[] = [];
  let start = 0;
  for (let end = data.indexOf(newline, start); end >= 0; end = data.indexOf(newline, start)) {
    const parsed = parseLine(data.toString("utf8", start, end));
    if (typeof parsed === "string") {
      // Only the tail can be torn (a lost page after a power failure): an event behind the line means that the file was changed.
      if (hasEventAfter(data, end + 1)) throw corrupt(file, fromByte + start, parsed);
      break;
    }
    const before = events[events.length - 1];
    if (before !== undefined && parsed.seq !== before.seq + 1)
      throw corrupt(file, fromByte + start, `seq ${parsed.seq} follows ${before.seq}`);
    events.push(parsed);
    start = end + 1;
  }
  return { events, nextByte: fromByte + start };
}

function readFrom(descriptor: number, fromByte: number): Buffer {
  const size = fstatSync(descriptor).size;
  const data = Buffer.alloc(Math.max(0, size - fromByte));
  let filled = 0;
  while (filled < data.length) {
    const got = readSync(descriptor, data, filled, data.length - filled, fromByte + filled);
    if (got === 0) break;
    filled += got;
  }
  return data.subarray(0, filled);
}

function hasEventAfter(data: Buffer, start: number): boolean {
  return data
    .toString("utf8", start)
    .split("\n")
    .some((line) => typeof parseLine(line) !== "string");
}

function parseLine(line: string): RunEvent | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "not JSON";
  }
  const parsed = parseRunEvent(value);
  return parsed.ok ? parsed.value : parsed.problem;
}

function corrupt(file: string, byte: number, problem: string): MidtrainError {
  return new MidtrainError({
    reason: "corrupt",
    message: `The event log is damaged at byte ${byte}: ${problem}.`,
    where: file,
    next: "Restore the file from a backup, or start a new run; checkpoints and evaluations of this run are still there.",
  });
}
