import { Worker } from "node:worker_threads";
import { MidtrainError } from "@midtrain/protocol/errors";
import { cancelled } from "../platform/cancellation";
import type { Harvest, HarvestOptions } from "./harvest";
import type { FromWorker, HarvestTask, ToWorker } from "./harvest-messages";

export interface HarvestInWorkerOptions {
  /** The bundled harvest-worker (dist/corpus-worker.js). */
  readonly workerFile: string;
}

/** A worker that does not answer a cancellation within this time is stopped. */
const patienceMilliseconds = 1000;

/** `harvest` in a worker thread, so that the calling thread stays free. Progress and cancellation work as in `harvest`. */
export function harvestInWorker(options: HarvestOptions, { workerFile }: HarvestInWorkerOptions): Promise<Harvest> {
  const { signal, onProgress, ...task } = options;
  if (signal?.aborted) return Promise.reject(cancelled("harvest"));
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, { workerData: task satisfies HarvestTask });
    let patience: NodeJS.Timeout | undefined;
    const abort = (): void => {
      worker.postMessage({ kind: "cancel" } satisfies ToWorker);
      patience = setTimeout(() => void worker.terminate(), patienceMilliseconds);
    };
    const settle = (then: () => void): void => {
      clearTimeout(patience);
      signal?.removeEventListener("abort", abort);
      then();
    };
    signal?.addEventListener("abort", abort, { once: true });
    worker.on("message", (message: FromWorker) => {
      if (message.kind === "progress") onProgress?.(message.progress);
      else if (message.kind === "done") settle(() => resolve(message.harvest));
      else settle(() => reject(new MidtrainError(message)));
    });
    worker.on("error", (error) => settle(() => reject(error)));
    worker.on("exit", () =>
      settle(() =>
        reject(
          signal?.aborted
            ? cancelled("harvest")
            : new MidtrainError({
                reason: "internal",
                message: "The harvest ended without a result.",
                next: "Harvest again; the log says more.",
              }),
        ),
      ),
    );
  });
}
