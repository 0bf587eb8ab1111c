import type { GenerateOptions } from "@midtrain/protocol/executor";
import type { Random } from "../platform/random";

/** Chooses the next token: the most likely one (the first of equals) at temperature 0, else by chance among the top k. */
export function sampleToken(logits: Float32Array, options: Pick<GenerateOptions, "temperature" | "topK">, random: Random): number {
  if (options.temperature <= 0) return argmax(logits);
  const floor = options.topK === undefined || options.topK >= logits.length ? -Infinity : kthLargest(logits, options.topK);
  const largest = logits[argmax(logits)]!;
  const weight = (logit: number): number => (logit < floor ? 0 : Math.exp((logit - largest) / options.temperature));
  let total = 0;
  for (const logit of logits) total += weight(logit);
  let rest = random.float() * total;
  for (const [token, logit] of logits.entries()) {
    rest -= weight(logit);
    if (rest < 0) return token;
  }
  return argmax(logits);
}

function argmax(values: Float32Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) if (values[index]! > values[best]!) best = index;
  return best;
}

function kthLargest(values: Float32Array, k: number): number {
  const sorted = values.slice().sort();
  return sorted[sorted.length - Math.max(1, k)]!;
}
