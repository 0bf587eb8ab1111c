import type { DecoderConfig } from "../model-config";
import type { ParameterLayout } from "../parameter-layout";
import { accumulateColumns, accumulateProduct, type Accumulators, layerBackward, normBackward, slice } from "./decoder-backward";
import { decoderLayers, type DecoderWeights, embed, type LayerWeights, rmsNorm } from "./decoder-forward";
import { GraphBuilder, type Value } from "./graph-builder";

/** Shape of one micro-batch: `rows` rows of `length` tokens, attention in `chunks` query chunks. */
export interface MicroBatchShape {
  readonly rows: number;
  readonly length: number;
  /** Divides `length`. Chunk i attends to the keys before its end only: the dead upper triangle is never computed. */
  readonly chunks: number;
}

/** Hides a key from a query: exp(hidden - anything) is exactly 0 in float32. */
const hidden = -1e9;

/**
 * The training graph: a Loop over K micro-batches, each with forward, backward and gradient accumulation.
 *
 * Inputs: every graph parameter of the layout; `cos`, `sin` [P, headSize/2]; `ids`, `labels`, `segments`, `positions`
 * int32 [K, B, T] and `weights` float [K, B, T], where labels and weights at t belong to the prediction made at t.
 * Weights are already divided by their sum over the whole step.
 * Outputs: `losses` [K, B*T], nats of each label, unweighted; `gradient` [total] in the layout's order.
 */
export function trainingGraph(config: DecoderConfig, layout: ParameterLayout, shape: MicroBatchShape): Uint8Array {
  const g = new GraphBuilder();
  for (const parameter of layout.graph) g.input(parameter.name, "float", parameter.shape);
  g.input("cos", "float", ["P", config.headSize / 2]);
  g.input("sin", "float", ["P", config.headSize / 2]);
  for (const name of ["ids", "labels", "segments", "positions"]) g.input(name, "int32", ["K", shape.rows, shape.length]);
  g.input("weights", "float", ["K", shape.rows, shape.length]);
  const shared = sharedValues(g, config, shape);
  const accumulated = layout.graph.filter((parameter) => !/norm[12]$/.test(parameter.name));
  const zeros = accumulated.map((parameter) => g.op("ConstantOfShape", [g.ints(parameter.shape)]));
  const trips = g.op("Gather", [g.op("Shape", ["ids"]), g.ints([0], [])]);
  const body = loopBody(g, config, shape, shared, accumulated);
  const outputs = g.ops("Loop", [trips, "", ...zeros], accumulated.length + 1, { body: { graph: body } });
  const sums: Accumulators = new Map(accumulated.map((parameter, index) => [parameter.name, outputs[index]!]));
  unfoldGains(g, config, sums);
  const flat = layout.graph.map((parameter) => g.op("Reshape", [sums.get(parameter.name)!, g.ints([-1])]));
  g.output(outputs.at(-1)!, "float", ["K", shape.rows * shape.length], "losses");
  g.output(g.op("Concat", flat, { axis: { int: 0 } }), "float", [layout.total], "gradient");
  return g.model();
}

/** Values that every micro-batch reads, computed once per step outside the loop. */
interface SharedValues {
  readonly weights: DecoderWeights;
  readonly outByHead: readonly Value[];
  readonly negativeSin: Value;
  /** bool [T, T]: key at or before query. */
  readonly causal: Value;
}

