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
export function dynamicShape4(g: GraphBuilder, config: DecoderConfig, ids: Value): Value {
  const [rows, length] = g.ops("Split", [g.op("Shape", [ids]), g.ints([1, 1])], 2, { axis: { int: 0 } });
  return g.op("Concat", [rows!, g.ints([1]), length!, g.ints([config.hidden])], { axis: { int: 0 } });
}

/** Plain causal attention; padding on the right needs no mask. */
function causalAttention(g: GraphBuilder): SequenceContext["attend"] {
  return (_layer, q, k, v) => g.op("Attention", [q, k, v], { is_causal: { int: 1 } });
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
export function scoringGraph(config: DecoderConfig, layout: ParameterLayout): Uint8Array {
  const g = new GraphBuilder();
  for (const parameter of layout.graph) g.input(parameter.name, "float", parameter.shape);
  const context = { ...declareSequenceInputs(g, config), attend: causalAttention(g) };
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
export function divergenceGraph(config: DecoderConfig, layout: ParameterLayout): Uint8Array {
  const g = new GraphBuilder();
  for (const prefix of ["", basePrefix]) {
    for (const parameter of layout.graph) g.input(prefix + parameter.name, "float", parameter.shape);
  }
  const context = { ...declareSequenceInputs(g, config), attend: causalAttention(g) };
  const [model, base] = ["", basePrefix].map((prefix) => {
    const logits = pickedLogits(g, config, decoderWeights(config, prefix), context);
    return g.op("LogSoftmax", [logits], { axis: { int: -1 } });
  });
  const terms = g.op("Mul", [g.op("Exp", [base!]), g.op("Sub", [base!, model!])]);
  g.output(g.op("ReduceSum", [terms, g.ints([1])], { keepdims: { int: 0 } }), "float", ["M"], "nats");
  return g.model();
}
