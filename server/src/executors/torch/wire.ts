/** What crosses to the worker and back: arrays as base64 of little-endian numbers, and schemas of every answer. */
import * as z from "zod/mini";
import type { DivergenceItem, LoglikItem, Row, StepOptions } from "@midtrain/protocol/executor";
import { MidtrainError } from "@midtrain/protocol/errors";

/** JSON has no NaN and no infinity: they come as words. */
const number = z.pipe(z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]), z.transform(Number));
const count = z.number().check(z.int(), z.minimum(0));

export const answers = {
  load: z.object({
    parameters: count,
    trainable: count,
    vocabulary: count,
    context: count,
    architecture: z.string(),
    attention: z.string(),
    device: z.string(),
  }),
  leakTest: z.object({ largestChange: number, passed: z.boolean() }),
  step: z.object({
    bySource: z.array(z.object({ source: z.string(), lossSum: number, tokens: z.number() })),
    gradNorm: number,
    stepped: z.boolean(),
    klSum: z.optional(number),
    truncated: z.literal(0),
  }),
  loglik: z.array(z.object({ nats: number, bytes: z.number() })),
  divergence: z.array(z.object({ nats: number, positions: count })),
  generate: z.array(z.array(count)),
  snapshot: z.object({ id: count }),
  memory: z.object({
    host: z.object({ held: z.optional(count), peak: z.optional(count) }),
    device: z.optional(
      z.object({ name: z.string(), total: count, free: count, allocated: count, reserved: count, peak: count, peakAllocated: count }),
    ),
  }),
  nothing: z.null(),
} as const;

/** @throws MidtrainError (internal) when the worker's answer has another shape: its version is not this one's */
export function parseAnswer<T extends z.ZodMiniType>(schema: T, method: string, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new MidtrainError({
    reason: "internal",
    message: `The training worker answered "${method}" with something else than the contract says.`,
    where: z.prettifyError(parsed.error),
    next: "Install Midtrain again: the worker's version is not the controller's.",
  });
}

function encode(values: Int32Array | Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}

export function rowOnWire(row: Row): object {
  const { tokens, documents, positions, lossWeights, source, klWeight } = row;
  const arrays = { tokens: encode(tokens), documents: encode(documents), positions: encode(positions), lossWeights: encode(lossWeights) };
  return { ...arrays, source, klWeight };
}

export function stepOptionsOnWire({ learningRate, clip, refuseAbove }: StepOptions): object {
  const limits = Object.entries(refuseAbove).filter(([, value]) => Number.isFinite(value));
  return { learningRate, clip, refuseAbove: Object.fromEntries(limits) };
}

export function itemOnWire(item: LoglikItem | DivergenceItem): object {
  return { ...item, tokens: encode(item.tokens instanceof Int32Array ? item.tokens : Int32Array.from(item.tokens)) };
}
