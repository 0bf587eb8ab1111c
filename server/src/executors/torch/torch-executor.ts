import type * as z from "zod/mini";
import type { Executor, ExecutorEvent, MemoryReport } from "@midtrain/protocol/executor";
import { childEnvironment } from "./child-environment";
import { answers, itemOnWire, parseAnswer, rowOnWire, stepOptionsOnWire } from "./wire";
import { type WorkerCommand, WorkerProcess } from "./worker-process";

export interface TorchExecutorOptions {
  /** Python interpreter that has what trainer/requirements.txt names. */
  readonly python: string;
  /** Directory of the package midtrain_trainer. */
  readonly trainer: string;
  /** Processes of one machine, by torchrun; 1 by default. */
  readonly processes?: number | undefined;
  readonly device?: "auto" | "cpu" | "cuda" | undefined;
  /** What the worker and its libraries print; by default only its last words are kept. */
  readonly onOutput?: (text: string) => void;
  readonly limits?: Partial<TimeLimits>;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Seconds that a call may take. Generous: they are there for a worker that hangs, not for a slow machine. */
interface TimeLimits {
  readonly load: number;
  readonly step: number;
  readonly other: number;
}

const defaultLimits: TimeLimits = { load: 1800, step: 900, other: 3600 };

export const torchCapabilities = { kl: true, lora: true, generate: true, distributed: true } as const;

/**
 * The torch executor: transformers models in a Python process of its own (CONTRACTS §4). The process starts at the first call and ends
 * with `close`; one that died is replaced by the next `load`, with nothing of what it held.
 */
export function createTorchExecutor(options: TorchExecutorOptions): Executor {
  const { device } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const listeners = new Set<(event: ExecutorEvent) => void>();
  let worker: WorkerProcess | undefined;
  const start = (): WorkerProcess =>
    new WorkerProcess(commandOf(options), {
      onEvent: (event) => listeners.forEach((listener) => listener(event)),
      onOutput: options.onOutput ?? (() => undefined),
    });
  const call = (method: string, params: object, limit = limits.other): Promise<unknown> => {
    worker ??= start();
    return worker.call(method, params, limit);
  };
  const act = async (method: string, params: object): Promise<void> => {
    parseAnswer(answers.nothing, method, await call(method, params));
  };
  return {
    name: "torch",
    capabilities: torchCapabilities,
    onEvent: (listener) => void listeners.add(listener),
    load: async (load) => {
      if (worker?.alive === false) worker = undefined;
      return parseAnswer(answers.load, "load", await call("load", device === undefined ? load : { ...load, device }, limits.load));
    },
    leakTest: async () => parseAnswer(answers.leakTest, "leakTest", await call("leakTest", {}, limits.step)),
    step: async (rows, step) => {
      const params = { rows: rows.map(rowOnWire), ...stepOptionsOnWire(step) };
      const { klSum, ...result } = parseAnswer(answers.step, "step", await call("step", params, limits.step));
      return klSum === undefined ? result : { ...result, klSum };
    },
    loglik: async (items) => parseAnswer(answers.loglik, "loglik", await call("loglik", { items: items.map(itemOnWire) })),
    divergence: async (items) => parseAnswer(answers.divergence, "divergence", await call("divergence", { items: items.map(itemOnWire) })),
    generate: async (prompts, generation) =>
      parseAnswer(answers.generate, "generate", await call("generate", { prompts, options: generation })),
    snapshot: async () => parseAnswer(answers.snapshot, "snapshot", await call("snapshot", {})),
    restore: ({ id }) => act("restore", { id }),
    release: ({ id }) => act("release", { id }),
    saveState: (directory) => act("saveState", { directory }),
    loadState: (directory) => act("loadState", { directory }),
    saveModel: (directory) => act("saveModel", { directory }),
    memory: async () => withoutAbsent(parseAnswer(answers.memory, "memory", await call("memory", {}))),
    close: async () => {
      const ending = worker;
      worker = undefined;
      await ending?.end();
    },
  };
}

function withoutAbsent({ host, device }: z.output<typeof answers.memory>): MemoryReport {
  const { held, peak } = host;
  return {
    host: { ...(held === undefined ? {} : { held }), ...(peak === undefined ? {} : { peak }) },
    ...(device === undefined ? {} : { device }),
  };
}

function commandOf({ python, trainer, processes = 1, environment = process.env }: TorchExecutorOptions): WorkerCommand {
  const alone = ["-m", "midtrain_trainer"];
  const many = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", String(processes), ...alone];
  return {
    program: python,
    arguments: processes > 1 ? many : alone,
    // `-m` looks into the working directory first: it must be ours, never the repository's.
    directory: trainer,
    environment: childEnvironment(trainer, environment),
  };
}
