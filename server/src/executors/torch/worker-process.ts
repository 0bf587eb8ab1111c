import { type ChildProcess, spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import {
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import * as z from "zod/mini";
import type { ExecutorEvent } from "@midtrain/protocol/executor";
import { type ErrorReason, MidtrainError } from "@midtrain/protocol/errors";
import { endInWords, LastWords } from "./last-words";

export interface WorkerCommand {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly graceMilliseconds?: number;
}

export interface WorkerListeners {
  readonly onEvent: (event: ExecutorEvent) => void;
  /** What the worker and its libraries print. */
  readonly onOutput: (text: string) => void;
}

/** Between SIGTERM and SIGKILL, and for a polite end. */
const defaultGrace = 5000;

const eventSchema = z.object({ kind: z.string(), text: z.string() });
const errorData = z.object({ reason: z.string(), where: z.optional(z.string()), next: z.optional(z.string()) });
const reasons: readonly string[] = ["usage", "input", "unsupported", "environment", "corrupt", "internal"] satisfies ErrorReason[];

/**
 * One tensor worker: JSON-RPC on its stdin and stdout, its stderr kept for its last words. A worker that dies, talks nonsense or
 * exceeds a time limit is ended, and every waiting and later call gets the same error, reason `lost`.
 */
export class WorkerProcess {
  private readonly child: ChildProcess;
  private readonly connection: MessageConnection;
  private readonly words = new LastWords();
  private readonly exited: Promise<void>;
  private readonly failWaiting = new Set<(error: MidtrainError) => void>();
  private death: MidtrainError | undefined;
  private current = "start";
  private ending = false;
  private readonly grace: number;

  constructor(command: WorkerCommand, listeners: WorkerListeners) {
    this.grace = command.graceMilliseconds ?? defaultGrace;
    this.child = spawn(command.program, [...command.arguments], {
      cwd: command.directory,
      env: command.environment,
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
      // A group of its own: signals reach every rank, and a terminal's Ctrl-C only the controller, which decides.
      detached: process.platform !== "win32",
    });
    lowerPriority(this.child.pid);
    this.exited = this.watchEnd(command.program);
    this.child.stderr!.setEncoding("utf8").on("data", (chunk: string) => {
      this.words.add(chunk);
      listeners.onOutput(chunk);
    });
    // The library reports a message of no known kind to its logger alone.
    const strict = { error: (text: string) => void this.kill(`what it wrote is not the protocol (${text})`) };
    this.connection = createMessageConnection(new StreamMessageReader(this.child.stdout!), new StreamMessageWriter(this.child.stdin!), {
      ...{ warn: () => undefined, info: () => undefined, log: () => undefined },
      ...strict,
    });
    this.connection.onNotification("event", (event: unknown) => {
      const parsed = eventSchema.safeParse(event);
      if (parsed.success) listeners.onEvent(parsed.data);
    });
    this.connection.onError(([error]) => void this.kill(`what it wrote is not the protocol (${error.message})`));
    this.connection.onUnhandledNotification(() => void this.kill("it sent a message that is not in the protocol"));
    this.connection.listen();
    // A dead worker's pipe breaks; its exit says more.
    this.child.stdin!.on("error", () => undefined);
  }

  get alive(): boolean {
    return this.death === undefined;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** @throws MidtrainError of the worker, or `lost` when it died or did not answer in time */
  async call(method: string, params: object, limitSeconds: number): Promise<unknown> {
    if (this.death !== undefined) throw this.death;
    this.current = method;
    const timer = setTimeout(() => void this.kill(`it did not answer within ${limitSeconds} s`), limitSeconds * 1000);
    let fail: (error: MidtrainError) => void = () => undefined;
    const died = new Promise<never>((_, reject) => {
      fail = reject;
      this.failWaiting.add(fail);
    });
    try {
      return await Promise.race([this.connection.sendRequest(method, params), died]);
    } catch (error) {
      if (error instanceof ResponseError) throw fromResponse(error, method);
      if (MidtrainError.is(error)) throw error;
      // The connection noticed first; the exit, which says why, follows.
      await this.exited;
      throw this.death ?? lost(method, "the connection broke", this.words.lines);
    } finally {
      clearTimeout(timer);
      this.failWaiting.delete(fail);
    }
  }

  /** Asks it to end; whoever does not is made to. */
  async end(): Promise<void> {
    this.ending = true;
    if (this.alive) await this.call("exit", {}, this.grace / 1000).catch(() => undefined);
    this.child.stdin!.end();
    const timer = setTimeout(() => void this.stop(), this.grace);
    await this.exited;
    clearTimeout(timer);
  }

  private watchEnd(program: string): Promise<void> {
    return new Promise((resolve) => {
      const over = (why: string, next?: string): void => {
        this.die(why, next);
        this.connection.dispose();
        resolve();
      };
      this.child.once("error", (error) =>
        over(`it could not be started (${error.message})`, `Check the Python interpreter: ${program}. midtrain doctor shows it.`),
      );
      // `close` comes when stderr was read to its end, so the last words are complete.
      this.child.once("close", (code, signal) => over(endInWords(code, signal)));
    });
  }

  private async kill(why: string): Promise<void> {
    if (this.ending || this.death !== undefined) return;
    this.die(why);
    await this.stop();
  }

  /** SIGTERM, and SIGKILL when it is still there. */
  private async stop(): Promise<void> {
    signalGroup(this.child, "SIGTERM");
    const timer = setTimeout(() => signalGroup(this.child, "SIGKILL"), this.grace);
    await this.exited;
    clearTimeout(timer);
  }

  private die(why: string, next?: string): void {
    this.death ??= lost(this.current, why, this.words.lines, next);
    for (const fail of [...this.failWaiting]) fail(this.death);
    this.failWaiting.clear();
  }
}

function lost(method: string, why: string, words: string, next?: string): MidtrainError {
  return new MidtrainError({
    reason: "lost",
    message: `The training worker is gone: ${why}, at "${method}".${words === "" ? "" : ` Its last words: ${words}`}`,
    next: next ?? "Resume the run from its last checkpoint (midtrain run resume).",
  });
}

function fromResponse(error: ResponseError<unknown>, method: string): MidtrainError {
  const data = errorData.safeParse(error.data);
  const reason = data.success && reasons.includes(data.data.reason) ? (data.data.reason as ErrorReason) : "internal";
  return new MidtrainError({
    reason,
    message: error.message,
    where: (data.success ? data.data.where : undefined) ?? method,
    ...(data.success && data.data.next !== undefined ? { next: data.data.next } : {}),
    cause: error,
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It ended in between.
  }
}

/** The editor stays usable while a model trains beside it. */
function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not allowed here: then it runs as the others do.
  }
}