function sharedValues(g: GraphBuilder, config: DecoderConfig, shape: MicroBatchShape): SharedValues {
  const { heads, headSize, hidden: H } = config;
  const ones = g.filled(1, [H]);
  const layers: LayerWeights[] = [];
  const outByHead: Value[] = [];
  for (let layer = 0; layer < config.layers; layer++) {
    const key = `l${layer}.`;
    layers.push({
      gain1: ones,
      qkv: g.op("Mul", [`${key}qkv`, `${key}norm1`]),
      qkvBias: config.queryBias ? `${key}qkvBias` : undefined,
      out: `${key}out`,
      outBias: config.outputBias ? `${key}outBias` : undefined,
      gain2: ones,
      gate: g.op("Mul", [`${key}gate`, `${key}norm2`]),
      up: g.op("Mul", [`${key}up`, `${key}norm2`]),
      down: `${key}down`,
    });
    const split = g.op("Reshape", [`${key}out`, g.ints([H, heads, headSize])]);
    outByHead.push(g.op("Transpose", [split], { perm: { ints: [1, 0, 2] } }));
  }
  const order = g.op("Range", [g.ints([0], []), g.ints([shape.length], []), g.ints([1], [])]);
  const query = g.op("Unsqueeze", [order, g.ints([1])]);
  return {
    weights: { embed: "embed", layers, norm: "norm", head: config.tied ? "embed" : "head" },
    outByHead,
    negativeSin: g.op("Neg", ["sin"]),
    causal: g.op("GreaterOrEqual", [query, order]),
  };
}

function loopBody(
  g: GraphBuilder,
  config: DecoderConfig,
  shape: MicroBatchShape,
  shared: SharedValues,
  accumulated: ParameterLayout["graph"],
): GraphBuilder {
  const body = g.subgraph();
  body.input("iteration", "int64", []);
  body.input("condition", "bool", []);
  const sums: Accumulators = new Map();
  for (const parameter of accumulated) sums.set(parameter.name, body.input(`${parameter.name}.sum`, "float", parameter.shape));
  const losses = microBatch(body, config, shape, shared, sums);
  body.output(body.op("Identity", ["condition"]), "bool", []);
  for (const parameter of accumulated) body.output(sums.get(parameter.name)!, "float", parameter.shape);
  body.output(losses, "float", [shape.rows * shape.length]);
  return body;
}

/** Forward and backward of one micro-batch; returns the unweighted losses [B*T]. */
function microBatch(g: GraphBuilder, config: DecoderConfig, shape: MicroBatchShape, shared: SharedValues, sums: Accumulators): Value {
  const pick = (name: string): Value => g.op("Gather", [name, "iteration"], { axis: { int: 0 } });
  const ids = pick("ids");
  const positions = g.op("Cast", [pick("positions")], { to: { int: 7 } });
  const mask = documentMask(g, pick("segments"), shared.causal);
  const shape4 = g.ints([shape.rows, 1, shape.length, config.hidden]);
  const probabilities: Value[][] = [];
  const attend = (_layer: number, q: Value, k: Value, v: Value): Value => {
    const [mixed, kept] = chunkedAttention(g, shape, mask, q, k, v);
    probabilities.push(kept);
    return mixed;
  };
  const context = { shape4, positions, cos: "cos", sin: "sin", attend };
  const [last, traces] = decoderLayers(g, config, shared.weights, context, embed(g, config, shared.weights, ids));
  const [losses, dLast] = headAndLoss(g, config, shared.weights, sums, last, pick("labels"), pick("weights"));
  const backward = { ...shape, ...shared, shape4, positions, cos: "cos", probabilities };
  let dx = dLast;
  for (let layer = config.layers - 1; layer >= 0; layer--) {
    dx = layerBackward(g, config, shared.weights.layers[layer]!, traces[layer]!, backward, layer, sums, dx);
  }
  // ScatterElements, because ScatterND with an add reduction races between threads on repeated ids.
  const column = g.op("Reshape", [ids, g.ints([-1, 1])]);
  const indices = g.op("Expand", [column, g.ints([1, config.hidden])]);
  sums.set("embed", g.op("ScatterElements", [sums.get("embed")!, indices, dx], { axis: { int: 0 }, reduction: { text: "add" } }));
  return losses;
}

/** segments int32 [B,T] -> additive mask [B,1,T,T]: 0 where the key is in the query's document and not after it. */
function documentMask(g: GraphBuilder, segments: Value, causal: Value): Value {
  const query = g.op("Unsqueeze", [segments, g.ints([1, 3])]);
  const key = g.op("Unsqueeze", [segments, g.ints([1, 2])]);
  const visible = g.op("And", [g.op("Equal", [query, key]), causal]);
  return g.op("Where", [visible, g.scalar(0), g.scalar(hidden)]);
}

