/** The preflight of a run on this machine: its device, a worker for the probe. */
import type { RunPreflight } from "@midtrain/protocol/fit";
import type { OnProgress } from "@midtrain/protocol/progress";
import { createExecutor } from "../../executors";
import { freeMemory, preflightRun, type PreflightQuestion } from "../../training";
import { deviceChoices, type DeviceChoice } from "./device-choice";

interface Control {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** For `prepareRun`. @throws MidtrainError (environment) with the remedy, before anything is harvested */
export function localPreflight(control: Control): (question: PreflightQuestion) => Promise<RunPreflight | undefined> {
  return async (question) => {
    const isTorch = question.recipe.executor === "torch";
    const [first, ...more] = isTorch ? await deviceChoices(control.signal, question.recipe.processes) : [embeddedDevice()];
    const environmentOf = (processes: number): NodeJS.ProcessEnv => ({ ...process.env, ...[first, ...more][processes - 1]?.environment });
    return preflightRun(question, {
      places: [first.place, ...more.map(({ place }) => place)],
      createExecutor: (processes) => createExecutor(question.recipe.executor, { environment: environmentOf(processes), processes }),
      ...control,
    });
  };
}

function embeddedDevice(): DeviceChoice {
  return { place: { device: "cpu", name: "the CPU", freeBytes: freeMemory() }, environment: {}, words: undefined };
}
