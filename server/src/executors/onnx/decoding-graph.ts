import type { DecoderConfig } from "../model-config";
import type { ParameterLayout } from "../parameter-layout";
import type { SequenceContext } from "./decoder-forward";
import { GraphBuilder, type Value } from "./graph-builder";
import { declareSequenceInputs, decoderWeights, pickedLogits } from "./scoring-graph";

const hidden = -1e9;

/**
 * One step of generation with a key-value cache: S new tokens per row (the prompt first, then one by one) against P cached ones.
 * Inputs: parameters (unless baked in), rotary tables, `ids`, `positions` int32 [B,S], `cached` int32 [B] (valid cache slots per row),
 * `k<layer>`, `v<layer>` float [B, kvHeads, P, headSize], `picks` int32 [M] into the B*S positions.
 * Outputs: `logits` [M,V] and the new tokens' `newK<layer>`, `newV<layer>` [B, kvHeads, S, headSize]; the caller keeps the cache.
 * @param baked weights stored in the model: faster, for as long as they do not change
 */
export function decodingGraph(config: DecoderConfig, layout: ParameterLayout, baked: Float32Array | undefined): Uint8Array {
  const g = new GraphBuilder();
  for (const { name, shape, offset, length } of layout.graph) {
    if (baked === undefined) g.input(name, "float", shape);
    else g.initializer(name, shape, baked.subarray(offset, offset + length));
  }
  const sequence = declareSequenceInputs(g, config);
  g.input("cached", "int32", ["B"]);
  const shape = ["B", config.keyValueHeads, "P", config.headSize];
  for (let layer = 0; layer < config.layers; layer++) for (const kind of ["k", "v"]) g.input(`${kind}${layer}`, "float", shape);
  const mask = cacheMask(g);
  const attend: SequenceContext["attend"] = (layer, q, k, v) => {
    const newShape = ["B", config.keyValueHeads, "T", config.headSize];
    g.output(k, "float", newShape, `newK${layer}`);
    g.output(v, "float", newShape, `newV${layer}`);
    const keys = g.op("Concat", [`k${layer}`, k], { axis: { int: 2 } });
    const values = g.op("Concat", [`v${layer}`, v], { axis: { int: 2 } });
    return g.op("Attention", [q, keys, values, mask]);
  };
  const logits = pickedLogits(g, config, decoderWeights(config), { ...sequence, attend });
  g.output(logits, "float", ["M", config.vocabulary], "logits");
  return g.model();
}

/** Additive mask [B,1,S,P+S]: valid cache slots and, among the new tokens, those not after the query. */
function cacheMask(g: GraphBuilder): Value {
  const size = (value: Value, axis: number): Value => g.op("Gather", [g.op("Shape", [value]), g.ints([axis], [])]);
  const range = (count: Value): Value => g.op("Range", [g.ints([0], []), count, g.ints([1], [])]);
  const [rows, length, slots] = [size("ids", 0), size("ids", 1), size("k0", 2)];
  const extent = (last: Value): Value => {
    const sizes = [rows, g.ints([1], []), length, last].map((each) => g.op("Unsqueeze", [each, g.ints([0])]));
    return g.op("Concat", sizes, { axis: { int: 0 } });
  };
  const valid = g.op("Unsqueeze", [g.op("Cast", ["cached"], { to: { int: 7 } }), g.ints([1, 2, 3])]);
  const past = g.op("Expand", [g.op("Less", [range(slots), valid]), extent(slots)]);
  const order = range(length);
  const causal = g.op("GreaterOrEqual", [g.op("Unsqueeze", [order, g.ints([1])]), order]);
  const visible = g.op("Concat", [past, g.op("Expand", [causal, extent(length)])], { axis: { int: 3 } });
  return g.op("Where", [visible, g.scalar(0), g.scalar(hidden)]);
}
