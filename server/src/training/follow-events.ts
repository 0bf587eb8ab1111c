/** Tailing events.jsonl: file-system notifications where they work, a slow poll behind them where they do not (network file systems). */
import { watch, type FSWatcher } from "node:fs";
import { dirname } from "node:path";
import type { RunEvent } from "@midtrain/protocol/run";
import { readEvents } from "./event-log";

export interface FollowOptions {
  /** Byte offset to start at: 0, or `nextByte` of an earlier page. */
  readonly fromByte?: number;
  readonly signal: AbortSignal;
  readonly pollMilliseconds?: number;
  /** Called at every wake-up without a new event; returning true ends the iteration (the controller is dead). */
  readonly isOver?: () => boolean;
}

export interface FollowedEvent {
  readonly event: RunEvent;
  /** Where to start again to see exactly the events after this page. */
  readonly nextByte: number;
}

/** Yields every event once, in order, until the signal fires or `isOver` says so. */
export async function* followEvents(file: string, options: FollowOptions): AsyncGenerator<FollowedEvent, void, void> {
  const { signal, pollMilliseconds = 500, isOver = () => false } = options;
  const waker = createWaker(dirname(file), signal, pollMilliseconds);
  let fromByte = options.fromByte ?? 0;
  try {
    while (!signal.aborted) {
      const over = isOver();
      const page = readEvents(file, fromByte);
      fromByte = page.nextByte;
      for (const event of page.events) yield { event, nextByte: page.nextByte };
      // `over` was asked before reading, so nothing written before the end can be missed.
      if (page.events.length === 0 && over) return;
      if (page.events.length === 0) await waker.wait();
    }
  } finally {
    waker.close();
  }
}

interface Waker {
  wait(): Promise<void>;
  close(): void;
}

function createWaker(directory: string, signal: AbortSignal, pollMilliseconds: number): Waker {
  let wake: () => void = () => undefined;
  let pending = false;
  const notify = (): void => {
    pending = true;
    wake();
  };
  const watcher = tryWatch(directory, notify);
  signal.addEventListener("abort", notify);
  return {
    wait: async () => {
      if (!pending) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pollMilliseconds);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      pending = false;
    },
    close: () => {
      signal.removeEventListener("abort", notify);
      watcher?.close();
      wake();
    },
  };
}

/** Undefined where the file system cannot notify; the poll alone then does the work. */
function tryWatch(directory: string, notify: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(directory, { persistent: false }, notify);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
