import type { DecoderConfig } from "../model-config";
import type { LayerTrace, LayerWeights } from "./decoder-forward";
import type { GraphBuilder, Value } from "./graph-builder";

/** Running gradients by name of the graph parameter; each step replaces the value by a new sum. */
export type Accumulators = Map<string, Value>;

/** Everything the backward pass of a layer needs besides the trace; B rows of T tokens in `chunks` query chunks. */
interface BackwardContext {
  readonly rows: number;
  readonly length: number;
  readonly chunks: number;
  readonly shape4: Value;
  readonly positions: Value;
  readonly cos: Value;
  readonly negativeSin: Value;
  /** Attention probabilities by layer and chunk, [B, heads, T/chunks, keys]. */
  readonly probabilities: readonly (readonly Value[])[];
  /** By layer: the output projection as [heads, H, d]. */
  readonly outByHead: readonly Value[];
}

const transA = { transA: { int: 1 } } as const;
const transB = { transB: { int: 1 } } as const;

/** dW += dY^T X, in the product's own C input: accumulation costs no extra pass. */
export function accumulateProduct(g: GraphBuilder, sums: Accumulators, name: string, dy: Value, x: Value): void {
  sums.set(name, g.op("Gemm", [dy, x, sums.get(name)!], transA));
}

/** db += column sums of dy [N, size]. */
export function accumulateColumns(g: GraphBuilder, sums: Accumulators, name: string, dy: Value): void {
  const columns = g.op("ReduceSum", [dy, g.ints([0])], { keepdims: { int: 0 } });
  sums.set(name, g.op("Add", [sums.get(name)!, columns]));
}

/** Through xhat = x * inverse: dx = residual + inverse * (dxhat - xhat * mean(dxhat * xhat)). */
export function normBackward(g: GraphBuilder, dxhat: Value, xhat: Value, inverse: Value, residual: Value | undefined): Value {
  const products = g.op("Mul", [dxhat, xhat]);
  const mean = g.op("ReduceMean", [products, g.ints([-1])], { keepdims: { int: 1 } });
  const centred = g.op("Sub", [dxhat, g.op("Mul", [xhat, mean])]);
  const scaled = g.op("Mul", [centred, inverse]);
  return residual === undefined ? scaled : g.op("Add", [scaled, residual]);
}

/** dx after the layer [N,H] -> dx before it [N,H]; adds the layer's weight gradients to `sums`. */
export function layerBackward(
  g: GraphBuilder,
  config: DecoderConfig,
  weights: LayerWeights,
  trace: LayerTrace,
  context: BackwardContext,
  layer: number,
  sums: Accumulators,
  dy: Value,
): Value {
  const key = `l${layer}.`;
  const dMiddle = feedForwardBackward(g, weights, trace, key, sums, dy);
  accumulateProduct(g, sums, `${key}out`, dMiddle, trace.mixedFlat);
  if (weights.outBias !== undefined) accumulateColumns(g, sums, `${key}outBias`, dMiddle);
  const dMiddle4 = g.op("Reshape", [dMiddle, context.shape4]);
  const dMixed = g.op("MatMul", [dMiddle4, context.outByHead[layer]!]);
  const dQkv = attentionBackward(g, config, trace, context, layer, dMixed);
  const byToken = g.op("Transpose", [dQkv], { perm: { ints: [0, 2, 1, 3] } });
  const width = (config.heads + 2 * config.keyValueHeads) * config.headSize;
  const dQkvFlat = g.op("Reshape", [byToken, g.ints([-1, width])]);
  accumulateProduct(g, sums, `${key}qkv`, dQkvFlat, trace.xhat1);
  if (weights.qkvBias !== undefined) accumulateColumns(g, sums, `${key}qkvBias`, dQkvFlat);
  const dXhat = g.op("Gemm", [dQkvFlat, weights.qkv]);
  return normBackward(g, dXhat, trace.xhat1, trace.inverse1, dMiddle);
}

