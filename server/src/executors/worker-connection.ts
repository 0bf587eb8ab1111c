import { type TransferListItem, Worker } from "node:worker_threads";
import { MidtrainError } from "@midtrain/protocol/errors";
import { fromPlainError } from "../platform/plain-error";
import type { InThreadOptions } from "./in-thread-executor";
import type { ExecutorMethod, WorkerReply, WorkerRequest } from "./worker-messages";

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Requests and replies to one worker thread. A dead worker answers every waiting and later call with an error. */
export class WorkerConnection {
  private readonly worker: Worker;
  private readonly pending = new Map<number, PendingCall>();
  private nextId = 1;
  private death: MidtrainError | undefined;

  constructor(workerFile: string, options: InThreadOptions) {
    this.worker = new Worker(workerFile, { workerData: options });
    this.worker.on("message", (reply: WorkerReply) => this.settle(reply));
    this.worker.on("error", (cause) => this.die(cause));
    this.worker.on("exit", () => this.die(undefined));
  }

  get alive(): boolean {
    return this.death === undefined;
  }

  call(method: ExecutorMethod, values: readonly unknown[], transfer: readonly TransferListItem[]): Promise<unknown> {
    if (this.death !== undefined) return Promise.reject(this.death);
    const request: WorkerRequest = { id: this.nextId++, method, arguments: values };
    return new Promise((resolve, reject) => {
      this.pending.set(request.id, { resolve, reject });
      // The worker keeps the process alive only while somebody waits for it.
      this.worker.ref();
      this.worker.postMessage(request, transfer);
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private settle(reply: WorkerReply): void {
    const call = this.pending.get(reply.id);
    this.pending.delete(reply.id);
    if (this.pending.size === 0) this.worker.unref();
    if (reply.kind === "value") call?.resolve(reply.value);
    else call?.reject(fromPlainError(reply.error));
  }

  private die(cause: unknown): void {
    const detail = cause instanceof Error ? `: ${cause.message}` : "";
    this.death ??= new MidtrainError({
      reason: "internal",
      message: `The executor's worker thread ended unexpectedly${detail}.`,
      next: "Resume the run from its last checkpoint.",
      cause,
    });
    for (const call of this.pending.values()) call.reject(this.death);
    this.pending.clear();
  }
}
