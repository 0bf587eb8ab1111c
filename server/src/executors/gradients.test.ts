import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Row } from "@midtrain/protocol/executor";
import { seededRandom } from "../platform/random";
import { packMicroBatches } from "./micro-batches";
import { decoderConfig } from "./model-config";
import { initializeModel } from "./model-files";
import { readWeights } from "./model-weights";
import { type ParameterLayout, parameterLayout } from "./parameter-layout";
import { referenceLoss } from "./reference-decoder";
import { randomRow, tinyConfigs } from "./test-models";
import { TrainingRunner } from "./training-runner";

const directory = mkdtempSync(join(tmpdir(), "midtrain-gradients-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Weights with gains and biases that are not one and zero, so that a missing factor shows. */
function roughWeights(layout: ParameterLayout, model: string): Float32Array {
  const parameters = readWeights(model, layout);
  const random = seededRandom("rough");
  for (const { role, offset, length } of layout.segments) {
    if (role !== "gain" && role !== "bias") continue;
    for (let index = offset; index < offset + length; index++) parameters[index]! += random.float() * 0.6 - 0.3;
  }
  return parameters;
}

/** Two-document rows, a masked stretch, a short row that is padded, fractional weights. */
function testRows(vocabulary: number): Row[] {
  const second = randomRow(vocabulary, [9], 2, { source: "replay" });
  return [
    randomRow(vocabulary, [7, 6], 1, { masked: [3, 4, 9] }),
    { ...second, lossWeights: second.lossWeights.map((weight, t) => (weight * ((t % 3) + 1)) / 2) },
  ];
}

const cases = Object.entries(tinyConfigs).flatMap(([name, raw]) => [1, 4].map((chunks) => ({ name, raw, chunks })));

describe("gradients of the training graph against central differences of a float64 reference", () => {
  it.each(cases)("$name, $chunks attention chunks", async ({ name, raw, chunks }) => {
    const model = join(directory, name.replaceAll(/\W/g, "-"));
    initializeModel({ directory: model, config: raw, seed: 3 });
    const config = decoderConfig(raw, model);
    const layout = parameterLayout(config);
    const parameters = roughWeights(layout, model);
    const rows = testRows(config.vocabulary);
    const runner = new TrainingRunner(config, layout, 2);
    const batches = packMicroBatches(config, rows);
    const { gradient } = await runner.run(parameters, { ...batches, shape: { ...batches.shape, chunks } });
    await runner.release();
    const exact = Float64Array.from(parameters);
    const random = seededRandom("coordinates", name);
    for (const segment of layout.segments) {
      let [difference, size] = [0, 0];
      for (let sample = 0; sample < 12; sample++) {
        const index = segment.offset + random.int(segment.length);
        const expected = centralDifference(exact, index, () => referenceLoss(config, layout, exact, rows));
        difference += (gradient[index]! - expected) ** 2;
        size += expected ** 2;
      }
      expect(Math.sqrt(difference), segment.name).toBeLessThanOrEqual(2e-5 * Math.sqrt(size) + 2e-7);
      expect(Math.sqrt(size), `${segment.name} gets a gradient`).toBeGreaterThan(1e-6);
    }
  });
});

function centralDifference(values: Float64Array, index: number, loss: () => number): number {
  const original = values[index]!;
  const width = 1e-4;
  values[index] = original + width;
  const above = loss();
  values[index] = original - width;
  const below = loss();
  values[index] = original;
  return (above - below) / (2 * width);
}
