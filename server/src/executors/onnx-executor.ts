import { join } from "node:path";
import type { TransferListItem } from "node:worker_threads";
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
import { type InThreadOptions, onnxCapabilities } from "./in-thread-executor";
import { WorkerConnection } from "./worker-connection";
import type { ExecutorMethod } from "./worker-messages";

interface OnnxExecutorOptions extends InThreadOptions {
  /** Bundle of `executor-worker.ts`; by default `executor-worker.js` beside the running bundle. */
  readonly workerFile?: string | undefined;
}

/** The embedded executor: onnxruntime on the CPU, in a worker thread, so that the caller's event loop stays free. */
export function createOnnxExecutor(options: OnnxExecutorOptions = {}): Executor {
  return new OnnxExecutor(options);
}

/** Calling side of the embedded executor. The worker starts at the first call and ends with `close`. */
class OnnxExecutor implements Executor {
  readonly name = "onnx";
  readonly capabilities = onnxCapabilities;
  private connection: WorkerConnection | undefined;

  constructor(private readonly options: OnnxExecutorOptions = {}) {}

  load(options: LoadOptions): Promise<ModelFacts> {
    return this.call("load", [options]) as Promise<ModelFacts>;
  }

  leakTest(): Promise<LeakTest> {
    return this.call("leakTest") as Promise<LeakTest>;
  }

  step(rows: readonly Row[], options: StepOptions): Promise<StepResult> {
    // Copies: a row is often a view of a large array, and only the row itself should cross.
    const copies = rows.map((row) => ({
      ...row,
      tokens: row.tokens.slice(),
      documents: row.documents.slice(),
      positions: row.positions.slice(),
      lossWeights: row.lossWeights.slice(),
    }));
    const buffers = copies.flatMap((row) => [row.tokens, row.documents, row.positions, row.lossWeights].map(({ buffer }) => buffer));
    return this.call("step", [copies, options], buffers as ArrayBuffer[]) as Promise<StepResult>;
  }

  loglik(items: readonly LoglikItem[]): Promise<readonly LoglikResult[]> {
    return this.call("loglik", ...withTokens(items)) as Promise<readonly LoglikResult[]>;
  }

  divergence(items: readonly DivergenceItem[]): Promise<readonly DivergenceResult[]> {
    return this.call("divergence", ...withTokens(items)) as Promise<readonly DivergenceResult[]>;
  }

  generate(prompts: readonly (readonly number[])[], options: GenerateOptions): Promise<readonly (readonly number[])[]> {
    return this.call("generate", [prompts, options]) as Promise<readonly (readonly number[])[]>;
  }

  snapshot(): Promise<SnapshotHandle> {
    return this.call("snapshot") as Promise<SnapshotHandle>;
  }

  async restore(handle: SnapshotHandle): Promise<void> {
    await this.call("restore", [handle]);
  }

  async release(handle: SnapshotHandle): Promise<void> {
    await this.call("release", [handle]);
  }

  async saveState(directory: string): Promise<void> {
    await this.call("saveState", [directory]);
  }

  async loadState(directory: string): Promise<void> {
    await this.call("loadState", [directory]);
  }

  async saveModel(directory: string): Promise<void> {
    await this.call("saveModel", [directory]);
  }

  async close(): Promise<void> {
    const { connection } = this;
    this.connection = undefined;
    if (connection?.alive) await connection.call("close", [], []);
    await connection?.end();
  }

  /** A worker that died is replaced by the next call; the new one has no model loaded. */
  private call(method: ExecutorMethod, values: readonly unknown[] = [], transfer: readonly TransferListItem[] = []): Promise<unknown> {
    if (!this.connection?.alive) {
      const { workerFile = join(__dirname, "executor-worker.js"), microBatchRows } = this.options;
      this.connection = new WorkerConnection(workerFile, { microBatchRows });
    }
    return this.connection.call(method, values, transfer);
  }
}

/** Arguments and transfer list for items of token sequences; views are copied, so that they do not drag a large array along. */
function withTokens(items: readonly (LoglikItem | DivergenceItem)[]): [readonly unknown[], readonly TransferListItem[]] {
  const copies = items.map((item) => ({ ...item, tokens: item.tokens.slice() }));
  return [[copies], copies.flatMap(({ tokens }) => (tokens instanceof Int32Array ? [tokens.buffer as ArrayBuffer] : []))];
}
