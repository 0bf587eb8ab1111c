import { parentPort, workerData } from "node:worker_threads";
import { InThreadExecutor, type InThreadOptions } from "./in-thread-executor";
import { toPlainError } from "../platform/plain-error";
import type { WorkerReply, WorkerRequest } from "./worker-messages";

/** Entry point of the worker thread: runs one executor, one call at a time, in the order of the requests. */
function serve(port: NonNullable<typeof parentPort>): void {
  const executor = new InThreadExecutor(workerData as InThreadOptions);
  let last: Promise<void> = Promise.resolve();
  port.on("message", (request: WorkerRequest) => {
    last = last.then(async () => port.postMessage(await answer(executor, request)));
  });
}

async function answer(executor: InThreadExecutor, request: WorkerRequest): Promise<WorkerReply> {
  try {
    const method = executor[request.method] as (...values: readonly unknown[]) => Promise<unknown>;
    return { id: request.id, kind: "value", value: await method.apply(executor, [...request.arguments]) };
  } catch (error) {
    return { id: request.id, kind: "error", error: toPlainError(error) };
  }
}

if (parentPort !== null) serve(parentPort);
