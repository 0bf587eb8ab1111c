import type { Row } from "@midtrain/protocol/executor";
import type { DecoderConfig } from "./model-config";
import type { ParameterLayout } from "./parameter-layout";

/**
 * Test support: the decoder's weighted mean loss, written plainly in float64 and independently of the graph, so that its
 * central differences are a reference for the graph's gradients.
 */
export function referenceLoss(config: DecoderConfig, layout: ParameterLayout, parameters: Float64Array, rows: readonly Row[]): number {
  let lossSum = 0;
  let weightSum = 0;
  for (const row of rows) {
    const logProbabilities = referenceLogProbabilities(config, layout, parameters, row);
    for (let t = 1; t < row.tokens.length; t++) {
      lossSum -= row.lossWeights[t]! * logProbabilities[t - 1]![row.tokens[t]!]!;
      weightSum += row.lossWeights[t]!;
    }
  }
  return lossSum / weightSum;
}

/** Log-probabilities of the next token at every position, [T][V]. */
export function referenceLogProbabilities(
  config: DecoderConfig,
  layout: ParameterLayout,
  parameters: Float64Array,
  row: Pick<Row, "tokens" | "documents" | "positions">,
): Float64Array[] {
  const at = (name: string): Float64Array | undefined => {
    const segment = layout.segments.find((each) => each.name === name);
    return segment && parameters.subarray(segment.offset, segment.offset + segment.length);
  };
  const embedding = at("model.embed_tokens.weight")!;
  const H = config.hidden;
  let x: Float64Array[] = Array.from(row.tokens, (token) => embedding.slice(token * H, (token + 1) * H));
  for (let layer = 0; layer < config.layers; layer++) {
    const weight = (name: string): Float64Array | undefined => at(`model.layers.${layer}.${name}`);
    const normed = x.map((vector) => norm(vector, weight("input_layernorm.weight")!, config.normEpsilon));
    const mixed = attention(config, weight, normed, row);
    x = x.map((vector, t) => add(vector, linear(mixed[t]!, weight("self_attn.o_proj.weight")!, weight("self_attn.o_proj.bias"))));
    x = x.map((vector) => {
      const inner = norm(vector, weight("post_attention_layernorm.weight")!, config.normEpsilon);
      const gate = linear(inner, weight("mlp.gate_proj.weight")!);
      const up = linear(inner, weight("mlp.up_proj.weight")!);
      return add(
        vector,
        linear(
          gate.map((g, index) => (g / (1 + Math.exp(-g))) * up[index]!),
          weight("mlp.down_proj.weight")!,
        ),
      );
    });
  }
  const head = at("lm_head.weight") ?? embedding;
  return x.map((vector) => logSoftmax(linear(norm(vector, at("model.norm.weight")!, config.normEpsilon), head)));
}

function attention(
  config: DecoderConfig,
  weight: (name: string) => Float64Array | undefined,
  x: readonly Float64Array[],
  row: Pick<Row, "documents" | "positions">,
): Float64Array[] {
  const d = config.headSize;
  const project = (name: string): Float64Array[] => {
    return x.map((vector) => linear(vector, weight(`self_attn.${name}_proj.weight`)!, weight(`self_attn.${name}_proj.bias`)));
  };
  const rotated = (vectors: Float64Array[]): Float64Array[] => vectors.map((vector, t) => rotate(config, vector, row.positions[t]!));
  const [q, k, v] = [rotated(project("q")), rotated(project("k")), project("v")];
  return q.map((queries, t) => {
    const result = new Float64Array(config.heads * d);
    let first = t;
    while (first > 0 && row.documents[first - 1] === row.documents[t]) first--;
    for (let head = 0; head < config.heads; head++) {
      const group = Math.floor(head / (config.heads / config.keyValueHeads)) * d;
      const scores = new Float64Array(t - first + 1).map((_, s) => {
        let dot = 0;
        for (let i = 0; i < d; i++) dot += queries[head * d + i]! * k[first + s]![group + i]!;
        return dot / Math.sqrt(d);
      });
      for (const [s, logP] of logSoftmax(scores).entries()) {
        for (let i = 0; i < d; i++) result[head * d + i]! += Math.exp(logP) * v[first + s]![group + i]!;
      }
    }
    return result;
  });
}

function rotate(config: DecoderConfig, vector: Float64Array, position: number): Float64Array {
  const result = vector.slice();
  const half = config.headSize / 2;
  for (let start = 0; start < vector.length; start += config.headSize) {
    for (let i = 0; i < half; i++) {
      const angle = position * config.ropeTheta ** (-i / half);
      const [a, b] = [vector[start + i]!, vector[start + half + i]!];
      result[start + i] = a * Math.cos(angle) - b * Math.sin(angle);
      result[start + half + i] = b * Math.cos(angle) + a * Math.sin(angle);
    }
  }
  return result;
}

/** matrix [out, in] times vector [in]. */
function linear(vector: Float64Array, matrix: Float64Array, bias?: Float64Array): Float64Array {
  const result = new Float64Array(matrix.length / vector.length);
  for (let out = 0; out < result.length; out++) {
    let sum = bias?.[out] ?? 0;
    for (let i = 0; i < vector.length; i++) sum += matrix[out * vector.length + i]! * vector[i]!;
    result[out] = sum;
  }
  return result;
}

function norm(vector: Float64Array, gain: Float64Array, epsilon: number): Float64Array {
  const meanSquare = vector.reduce((sum, value) => sum + value * value, 0) / vector.length;
  return vector.map((value, index) => (value / Math.sqrt(meanSquare + epsilon)) * gain[index]!);
}

function add(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, index) => value + b[index]!);
}

function logSoftmax(values: Float64Array): Float64Array {
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const logSum = largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
  return values.map((value) => value - logSum);
}
