/** Worker-thread entry (bundled to dist/corpus-worker.js): harvests what `workerData` names and reports to the thread that started it. */
import { parentPort, workerData } from "node:worker_threads";
import { MidtrainError } from "@midtrain/protocol/errors";
import { harvest } from "./harvest";
import type { FromWorker, HarvestTask, ToWorker } from "./harvest-messages";

function failure(error: unknown): FromWorker {
  if (!MidtrainError.is(error))
    return { kind: "failed", reason: "internal", message: error instanceof Error ? error.message : String(error) };
  const { reason, message, where, next } = error;
  return { kind: "failed", reason, message, ...(where === undefined ? {} : { where }), ...(next === undefined ? {} : { next }) };
}

const port = parentPort;
if (port === null) throw new Error("This file is a worker; start it with harvestInWorker.");
const abort = new AbortController();
const send = (message: FromWorker): void => port.postMessage(message);
port.on("message", (message: ToWorker) => {
  if (message.kind === "cancel") abort.abort();
});
void harvest({ ...(workerData as HarvestTask), signal: abort.signal, onProgress: (progress) => send({ kind: "progress", progress }) })
  .then((done) => send({ kind: "done", harvest: done }))
  .catch((error: unknown) => send(failure(error)))
  .finally(() => port.close());
