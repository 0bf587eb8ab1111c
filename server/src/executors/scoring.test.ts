import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decoderConfig } from "./model-config";
import { initializeModel } from "./model-files";
import { readWeights } from "./model-weights";
import { parameterLayout } from "./parameter-layout";
import { referenceLogProbabilities } from "./reference-decoder";
import { ScoringRunner } from "./scoring-runner";
import { randomRow, tinyConfigs } from "./test-models";

describe("scores against a float64 reference", () => {
  const directory = mkdtempSync(join(tmpdir(), "midtrain-scoring-"));
  const raw = { ...tinyConfigs["Qwen2, grouped queries, untied, wide heads"], max_position_embeddings: 256 };
  const config = decoderConfig(raw, directory);
  const layout = parameterLayout(config);
  const runner = new ScoringRunner(config, layout, 2);
  let parameters: Float32Array;
  beforeAll(() => {
    initializeModel({ directory, config: raw, seed: 2 });
    parameters = readWeights(directory, layout);
  });
  afterAll(async () => {
    await runner.release();
    rmSync(directory, { recursive: true, force: true });
  });

  // Around the length from which attention runs in chunks, with whole and broken last chunks.
  it.each([2, 31, 96, 97, 98, 105, 161, 256])("%i tokens", async (length) => {
    const row = randomRow(config.vocabulary, [length], length);
    const reference = referenceLogProbabilities(config, layout, Float64Array.from(parameters), row);
    const from = Math.min(3, length - 1);
    const expected = Array.from(row.tokens).reduce((sum, token, t) => (t < from ? sum : sum + reference[t - 1]![token]!), 0);
    const [score] = await runner.loglik(parameters, [{ tokens: row.tokens, scoreFrom: from, bytes: 1 }]);
    expect(Math.abs(score!.nats / expected - 1)).toBeLessThan(2e-6);
    expect(await runner.divergence(parameters, parameters, [{ tokens: row.tokens }])).toEqual([{ nats: 0, positions: length }]);
  });
});
