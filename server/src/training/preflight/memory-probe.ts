/** Tiny steps on this machine at two row shapes: what calibrates the memory model, and how fast it is. They change nothing. */
import type { Executor, LoadOptions, MemoryReport, Row, StepOptions } from "@midtrain/protocol/executor";
import { estimateMemory, heldBytes, microBatchRowsOf, type MemoryCalibration, type MemorySettings, type ModelShape } from "./memory-model";

/** Refused whatever it is: gradients are made, nothing is stepped, no moments come to be. */
const refusing: StepOptions = { learningRate: 0, clip: 1, refuseAbove: { loss: 0 } };
/** Work of its largest step, floating-point operations: a few seconds of two idle cores, an instant of a GPU. */
const mostWork = { cpu: 1e11, cuda: 4e14 } as const;
const shortest = 64;

export interface ProbeShape {
  readonly rows: number;
  readonly length: number;
}

export interface MemoryProbe {
  readonly device: "cpu" | "cuda";
  /** What the process holds with the model loaded; of a GPU what its tensors take. */
  readonly heldBytes: number;
  /** Of the GPU at that moment: what nobody had, and what this process's allocator had taken. */
  readonly gpu?: { readonly freeBytes: number; readonly reservedBytes: number };
  readonly peaks: readonly (ProbeShape & { readonly peakBytes: number })[];
  readonly tokensPerSecond: number;
}

/** The real micro-batch, as far as work allows, and one of half its length. */
export function probeShapes(shape: ModelShape, settings: MemorySettings, mayBeWhole: boolean): readonly [ProbeShape, ProbeShape] {
  const tokens = mostWork[settings.device] / (6 * shape.parameters);
  const rows = mayBeWhole ? Math.max(1, Math.min(microBatchRowsOf(settings), Math.floor(tokens / settings.rowLength))) : 1;
  const length = Math.max(Math.min(shortest, settings.rowLength), Math.min(settings.rowLength, Math.floor(tokens / rows)));
  return [
    { rows, length: Math.max(8, Math.floor(length / 2)) },
    { rows, length },
  ];
}

/**
 * Loads the model; the caller closes the executor.
 * @param processes ranks of the executor: each gets as many rows as the shape says
 * @throws MidtrainError as load does
 */
export async function probeMemory(
  executor: Executor,
  load: LoadOptions,
  shapes: readonly [ProbeShape, ProbeShape],
  processes = 1,
): Promise<MemoryProbe | undefined> {
  if (executor.memory === undefined) return undefined;
  const facts = await executor.load({ ...load, microBatchRows: shapes[1].rows });
  const before = await executor.memory();
  const [half, whole] = shapes.map(({ rows, length }) => ({ rows: rows * processes, length })) as [ProbeShape, ProbeShape];
  await refusedStep(executor, half, facts.vocabulary);
  const afterHalf = await executor.memory();
  // Twice: what the first leaves in pieces makes the second take more, and only the second is as fast as all others.
  await refusedStep(executor, whole, facts.vocabulary);
  const seconds = await refusedStep(executor, whole, facts.vocabulary);
  const afterWhole = await executor.memory();
  const peaks = [
    { ...shapes[0], peakBytes: peakOf(afterHalf) },
    { ...shapes[1], peakBytes: peakOf(afterWhole) },
  ];
  return {
    device: facts.device === "cuda" ? "cuda" : "cpu",
    heldBytes: before.device?.allocated ?? before.host.held ?? 0,
    ...(before.device === undefined ? {} : { gpu: { freeBytes: before.device.free, reservedBytes: before.device.reserved } }),
    peaks,
    tokensPerSecond: (whole.rows * whole.length) / seconds,
  };
}

/** @returns seconds */
async function refusedStep(executor: Executor, { rows, length }: ProbeShape, vocabulary: number): Promise<number> {
  const made = Array.from({ length: rows }, (_, row) => probeRow(length, vocabulary, row));
  const started = performance.now();
  await executor.step(made, refusing);
  return (performance.now() - started) / 1000;
}

function peakOf({ host, device }: MemoryReport): number {
  // Not what the allocator took: it keeps what earlier, larger shapes needed.
  return device?.peakAllocated ?? host.peak ?? 0;
}

/** Two documents of numbers: what they say does not matter, only how many. */
function probeRow(length: number, vocabulary: number, seed: number): Row {
  const half = Math.floor(length / 2);
  const positions = Int32Array.from({ length }, (_, t) => (t < half ? t : t - half));
  return {
    tokens: Int32Array.from({ length }, (_, t) => ((t + 1) * (seed + 3)) % vocabulary),
    documents: Int32Array.from({ length }, (_, t) => (t < half ? 0 : 1)),
    positions,
    lossWeights: Float32Array.from(positions, (position) => (position === 0 ? 0 : 1)),
    source: "probe",
    klWeight: 0,
  };
}

const factors = Array.from({ length: 121 }, (_, i) => 0.6 + i / 100);

/**
 * The activation factor under which the model's peaks come closest to those measured. Where the peaks do not depend on it (weights
 * outweigh tiny activations) it stays 1. Pure.
 * @param outsideBytes what the process takes of the device besides the allocator (the CUDA context); 0 on a CPU, where it is in `heldBytes`
 */
export function calibrate(probe: MemoryProbe, shape: ModelShape, settings: MemorySettings, outsideBytes: number): MemoryCalibration {
  const { weights } = heldBytes(shape, settings);
  const runtimeBytes = outsideBytes + Math.max(0, probe.heldBytes - weights);
  const errorOf = (activationFactor: number): number =>
    probe.peaks.reduce((sum, { rows, length, peakBytes }) => {
      const tiny = {
        ...settings,
        keepsBase: false,
        rowLength: length,
        rowsPerStep: rows * (settings.processes ?? 1),
        microBatchRows: rows,
      };
      const modelled = estimateMemory(shape, tiny, { runtimeBytes, activationFactor }, { hasStepped: false }).peakBytes - outsideBytes;
      return sum + ((modelled - peakBytes) / peakBytes) ** 2;
    }, 0);
  const plain = errorOf(1);
  const best = factors.reduce((a, b) => (errorOf(b) < errorOf(a) - 1e-9 ? b : a), 1);
  return { runtimeBytes, activationFactor: errorOf(best) < plain - 1e-9 ? best : 1 };
}
