import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";

/** The shape of a Llama or Qwen2 decoder, as config.json gives it. */
export interface DecoderConfig {
  readonly architecture: "LlamaForCausalLM" | "Qwen2ForCausalLM";
  /** V */
  readonly vocabulary: number;
  /** H */
  readonly hidden: number;
  readonly layers: number;
  /** F */
  readonly intermediate: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** Largest number of positions. */
  readonly context: number;
  readonly normEpsilon: number;
  readonly ropeTheta: number;
  readonly tied: boolean;
  /** Biases of the q, k and v projections. */
  readonly queryBias: boolean;
  /** Bias of the output projection of attention. */
  readonly outputBias: boolean;
  readonly initializerRange: number;
}

export type RawConfig = Readonly<Record<string, unknown>>;

/**
 * Reads `config.json` of a model directory.
 * @throws MidtrainError input (missing), corrupt (not JSON, nonsensical sizes), unsupported (by name of the feature)
 */
export function readModelConfig(model: string): { readonly raw: RawConfig; readonly config: DecoderConfig } {
  const file = join(model, "config.json");
  const raw = parseRaw(file);
  return { raw, config: decoderConfig(raw, file) };
}

function parseRaw(file: string): RawConfig {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new MidtrainError({
      reason: "input",
      message: "The model directory has no readable config.json.",
      where: file,
      next: "Give a directory in Hugging Face layout (config.json, *.safetensors, tokenizer.json).",
      cause,
    });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as RawConfig;
  } catch (cause) {
    throw corrupt(file, `config.json is not valid JSON: ${(cause as Error).message}`, cause);
  }
  throw corrupt(file, "config.json does not hold a JSON object.");
}

/** Checks and names the fields of a config.json. `where` is named in errors. */
export function decoderConfig(raw: RawConfig, where: string): DecoderConfig {
  const architecture = architectureOf(raw, where);
  refuseUnsupported(raw, where);
  const size = (key: string, fallback?: number): number => {
    const value = raw[key] ?? fallback;
    if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
    throw corrupt(where, `"${key}" must be a positive integer, found ${JSON.stringify(value)}.`);
  };
  const positive = (key: string, fallback: number): number => {
    const value = raw[key] ?? fallback;
    if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
    throw corrupt(where, `"${key}" must be a positive number, found ${JSON.stringify(value)}.`);
  };
  const hidden = size("hidden_size");
  const heads = size("num_attention_heads");
  const keyValueHeads = size("num_key_value_heads", heads);
  const headSize = size("head_dim", hidden / heads);
  if (heads % keyValueHeads !== 0) throw corrupt(where, `${heads} attention heads do not divide into ${keyValueHeads} key-value heads.`);
  if (headSize % 2 !== 0) throw corrupt(where, `The head size ${headSize} is odd; rotary positions need pairs.`);
  const qwen = architecture === "Qwen2ForCausalLM";
  return {
    architecture,
    vocabulary: size("vocab_size"),
    hidden,
    layers: size("num_hidden_layers"),
    intermediate: size("intermediate_size"),
    heads,
    keyValueHeads,
    headSize,
    context: size("max_position_embeddings", 2048),
    normEpsilon: positive("rms_norm_eps", 1e-6),
    ropeTheta: ropeTheta(raw, positive),
    tied: raw["tie_word_embeddings"] === true,
    queryBias: qwen || raw["attention_bias"] === true,
    outputBias: !qwen && raw["attention_bias"] === true,
    initializerRange: positive("initializer_range", 0.02),
  };
}

function architectureOf(raw: RawConfig, where: string): DecoderConfig["architecture"] {
  const named = Array.isArray(raw["architectures"]) ? (raw["architectures"] as unknown[])[0] : undefined;
  if (named === "LlamaForCausalLM" || named === "Qwen2ForCausalLM") return named;
  if (named === undefined && raw["model_type"] === "llama") return "LlamaForCausalLM";
  if (named === undefined && raw["model_type"] === "qwen2") return "Qwen2ForCausalLM";
  throw unsupported(where, `the architecture ${String(named ?? raw["model_type"] ?? "(none named)")}`);
}

function ropeTheta(raw: RawConfig, positive: (key: string, fallback: number) => number): number {
  const parameters = raw["rope_parameters"] as RawConfig | null | undefined;
  const nested = parameters?.["rope_theta"];
  return typeof nested === "number" && nested > 0 ? nested : positive("rope_theta", 10000);
}

function refuseUnsupported(raw: RawConfig, where: string): void {
  for (const key of ["rope_scaling", "rope_parameters"]) {
    const scaling = raw[key] as RawConfig | null | undefined;
    const kind = scaling?.["rope_type"] ?? scaling?.["type"] ?? "default";
    if (kind !== "default") throw unsupported(where, `${key} of type "${String(kind)}"`);
  }
  if (raw["use_sliding_window"] === true) throw unsupported(where, "sliding-window attention (use_sliding_window)");
  const layerTypes = raw["layer_types"];
  if (Array.isArray(layerTypes) && layerTypes.some((type) => type !== "full_attention")) {
    throw unsupported(where, "layers of other types than full_attention (layer_types)");
  }
  for (const key of ["num_experts", "num_local_experts", "n_routed_experts"]) {
    if (typeof raw[key] === "number") throw unsupported(where, `mixture of experts (${key})`);
  }
  if (raw["mlp_bias"] === true) throw unsupported(where, "biases in the feed-forward layers (mlp_bias)");
  if (raw["quantization_config"]) throw unsupported(where, "quantized weights (quantization_config)");
  const partial = raw["partial_rotary_factor"];
  if (typeof partial === "number" && partial !== 1) throw unsupported(where, `partial rotary positions (partial_rotary_factor ${partial})`);
  const activation = raw["hidden_act"] ?? "silu";
  if (activation !== "silu" && activation !== "swish") throw unsupported(where, `the activation "${String(activation)}" (hidden_act)`);
}

function unsupported(where: string, what: string): MidtrainError {
  return new MidtrainError({
    reason: "unsupported",
    message: `The embedded executor does not support ${what}.`,
    where,
    next: "Use the torch executor (--executor torch) for this model, or a Llama or Qwen2 model with plain rotary positions.",
  });
}

function corrupt(where: string, message: string, cause?: unknown): MidtrainError {
  return new MidtrainError({ reason: "corrupt", message, where, next: "Restore config.json from the model's source.", cause });
}
