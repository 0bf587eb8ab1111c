import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type {
  DivergenceItem,
  DivergenceResult,
  Executor,
  GenerateOptions,
  LeakTest,
  LoadOptions,
  LoglikItem,
  LoglikResult,
  ModelFacts,
  Row,
  SnapshotHandle,
  StepOptions,
  StepResult,
} from "@midtrain/protocol/executor";
import { MidtrainError } from "@midtrain/protocol/errors";
import { type InThreadOptions, onnxCapabilities } from "./in-thread-executor";
import { type ExecutorMethod, fromPlainError, type WorkerReply, type WorkerRequest } from "./worker-messages";

export interface OnnxExecutorOptions extends InThreadOptions {
  /** Bundle of `executor-worker.ts`; by default `executor-worker.js` beside the running bundle. */
  readonly workerFile?: string | undefined;
}

/** The embedded executor: onnxruntime on the CPU, in a worker thread, so that the caller's event loop stays free. */
export function createOnnxExecutor(options: OnnxExecutorOptions = {}): Executor {
  return new OnnxExecutor(options);
}

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Calling side of the embedded executor. The worker starts at the first call and ends with `close`. */
export class OnnxExecutor implements Executor {
  readonly name = "onnx";
  readonly capabilities = onnxCapabilities;
  private worker: Worker | undefined;
  private readonly pending = new Map<number, PendingCall>();
  private nextId = 1;

  constructor(private readonly options: OnnxExecutorOptions = {}) {}

  load(options: LoadOptions): Promise<ModelFacts> {
    return this.call("load", options) as Promise<ModelFacts>;
  }

  leakTest(): Promise<LeakTest> {
    return this.call("leakTest") as Promise<LeakTest>;
  }

  step(rows: readonly Row[], options: StepOptions): Promise<StepResult> {
    return this.call("step", rows, options) as Promise<StepResult>;
  }

  loglik(items: readonly LoglikItem[]): Promise<readonly LoglikResult[]> {
    return this.call("loglik", items) as Promise<readonly LoglikResult[]>;
  }

  divergence(items: readonly DivergenceItem[]): Promise<readonly DivergenceResult[]> {
    return this.call("divergence", items) as Promise<readonly DivergenceResult[]>;
  }

  generate(prompts: readonly (readonly number[])[], options: GenerateOptions): Promise<readonly (readonly number[])[]> {
    return this.call("generate", prompts, options) as Promise<readonly (readonly number[])[]>;
  }

  snapshot(): Promise<SnapshotHandle> {
    return this.call("snapshot") as Promise<SnapshotHandle>;
  }

  async restore(handle: SnapshotHandle): Promise<void> {
    await this.call("restore", handle);
  }

  async release(handle: SnapshotHandle): Promise<void> {
    await this.call("release", handle);
  }

  async saveState(directory: string): Promise<void> {
    await this.call("saveState", directory);
  }

  async loadState(directory: string): Promise<void> {
    await this.call("loadState", directory);
  }

  async saveModel(directory: string): Promise<void> {
    await this.call("saveModel", directory);
  }

  async close(): Promise<void> {
    const { worker } = this;
    if (worker === undefined) return;
    await this.call("close");
    this.worker = undefined;
    await worker.terminate();
  }

  private call(method: ExecutorMethod, ...values: readonly unknown[]): Promise<unknown> {
    const worker = (this.worker ??= this.start());
    const request: WorkerRequest = { id: this.nextId++, method, arguments: values };
    return new Promise((resolve, reject) => {
      this.pending.set(request.id, { resolve, reject });
      // The worker keeps the process alive only while somebody waits for it.
      worker.ref();
      worker.postMessage(request);
    });
  }

  private start(): Worker {
    const { workerFile = join(__dirname, "executor-worker.js"), microBatchRows } = this.options;
    const worker = new Worker(workerFile, { workerData: { microBatchRows } });
    worker.on("message", (reply: WorkerReply) => this.settle(worker, reply));
    worker.on("error", (cause) => this.fail(worker, cause));
    worker.on("exit", () => this.fail(worker, undefined));
    return worker;
  }

  private settle(worker: Worker, reply: WorkerReply): void {
    const call = this.pending.get(reply.id);
    this.pending.delete(reply.id);
    if (this.pending.size === 0) worker.unref();
    if (reply.kind === "value") call?.resolve(reply.value);
    else call?.reject(fromPlainError(reply.error));
  }

  /** The worker is gone: whoever waits learns why, and the next call starts a new worker, which has no model loaded. */
  private fail(worker: Worker, cause: unknown): void {
    if (this.worker === worker) this.worker = undefined;
    const detail = cause instanceof Error ? `: ${cause.message}` : "";
    for (const call of this.pending.values()) {
      call.reject(
        new MidtrainError({
          reason: "internal",
          message: `The executor's worker thread ended unexpectedly${detail}.`,
          next: "Resume the run from its last checkpoint.",
          cause,
        }),
      );
    }
    this.pending.clear();
  }
}
