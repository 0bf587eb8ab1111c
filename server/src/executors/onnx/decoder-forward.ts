import type { DecoderConfig } from "../model-config";
import type { GraphBuilder, Value } from "./graph-builder";

/** Weights of one layer. Where norm gains are folded into the following matrices, the gains here are ones. */
export interface LayerWeights {
  /** [H] */
  readonly gain1: Value;
  /** [(heads + 2 kvHeads) * headSize, H] */
  readonly qkv: Value;
  readonly qkvBias: Value | undefined;
  /** [H, heads * headSize] */
  readonly out: Value;
  readonly outBias: Value | undefined;
  /** [H] */
  readonly gain2: Value;
  /** [F, H] */
  readonly gate: Value;
  readonly up: Value;
  /** [H, F] */
  readonly down: Value;
}

export interface DecoderWeights {
  readonly embed: Value;
  readonly layers: readonly LayerWeights[];
  readonly norm: Value;
  /** [V, H]; the embedding itself where the head is tied. */
  readonly head: Value;
}

/** How the layers see positions and each other; B rows of T tokens, N = B*T. */
export interface SequenceContext {
  /** int64 shape [B, 1, T, H] */
  readonly shape4: Value;
  /** int64 [B, T] */
  readonly positions: Value;
  /** [P, headSize/2] */
  readonly cos: Value;
  readonly sin: Value;
  /** q [B,heads,T,d], k and v [B,kvHeads,T,d] -> mixed values [B,heads,T,d] */
  readonly attend: (layer: number, q: Value, k: Value, v: Value) => Value;
}

/** Values of a layer that its backward pass reads. */
export interface LayerTrace {
  readonly xhat1: Value;
  readonly inverse1: Value;
  readonly q: Value;
  readonly k: Value;
  readonly v: Value;
  readonly mixed: Value;
  readonly mixedFlat: Value;
  readonly xhat2: Value;
  readonly inverse2: Value;
  readonly gate: Value;
  readonly sigmoid: Value;
  readonly silu: Value;
  readonly up: Value;
  readonly product: Value;
}

const transB = { transB: { int: 1 } } as const;

/** x [N,H] -> gain * x / rms(x) [N,H] and 1 / rms(x) [N,1]. */
export function rmsNorm(g: GraphBuilder, config: DecoderConfig, x: Value, gain: Value): readonly [Value, Value] {
  const attributes = { axis: { int: -1 }, epsilon: { float: config.normEpsilon } };
  const [normalised, inverse] = g.ops("SimplifiedLayerNormalization", [x, gain], 2, attributes);
  return [normalised!, inverse!];
}

/** x [N,H] -> x [N,H] after one decoder layer. */
function decoderLayer(
  g: GraphBuilder,
  config: DecoderConfig,
  weights: LayerWeights,
  context: SequenceContext,
  layer: number,
  x: Value,
): readonly [Value, LayerTrace] {
  const [xhat1, inverse1] = rmsNorm(g, config, x, weights.gain1);
  const [q, k, v] = project(g, config, weights, context, xhat1);
  const mixed = context.attend(layer, q, k, v);
  const byToken = g.op("Transpose", [mixed], { perm: { ints: [0, 2, 1, 3] } });
  const mixedFlat = g.op("Reshape", [byToken, g.ints([-1, config.heads * config.headSize])]);
  const attended = g.op("Gemm", [mixedFlat, weights.out, x], transB);
  const middle = weights.outBias === undefined ? attended : g.op("Add", [attended, weights.outBias]);
  const [xhat2, inverse2] = rmsNorm(g, config, middle, weights.gain2);
  const gate = g.op("Gemm", [xhat2, weights.gate], transB);
  const up = g.op("Gemm", [xhat2, weights.up], transB);
  const sigmoid = g.op("Sigmoid", [gate]);
  const silu = g.op("Mul", [gate, sigmoid]);
  const product = g.op("Mul", [silu, up]);
  const result = g.op("Gemm", [product, weights.down, middle], transB);
  return [result, { xhat1, inverse1, q, k, v, mixed, mixedFlat, xhat2, inverse2, gate, sigmoid, silu, up, product }];
}

/** One batched product gives q, k and v by head, without a transpose: [B,1,T,H] x [heads,d,H] -> [B,heads,T,d]. */
function project(
  g: GraphBuilder,
  config: DecoderConfig,
  weights: LayerWeights,
  context: SequenceContext,
  xhat: Value,
): readonly [Value, Value, Value] {
  const { heads, keyValueHeads, headSize, hidden } = config;
  const allHeads = heads + 2 * keyValueHeads;
  const x4 = g.op("Reshape", [xhat, context.shape4]);
  const byHead = g.op("Reshape", [weights.qkv, g.ints([allHeads, headSize, hidden])]);
  const plain = g.op("FusedMatMul", [x4, byHead], transB);
  const bias = weights.qkvBias && g.op("Reshape", [weights.qkvBias, g.ints([allHeads, 1, headSize])]);
  const qkv = bias === undefined ? plain : g.op("Add", [plain, bias]);
  const [qk, v] = g.ops("Split", [qkv, g.ints([heads + keyValueHeads, keyValueHeads])], 2, { axis: { int: 1 } });
  const rotated = g.op("RotaryEmbedding", [qk!, context.positions, context.cos, context.sin]);
  const [q, k] = g.ops("Split", [rotated, g.ints([heads, keyValueHeads])], 2, { axis: { int: 1 } });
  return [q!, k!, v!];
}

/** Token ids (any shape) -> embeddings [N,H]. */
export function embed(g: GraphBuilder, config: DecoderConfig, weights: DecoderWeights, ids: Value): Value {
  const flat = g.op("Reshape", [ids, g.ints([-1])]);
  const gathered = g.op("Gather", [weights.embed, flat], { axis: { int: 0 } });
  return g.op("Reshape", [gathered, g.ints([-1, config.hidden])]);
}

/** Runs all layers; returns the last hidden states [N,H] before the final norm. */
export function decoderLayers(
  g: GraphBuilder,
  config: DecoderConfig,
  weights: DecoderWeights,
  context: SequenceContext,
  x: Value,
): readonly [Value, readonly LayerTrace[]] {
  const traces: LayerTrace[] = [];
  let hidden = x;
  for (const [layer, layerWeights] of weights.layers.entries()) {
    const [next, trace] = decoderLayer(g, config, layerWeights, context, layer, hidden);
    hidden = next;
    traces.push(trace);
  }
  return [hidden, traces];
}
