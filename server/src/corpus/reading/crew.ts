import { availableParallelism } from "node:os";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { MidtrainError } from "@midtrain/protocol/errors";
import { throwIfCancelled } from "../../platform/cancellation";
import { fromPlainError } from "../../platform/plain-error";
import type { Pacer } from "../pacer";
import { unpacked, type CrewReply, type CrewRequest } from "./crew-messages";
import { FileWork, type Cleaned, type CleanRequest, type FileWorkSetup, type Knowledge, type Look, type NumberedFile } from "./file-work";

/** Threads that work on files. Results come in the order of the files. */
export interface Crew {
  look(files: readonly NumberedFile[]): AsyncIterable<Look>;
  /** The same file goes to the thread that looked at it. */
  clean(files: readonly CleanRequest[]): AsyncIterable<Cleaned>;
  learn(knowledge: Knowledge): void;
  close(): Promise<void>;
}

/** More threads than this wait for the one that collects. */
const mostThreads = 6;
/** Below so many files, starting threads costs more than it saves. */
const fewestFiles = 400;
const filesPerBatch = 48;
/** What comes back from a thread is larger than the files: their texts and shingles. */
const bytesPerBatch = 1 << 20;
/** For what comes back of a batch: mostly two thirds of its bytes. */
const roomBytes = 3 << 19;
/** Garbage that one thread may let lie: what a look makes dies at once, and by default each thread would hold 48 MB of it. */
const youngMegabytes = 12;
/** Batches on their way to or from a thread. */
const batchesAhead = 2;

/** The bundle of harvest-worker.ts; without a build beside this file there is none, and the work is done in this thread. */
function workerFile(): string | undefined {
  const file = join(__dirname, "harvest-worker.js");
  return existsSync(file) ? file : undefined;
}

export interface CrewOptions {
  readonly pacer: Pacer;
  readonly signal: AbortSignal | undefined;
  /** Bundle of harvest-worker.ts; by default the one beside the running bundle. */
  readonly worker?: string | undefined;
  /** Threads whatever the number of files. */
  readonly threads?: number | undefined;
}

/** Threads are started when there is work for them; a few files are done in this thread. */
export function startCrew(setup: FileWorkSetup, options: CrewOptions): Crew {
  return new AdaptiveCrew(setup, options);
}

/**
 * Each thread compiles its own code, and V8 by itself compiles whatever ran a little: of a harvest of 100 MB a tenth of the time. Work that
 * is worth it runs far longer. It holds for the process, whose other code is merely compiled later.
 */
function compileLater(): void {
  setFlagsFromString("--interrupt-budget=1000000");
}

class AdaptiveCrew implements Crew {
  readonly #setup: FileWorkSetup;
  readonly #options: CrewOptions;
  #crew: { readonly threaded: boolean; readonly crew: Crew } | undefined;
  #knowledge: Knowledge | undefined;

  constructor(setup: FileWorkSetup, options: CrewOptions) {
    this.#setup = setup;
    this.#options = options;
  }

  look(files: readonly NumberedFile[]): AsyncIterable<Look> {
    return this.#for(files.length).look(files);
  }

  clean(files: readonly CleanRequest[]): AsyncIterable<Cleaned> {
    return this.#for(files.length).clean(files);
  }

  learn(knowledge: Knowledge): void {
    this.#knowledge = knowledge;
    this.#crew?.crew.learn(knowledge);
  }

  async close(): Promise<void> {
    await this.#crew?.crew.close();
    this.#crew = undefined;
  }

