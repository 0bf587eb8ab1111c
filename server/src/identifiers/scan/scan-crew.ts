/** Threads that count, or this thread where there is too little to do. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { MidtrainError } from "@midtrain/protocol/errors";
import { cancelled } from "../../platform/cancellation";
import { fromPlainError } from "../../platform/plain-error";
import type { Tokenizer } from "../../tokenizer";
import type { TermCosts } from "../term-lengths";
import type { CorpusTallyParts } from "./corpus-tally";
import type { ScanReply, ScanRequest, ScanThreadSetup } from "./scan-messages";
import { ScanWork, type ScanSetup, type Shard, type ShardDone } from "./scan-work";

/** One worker: a thread, or the calling one. */
export interface Scanner {
  shard(shard: Shard): Promise<ShardDone>;
  parts(): Promise<readonly CorpusTallyParts[]>;
  costs(tokenizer: number, terms: readonly string[], tokenFrequency: Float64Array): Promise<TermCosts>;
  close(): Promise<void>;
}

/** The bundle of fragmentation-worker.ts; without a build beside this file there is none, and the work is done in this thread. */
export function workerFile(): string | undefined {
  const file = join(__dirname, "fragmentation-worker.js");
  return existsSync(file) ? file : undefined;
}

export function scannerHere(setup: ScanSetup, tokenizers: readonly Tokenizer[]): Scanner {
  const work = new ScanWork(setup, tokenizers);
  return {
    shard: (shard) => work.shard(shard),
    parts: () => Promise.resolve(work.parts()),
    costs: (tokenizer, terms, tokenFrequency) => Promise.resolve(work.costs(tokenizer, terms, tokenFrequency)),
    close: () => Promise.resolve(),
  };
}

interface Waiting {
  readonly resolve: (reply: ScanReply) => void;
  readonly reject: (error: unknown) => void;
}

/** @param hashes of the tokenizers that the caller loaded: a thread that finds other files under the same names is an error. */
export function scannerThread(file: string, setup: ScanThreadSetup, hashes: readonly string[], signal: AbortSignal | undefined): Scanner {
  const worker = new Worker(file, { workerData: setup });
  const waiting: Waiting[] = [];
  let death: unknown;
  const die = (cause: unknown): void => {
    death ??= signal?.aborted === true ? cancelled("counting tokens per name") : endedEarly(cause);
    for (const { reject } of waiting.splice(0)) reject(death);
  };
  const onAbort = (): void => {
    die(undefined);
    void worker.terminate();
  };
  worker.on("message", (reply: ScanReply) => waiting.shift()?.resolve(reply));
  worker.on("error", die);
  worker.on("exit", () => die(undefined));
  signal?.addEventListener("abort", onAbort, { once: true });
  const ask = async <K extends ScanRequest["kind"]>(
    request: ScanRequest & { readonly kind: K },
  ): Promise<ScanReply & { readonly kind: K }> => {
    const reply = await new Promise<ScanReply>((resolve, reject) => {
      if (death !== undefined) return reject(death as Error);
      waiting.push({ resolve, reject });
      worker.postMessage(request);
    });
    if (reply.kind === "error") throw fromPlainError(reply.error);
    return reply as ScanReply & { readonly kind: K };
  };
  return {
    shard: async (shard) => (await ask({ kind: "shard", shard })).done,
    parts: async () => {
      const { parts, hashes: found } = await ask({ kind: "parts" });
      if (found.join() !== hashes.join()) throw changedMeanwhile();
      return parts;
    },
    costs: async (tokenizer, terms, tokenFrequency) =>
      (await ask({ kind: "costs", tokenizer, terms: terms.join("\n"), tokenFrequency })).costs,
    close: async () => {
      signal?.removeEventListener("abort", onAbort);
      await worker.terminate();
    },
  };
}

function endedEarly(cause: unknown): MidtrainError {
  return new MidtrainError({
    reason: "internal",
    message: `A thread that counts tokens ended unexpectedly${cause instanceof Error ? `: ${cause.message}` : ""}.`,
    next: "Try again; nothing was written but caches.",
    cause,
  });
}

function changedMeanwhile(): MidtrainError {
  return new MidtrainError({
    reason: "input",
    message: "The tokenizer's file changed while names were being counted.",
    where: "--tokenizer",
    next: "Run the same command again.",
  });
}
