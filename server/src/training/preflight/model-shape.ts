/** The shape of a model from its config.json and the headers of its weights: no tensor is read. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import { SafetensorsFile } from "../../executors";
import type { ModelShape } from "./memory-model";

type Raw = Readonly<Record<string, unknown>>;

/** Tensors of these names are looked up, not multiplied, or belong to the head: no adapter sits on them. */
const outsideBlocks = /(^|\.)(embed\w*|wte|wpe|lm_head|embed_out)\.|^shared\./;
/** The number of the block in a tensor's name: model.layers.3.mlp… */
const blockNumber = /\.(\d+)\./;

/**
 * @returns undefined where config.json does not say how large the model is
 * @throws MidtrainError (corrupt) when the weights cannot be read
 */
export function readModelShape(model: string): ModelShape | undefined {
  const raw = textConfig(join(model, "config.json"));
  const tensors = tensorShapes(model);
  const hidden = sizeOf(raw, "hidden_size", "n_embd", "d_model");
  const layers = sizeOf(raw, "num_hidden_layers", "n_layer", "num_layers");
  const vocabulary = sizeOf(raw, "vocab_size");
  if (hidden === undefined || layers === undefined || vocabulary === undefined || tensors.length === 0) return undefined;
  const heads = sizeOf(raw, "num_attention_heads", "n_head", "num_heads") ?? 1;
  const tied = raw["tie_word_embeddings"] === true;
  const inBlocks = tensors.filter(({ name, shape }) => shape.length === 2 && blockNumber.test(name) && !outsideBlocks.test(name));
  const stored = tensors.reduce((sum, { shape }) => sum + product(shape), 0);
  const heldTwice = tied && tensors.some(({ name }) => name === "lm_head.weight") && tensors.some(({ name }) => /embed_tokens/.test(name));
  return {
    parameters: stored - (heldTwice ? vocabulary * hidden : 0),
    blockParameters: inBlocks.reduce((sum, { shape }) => sum + product(shape), 0),
    vocabulary,
    hidden,
    layers,
    intermediate: sizeOf(raw, "intermediate_size", "n_inner", "ffn_dim", "ffn_hidden_size") ?? 4 * hidden,
    isGated: tensors.some(({ name }) => /gate_(up_)?proj|\.w3\./.test(name)),
    heads,
    keyValueHeads: sizeOf(raw, "num_key_value_heads") ?? heads,
    headSize: sizeOf(raw, "head_dim") ?? Math.floor(hidden / heads),
    tied,
    adapterWidth: inBlocks.reduce((sum, { shape }) => sum + shape[0]! + shape[1]!, 0) / layers,
  };
}

function textConfig(file: string): Raw {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (value === null || typeof value !== "object") return {};
    const raw = value as Raw;
    return { ...raw, ...(raw["text_config"] as Raw | undefined) };
  } catch (cause) {
    const next = "Restore config.json from the model's source.";
    throw new MidtrainError({ reason: "corrupt", message: "config.json cannot be read.", where: file, next, cause });
  }
}

function sizeOf(raw: Raw, ...keys: readonly string[]): number | undefined {
  return keys.map((key) => raw[key]).find((value): value is number => typeof value === "number" && Number.isInteger(value) && value > 0);
}

interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
}

function tensorShapes(model: string): readonly Tensor[] {
  return readdirSync(model)
    .filter((name) => name.endsWith(".safetensors"))
    .flatMap((name) => {
      const file = SafetensorsFile.open(join(model, name));
      try {
        return file.names.map((tensor) => ({ name: tensor, shape: file.shapeOf(tensor) }));
      } finally {
        file.close();
      }
    });
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, size) => total * size, 1);
}
