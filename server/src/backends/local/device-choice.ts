/** Which GPU a local run takes: the one that the user chose, else the freest. */
import type { MemoryPlace } from "../../training";
import { freeMemory } from "../../training";
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

export async function chooseDevice(signal?: AbortSignal, environment: NodeJS.ProcessEnv = process.env): Promise<DeviceChoice> {
  return choiceAmong(await lookForGpus(signal), environment, freeMemory());
}

/** Pure. @param hostBytes free memory of the host, for a run on the CPU */
export function choiceAmong(look: GpuLook, environment: NodeJS.ProcessEnv, hostBytes: number): DeviceChoice {
  const cpu: MemoryPlace = { device: "cpu", name: "the CPU", freeBytes: hostBytes };
  if (look.kind === "none") return { place: cpu, environment: {}, words: undefined };
  const { gpus } = look;
  const asked = environment[choiceVariable];
  if (asked !== undefined) {
    const chosen = visibleGpu(gpus, asked, environment[orderVariable]);
    if (chosen !== undefined) return { place: placeOf(chosen), environment: {}, words: undefined };
    return { place: cpu, environment: {}, words: `${choiceVariable} is "${asked}", which leaves no GPU: the run is on the CPU.` };
  }
  const freest = gpus.reduce((best, gpu) => (gpu.freeBytes > best.freeBytes ? gpu : best));
  if (gpus.length === 1) return { place: placeOf(freest), environment: {}, words: undefined };
  return {
    place: placeOf(freest),
    environment: { [choiceVariable]: String(freest.index), [orderVariable]: "PCI_BUS_ID" },
    words: `${freest.name}, GPU ${freest.index} of ${gpus.length}, has the most free memory and is used; ${choiceVariable} chooses another.`,
  };
}

function placeOf({ index, name, freeBytes }: Gpu): MemoryPlace {
  return { device: "cuda", name: `GPU ${index} (${name})`, freeBytes };
}

/**
 * The first GPU that the variable leaves, as CUDA reads it: numbers up to the first that is none. Names (GPU-…, MIG-…) and CUDA's own
 * order are not known to nvidia-smi's list: then the least free one stands for it, so that nothing is promised.
 */
function visibleGpu(gpus: readonly Gpu[], asked: string, order: string | undefined): Gpu | undefined {
  const first = asked.split(",")[0]!.trim();
  const leastFree = gpus.reduce((least, gpu) => (gpu.freeBytes < least.freeBytes ? gpu : least));
  if (/^(GPU|MIG)-/.test(first)) return leastFree;
  if (!/^\d+$/.test(first)) return undefined;
  const listed = gpus.find(({ index }) => index === Number(first));
  if (listed === undefined) return undefined;
  const areAlike = gpus.every(({ name }) => name === gpus[0]!.name);
  return areAlike || order === "PCI_BUS_ID" ? listed : leastFree;
}
