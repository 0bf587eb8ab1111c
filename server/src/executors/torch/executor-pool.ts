import type { Executor } from "@midtrain/protocol/executor";

/** Executors for tests: `close` gives one back instead of ending its process, since importing torch costs seconds each time. */
export class ExecutorPool {
  private readonly free: Executor[] = [];
  private readonly all: Executor[] = [];

  constructor(private readonly create: () => Executor) {}

  /** @param microBatchRows added to every load */
  take(microBatchRows?: number): Executor {
    const executor = this.free.pop() ?? this.start();
    return {
      ...executor,
      load: (options) => executor.load(microBatchRows === undefined ? options : { ...options, microBatchRows }),
      close: async () => void this.free.push(executor),
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