/** Attention that keeps its probabilities, one query chunk after the other. */
function chunkedAttention(g: GraphBuilder, shape: MicroBatchShape, mask: Value, q: Value, k: Value, v: Value): [Value, Value[]] {
  const step = shape.length / shape.chunks;
  const mixed: Value[] = [];
  const probabilities: Value[] = [];
  for (let chunk = 0; chunk < shape.chunks; chunk++) {
    const [start, end] = [chunk * step, (chunk + 1) * step];
    const rows = slice(g, mask, 2, start, end, shape.length);
    const inputs = [
      slice(g, q, 2, start, end, shape.length),
      slice(g, k, 2, 0, end, shape.length),
      slice(g, v, 2, 0, end, shape.length),
      slice(g, rows, 3, 0, end, shape.length),
    ];
    const [y, , , p] = g.ops("Attention", inputs, [true, false, false, true], { qk_matmul_output_mode: { int: 3 } });
    mixed.push(y!);
    probabilities.push(p!);
  }
  return [shape.chunks === 1 ? mixed[0]! : g.op("Concat", mixed, { axis: { int: 2 } }), probabilities];
}

/**
 * Final norm, head, loss and their gradients: hidden states [N,H] -> losses [N] and dx [N,H].
 * Softmax minus one-hot happens in place; the loss weights multiply the N x H side, never the N x V side.
 */
function headAndLoss(
  g: GraphBuilder,
  config: DecoderConfig,
  weights: DecoderWeights,
  sums: Accumulators,
  last: Value,
  labels: Value,
  lossWeights: Value,
): readonly [Value, Value] {
  const head = config.tied ? "embed" : "head";
  const [xhat, inverse] = rmsNorm(g, config, last, g.filled(1, [config.hidden]));
  const y = g.op("Mul", [xhat, weights.norm]);
  const logits = g.op("Gemm", [y, weights.head], { transB: { int: 1 } });
  const p = g.op("Softmax", [logits], { axis: { int: -1 } });
  const label = g.op("Reshape", [labels, g.ints([-1, 1])]);
  const w = g.op("Reshape", [lossWeights, g.ints([-1, 1])]);
  const chosen = g.op("GatherElements", [p, label], { axis: { int: 1 } });
  // min(chosen, -1) is -1, and orders the in-place update after the gather that reads p.
  const minusOne = g.op("Min", [chosen, g.scalar(-1)]);
  const dLogits = g.op("ScatterElements", [p, label, minusOne], { axis: { int: 1 }, reduction: { text: "add" } });
  const floor = g.op("Max", [chosen, g.scalar(1e-37)]);
  const losses = g.op("Reshape", [g.op("Neg", [g.op("Log", [floor])]), g.ints([-1])]);
  accumulateProduct(g, sums, head, dLogits, g.op("Mul", [y, w]));
  const dY = g.op("Mul", [g.op("Gemm", [dLogits, weights.head]), w]);
  accumulateColumns(g, sums, "norm", g.op("Mul", [dY, xhat]));
  return [losses, normBackward(g, g.op("Mul", [dY, weights.norm]), xhat, inverse, undefined)];
}

/** Gradients of folded matrices W' = W * gain -> gradients of W and of the gains, once per step. */
function unfoldGains(g: GraphBuilder, config: DecoderConfig, sums: Accumulators): void {
  for (let layer = 0; layer < config.layers; layer++) {
    const key = `l${layer}.`;
    for (const [gain, folded] of [
      ["norm1", ["qkv"]],
      ["norm2", ["gate", "up"]],
    ] as const) {
      const parts = folded.map((name) => {
        const dFolded = sums.get(key + name)!;
        sums.set(key + name, g.op("Mul", [dFolded, key + gain]));
        return g.op("ReduceSum", [g.op("Mul", [dFolded, key + name]), g.ints([0])], { keepdims: { int: 0 } });
      });
      sums.set(key + gain, parts.length === 1 ? parts[0]! : g.op("Add", [parts[0]!, parts[1]!]));
    }
  }
}
