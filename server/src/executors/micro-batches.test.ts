import { describe, expect, it } from "vitest";
import { decoderConfig } from "./model-config";
import { microBatchShape, packMicroBatches } from "./micro-batches";
import { randomRow, tinyConfigs } from "./test-models";

const config = decoderConfig(tinyConfigs["Llama, grouped queries, tied"], "x");

describe("micro-batches", () => {
  it("shifts labels and weights to the position that predicts them, and pads", () => {
    const row = { ...randomRow(48, [3, 2], 1), tokens: Int32Array.of(10, 11, 12, 20, 21), documents: Int32Array.of(7, 7, 7, 3, 3) };
    const packed = packMicroBatches(config, [row]);
    expect(packed.shape).toEqual({ rows: 1, length: 8, chunks: 1 });
    expect([...packed.labels]).toEqual([11, 12, 20, 21, 0, 0, 0, 0]);
    expect([...packed.weights].map((weight) => Math.round(weight * 3))).toEqual([1, 1, 0, 1, 0, 0, 0, 0]);
    expect([...packed.segments]).toEqual([0, 0, 0, 1, 1, -1, -1, -1]);
    expect(packed.weightSum).toBe(3);
  });

  it("keeps a document number that comes back after another apart from its first use", () => {
    const row = { ...randomRow(48, [2, 2, 2], 1), documents: Int32Array.of(0, 0, 1, 1, 0, 0) };
    expect([...packMicroBatches(config, [row]).segments.slice(0, 6)]).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it.each([
    [8, 512, { rows: 2, length: 512, chunks: 4 }],
    [7, 512, { rows: 1, length: 512, chunks: 4 }],
    [6, 500, { rows: 2, length: 512, chunks: 4 }],
    [8, 1024, { rows: 1, length: 1024, chunks: 8 }],
    [4, 2048, { rows: 1, length: 2048, chunks: 8 }],
    [6, 256, { rows: 3, length: 256, chunks: 2 }],
    [1, 9, { rows: 1, length: 16, chunks: 1 }],
  ])("cuts %i rows of %i tokens into about a thousand tokens each", (rows, length, expected) => {
    expect(microBatchShape(config, rows, length)).toEqual(expected);
  });

  it("makes micro-batches smaller where the vocabulary is large", () => {
    expect(microBatchShape({ ...config, vocabulary: 151936 }, 8, 128).rows).toBe(2);
  });

  it("fills the last micro-batch with empty rows when the size is fixed", () => {
    const packed = packMicroBatches(
      config,
      [1, 2, 3].map((seed) => randomRow(48, [8], seed)),
      2,
    );
    expect([packed.count, packed.weights.length]).toEqual([2, 32]);
    expect(packed.weights.slice(24).every((weight) => weight === 0)).toBe(true);
  });
});
