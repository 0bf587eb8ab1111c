/**
 * Worker-thread entry for long work on code text, so that the language server answers hovers while a harvest
 * goes on. One job per worker; the host terminates it after the result.
 */
import { parentPort, workerData } from "node:worker_threads";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { Progress } from "@midtrain/protocol/progress";
import { runEngineJob, type EngineJob, type WorkerMessage } from "./engine-jobs";

const port = parentPort;
if (port) {
  const abort = new AbortController();
  port.on("message", (message: unknown) => {
    if (message === "cancel") abort.abort();
  });
  const send = (message: WorkerMessage): void => port.postMessage(message);
  const onProgress = (progress: Progress): void => send({ type: "progress", progress });
  runEngineJob(workerData as EngineJob, { signal: abort.signal, onProgress }).then(
    (result) => send({ type: "result", result }),
    (error: unknown) => send({ type: "error", error: plainError(error) }),
  );
}

function plainError(error: unknown): Extract<WorkerMessage, { type: "error" }>["error"] {
  if (MidtrainError.is(error)) return { reason: error.reason, message: error.message, where: error.where, next: error.next };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { reason: "internal", message, where: undefined, next: undefined };
}
