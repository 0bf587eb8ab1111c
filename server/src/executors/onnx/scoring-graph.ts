import type { DecoderConfig } from "../model-config";
import type { ParameterLayout } from "../parameter-layout";
import { decoderLayers, type DecoderWeights, embed, rmsNorm, type SequenceContext } from "./decoder-forward";
import { GraphBuilder, type Value } from "./graph-builder";

/** The graph's own parameters, as the forward pass names them. */
export function decoderWeights(config: DecoderConfig, prefix = ""): DecoderWeights {
  const layers = Array.from({ length: config.layers }, (_, layer) => {
    const key = `${prefix}l${layer}.`;
    return {
      gain1: `${key}norm1`,
      qkv: `${key}qkv`,
      qkvBias: config.queryBias ? `${key}qkvBias` : undefined,
      out: `${key}out`,
      outBias: config.outputBias ? `${key}outBias` : undefined,
      gain2: `${key}norm2`,
      gate: `${key}gate`,
      up: `${key}up`,
      down: `${key}down`,
    };
  });
  const embedding = `${prefix}embed`;
  return { embed: embedding, layers, norm: `${prefix}norm`, head: config.tied ? embedding : `${prefix}head` };
}

/** ids int32 [B,T] -> int64 shape [B, 1, T, H] for sizes that each run decides. */
function dynamicShape4(g: GraphBuilder, config: DecoderConfig, ids: Value): Value {
  const [rows, length] = g.ops("Split", [g.op("Shape", [ids]), g.ints([1, 1])], 2, { axis: { int: 0 } });
  return g.op("Concat", [rows!, g.ints([1]), length!, g.ints([config.hidden])], { axis: { int: 0 } });
}

/**
 * Causal attention in query chunks, each against the keys up to its end only; padding on the right needs no mask.
 * The lengths are those of the run: `Split` makes equal chunks, the last one shorter.
 */
function causalAttention(g: GraphBuilder, chunks: number): SequenceContext["attend"] {
  if (chunks === 1) return (_layer, q, k, v) => g.op("Attention", [q, k, v], { is_causal: { int: 1 } });
  const split = (x: Value, axis: number): Value[] => g.ops("Split", [x], chunks, { axis: { int: axis }, num_outputs: { int: chunks } });
  const length = g.op("Gather", [g.op("Shape", ["ids"]), g.ints([1], [])]);
  const order = g.op("Range", [g.ints([0], []), length, g.ints([1], [])]);
  const visible = g.op("GreaterOrEqual", [g.op("Unsqueeze", [order, g.ints([1])]), order]);
  const chunkLength = g.op("Slice", [g.op("Shape", [split(order, 0)[0]!]), g.ints([0]), g.ints([1])]);
  const upTo = (x: Value, axis: number, chunk: number): Value => {
    return g.op("Slice", [x, g.ints([0]), g.op("Mul", [chunkLength, g.ints([chunk + 1])]), g.ints([axis])]);
  };
  const masks = split(g.op("Where", [visible, g.scalar(0), g.scalar(-1e9)]), 0).map((rows, chunk) => upTo(rows, 1, chunk));
  return (_layer, q, k, v) => {
    const mixed = split(q, 2).map((part, chunk) => g.op("Attention", [part, upTo(k, 2, chunk), upTo(v, 2, chunk), masks[chunk]!]));
    return g.op("Concat", mixed, { axis: { int: 2 } });
  };
}

/** Logits [M,V] at the picked positions of the sequences `ids` [B,T]; `picks` index the B*T positions. */
export function pickedLogits(g: GraphBuilder, config: DecoderConfig, weights: DecoderWeights, context: SequenceContext): Value {
  const [last] = decoderLayers(g, config, weights, context, embed(g, config, weights, "ids"));
  const picked = g.op("Gather", [last, "picks"], { axis: { int: 0 } });
  const [y] = rmsNorm(g, config, picked, weights.norm);
  return g.op("Gemm", [y, weights.head], { transB: { int: 1 } });
}

export function declareSequenceInputs(g: GraphBuilder, config: DecoderConfig): Omit<SequenceContext, "attend"> {
  g.input("cos", "float", ["P", config.headSize / 2]);
  g.input("sin", "float", ["P", config.headSize / 2]);
  for (const name of ["ids", "positions"]) g.input(name, "int32", ["B", "T"]);
  g.input("picks", "int32", ["M"]);
  const positions = g.op("Cast", ["positions"], { to: { int: 7 } });
  return { shape4: dynamicShape4(g, config, "ids"), positions, cos: "cos", sin: "sin" };
}

/**
 * Log-likelihoods, forward only.
 * Inputs: parameters, rotary tables, `ids`, `positions` int32 [B,T], `picks`, `labels` int32 [M]. Output: `nats` [M].
 */
export function scoringGraph(config: DecoderConfig, layout: ParameterLayout, chunks: number): Uint8Array {
  const g = new GraphBuilder();
  for (const parameter of layout.graph) g.input(parameter.name, "float", parameter.shape);
  const context = { ...declareSequenceInputs(g, config), attend: causalAttention(g, chunks) };
  g.input("labels", "int32", ["M"]);
  const logits = pickedLogits(g, config, decoderWeights(config), context);
  const logProbabilities = g.op("LogSoftmax", [logits], { axis: { int: -1 } });
  const chosen = g.op("GatherElements", [logProbabilities, g.op("Unsqueeze", ["labels", g.ints([1])])], { axis: { int: 1 } });
  g.output(g.op("Reshape", [chosen, g.ints([-1])]), "float", ["M"], "nats");
  return g.model();
}

/** Prefix of the base's parameters in the divergence graph. */
export const basePrefix = "base/";

/**
 * KL(base || model) over the full vocabulary at the picked positions.
 * Inputs as for scoring, without labels, plus the base's parameters under `base/`. Output: `nats` [M].
 */
export function divergenceGraph(config: DecoderConfig, layout: ParameterLayout, chunks: number): Uint8Array {
  const g = new GraphBuilder();
  for (const prefix of ["", basePrefix]) {
    for (const parameter of layout.graph) g.input(prefix + parameter.name, "float", parameter.shape);
  }
  const context = { ...declareSequenceInputs(g, config), attend: causalAttention(g, chunks) };
  const [model, base] = ["", basePrefix].map((prefix) => {
    const logits = pickedLogits(g, config, decoderWeights(config, prefix), context);
    return g.op("LogSoftmax", [logits], { axis: { int: -1 } });
  });
  const terms = g.op("Mul", [g.op("Exp", [base!]), g.op("Sub", [base!, model!])]);
  g.output(g.op("ReduceSum", [terms, g.ints([1])], { keepdims: { int: 0 } }), "float", ["M"], "nats");
  return g.model();
}
