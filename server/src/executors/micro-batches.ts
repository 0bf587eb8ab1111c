import type { Row } from "@midtrain/protocol/executor";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { DecoderConfig } from "./model-config";
import type { MicroBatchShape } from "./onnx/training-graph";

/** Rows laid out for the training graph: `count` micro-batches of one shape, [count, rows, length] per array. */
export interface MicroBatches {
  readonly shape: MicroBatchShape;
  readonly count: number;
  readonly ids: Int32Array;
  /** At t: the token that the prediction made at t should be, i.e. tokens[t + 1]. */
  readonly labels: Int32Array;
  /** Number of the document within its row; every change of document id starts a new one. */
  readonly segments: Int32Array;
  readonly positions: Int32Array;
  /** At t: weight of the prediction made at t, divided by `weightSum`. */
  readonly weights: Float32Array;
  /** Sum of all loss weights of the step. */
  readonly weightSum: number;
}

/** Tokens per micro-batch: as fast as more, with a fraction of the memory; fewer where the vocabulary is large. */
const tokensPerMicroBatch = 1024;
const logitsPerMicroBatch = 2 ** 26;
/** Queries per attention chunk. */
const chunkLength = 128;
const mostChunks = 8;

/** Rounds a row length up to what the graph likes: whole chunks for long rows, multiples of 8 for short ones. */
function paddedLength(longest: number): number {
  const unit = longest > chunkLength ? chunkLength : 8;
  return Math.ceil(longest / unit) * unit;
}

function largestDivisor(value: number, limit: number): number {
  for (let divisor = Math.min(value, limit); divisor > 1; divisor--) if (value % divisor === 0) return divisor;
  return 1;
}

export function microBatchShape(config: DecoderConfig, rowCount: number, longest: number, fixedRows?: number): MicroBatchShape {
  const length = paddedLength(longest);
  const tokens = Math.min(tokensPerMicroBatch, logitsPerMicroBatch / config.vocabulary);
  const rows = fixedRows ?? largestDivisor(rowCount, Math.max(1, Math.floor(tokens / length)));
  return { rows, length, chunks: largestDivisor(Math.floor(length / chunkLength), mostChunks) };
}

/**
 * Pads and shifts rows for the training graph.
 * @throws MidtrainError input where a row contradicts itself, so that no wrong gradient is ever taken silently
 */
export function packMicroBatches(config: DecoderConfig, rows: readonly Row[], fixedRows?: number): MicroBatches {
  for (const [index, row] of rows.entries()) checkRow(config, row, index);
  const weightSum = rows.reduce((sum, row) => row.lossWeights.reduce((rowSum, weight) => rowSum + weight, sum), 0);
  const longest = rows.reduce((length, row) => Math.max(length, row.tokens.length), 0);
  const shape = microBatchShape(config, rows.length, longest, fixedRows);
  if (!(weightSum > 0)) throw nothingToLearn(rows);
  const count = Math.ceil(rows.length / shape.rows);
  const size = count * shape.rows * shape.length;
  const arrays = { ids: new Int32Array(size), labels: new Int32Array(size), positions: new Int32Array(size) };
  const packed = { ...arrays, segments: new Int32Array(size).fill(-1), weights: new Float32Array(size) };
  for (const [index, row] of rows.entries()) {
    const at = index * shape.length;
    packed.ids.set(row.tokens, at);
    packed.positions.set(row.positions, at);
    packed.segments.set(segmentsOf(row.documents), at);
    for (let t = 0; t + 1 < row.tokens.length; t++) {
      packed.labels[at + t] = row.tokens[t + 1]!;
      packed.weights[at + t] = row.lossWeights[t + 1]! / weightSum;
    }
  }
  return { shape, count, weightSum, ...packed };
}

function nothingToLearn(rows: readonly Row[]): MidtrainError {
  return new MidtrainError({
    reason: "input",
    message: `The step has ${rows.length} rows and none of their positions has a loss weight above 0.`,
    where: rows[0]?.source ?? "step",
    next: "Leave such rows out of the sampling plan.",
  });
}

/** Document ids -> running number of the document in the row; padding (-1) is a document of its own. */
function segmentsOf(documents: Int32Array): Int32Array {
  const segments = new Int32Array(documents.length);
  for (let t = 1; t < documents.length; t++) segments[t] = segments[t - 1]! + (documents[t] === documents[t - 1] ? 0 : 1);
  return segments;
}

function checkRow(config: DecoderConfig, row: Row, index: number): void {
  const { tokens, documents, positions, lossWeights } = row;
  const fail = (message: string, next: string): never => {
    throw new MidtrainError({ reason: "input", message, where: `row ${index} of the step (${row.source})`, next });
  };
  if (documents.length !== tokens.length || positions.length !== tokens.length || lossWeights.length !== tokens.length) {
    fail("Tokens, documents, positions and loss weights have different lengths.", "Pack the corpus again.");
  }
  if (row.klWeight !== 0) {
    throw new MidtrainError({
      reason: "unsupported",
      message: "The embedded executor has no KL term in its loss.",
      where: `row ${index} of the step (${row.source})`,
      next: "Set the KL weight to 0, or use the torch executor (--executor torch).",
    });
  }
  for (let t = 0; t < tokens.length; t++) {
    checkToken(config, tokens[t]!, `row ${index}, position ${t}`);
    if (positions[t]! < 0 || positions[t]! >= config.context) {
      fail(`Position ${positions[t]} lies outside the model's context of ${config.context}.`, "Pack the corpus with a smaller row length.");
    }
    const weight = lossWeights[t]!;
    if (!(weight >= 0 && weight < Infinity))
      fail(`Loss weight ${weight} at position ${t} is not a finite number >= 0.`, "Pack the corpus again.");
    if (weight > 0 && (t === 0 || documents[t] !== documents[t - 1] || documents[t] === -1)) {
      fail(`Position ${t} starts a document or is padding, but has loss weight ${weight}.`, "Pack the corpus again.");
    }
  }
}

/** @throws MidtrainError input where a token id lies outside the vocabulary */
export function checkToken(config: DecoderConfig, token: number, where: string): void {
  if (Number.isInteger(token) && token >= 0 && token < config.vocabulary) return;
  throw new MidtrainError({
    reason: "input",
    message: `Token id ${token} lies outside the model's vocabulary of ${config.vocabulary}.`,
    where,
    next: "Use the tokenizer that belongs to this model.",
  });
}
