import { rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import type { Executor } from "@midtrain/protocol/executor";
import { Bench, type ConformanceVariant } from "./conformance/bench";
import { determinismTests } from "./conformance/determinism";
import { generationTests } from "./conformance/generation";
import { loadTests } from "./conformance/load";
import { divergenceTests, scoringTests } from "./conformance/scoring";
import { stateTests } from "./conformance/state";
import { stepTests } from "./conformance/step";
import type { RawConfig } from "./model-config";
import { initializeModel } from "./model-files";
import { tinyConfigs } from "./test-models";

interface ConformanceOptions {
  readonly config?: RawConfig;
  /** Called with the fresh model directory, e.g. to add a tokenizer that an executor needs. */
  readonly prepareModel?: (directory: string) => void;
}

/**
 * The behaviour that every executor owes the controller (CONTRACTS §4), as one vitest suite.
 * @param make a new executor, not loaded
 */
export function executorConformance(name: string, make: (variant: ConformanceVariant) => Executor, options: ConformanceOptions = {}): void {
  describe(`${name}: executor conformance`, () => {
    const raw = options.config ?? tinyConfigs["Llama, grouped queries, tied"];
    const bench = new Bench(make, raw, options.prepareModel ?? (() => {}));
    beforeAll(() => {
      bench.parameters = initializeModel({ directory: bench.model, config: raw, seed: 7 });
      bench.prepare(bench.model);
    });
    afterEach(() => bench.closeAll());
    afterAll(() => rmSync(bench.directory, { recursive: true, force: true }));
    describe("load", () => loadTests(bench));
    describe("step", () => stepTests(bench));
    describe("determinism", () => determinismTests(bench));
    describe("state", () => stateTests(bench));
    describe("scoring", () => scoringTests(bench));
    describe("divergence", () => divergenceTests(bench));
    describe("generation", () => generationTests(bench));
  });
}
