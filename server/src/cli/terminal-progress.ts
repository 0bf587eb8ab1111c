import type { OnProgress, Progress } from "@midtrain/protocol/progress";
import { duration } from "@midtrain/protocol/words";

export interface TerminalProgress {
  readonly update: OnProgress;
  /** Clears the line; later updates draw it again. */
  end(): void;
}

/** A bar on one line of a terminal, then gone; plain lines (one per message, at most one every 5 s) otherwise. */
export function terminalProgress(options: {
  readonly stream: NodeJS.WriteStream;
  readonly quiet: boolean;
  readonly now?: () => number;
}): TerminalProgress {
  const { stream, quiet, now = Date.now } = options;
  if (quiet) return { update: () => undefined, end: () => undefined };
  return stream.isTTY ? barProgress(stream, now) : lineProgress(stream, now);
}

function barProgress(stream: NodeJS.WriteStream, now: () => number): TerminalProgress {
  let drawn = 0;
  let shown = false;
  return {
    update: (progress) => {
      if (now() - drawn < 100) return;
      drawn = now();
      shown = true;
      stream.write(`\r\u001b[2K${progressLine(progress, stream.columns || 80)}`);
    },
    end: () => {
      if (shown) stream.write("\r\u001b[2K");
      shown = false;
      drawn = 0;
    },
  };
}

function lineProgress(stream: NodeJS.WriteStream, now: () => number): TerminalProgress {
  let last = "";
  let lastLine = "";
  let written = 0;
  return {
    update: (progress) => {
      // Numbers that count up are no news; only the passing of time is worth a line then.
      const title = `${progress.stage} ${progress.message.replace(/[\d.,]+/g, "#")}`;
      const finished = progress.total !== undefined && progress.done === progress.total;
      if (title === last && !finished && now() - written < 5000) return;
      const line = progressLine(progress, 120);
      // Several threads may each say that all is done.
      if (line === lastLine) return;
      last = title;
      lastLine = line;
      written = now();
      stream.write(`${line}\n`);
    },
    end: () => undefined,
  };
}

function progressLine(progress: Progress, width: number): string {
  const stage = progress.stage.padEnd(11);
  const parts = [progress.message];
  if (progress.total !== undefined && progress.total > 0) {
    const done = progress.done ?? 0;
    const filled = Math.round((16 * Math.min(done, progress.total)) / progress.total);
    parts.unshift("█".repeat(filled) + "░".repeat(16 - filled));
    parts.push(`${done.toLocaleString("en-US")}/${progress.total.toLocaleString("en-US")}${progress.unit ? ` ${progress.unit}` : ""}`);
  }
  if (progress.secondsLeft !== undefined) parts.push(`${duration(progress.secondsLeft)} left`);
  return (stage + parts.join("  ")).slice(0, width - 1);
}
