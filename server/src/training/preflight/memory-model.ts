/**
 * Peak memory of a torch training step and of what stands around it: weights, gradients, moments, activations, logits, saving.
 * Counted from what the worker allocates (trainer/midtrain_trainer/loss.py, training.py) and what autograd keeps of a decoder block.
 * Pure; all figures in bytes.
 */
import type { LoadOptions } from "@midtrain/protocol/executor";
import type { MemoryPart } from "@midtrain/protocol/fit";

/** A decoder as config.json and the headers of its weights give it. */
export interface ModelShape {
  readonly parameters: number;
  /** Of them in the linear layers of the blocks: what adapters sit on, and what bf16 keeps a second copy of. */
  readonly blockParameters: number;
  readonly vocabulary: number;
  readonly hidden: number;
  readonly layers: number;
  readonly intermediate: number;
  /** Gated feed-forward layers keep four intermediate tensors, plain ones three. */
  readonly isGated: boolean;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly tied: boolean;
  /** Sum of (inputs + outputs) over the linear layers of one block: adapters of rank r have r times as many elements. */
  readonly adapterWidth: number;
}

export interface MemorySettings {
  readonly device: "cpu" | "cuda";
  readonly precision: LoadOptions["precision"];
  readonly method: LoadOptions["method"];
  readonly loraRank: number;
  /** Whether a frozen copy of the base is held (KL, with all weights trained). */
  readonly keepsBase: boolean;
  readonly rowLength: number;
  readonly rowsPerStep: number;
  /** Undefined: as many as the worker takes by itself. */
  readonly microBatchRows?: number | undefined;
  /** Activations inside blocks are computed again instead of kept. */
  readonly recompute?: boolean;
  readonly processes?: number;
}

/** What a probe found on this machine. */
export interface MemoryCalibration {
  /** The process without a model: Python and its libraries, or the CUDA context. */
  readonly runtimeBytes: number;
  /** Measured / modelled bytes of activations. */
  readonly activationFactor: number;
}

export interface MemoryEstimate {
  readonly peakBytes: number;
  /** When the peak is reached. */
  readonly phase: "step" | "save" | "load";
  readonly microBatchRows: number;
  /** What makes up the peak of a step. */
  readonly parts: readonly MemoryPart[];
}

/**
 * Where nothing was measured: torch 2.15 with transformers 5 on Linux, whose malloc leaves pieces (adapters make many small tensors); of a
 * GPU the CUDA context with its libraries.
 */
export function assumedCalibration({ device, method }: Pick<MemorySettings, "device" | "method">): MemoryCalibration {
  if (device === "cuda") return { runtimeBytes: 700e6, activationFactor: 1 };
  return { runtimeBytes: 830e6, activationFactor: method === "lora" ? 1.5 : 1.1 };
}

/** trainer/midtrain_trainer/training.py: TOKENS_PER_MICRO_BATCH; loss.py: LOGITS_PER_CHUNK. */
const tokensPerMicroBatch = { cpu: 2048, cuda: 16384 } as const;
const logitsPerChunk = 2 ** 25;
const single = 4;
/** Allocators round and split, and what they cannot use stays taken: step after step more than in the probe's few. */
const fragmentation = { cpu: 1.05, cuda: 1.06 } as const;

/** As the worker cuts a step: as few micro-batches as its size allows, then as even as possible. */
export function microBatchRowsOf({ device, rowLength, rowsPerStep, microBatchRows, processes = 1 }: MemorySettings): number {
  const mine = Math.ceil(rowsPerStep / processes);
  if (microBatchRows !== undefined) return Math.max(1, Math.min(microBatchRows, mine));
  const wanted = Math.max(1, Math.floor(tokensPerMicroBatch[device] / rowLength));
  return Math.ceil(mine / Math.ceil(mine / wanted));
}

/** @param hasStepped false: what tensors take in the first gradients, before there are moments; what a probe measures */
export function estimateMemory(
  shape: ModelShape,
  settings: MemorySettings,
  calibration: MemoryCalibration = assumedCalibration(settings),
  { hasStepped = true }: { readonly hasStepped?: boolean } = {},
): MemoryEstimate {
  const held = heldBytes(shape, settings);
  const microBatchRows = microBatchRowsOf(settings);
  const activations = calibration.activationFactor * activationBytes(shape, settings, microBatchRows);
  const loss = lossBytes(shape, settings, microBatchRows);
  const headGradients = headGradientBytes(shape, settings);
  const { weights, base, gradients, casts } = held;
  const moments = hasStepped ? held.moments : 0;
  const fixed = weights + base + moments;
  const atLoss = activations + casts + loss;
  const isSplit = Math.ceil(settings.rowsPerStep / (settings.processes ?? 1)) > microBatchRows;
  // While gradients grow, activations go; but malloc does not give their room back in time.
  const inBackward = gradients + headGradients + (settings.device === "cpu" ? activations + casts : 0);
  const working = isSplit ? gradients + Math.max(atLoss, activations + casts + headGradients) : Math.max(atLoss, inBackward);
  const scale = hasStepped ? fragmentation[settings.device] : 1;
  const step = (fixed + working) * scale + calibration.runtimeBytes;
  const save = hasStepped ? (fixed + savingBytes(shape, settings)) * scale + calibration.runtimeBytes : 0;
  const load = hasStepped ? (weights + base) * scale + loadingBytes(shape, settings) + calibration.runtimeBytes : 0;
  const peakBytes = Math.max(step, save, load);
  return {
    peakBytes,
    phase: peakBytes === step ? "step" : peakBytes === save ? "save" : "load",
    microBatchRows,
    parts: [
      { name: "weights", bytes: weights },
      { name: "frozen base", bytes: base },
      { name: "optimizer", bytes: moments },
      { name: "gradients", bytes: gradients },
      { name: "activations and logits", bytes: working - gradients },
      { name: "runtime", bytes: calibration.runtimeBytes },
    ].filter(({ bytes }) => bytes > 0),
  };
}

