/** The badge of models in a list: modelled, not measured; nothing is loaded. */
import type { MidtrainConfig } from "@midtrain/protocol/config";
import type { FitView } from "@midtrain/protocol/fit";
import type { ModelChoice } from "@midtrain/protocol/model-choice";
import { defaultRecipe, judgeFit, memorySettings, readModelShape, type MemoryPlace } from "../../training";

/** Adds `fit` to what the torch executor could train; the embedded base needs no badge. */
export function withFit(
  models: readonly ModelChoice[],
  place: MemoryPlace,
  config: Pick<MidtrainConfig, "training" | "risk"> = {},
): readonly ModelChoice[] {
  return models.map((model) => {
    const fit = fitOfModel(model, place, config);
    return fit === undefined ? model : { ...model, fit };
  });
}

function fitOfModel(model: ModelChoice, place: MemoryPlace, config: Pick<MidtrainConfig, "training" | "risk">): FitView | undefined {
  if (model.where === "embedded" || model.problems.length > 0 || !model.executors.includes("torch")) return undefined;
  try {
    const shape = readModelShape(model.directory);
    if (shape === undefined) return undefined;
    const recipe = defaultRecipe({ config, parameters: shape.parameters, context: model.context, device: place.device });
    return judgeFit({ shape, settings: memorySettings(recipe, place.device), place });
  } catch {
    // Weights that cannot be read, or a configuration that does not go with this model, are told where it is chosen.
    return undefined;
  }
}
