/** Entry point of a thread that counts tokens of names, shard by shard. */
import { parentPort, workerData } from "node:worker_threads";
import { toPlainError } from "../../platform/plain-error";
import { loadTokenizer } from "../../tokenizer";
import type { ScanReply, ScanRequest, ScanThreadSetup } from "./scan-messages";
import { ScanWork } from "./scan-work";

async function start(setup: ScanThreadSetup): Promise<{ readonly work: ScanWork; readonly hashes: readonly string[] }> {
  const tokenizers = await Promise.all(setup.tokenizers.map(({ spec, base }) => loadTokenizer(spec, base === undefined ? {} : { base })));
  return { work: new ScanWork(setup, tokenizers), hashes: tokenizers.map(({ identity }) => identity.hash) };
}

async function answer(started: ReturnType<typeof start>, request: ScanRequest): Promise<ScanReply> {
  const { work, hashes } = await started;
  if (request.kind === "shard") return { kind: "shard", done: await work.shard(request.shard) };
  if (request.kind === "parts") return { kind: "parts", parts: work.parts(), hashes };
  const terms = request.terms === "" ? [] : request.terms.split("\n");
  return { kind: "costs", costs: work.costs(request.tokenizer, terms, request.tokenFrequency) };
}

function serve(port: NonNullable<typeof parentPort>): void {
  const started = start(workerData as ScanThreadSetup);
  started.catch(() => undefined);
  let last: Promise<void> = Promise.resolve();
  port.on("message", (request: ScanRequest) => {
    // One after the other: answers come in the order of the requests.
    last = last.then(async () => {
      const reply = await answer(started, request).catch((error: unknown): ScanReply => ({ kind: "error", error: toPlainError(error) }));
      port.postMessage(reply);
    });
  });
}

if (parentPort !== null) serve(parentPort);
