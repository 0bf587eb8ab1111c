import type { LoadOptions } from "@midtrain/protocol/executor";
import type { ParameterLayout } from "./parameter-layout";

/** What training changes: parameters, both moments (flat, in the layout's order) and the number of steps taken. */
export interface TrainingState {
  readonly parameters: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  steps: number;
}

export type OptimizerConstants = LoadOptions["optimizer"];

/** Euclidean norm, summed in float64. */
export function gradientNorm(gradient: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < gradient.length; index++) sum += gradient[index]! * gradient[index]!;
  return Math.sqrt(sum);
}

/**
 * One AdamW step in place (Loshchilov & Hutter, arXiv:1711.05101): decoupled weight decay on matrices and embeddings only.
 * @param scale factor on the gradient (clipping)
 */
export function adamwStep(
  state: TrainingState,
  layout: ParameterLayout,
  gradient: Float32Array,
  constants: OptimizerConstants,
  learningRate: number,
  scale: number,
): void {
  state.steps += 1;
  const corrected = learningRate / (1 - constants.beta1 ** state.steps);
  const secondScale = 1 / Math.sqrt(1 - constants.beta2 ** state.steps);
  for (const { offset, length, decays } of layout.segments) {
    const keep = decays ? 1 - learningRate * constants.weightDecay : 1;
    updateRange(state, gradient, constants, { start: offset, end: offset + length, keep, corrected, secondScale, scale });
  }
}

interface UpdateFactors {
  readonly start: number;
  readonly end: number;
  readonly keep: number;
  readonly corrected: number;
  readonly secondScale: number;
  readonly scale: number;
}

function updateRange(state: TrainingState, gradient: Float32Array, constants: OptimizerConstants, factors: UpdateFactors): void {
  const { parameters, first, second } = state;
  const { beta1, beta2, epsilon } = constants;
  const { start, end, keep, corrected, secondScale, scale } = factors;
  for (let index = start; index < end; index++) {
    const g = gradient[index]! * scale;
    const m = beta1 * first[index]! + (1 - beta1) * g;
    const v = beta2 * second[index]! + (1 - beta2) * g * g;
    first[index] = m;
    second[index] = v;
    parameters[index] = parameters[index]! * keep - (corrected * m) / (Math.sqrt(v) * secondScale + epsilon);
  }
}