interface HeldBytes {
  readonly weights: number;
  readonly base: number;
  readonly moments: number;
  readonly gradients: number;
  readonly casts: number;
}

/** What there is per process whatever the rows are. */
export function heldBytes(shape: ModelShape, settings: MemorySettings): HeldBytes {
  const { precision, method, keepsBase, processes = 1 } = settings;
  const { parameters, blockParameters, vocabulary, hidden } = shape;
  const isLora = method === "lora";
  const half = precision === "bf16";
  const adapters = isLora ? adapterParameters(shape, settings.loraRank) : 0;
  const trainable = isLora ? adapters : parameters;
  const share = 1 / processes;
  return {
    weights: ((isLora && half ? 2 : single) * parameters + single * adapters) * share,
    base: keepsBase && !isLora ? (half ? 2 : single) * parameters * share : 0,
    moments: 2 * single * trainable * share,
    gradients: single * trainable * share,
    // Autocast keeps the bf16 copy of each weight until the backward pass has used it; the head's is made beside it.
    casts: half && !isLora ? 2 * (blockParameters + vocabulary * hidden) : 0,
  };
}

export function adapterParameters({ adapterWidth, layers }: Pick<ModelShape, "adapterWidth" | "layers">, rank: number): number {
  return rank * adapterWidth * layers;
}

/** What autograd keeps of a micro-batch, and the work space of one block. */
export function activationBytes(shape: ModelShape, settings: MemorySettings, rows: number): number {
  const { rowLength, device, precision, recompute = false } = settings;
  const { hidden, layers } = shape;
  const length = Math.ceil(rowLength / 8) * 8;
  const tokens = rows * length;
  const width = precision === "bf16" ? 2 : single;
  const isMasked = device === "cpu";
  const mask = isMasked ? rows * length * length : 0;
  // The kernel makes numbers of the mask, anew in each block, and keeps them.
  const block = tokens * blockBytesPerToken(shape, settings) + mask * width;
  // Of the block that is at work in the backward pass.
  const work = tokens * 3 * shape.intermediate * width;
  // Embedding, last norm, picked positions, and the gradient of these.
  const ends = tokens * hidden * (4 * single + width);
  const kept = recompute ? layers * tokens * hidden * single + block : layers * block;
  return kept + work + ends + mask;
}

/**
 * Per token: inputs and normalised inputs of two norms in fp32, their outputs, queries, keys, values (as many heads as queries, where the
 * kernel does not share them), the attention's output, and the feed-forward layer's tensors.
 */
function blockBytesPerToken(shape: ModelShape, { precision, method, device }: MemorySettings): number {
  const { hidden, heads, keyValueHeads, headSize, intermediate, isGated } = shape;
  const width = precision === "bf16" ? 2 : single;
  const isLora = method === "lora";
  const queries = heads * headSize;
  const shared = device === "cuda" && precision === "bf16" ? keyValueHeads * headSize : queries;
  const norms = 2 * single * hidden * (isLora ? 1 : 2);
  // An adapter keeps its own half-precision copy of what goes in, one per layer.
  const inputs = isLora && width === 2 ? width * (5 * hidden + queries) : width * 2 * hidden;
  const attention = width * (2 * queries + 2 * shared);
  const forward = width * intermediate * (isGated ? 4 : 3);
  return norms + inputs + attention + forward;
}

/** Logits of a chunk, their log-probabilities, and with KL those of the base. */
function lossBytes({ vocabulary, hidden }: ModelShape, settings: MemorySettings, rows: number): number {
  const { precision, rowLength, keepsBase, method } = settings;
  const half = precision === "bf16";
  const predictions = Math.min(rows * rowLength, Math.max(1, Math.floor(logitsPerChunk / vocabulary)));
  const perLogit = keepsBase ? 5 * single : half ? 2 + 2 * single : 2 * single;
  const trainsHead = method === "full";
  const head = vocabulary * hidden * (trainsHead ? 2 * single : 0) + (half ? vocabulary * hidden * 2 : 0);
  return predictions * vocabulary * perLogit + head;
}

/** The head's gradient, and its product with the incoming one; with tied weights the embedding's comes on top. */
function headGradientBytes({ vocabulary, hidden }: ModelShape, { method }: MemorySettings): number {
  return method === "full" ? 2 * single * vocabulary * hidden : 0;
}

/** Writing a state or a model makes the bytes of one kind of tensors in memory; adapters are added to copies first. */
function savingBytes({ parameters, blockParameters }: ModelShape, { method, precision, device }: MemorySettings): number {
  if (device === "cuda") return method === "lora" ? single * blockParameters : 0;
  if (method === "full") return single * parameters;
  return single * blockParameters + (precision === "bf16" ? 2 * 2 : single) * parameters;
}

/** On the host: a second copy while it is made, and the largest tensor in fp64 where its numbers are checked. */
function loadingBytes({ parameters, vocabulary, hidden, tied }: ModelShape, { device, precision, method }: MemorySettings): number {
  if (device === "cuda") return 0;
  return (precision === "bf16" && method === "lora" ? 2 : single) * parameters + (tied ? 8 : 16) * vocabulary * hidden;
}
