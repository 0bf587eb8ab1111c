import { describe, expect, it } from "vitest";
import { risks } from "@midtrain/protocol/config";
import { dial } from "@midtrain/protocol/dial";
import { assumedPretrainingPeak, resolveRecipe, type RecipeInput } from "./recipe";

const input = (change: Partial<RecipeInput> = {}): RecipeInput => ({
  config: {},
  risk: "normal",
  base: { pretrainingPeak: 3e-3, parameters: 2.4e6 },
  context: 512,
  capabilities: { kl: false },
  ...change,
});

describe("resolveRecipe", () => {
  it.each(risks)("takes %s from the dial", (risk) => {
    const recipe = resolveRecipe(input({ risk }));
    const settings = dial[risk];
    expect(recipe.peakLearningRate).toBeCloseTo(3e-3 * settings.learningRateShare.weights, 15);
    expect(recipe).toMatchObject({
      risk,
      restoreMode: "weights",
      replayShare: settings.replayShare,
      selectionWeights: settings.weights,
      rowLength: 512,
      rowsPerStep: 8,
    });
    expect(recipe.gates).toMatchObject({
      generalTolerance: settings.tolerance.general,
      patience: settings.patience,
      falseAlarmBudget: 0.05,
    });
  });

  it("takes adapters at five times the rate, and names what the executor is loaded with only where it was asked for", () => {
    const plain = resolveRecipe(input());
    expect(Object.keys(plain)).not.toEqual(expect.arrayContaining(["precision"]));
    expect(plain).toMatchObject({ executor: "onnx" });
    const training: RecipeInput["config"]["training"] = { method: "lora", lora: { targets: ["q_proj"] }, microBatchRows: 2 };
    const adapters = resolveRecipe(input({ config: { training }, executor: "torch", precision: "bf16" }));
    expect(adapters.peakLearningRate).toBeCloseTo(plain.peakLearningRate * 5, 12);
    expect(adapters).toMatchObject({ executor: "torch", precision: "bf16", lora: { rank: 16, targets: ["q_proj"] }, microBatchRows: 2 });
    const chosen = resolveRecipe(input({ config: { training: { precision: "fp32" } }, executor: "torch", precision: "bf16" }));
    expect(chosen.precision).toBe("fp32");
  });

  it("raises the learning rate with the optimizer's state, and asks for KL only where there is KL", () => {
    expect(resolveRecipe(input({ restoreMode: "weights+optimizer" })).learningRateShare).toBe(0.4);
    expect(resolveRecipe(input({ risk: "careful" })).klWeight).toBe(0);
    expect(resolveRecipe(input({ risk: "careful", capabilities: { kl: true } })).klWeight).toBe(0.1);
  });

  it("lets every key be overridden", () => {
    const training = {
      learningRateShare: 1,
      warmupShare: 0.1,
      decayShare: 0,
      replayShare: 0,
      rowLength: 128,
      rowsPerStep: 4,
      clip: 2,
      weightDecay: 0,
      repetitionCap: 9,
    };
    const gates = {
      tolerance: { general: 0.2, behaviour: 3, safety: 0.3 },
      domainGain: 0.01,
      patience: 7,
      evaluationsEarly: 1,
      evaluationsLate: 2,
      falseAlarmBudget: 0.1,
      maxRollbacks: 0,
    };
    const weights = { domain: 5, general: 4, behaviour: 3, safety: 2 };
    const recipe = resolveRecipe(input({ config: { training, gates, selection: { weights } } }));
    expect(recipe).toMatchObject({ ...training, selectionWeights: weights, peakLearningRate: 3e-3 });
    const { tolerance, ...otherGates } = gates;
    expect(recipe.gates).toMatchObject({
      ...otherGates,
      generalTolerance: tolerance.general,
      behaviourTolerance: tolerance.behaviour,
      safetyTolerance: tolerance.safety,
    });
    expect(resolveRecipe(input({ config: { gates: { tolerance: { general: 0.2 } } } })).gates).toMatchObject({
      generalTolerance: 0.2,
      behaviourTolerance: 2,
    });
  });

  it("assumes a pretraining peak by size where the record names none", () => {
    expect([assumedPretrainingPeak(5e8), assumedPretrainingPeak(1.5e9), assumedPretrainingPeak(7e9)]).toEqual([3e-4, 3e-4, 1.5e-4]);
    expect(resolveRecipe(input({ base: { parameters: 7e9 } })).pretrainingPeak).toBe(1.5e-4);
  });

  it("keeps default rows within the context and within reason", () => {
    expect(resolveRecipe(input({ context: 256 })).rowLength).toBe(256);
    expect(resolveRecipe(input({ context: 131072 })).rowLength).toBe(2048);
  });

  it("refuses rows longer than the context and a warm-up that meets the decay, with the remedy", () => {
    expect(() => resolveRecipe(input({ config: { training: { rowLength: 1024 } } }))).toThrowError(
      expect.objectContaining({ reason: "input", where: "training.rowLength", next: "Set it to 512 or less." }),
    );
    expect(() => resolveRecipe(input({ config: { training: { warmupShare: 0.9 } } }))).toThrowError(
      expect.objectContaining({ reason: "input", where: "training.warmupShare" }),
    );
  });
});
