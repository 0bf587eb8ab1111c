import { describe, expect, it } from "vitest";
import { judgeFit, type MemoryPlace } from "./fit";
import type { MemorySettings, ModelShape } from "./memory-model";
import { chooseProcesses } from "./process-count";

/** 1.5 billion parameters. */
const shape: ModelShape = {
  parameters: 1.54e9,
  blockParameters: 1.31e9,
  vocabulary: 151_936,
  hidden: 1536,
  layers: 28,
  intermediate: 8960,
  isGated: true,
  heads: 12,
  keyValueHeads: 2,
  headSize: 128,
  tied: true,
  adapterWidth: 60_000,
};
const settings: MemorySettings = {
  device: "cuda",
  precision: "bf16",
  method: "full",
  loraRank: 16,
  keepsBase: false,
  rowLength: 2048,
  rowsPerStep: 32,
};
const gpu = (gigabytes: number): MemoryPlace => ({ device: "cuda", name: "a GPU", freeBytes: gigabytes * 1e9 });
const alone = judgeFit({ shape, settings, place: gpu(80) }).peakBytes / 1e9;

describe("how many processes share a model", () => {
  it("is one where one GPU has room, however many there are", () => {
    const choice = chooseProcesses({ shape, settings, places: [gpu(2 * alone), gpu(2 * alone), gpu(2 * alone)], asked: undefined });
    expect(choice).toEqual({ processes: 1, place: gpu(2 * alone) });
  });

  it("is as few as suffice where one has none, and says why", () => {
    const small = gpu(20);
    const choice = chooseProcesses({ shape, settings, places: [small, small, small, small, small, small, small, small], asked: undefined });
    expect(choice.processes).toBeGreaterThan(1);
    expect(judgeFit({ shape, settings: { ...settings, processes: choice.processes }, place: small }).fit).not.toBe("does not fit");
    expect(judgeFit({ shape, settings: { ...settings, processes: choice.processes - 1 }, place: small }).fit).toBe("does not fit");
    expect(choice.why).toMatch(/processes share the model: alone on a GPU it would need about/);
  });

  it("stays one where not even all together suffice, so that the remedies are those of one", () => {
    expect(chooseProcesses({ shape, settings, places: [gpu(1), gpu(1)], asked: undefined }).processes).toBe(1);
  });

  it("is what the user asked for, or an error that says how many there are", () => {
    const places = [gpu(80), gpu(70)] as const;
    expect(chooseProcesses({ shape, settings, places, asked: 2 })).toEqual({ processes: 2, place: gpu(70) });
    expect(() => chooseProcesses({ shape, settings, places, asked: 3 })).toThrow("wants 3 processes with a GPU each, and there are 2 GPUs");
  });
});
