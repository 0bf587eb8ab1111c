/** Whether a run fits into the memory of a device, and what would make it fit. Pure. */
import type { Fit, FitView } from "@midtrain/protocol/fit";
import { bytes, count } from "@midtrain/protocol/words";
import { estimateMemory, type MemoryCalibration, type MemorySettings, type ModelShape } from "./memory-model";

/** The device that a run would use, and what of its memory nobody has. */
export interface MemoryPlace {
  readonly device: MemorySettings["device"];
  /** "GPU 0 (NVIDIA H100)", "the CPU". */
  readonly name: string;
  readonly freeBytes: number;
}

/** A prediction is right to about this share: what is nearer to the limit is tight. */
const margin = 0.15;
const shortestRow = 256;
const mostRemedies = 3;

export function fitOf(peakBytes: number, freeBytes: number): Fit {
  if (peakBytes * (1 + margin) <= freeBytes) return "fits";
  return peakBytes <= freeBytes ? "tight" : "does not fit";
}

interface Question {
  readonly shape: ModelShape;
  readonly settings: MemorySettings;
  readonly place: MemoryPlace;
  /** Undefined: nothing was measured, the assumptions hold. */
  readonly calibration?: MemoryCalibration | undefined;
}

export function judgeFit(question: Question): FitView {
  const { shape, settings, place, calibration } = question;
  const { peakBytes, microBatchRows } = estimateMemory(shape, settings, calibration);
  const plain = fitOf(peakBytes, place.freeBytes);
  const shrinks = plain === "does not fit" && place.device === "cuda" && peakWith(question, smallest) <= place.freeBytes;
  const fit = shrinks ? "tight" : plain;
  const remedies = fit === "fits" ? [] : remediesFor(question);
  const against = `${bytes(peakBytes)} needed, ${bytes(place.freeBytes)} free on ${place.name}`;
  const how = `${settings.precision}, ${settings.method === "lora" ? `adapters of rank ${settings.loraRank}` : "all weights"}, ${count(microBatchRows)} x ${count(settings.rowLength)} tokens at a time`;
  const shrinking = shrinks ? "; fewer rows are computed at a time when memory runs out" : "";
  const words = `${fit}: ${calibration === undefined ? "about " : ""}${against} (${how}${shrinking})`;
  return { fit, device: place.name, peakBytes, freeBytes: place.freeBytes, remedies, words };
}

type Change = Partial<Pick<MemorySettings, "microBatchRows" | "recompute" | "precision" | "method" | "rowLength" | "keepsBase">>;
/** What the worker does by itself on a GPU when memory runs out. */
const smallest: Change = { microBatchRows: 1, recompute: true };

function peakWith({ shape, settings, calibration }: Question, change: Change): number {
  return estimateMemory(shape, { ...settings, ...change }, calibration).peakBytes;
}

interface Remedy {
  readonly change: Change;
  readonly words: string;
}

/** Single changes first, those that leave the recipe as it is before those that do not; then all that together suffice. */
export function remediesFor(question: Question): readonly string[] {
  const { settings, place, shape, calibration } = question;
  const single = remediesOf(settings);
  const now = estimateMemory(shape, settings, calibration).peakBytes;
  const isEnough = (peak: number): boolean => fitOf(peak, place.freeBytes) !== "does not fit" && peak < now;
  const say = (words: string, peak: number): string => `${words} (${bytes(peak)})`;
  const alone = single
    .map(({ change, words }) => ({ words, peak: peakWith(question, change) }))
    .filter(({ peak }) => isEnough(peak))
    .map(({ words, peak }) => say(words, peak));
  if (alone.length > 0) return alone.slice(0, mostRemedies);
  let together: Change = {};
  const words: string[] = [];
  for (const remedy of single) {
    const peak = peakWith(question, { ...together, ...remedy.change });
    if (peak >= peakWith(question, together)) continue;
    together = { ...together, ...remedy.change };
    words.push(remedy.words);
    if (isEnough(peak)) return [say(words.join(" and "), peak)];
  }
  return [
    `A smaller model, or a device with more memory: even with all of ${words.join(", ")} it takes ${bytes(peakWith(question, together))}`,
  ];
}

function remediesOf(settings: MemorySettings): readonly Remedy[] {
  const { rowLength, precision, method, keepsBase, recompute = false, device } = settings;
  const shorter: Remedy[] = [];
  for (let length = rowLength / 2; length >= shortestRow; length /= 2)
    shorter.push({ change: { rowLength: Math.floor(length) }, words: `training.rowLength ${Math.floor(length)}` });
  const half: Remedy = { change: { precision: "bf16" }, words: "training.precision bf16" };
  const adapters: Remedy = { change: { method: "lora", keepsBase: false }, words: "training.method lora" };
  return [
    { change: { microBatchRows: 1 }, words: "training.microBatchRows 1" },
    ...(recompute ? [] : [{ change: { recompute: true }, words: "training.recompute true, about a third slower" }]),
    // On a CPU half precision saves little and costs much time, except that adapters then sit on a base of half the size.
    ...(precision === "fp32" && (device === "cuda" || method === "lora") ? [half] : []),
    ...(keepsBase ? [{ change: { keepsBase: false }, words: "no KL (risk normal or bold)" }] : []),
    ...shorter,
    ...(method === "full" ? [adapters] : []),
    ...(precision === "fp32" && device === "cpu" && method === "full" ? [half] : []),
  ];
}
