import type { Executor } from "@midtrain/protocol/executor";
import { torchCapabilities } from "./torch-executor";

/** Executors for tests: `close` gives a process back instead of ending it, since importing torch costs seconds each time. */
export class ExecutorPool {
  private readonly free: Executor[] = [];
  private readonly all: Executor[] = [];

  constructor(private readonly create: () => Executor) {}

  /**
   * An executor that behaves like a new one: what is called before `load` meets a fresh process.
   * @param microBatchRows added to every load
   */
  take(microBatchRows?: number): Executor {
    let inner: Executor | undefined;
    const started = (): Executor => (inner ??= this.start());
    return {
      name: "torch",
      capabilities: torchCapabilities,
      load: (options) => {
        inner ??= this.free.pop();
        return started().load(microBatchRows === undefined ? options : { ...options, microBatchRows });
      },
      leakTest: () => started().leakTest(),
      step: (rows, options) => started().step(rows, options),
      loglik: (items) => started().loglik(items),
      divergence: (items) => started().divergence(items),
      generate: (prompts, options) => started().generate(prompts, options),
      snapshot: () => started().snapshot(),
      restore: (handle) => started().restore(handle),
      release: (handle) => started().release(handle),
      saveState: (directory) => started().saveState(directory),
      loadState: (directory) => started().loadState(directory),
      saveModel: (directory) => started().saveModel(directory),
      memory: () => started().memory!(),
      close: async () => {
        if (inner !== undefined) this.free.push(inner);
        inner = undefined;
      },
    };
  }

  async end(): Promise<void> {
    for (const executor of this.all.splice(0)) await executor.close();
    this.free.length = 0;
  }

  private start(): Executor {
    const executor = this.create();
    this.all.push(executor);
    return executor;
  }
}
