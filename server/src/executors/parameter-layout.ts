import type { DecoderConfig } from "./model-config";

/** One tensor of the model inside the flat parameter array. */
export interface ParameterSegment {
  /** Name in the safetensors file (Hugging Face). */
  readonly name: string;
  readonly shape: readonly number[];
  /** First element in the flat array. */
  readonly offset: number;
  readonly length: number;
  /** Matrices decay; norm gains and biases do not. */
  readonly decays: boolean;
  readonly role: "embedding" | "matrix" | "residual-output" | "gain" | "bias";
}

/** A contiguous run of segments that the graph sees as one input, e.g. the q, k and v projections of a layer. */
interface GraphParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

export interface ParameterLayout {
  readonly segments: readonly ParameterSegment[];
  readonly graph: readonly GraphParameter[];
  readonly total: number;
}

/**
 * Order of all parameters in one flat array. Hugging Face order, except that a layer's q, k and v weights lie
 * side by side (then their biases), so that the graph reads them as one matrix without a copy.
 */
export function parameterLayout(config: DecoderConfig): ParameterLayout {
  const segments: ParameterSegment[] = [];
  const graph: GraphParameter[] = [];
  let total = 0;
  const add = (name: string, shape: readonly number[], role: ParameterSegment["role"]): void => {
    const length = shape.reduce((product, size) => product * size, 1);
    segments.push({ name, shape, offset: total, length, role, decays: role !== "gain" && role !== "bias" });
    total += length;
  };
  const group = (name: string, shape: readonly number[], fill: () => void): void => {
    const offset = total;
    fill();
    graph.push({ name, shape, offset, length: total - offset });
  };
  const { hidden: H, intermediate: F, vocabulary: V, headSize } = config;
  const queries = config.heads * headSize;
  const keys = config.keyValueHeads * headSize;
  const projections = [
    ["q_proj", queries],
    ["k_proj", keys],
    ["v_proj", keys],
  ] as const;

  group("embed", [V, H], () => add("model.embed_tokens.weight", [V, H], "embedding"));
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `model.layers.${layer}.`;
    const key = `l${layer}.`;
    group(`${key}norm1`, [H], () => add(`${at}input_layernorm.weight`, [H], "gain"));
    group(`${key}qkv`, [queries + 2 * keys, H], () => {
      for (const [name, size] of projections) add(`${at}self_attn.${name}.weight`, [size, H], "matrix");
    });
    if (config.queryBias) {
      group(`${key}qkvBias`, [queries + 2 * keys], () => {
        for (const [name, size] of projections) add(`${at}self_attn.${name}.bias`, [size], "bias");
      });
    }
    group(`${key}out`, [H, queries], () => add(`${at}self_attn.o_proj.weight`, [H, queries], "residual-output"));
    if (config.outputBias) group(`${key}outBias`, [H], () => add(`${at}self_attn.o_proj.bias`, [H], "bias"));
    group(`${key}norm2`, [H], () => add(`${at}post_attention_layernorm.weight`, [H], "gain"));
    group(`${key}gate`, [F, H], () => add(`${at}mlp.gate_proj.weight`, [F, H], "matrix"));
    group(`${key}up`, [F, H], () => add(`${at}mlp.up_proj.weight`, [F, H], "matrix"));
    group(`${key}down`, [H, F], () => add(`${at}mlp.down_proj.weight`, [H, F], "residual-output"));
  }
  group("norm", [H], () => add("model.norm.weight", [H], "gain"));
  if (!config.tied) group("head", [V, H], () => add("lm_head.weight", [V, H], "matrix"));
  return { segments, graph, total };
}
