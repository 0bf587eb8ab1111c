import type { Executor } from "@midtrain/protocol/executor";
import { rowLength } from "./rows";
import { vocabularySize } from "./tokenizer";

/** How a base is trained up to the decay. Everything here is part of the key of its checkpoints. */
export interface BaseRecipe {
  readonly rowsPerStep: number;
  /** Also the base's pretraining peak, from which adaptations take their learning rate. */
  readonly peak: number;
  readonly warmupSteps: number;
  readonly clip: number;
  readonly optimizer: { readonly beta1: number; readonly beta2: number; readonly epsilon: number; readonly weightDecay: number };
  /** Shares of rows; the rest is general text. */
  readonly shares: { readonly formats: number; readonly refusals: number };
  readonly seed: number;
}

export interface BaseSize {
  readonly name: string;
  readonly executor: Executor["name"];
  /** Of a training that names neither tokens nor minutes. */
  readonly tokens: number;
  /** config.json in Hugging Face layout. */
  readonly model: Readonly<Record<string, unknown>>;
  readonly recipe: BaseRecipe;
}

const common = {
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  vocab_size: vocabularySize,
};
const rest = {
  hidden_act: "silu",
  max_position_embeddings: rowLength,
  rms_norm_eps: 1e-5,
  rope_theta: 10000,
  attention_bias: false,
  mlp_bias: false,
  tie_word_embeddings: true,
  initializer_range: 0.02,
  bos_token_id: 0,
  eos_token_id: 0,
  use_cache: true,
};

/** The one that ships: 2.36 million parameters. */
export const embedded: BaseSize = {
  name: "2M",
  executor: "onnx",
  tokens: 25_200_000,
  model: {
    ...common,
    hidden_size: 192,
    num_hidden_layers: 4,
    intermediate_size: 512,
    num_attention_heads: 6,
    num_key_value_heads: 2,
    head_dim: 32,
    ...rest,
  },
  recipe: {
    // Few: with so few tokens, twice as many updates are worth more than smoother ones.
    rowsPerStep: 4,
    peak: 2.5e-3,
    warmupSteps: 60,
    clip: 1,
    optimizer: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 },
    shares: { formats: 0.07, refusals: 0.06 },
    seed: 1,
  },
};

/** For a GPU: 25.7 million parameters. Its rate and rows were not searched for; no GPU has trained it yet. */
const large: BaseSize = {
  name: "25M",
  executor: "torch",
  tokens: 250_000_000,
  model: {
    ...common,
    hidden_size: 512,
    num_hidden_layers: 8,
    intermediate_size: 1408,
    num_attention_heads: 8,
    num_key_value_heads: 4,
    head_dim: 64,
    ...rest,
  },
  recipe: { ...embedded.recipe, rowsPerStep: 32, peak: 1.5e-3, warmupSteps: 200 },
};

export const sizes: readonly BaseSize[] = [embedded, large];
