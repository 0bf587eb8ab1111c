import { join } from "node:path";
import type { TransferListItem } from "node:worker_threads";
import type { DivergenceItem, Executor, LoglikItem, Row } from "@midtrain/protocol/executor";
import { type InThreadOptions, onnxCapabilities } from "./in-thread-executor";
import { WorkerConnection } from "./worker-connection";
import type { ExecutorMethod } from "./worker-messages";

interface OnnxExecutorOptions extends InThreadOptions {
  /** Bundle of `executor-worker.ts`; by default `executor-worker.js` beside the running bundle. */
  readonly workerFile?: string | undefined;
}

/** What crosses to the worker for one call: its arguments, and the buffers that move instead of being copied. */
type Crossing = readonly [values: readonly unknown[], transfer: readonly TransferListItem[]];

/**
 * The embedded executor: onnxruntime on the CPU, in a worker thread, so that the caller's event loop stays free.
 * The worker starts at the first call and ends with `close`; one that died is replaced by the next call, with no model loaded.
 */
export function createOnnxExecutor(options: OnnxExecutorOptions = {}): Executor {
  const { workerFile = join(__dirname, "executor-worker.js"), microBatchRows } = options;
  let connection: WorkerConnection | undefined;
  const remote =
    <M extends ExecutorMethod>(method: M, crossing: (...values: Parameters<Executor[M]>) => Crossing = (...values) => [values, []]) =>
    (...values: Parameters<Executor[M]>): ReturnType<Executor[M]> => {
      if (!connection?.alive) connection = new WorkerConnection(workerFile, { microBatchRows });
      return connection.call(method, ...crossing(...values)) as ReturnType<Executor[M]>;
    };
  return {
    name: "onnx",
    capabilities: onnxCapabilities,
    load: remote("load"),
    leakTest: remote("leakTest"),
    step: remote("step", withRows),
    loglik: remote("loglik", withTokens),
    divergence: remote("divergence", withTokens),
    generate: remote("generate"),
    snapshot: remote("snapshot"),
    restore: remote("restore"),
    release: remote("release"),
    saveState: remote("saveState"),
    loadState: remote("loadState"),
    saveModel: remote("saveModel"),
    close: async () => {
      const ending = connection;
      connection = undefined;
      if (ending?.alive) await ending.call("close", [], []);
      await ending?.end();
    },
  };
}

/** Copies: a row is often a view of a large array, and only the row itself should cross. */
function withRows(rows: readonly Row[], options: unknown): Crossing {
  const copies = rows.map((row) => ({
    ...row,
    tokens: row.tokens.slice(),
    documents: row.documents.slice(),
    positions: row.positions.slice(),
    lossWeights: row.lossWeights.slice(),
  }));
  const buffers = copies.flatMap((row) => [row.tokens, row.documents, row.positions, row.lossWeights].map(({ buffer }) => buffer));
  return [[copies, options], buffers as ArrayBuffer[]];
}

/** Items of token sequences; views are copied, so that they do not drag a large array along. */
function withTokens(items: readonly (LoglikItem | DivergenceItem)[]): Crossing {
  const copies = items.map((item) => ({ ...item, tokens: item.tokens.slice() }));
  return [[copies], copies.flatMap(({ tokens }) => (tokens instanceof Int32Array ? [tokens.buffer as ArrayBuffer] : []))];
}
