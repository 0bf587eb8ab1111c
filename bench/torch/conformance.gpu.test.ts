/** The conformance suite of both executors on a GPU, in both precisions; run by scripts/bench-gpu.mjs (MIDTRAIN_BENCH_DEVICE: cuda). */
import { afterAll } from "vitest";
import type { Executor } from "@midtrain/protocol/executor";
import { trainingInterpreter } from "../../server/src/executors/index";
import { trainerDirectory } from "../../server/src/config/index";
import { executorConformance } from "../../server/src/executors/conformance";
import { ExecutorPool } from "../../server/src/executors/torch/executor-pool";
import { createTorchExecutor } from "../../server/src/executors/torch/torch-executor";

const device = process.env["MIDTRAIN_BENCH_DEVICE"] === "cpu" ? "cpu" : "cuda";
const pool = new ExecutorPool(() => createTorchExecutor({ python: trainingInterpreter(), trainer: trainerDirectory(), device }));
afterAll(() => pool.end());

function inPrecision(precision: "fp32" | "bf16", executor: Executor): Executor {
  return { ...executor, load: (options) => executor.load({ ...options, precision }) };
}

for (const precision of ["fp32", "bf16"] as const) {
  executorConformance(`torch, ${device}, ${precision}`, ({ microBatchRows }) => inPrecision(precision, pool.take(microBatchRows)));
}
