import type { LeakTest, Row } from "@midtrain/protocol/executor";
import { type MicroBatches, packMicroBatches } from "./micro-batches";
import type { DecoderConfig } from "./model-config";

/** Long enough for several attention chunks; the boundary lies inside a chunk. */
const longestTestRow = 512;

/**
 * Runs the training graph twice on a row of two documents that differ in document A only.
 * Passes if no loss of document B changes in any bit, while document A's losses do change (else the test saw nothing).
 * @param run losses per prediction, from the training graph
 */
export async function runLeakTest(
  config: DecoderConfig,
  run: (batches: MicroBatches) => Promise<{ readonly losses: Float32Array }>,
): Promise<LeakTest> {
  const length = Math.min(longestTestRow, config.context);
  const boundary = Math.floor(length * 0.4) + 1;
  const before = (await run(packMicroBatches(config, [twoDocuments(config, length, boundary, 1)]))).losses.slice();
  const after = (await run(packMicroBatches(config, [twoDocuments(config, length, boundary, 2)]))).losses;
  const change = (from: number, to: number): number => {
    let largest = 0;
    for (let t = from; t < to; t++) {
      const difference = Math.abs(before[t]! - after[t]!);
      if (!(difference <= largest)) largest = difference;
    }
    return largest;
  };
  const largestChange = change(boundary, length - 1);
  return { largestChange, passed: largestChange === 0 && change(0, boundary - 1) > 0 };
}

/** A row of two documents; the first one's tokens depend on `variant`. */
function twoDocuments(config: DecoderConfig, length: number, boundary: number, variant: number): Row {
  const indices = Array.from({ length }, (_, t) => t);
  const token = (t: number): number => (t < boundary ? t * variant + variant : t * 3) % config.vocabulary;
  return {
    tokens: Int32Array.from(indices, token),
    documents: Int32Array.from(indices, (t) => (t < boundary ? 0 : 1)),
    positions: Int32Array.from(indices, (t) => (t < boundary ? t : t - boundary)),
    lossWeights: Float32Array.from(indices, (t) => (t === 0 || t === boundary ? 0 : 1)),
    source: "leak test",
    klWeight: 0,
  };
}
