/** How many processes share a model: the simplest that fits (§8.3). Pure. */
import { MidtrainError } from "@midtrain/protocol/errors";
import { bytes } from "@midtrain/protocol/words";
import { judgeFit, type MemoryPlace } from "./fit";
import type { MemorySettings, ModelShape } from "./memory-model";

export interface ProcessChoice {
  readonly processes: number;
  readonly place: MemoryPlace;
  /** Where the number was chosen, and is not one. */
  readonly why?: string;
}

interface Question {
  readonly shape: ModelShape;
  readonly settings: MemorySettings;
  /** For one process, two, …: the least free of the devices that they would take. */
  readonly places: readonly [MemoryPlace, ...MemoryPlace[]];
  /** What the user asked for. */
  readonly asked: number | undefined;
}

/** @throws MidtrainError (environment) where the user asked for more than there are */
export function chooseProcesses({ shape, settings, places, asked }: Question): ProcessChoice {
  if (asked !== undefined) return { processes: asked, place: placeOf(places, asked) };
  const [alone, ...more] = places;
  const judged = judgeFit({ shape, settings, place: alone });
  if (judged.fit !== "does not fit") return { processes: 1, place: alone };
  for (const [index, place] of more.entries()) {
    const processes = index + 2;
    const shared = judgeFit({ shape, settings: { ...settings, processes }, place });
    if (shared.fit === "does not fit") continue;
    const why = `${processes} processes share the model: alone on ${alone.name} it would need about ${bytes(judged.peakBytes)} of ${bytes(alone.freeBytes)}.`;
    return { processes, place, why };
  }
  return { processes: 1, place: alone };
}

function placeOf(places: Question["places"], asked: number): MemoryPlace {
  const place = places[asked - 1];
  if (place === undefined) throw tooFewGpus(asked, places.length);
  return place;
}

export function tooFewGpus(processes: number, gpus: number): MidtrainError {
  return new MidtrainError({
    reason: "environment",
    message: `The run wants ${processes} processes with a GPU each, and there ${gpus === 1 ? "is one GPU" : `are ${gpus} GPUs`}.`,
    where: "training.processes",
    next: `Set it to ${gpus} or less, or leave it out: the preflight takes as few as suffice. CUDA_VISIBLE_DEVICES hides GPUs.`,
  });
}
