import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Executor } from "@midtrain/protocol/executor";
import { readModelConfig } from "./model-config";

/** What transformers assumes of a model that does not say. */
const assumedContext = 2048;
const keys = ["max_position_embeddings", "n_positions", "max_seq_len"] as const;

/**
 * Longest sequence of a model, in tokens. The embedded executor refuses what it cannot run; torch takes any architecture,
 * and says at load what is wrong with the rest of the file.
 * @throws MidtrainError as readModelConfig does, for the embedded executor
 */
export function modelContext(model: string, executor: Executor["name"]): number {
  if (executor === "onnx") return readModelConfig(model).config.context;
  const raw = rawConfig(join(model, "config.json"));
  const text = { ...raw, ...(raw["text_config"] as Record<string, unknown> | undefined) };
  return keys.map((key) => text[key]).find((value): value is number => typeof value === "number" && value > 0) ?? assumedContext;
}

function rawConfig(file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Whether the NVIDIA driver is loaded; what the card can do, torch says at load. */
export function hasGpu(): boolean {
  return existsSync("/proc/driver/nvidia/version") || existsSync("/dev/nvidia0");
}
