/** The preflight of a run on this machine: its device, a worker for the probe. */
import type { RunPreflight } from "@midtrain/protocol/fit";
import type { OnProgress } from "@midtrain/protocol/progress";
import { createExecutor } from "../../executors";
import { freeMemory, preflightRun, type PreflightQuestion } from "../../training";
import { chooseDevice } from "./device-choice";

interface Control {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** For `prepareRun`. @throws MidtrainError (environment) with the remedy, before anything is harvested */
export function localPreflight(control: Control): (question: PreflightQuestion) => Promise<RunPreflight | undefined> {
  return async (question) => {
    const isTorch = question.recipe.executor === "torch";
    const { place, environment } = isTorch
      ? await chooseDevice(control.signal)
      : { place: { device: "cpu" as const, name: "the CPU", freeBytes: freeMemory() }, environment: {} };
    return preflightRun(question, {
      place,
      createExecutor: () => createExecutor(question.recipe.executor, { environment: { ...process.env, ...environment } }),
      ...control,
    });
  };
}
