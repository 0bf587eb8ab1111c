import { afterAll } from "vitest";
import { trainerDirectory } from "../../config";
import { executorConformance } from "../conformance";
import { tinyConfigs } from "../test-models";
import { ExecutorPool } from "./executor-pool";
import { trainingInterpreter } from "./interpreter";
import { createTorchExecutor } from "./torch-executor";

const pool = new ExecutorPool(() => createTorchExecutor({ python: trainingInterpreter(), trainer: trainerDirectory(), device: "cpu" }));
afterAll(() => pool.end());
executorConformance("torch, Llama", ({ microBatchRows }) => pool.take(microBatchRows));
executorConformance("torch, Qwen2 untied", ({ microBatchRows }) => pool.take(microBatchRows), {
  config: tinyConfigs["Qwen2, grouped queries, untied, wide heads"],
});
