/** Runs a program to its end. Arguments are an array, never a shell string. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { cancelled } from "../../platform/cancellation";

export interface ProgramResult {
  /** Undefined when it ended by a signal. */
  readonly code: number | undefined;
  readonly stdout: string;
  /** The last lines of stderr, at most `lastLines`. */
  readonly lastWords: string;
}

interface ProgramOptions {
  readonly signal?: AbortSignal | undefined;
  readonly environment?: NodeJS.ProcessEnv;
  readonly milliseconds?: number;
  /** Every line of stderr as it comes. */
  readonly onLine?: (line: string) => void;
  /** Names the work in the message of a cancellation. */
  readonly stage?: string;
}

const lastLines = 30;
const mostOutput = 4 << 20;
/** Between the polite request to end and the end. */
const graceMilliseconds = 5000;

/**
 * @returns undefined when there is no such program
 * @throws MidtrainError (cancelled) when the signal ended it
 */
export function runProgram(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult | undefined> {
  const { signal, environment, milliseconds, onLine, stage = program } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled(stage));
    const child = spawn(program, args, { env: environment ?? process.env, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    const lines: string[] = [];
    let stdout = "";
    let force: NodeJS.Timeout | undefined;
    const end = (): void => {
      child.kill("SIGTERM");
      force = setTimeout(() => child.kill("SIGKILL"), graceMilliseconds);
    };
    const limit = milliseconds === undefined ? undefined : setTimeout(end, milliseconds);
    signal?.addEventListener("abort", end, { once: true });
    const settle = (act: () => void): void => {
      clearTimeout(force);
      clearTimeout(limit);
      signal?.removeEventListener("abort", end);
      act();
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (stdout.length < mostOutput) stdout += text;
    });
    createInterface({ input: child.stderr }).on("line", (line) => {
      lines.push(line);
      if (lines.length > lastLines) lines.shift();
      onLine?.(line);
    });
    child.on("error", (error: NodeJS.ErrnoException) =>
      settle(() => (error.code === "ENOENT" || error.code === "EACCES" ? resolve(undefined) : reject(error))),
    );
    child.on("close", (code) =>
      settle(() =>
        signal?.aborted ? reject(cancelled(stage)) : resolve({ code: code ?? undefined, stdout, lastWords: lines.join("\n") }),
      ),
    );
  });
}
