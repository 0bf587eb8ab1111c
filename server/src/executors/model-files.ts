import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { explainWriteError, writeFileAtomic, writeJsonAtomic } from "../platform/atomic-write";
import { seededRandom } from "../platform/random";
import { decoderConfig, type DecoderConfig, type RawConfig, readModelConfig } from "./model-config";
import { namedTensors, readWeights } from "./model-weights";
import { type ParameterLayout, parameterLayout } from "./parameter-layout";
import { safetensorsParts } from "./safetensors";

/** Files that belong to a model and are carried along unchanged. */
const companions = [
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "generation_config.json",
  "vocab.json",
  "merges.txt",
  "added_tokens.json",
  "chat_template.jinja",
];

interface ModelToWrite {
  readonly directory: string;
  readonly raw: RawConfig;
  readonly layout: ParameterLayout;
  readonly parameters: Float32Array;
  readonly format: "F32" | "F16";
  /** Directory whose tokenizer files are copied; undefined: none. */
  readonly companionsFrom: string | undefined;
}

/** Writes a model directory in Hugging Face layout: tokenizer files and config.json first, weights last. */
export function writeModel(model: ModelToWrite): void {
  const { directory, raw, layout, parameters, format, companionsFrom } = model;
  try {
    mkdirSync(directory, { recursive: true });
    for (const name of companions) {
      if (companionsFrom === undefined || companionsFrom === directory) continue;
      if (existsSync(join(companionsFrom, name))) copyFileSync(join(companionsFrom, name), join(directory, name));
    }
  } catch (error) {
    throw explainWriteError(error, directory);
  }
  // transformers 5 spells the key `dtype`; a file keeps the spelling that it has.
  const precisionKey = "dtype" in raw ? "dtype" : "torch_dtype";
  writeJsonAtomic(join(directory, "config.json"), { ...raw, [precisionKey]: format === "F32" ? "float32" : "float16" });
  writeFileAtomic(join(directory, "model.safetensors"), safetensorsParts(namedTensors(layout, parameters), format, {}));
}

/** Rewrites a model in another precision, for shipping. */
export function convertModel(source: string, target: string, format: "F32" | "F16"): void {
  const { raw, config } = readModelConfig(source);
  const layout = parameterLayout(config);
  writeModel({ directory: target, raw, layout, parameters: readWeights(source, layout), format, companionsFrom: source });
}

interface InitializeOptions {
  readonly directory: string;
  /** Content of config.json. */
  readonly config: RawConfig;
  readonly seed: number;
  /** Directory whose tokenizer files are copied. */
  readonly tokenizerFrom?: string;
}

/**
 * Writes a randomly initialised model: normal with the configuration's `initializer_range`, residual outputs scaled by
 * 1/sqrt(2 layers) (GPT-2's scheme), gains one, biases zero. Equal seeds give equal bytes.
 * @returns number of parameters
 */
export function initializeModel(options: InitializeOptions): number {
  const config = decoderConfig(options.config, join(options.directory, "config.json"));
  const layout = parameterLayout(config);
  const parameters = randomParameters(config, layout, options.seed);
  const { directory, config: raw, tokenizerFrom: companionsFrom } = options;
  writeModel({ directory, raw, layout, parameters, format: "F32", companionsFrom });
  return layout.total;
}

function randomParameters(config: DecoderConfig, layout: ParameterLayout, seed: number): Float32Array {
  const parameters = new Float32Array(layout.total);
  const residualScale = 1 / Math.sqrt(2 * config.layers);
  for (const { name, offset, length, role } of layout.segments) {
    if (role === "bias") continue;
    if (role === "gain") {
      parameters.fill(1, offset, offset + length);
      continue;
    }
    const deviation = config.initializerRange * (role === "residual-output" ? residualScale : 1);
    fillNormal(parameters.subarray(offset, offset + length), deviation, seed, name);
  }
  return parameters;
}

/** Box-Muller; one stream per tensor, so that a tensor's values do not depend on the others' sizes. */
function fillNormal(target: Float32Array, deviation: number, seed: number, name: string): void {
  const random = seededRandom("initialize", seed, name);
  for (let index = 0; index < target.length; index += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - random.float()));
    const angle = 2 * Math.PI * random.float();
    target[index] = radius * Math.cos(angle);
    if (index + 1 < target.length) target[index + 1] = radius * Math.sin(angle);
  }
}