  #for(files: number): Crew {
    const worker = this.#options.worker ?? workerFile();
    const wantsThreads = worker !== undefined && (files >= fewestFiles || this.#options.threads !== undefined);
    if (this.#crew !== undefined && (this.#crew.threaded || !wantsThreads)) return this.#crew.crew;
    const crew = wantsThreads ? this.#startThreads(worker) : new InThreadCrew(this.#setup, this.#options.pacer);
    if (this.#knowledge !== undefined) crew.learn(this.#knowledge);
    this.#crew = { threaded: wantsThreads, crew };
    return crew;
  }

  #startThreads(worker: string): Crew {
    compileLater();
    const threads = this.#options.threads ?? Math.min(mostThreads, availableParallelism());
    const share = { ...this.#setup, memoryBytes: Math.floor(this.#setup.memoryBytes / threads) };
    return new ThreadedCrew(
      Array.from({ length: threads }, () => new CrewThread(worker, share)),
      this.#options.signal,
    );
  }
}

class InThreadCrew implements Crew {
  readonly #work: FileWork;
  readonly #pacer: Pacer;

  constructor(setup: FileWorkSetup, pacer: Pacer) {
    this.#work = new FileWork(setup);
    this.#pacer = pacer;
  }

  async *look(files: readonly NumberedFile[]): AsyncGenerator<Look> {
    for (const file of files) {
      if (this.#pacer.due()) await this.#pacer.rest();
      yield this.#work.look(file);
    }
  }

  async *clean(files: readonly CleanRequest[]): AsyncGenerator<Cleaned> {
    for (const file of files) {
      if (this.#pacer.due()) await this.#pacer.rest();
      yield this.#work.clean(file);
    }
  }

  learn(knowledge: Knowledge): void {
    this.#work.learn(knowledge);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

interface Waiting {
  readonly resolve: (reply: CrewReply) => void;
  readonly reject: (error: unknown) => void;
}

class CrewThread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #death: unknown;

  constructor(file: string, setup: FileWorkSetup) {
    this.#worker = new Worker(file, { workerData: setup, resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes } });
    this.#worker.on("message", (reply: CrewReply) => this.#waiting.shift()?.resolve(reply));
    this.#worker.on("error", (error) => this.#die(error));
    this.#worker.on("exit", () => this.#die(undefined));
  }

  ask(request: CrewRequest): Promise<CrewReply> {
    return new Promise((resolve, reject) => {
      if (this.#death !== undefined) return reject(this.#death as Error);
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  tell(request: CrewRequest): void {
    this.#worker.postMessage(request);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #die(cause: unknown): void {
    this.#death ??= new MidtrainError({
      reason: "internal",
      message: `A thread of the harvest ended unexpectedly${cause instanceof Error ? `: ${cause.message}` : ""}.`,
      next: "Harvest again; nothing was written.",
      cause,
    });
    for (const { reject } of this.#waiting.splice(0)) reject(this.#death);
  }
}

class ThreadedCrew implements Crew {
  readonly #threads: readonly CrewThread[];
  readonly #signal: AbortSignal | undefined;
  /** Which thread holds a file's content, by the file's number. */
  readonly #owner = new Map<number, number>();

  constructor(threads: readonly CrewThread[], signal: AbortSignal | undefined) {
    this.#threads = threads;
    this.#signal = signal;
  }

  async *look(files: readonly NumberedFile[]): AsyncGenerator<Look> {
    const batches = inBatches(
      files,
      ({ file }) => file.size ?? 0,
      () => 0,
    );
    for (const [index, batch] of batches.entries()) for (const { number } of batch) this.#owner.set(number, index % this.#threads.length);
    const requests = batches.map((batch, index) => ({
      thread: index % this.#threads.length,
      request: { kind: "look", files: batch } as const,
    }));
    for await (const reply of this.#inOrder(requests)) if (reply.kind === "look") yield* reply.looks;
  }

  async *clean(files: readonly CleanRequest[]): AsyncGenerator<Cleaned> {
    const threadOf = ({ number }: CleanRequest): number => this.#owner.get(number) ?? number % this.#threads.length;
    // A room is free again when its batch is taken, and no more batches are under way than there are rooms.
    const rooms = Array.from({ length: this.#ahead }, () => new SharedArrayBuffer(roomBytes));
    const requests = inBatches(files, ({ facts }) => facts.bytes, threadOf).map((batch, index) => ({
      thread: threadOf(batch[0]!),
      request: { kind: "clean", files: batch, room: rooms[index % rooms.length]! } as const,
    }));
    let taken = 0;
    for await (const reply of this.#inOrder(requests)) {
      const { room } = requests[taken++]!.request;
      if (reply.kind === "clean") for (const sent of reply.cleaned) yield unpacked(sent, room);
    }
  }

  learn(knowledge: Knowledge): void {
    for (const thread of this.#threads) thread.tell({ kind: "learn", knowledge });
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }

  get #ahead(): number {
    return this.#threads.length * batchesAhead;
  }

  /** Replies in the order of the requests, with a few of them under way at every time. */
  async *#inOrder(requests: readonly { readonly thread: number; readonly request: CrewRequest }[]): AsyncGenerator<CrewReply> {
    const ahead = this.#ahead;
    const replies: Promise<CrewReply>[] = [];
    for (let next = 0, taken = 0; taken < requests.length; taken++) {
      for (; next < requests.length && next < taken + ahead; next++) {
        const { thread, request } = requests[next]!;
        const reply = this.#threads[thread]!.ask(request);
        reply.catch(() => undefined);
        replies.push(reply);
      }
      const reply = await replies.shift()!;
      throwIfCancelled(this.#signal, "harvest");
      if (reply.kind === "error") throw fromPlainError(reply.error);
      yield reply;
    }
  }
}

/** Runs of items of one group, of bounded number and size. */
function inBatches<T>(items: readonly T[], bytesOf: (item: T) => number, groupOf: (item: T) => number): T[][] {
  const batches: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const last = batches.at(-1);
    bytes += bytesOf(item);
    if (last !== undefined && last.length < filesPerBatch && bytes <= bytesPerBatch && groupOf(last[0]!) === groupOf(item)) last.push(item);
    else {
      batches.push([item]);
      bytes = bytesOf(item);
    }
  }
  return batches;
}