function feedForwardBackward(g: GraphBuilder, weights: LayerWeights, trace: LayerTrace, key: string, sums: Accumulators, dy: Value): Value {
  accumulateProduct(g, sums, `${key}down`, dy, trace.product);
  const dProduct = g.op("Gemm", [dy, weights.down]);
  const dUp = g.op("Mul", [dProduct, trace.silu]);
  const dSilu = g.op("Mul", [dProduct, trace.up]);
  // silu' = s * (1 + gate - silu) with s = sigmoid(gate)
  const slope = g.op("Mul", [trace.sigmoid, g.op("Add", [g.op("Sub", [trace.gate, trace.silu]), g.scalar(1)])]);
  const dGate = g.op("Mul", [dSilu, slope]);
  accumulateProduct(g, sums, `${key}gate`, dGate, trace.xhat2);
  accumulateProduct(g, sums, `${key}up`, dUp, trace.xhat2);
  const viaGate = g.op("Gemm", [dGate, weights.gate]);
  const dXhat = g.op("Gemm", [dUp, weights.up, viaGate]);
  return normBackward(g, dXhat, trace.xhat2, trace.inverse2, dy);
}

/**
 * Gradients of the projections before rotation, [B, heads + 2 kvHeads, T, d].
 * dS = P * (dO V^T - D), D = rowsum(dO * O); -D rides along as an extra column of dO against a column of ones in V,
 * which saves a pass over the T x T scores. Heads of one group are stacked, so k and v are never repeated.
 */
function attentionBackward(
  g: GraphBuilder,
  config: DecoderConfig,
  trace: LayerTrace,
  context: BackwardContext,
  layer: number,
  dMixed: Value,
): Value {
  const { heads, keyValueHeads, headSize } = config;
  const { rows, length, chunks } = context;
  const step = length / chunks;
  const stacked = (x: Value, width: number): Value => {
    return g.op("Reshape", [x, g.ints([rows, keyValueHeads, (heads / keyValueHeads) * step, width])]);
  };
  const d = g.op("ReduceSum", [g.op("Mul", [dMixed, trace.mixed]), g.ints([-1])], { keepdims: { int: 1 } });
  const augmented = g.op("Concat", [dMixed, g.op("Neg", [d])], { axis: { int: -1 } });
  const values = g.op("Concat", [trace.v, g.filled(1, [rows, keyValueHeads, length, 1])], { axis: { int: -1 } });
  const scale = { alpha: { float: 1 / Math.sqrt(headSize) } };
  const dQueries: Value[] = [];
  let dKeys: Value | undefined;
  let dValues: Value | undefined;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const keys = (chunk + 1) * step;
    const p = stacked(context.probabilities[layer]![chunk]!, keys);
    const dO = stacked(slice(g, dMixed, 2, chunk * step, keys, length), headSize);
    const dOAugmented = stacked(slice(g, augmented, 2, chunk * step, keys, length), headSize + 1);
    const q = stacked(slice(g, trace.q, 2, chunk * step, keys, length), headSize);
    const k = slice(g, trace.k, 2, 0, keys, length);
    const dP = g.op("FusedMatMul", [dOAugmented, slice(g, values, 2, 0, keys, length)], transB);
    const dS = g.op("Mul", [dP, p]);
    const dQ = g.op("FusedMatMul", [dS, k], scale);
    dQueries.push(g.op("Reshape", [dQ, g.ints([rows, heads, step, headSize])]));
    dKeys = addPadded(g, dKeys, g.op("FusedMatMul", [dS, q], { ...transA, ...scale }), length - keys);
    dValues = addPadded(g, dValues, g.op("FusedMatMul", [p, dO], transA), length - keys);
  }
  const dQ = chunks === 1 ? dQueries[0]! : g.op("Concat", dQueries, { axis: { int: 2 } });
  const dRotated = g.op("Concat", [dQ, dKeys!], { axis: { int: 1 } });
  const dQk = g.op("RotaryEmbedding", [dRotated, context.positions, context.cos, context.negativeSin]);
  return g.op("Concat", [dQk, dValues!], { axis: { int: 1 } });
}

function addPadded(g: GraphBuilder, sum: Value | undefined, piece: Value, missing: number): Value {
  const padded = missing === 0 ? piece : g.op("Pad", [piece, g.ints([0, 0, 0, 0, 0, 0, missing, 0])]);
  return sum === undefined ? padded : g.op("Add", [sum, padded]);
}

/** x[..., start:end, ...] on one axis of `size`; nothing where that is all of it. */
export function slice(g: GraphBuilder, x: Value, axis: number, start: number, end: number, size: number): Value {
  if (start === 0 && end === size) return x;
  return g.op("Slice", [x, g.ints([start]), g.ints([end]), g.ints([axis])]);
}
