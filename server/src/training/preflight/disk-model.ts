/** What a run writes: full states (weights and two moments), models of evaluated states, each beside what it replaces. Pure. */
import type { LoadOptions } from "@midtrain/protocol/executor";
import type { DiskView } from "@midtrain/protocol/fit";
import { bytes } from "@midtrain/protocol/words";
import { fitOf } from "./fit";
import { adapterParameters, type ModelShape } from "./memory-model";

const single = 4;
/** As pruneCheckpoints keeps them: the newest and the last two stable ones; one more is being written. */
const mostStates = 4;
/** The newest, and the one being written. */
const fewestStates = 2;
/** Corpus, packed rows, events, report. */
const besides = 200e6;

export interface DiskQuestion {
  readonly shape: Pick<ModelShape, "parameters" | "adapterWidth" | "layers">;
  readonly precision: LoadOptions["precision"];
  readonly method: LoadOptions["method"];
  readonly loraRank: number;
  /** Planned evaluations: each may leave a model on the front. */
  readonly evaluations: number;
  readonly freeBytes: number;
}

export function judgeDisk({ shape, precision, method, loraRank, evaluations, freeBytes }: DiskQuestion): DiskView {
  const adapters = method === "lora" ? adapterParameters(shape, loraRank) : 0;
  const state = 3 * single * (method === "lora" ? adapters : shape.parameters);
  const model = (precision === "bf16" ? 2 : single) * shape.parameters + single * adapters;
  const leastBytes = fewestStates * (state + model) + besides;
  const mostBytes = mostStates * state + (evaluations + 1) * model + besides;
  const enough = fitOf(leastBytes, freeBytes);
  const fit = enough === "fits" && mostBytes > freeBytes ? "tight" : enough;
  const words = `${fit}: checkpoints take ${bytes(leastBytes)} to ${bytes(mostBytes)} of ${bytes(freeBytes)} free`;
  return { fit, leastBytes, mostBytes, freeBytes, words };
}
