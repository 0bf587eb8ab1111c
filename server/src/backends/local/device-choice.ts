/** Which GPUs a local run takes: those that the user chose, else the freest. */
import type { MemoryPlace } from "../../training";
import { freeMemory, tooFewGpus } from "../../training";
import { lookForGpus, type Gpu, type GpuLook } from "./gpus";

export interface DeviceChoice {
  readonly place: MemoryPlace;
  /** Added to the worker's environment; nothing where the user chose, or where there is no choice. */
  readonly environment: Readonly<Record<string, string>>;
  /** One sentence, where something was chosen. */
  readonly words: string | undefined;
}

const choiceVariable = "CUDA_VISIBLE_DEVICES";
/** nvidia-smi counts in this order; CUDA by itself puts the fastest first. */
const orderVariable = "CUDA_DEVICE_ORDER";

/** @param processes ranks of the run, one GPU each */
export async function chooseDevice(
  signal?: AbortSignal,
  environment: NodeJS.ProcessEnv = process.env,
  processes?: number,
): Promise<DeviceChoice> {
  return choiceAmong(await lookForGpus(signal), environment, freeMemory(), processes);
}

/** Of a run on this machine: the choice for one process, for two, … up to the GPUs that there are. */
export async function deviceChoices(signal?: AbortSignal, asked = 1): Promise<readonly [DeviceChoice, ...DeviceChoice[]]> {
  const look = await lookForGpus(signal);
  const most = usableGpus(look, process.env)?.length ?? asked;
  const choice = (processes: number): DeviceChoice => choiceAmong(look, process.env, freeMemory(), processes);
  return [choice(1), ...Array.from({ length: Math.max(0, most - 1) }, (_, index) => choice(index + 2))];
}

/**
 * Pure.
 * @param hostBytes free memory of the host, for a run on the CPU
 * @param processes a GPU each; on a CPU they share its memory
 * @throws MidtrainError (environment) where there are too few GPUs
 */
export function choiceAmong(look: GpuLook, environment: NodeJS.ProcessEnv, hostBytes: number, processes = 1): DeviceChoice {
  const cpu: MemoryPlace = { device: "cpu", name: "the CPU", freeBytes: hostBytes / processes };
  const usable = usableGpus(look, environment);
  const asked = environment[choiceVariable];
  if (usable === undefined)
    return {
      place: cpu,
      environment: {},
      words: look.kind === "none" ? undefined : `${choiceVariable} is "${asked}", which leaves no GPU: the run is on the CPU.`,
    };
  if (usable.length < processes) throw tooFewGpus(processes, usable.length);
  if (asked !== undefined || usable.length === 1) return { place: placeOf(usable.slice(0, processes)), environment: {}, words: undefined };
  const freest = usable.toSorted((a, b) => b.freeBytes - a.freeBytes || a.index - b.index).slice(0, processes);
  return {
    place: placeOf(freest),
    environment: { [choiceVariable]: freest.map(({ index }) => index).join(","), [orderVariable]: "PCI_BUS_ID" },
    words: wordsOf(freest, usable.length),
  };
}

function wordsOf(chosen: readonly Gpu[], of: number): string {
  const [first] = chosen;
  if (chosen.length === of) return `All ${of} GPUs are used; ${choiceVariable} chooses others.`;
  if (chosen.length === 1)
    return `${first!.name}, GPU ${first!.index} of ${of}, has the most free memory and is used; ${choiceVariable} chooses another.`;
  const indexes = chosen.map(({ index }) => index).join(", ");
  return `GPUs ${indexes} of ${of} have the most free memory and are used; ${choiceVariable} chooses others.`;
}

/** A rank is as large as the others: the least free one decides. */
function placeOf(gpus: readonly Gpu[]): MemoryPlace {
  const least = gpus.reduce((a, b) => (b.freeBytes < a.freeBytes ? b : a));
  const name = gpus.length === 1 ? `GPU ${least.index} (${least.name})` : `each of GPUs ${gpus.map(({ index }) => index).join(", ")}`;
  return { device: "cuda", name, freeBytes: least.freeBytes };
}

/**
 * The GPUs that the variable leaves, as CUDA reads it: numbers up to the first that is none; undefined where none is left. Names (GPU-…,
 * MIG-…) and CUDA's own order are not known to nvidia-smi's list: then the least free one stands for each, so that nothing is promised.
 */
function usableGpus(look: GpuLook, environment: NodeJS.ProcessEnv): readonly Gpu[] | undefined {
  if (look.kind === "none") return undefined;
  const { gpus } = look;
  const asked = environment[choiceVariable];
  if (asked === undefined) return gpus;
  const leastFree = gpus.reduce((least, gpu) => (gpu.freeBytes < least.freeBytes ? gpu : least));
  const areInOrder = gpus.every(({ name }) => name === gpus[0]!.name) || environment[orderVariable] === "PCI_BUS_ID";
  const chosen: Gpu[] = [];
  for (const entry of asked.split(",").map((text) => text.trim())) {
    const isName = /^(GPU|MIG)-/.test(entry);
    const listed = /^\d+$/.test(entry) ? gpus.find(({ index }) => index === Number(entry)) : undefined;
    if (!isName && listed === undefined) break;
    chosen.push(isName || !areInOrder ? leastFree : listed!);
  }
  return chosen.length === 0 ? undefined : chosen;
}
