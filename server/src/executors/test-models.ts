import type { Row } from "@midtrain/protocol/executor";
import { seededRandom } from "../platform/random";
import type { RawConfig } from "./model-config";

/** Test support: small decoders of every supported shape. */
const tiny = {
  vocab_size: 48,
  hidden_size: 16,
  intermediate_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  max_position_embeddings: 64,
  rms_norm_eps: 1e-5,
  initializer_range: 0.3,
};
const llama = { architectures: ["LlamaForCausalLM"], model_type: "llama" };
const qwen2 = { architectures: ["Qwen2ForCausalLM"], model_type: "qwen2", rope_theta: 1000000 };

export const tinyConfigs = {
  "Llama, grouped queries, tied": { ...tiny, ...llama, num_key_value_heads: 2, tie_word_embeddings: true },
  "Llama, untied, biased attention": { ...tiny, ...llama, num_key_value_heads: 4, tie_word_embeddings: false, attention_bias: true },
  "Qwen2, one key-value head, tied": { ...tiny, ...qwen2, num_key_value_heads: 1, tie_word_embeddings: true },
  "Qwen2, grouped queries, untied, wide heads": { ...tiny, ...qwen2, num_key_value_heads: 2, head_dim: 6, tie_word_embeddings: false },
} as const satisfies Record<string, RawConfig>;

/** A row of documents of the given lengths, with random tokens; `masked` positions carry no loss. */
export function randomRow(
  vocabulary: number,
  lengths: readonly number[],
  seed: number,
  options: { readonly source?: string; readonly masked?: readonly number[] } = {},
): Row {
  const random = seededRandom("row", seed);
  const documents = lengths.flatMap((length, index) => Array.from({ length }, () => index));
  const positions = lengths.flatMap((length) => Array.from({ length }, (_, t) => t));
  return {
    tokens: Int32Array.from(documents, () => random.int(vocabulary)),
    documents: Int32Array.from(documents),
    positions: Int32Array.from(positions),
    lossWeights: Float32Array.from(positions, (position, t) => (position === 0 || options.masked?.includes(t) ? 0 : 1)),
    source: options.source ?? "domain",
    klWeight: 0,
  };
}
