import { readdirSync } from "node:fs";
import { join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { Executor } from "@midtrain/protocol/executor";
import { readModelConfig } from "./model-config";
import { SafetensorsFile } from "./safetensors";

/** Above this many parameters a step of the embedded executor takes minutes. */
const largestEmbedded = 100e6;

/** Elements of all stored tensors, from the headers of the safetensors files; `problem` where one cannot be read. */
export function countParameters(directory: string): { readonly parameters?: number; readonly problem?: string } {
  const weights = readdirSync(directory).filter((file) => file.endsWith(".safetensors"));
  let parameters = 0;
  try {
    for (const name of weights) {
      const file = SafetensorsFile.open(join(directory, name));
      parameters += file.elements;
      file.close();
    }
  } catch (error) {
    return { problem: MidtrainError.is(error) ? error.message : String(error) };
  }
  return weights.length === 0 ? {} : { parameters };
}

/** Executors that can run a model, the default one first: the embedded one needs no environment, but is for small models. */
export function executorsFor(directory: string): readonly [Executor["name"], ...Executor["name"][]] {
  try {
    readModelConfig(directory);
  } catch {
    return ["torch"];
  }
  const { parameters = 0 } = countParameters(directory);
  return parameters > largestEmbedded ? ["torch", "onnx"] : ["onnx", "torch"];
}
