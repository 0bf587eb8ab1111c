import type { Executor } from "@midtrain/protocol/executor";
import { bundledFile, trainerDirectory } from "../config";
import { createOnnxExecutor } from "./onnx-executor";
import { trainingInterpreter } from "./torch/interpreter";
import { createTorchExecutor } from "./torch/torch-executor";

export interface CreateExecutorOptions {
  /** Python of the torch executor; by default MIDTRAIN_PYTHON, or the environment of a checkout. */
  readonly python?: string | undefined;
  /** Variables of the torch worker; by default those of this process. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Ranks of the torch worker, one GPU each. */
  readonly processes?: number | undefined;
  /** What the worker prints. */
  readonly onOutput?: (text: string) => void;
}

/** The executor of an installation by its name. @throws MidtrainError (environment) when its parts are missing */
export function createExecutor(kind: Executor["name"], options: CreateExecutorOptions = {}): Executor {
  if (kind === "onnx") return createOnnxExecutor({ workerFile: bundledFile("executor-worker.js") });
  const { python, environment, processes, onOutput } = options;
  return createTorchExecutor({
    python: python ?? trainingInterpreter(),
    trainer: trainerDirectory(),
    processes,
    ...(environment === undefined ? {} : { environment }),
    ...(onOutput === undefined ? {} : { onOutput }),
  });
}
