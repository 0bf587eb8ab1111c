/**
 * The Executor contract (shared/CONTRACTS §4). A worker has no policy: it never decides what to read,
 * when to evaluate or what to keep. Both implementations pass one conformance suite.
 */
export interface ExecutorCapabilities {
  readonly kl: boolean;
  readonly lora: boolean;
  readonly generate: boolean;
  readonly distributed: boolean;
}

export interface LoadOptions {
  /** Model directory in Hugging Face layout (config.json, *.safetensors, tokenizer.json). */
  readonly model: string;
  readonly precision: "fp32" | "bf16";
  readonly method: "full" | "lora";
  readonly seed: number;
  /** Adam's constants; the learning rate comes with each step. */
  readonly optimizer: { readonly beta1: number; readonly beta2: number; readonly epsilon: number; readonly weightDecay: number };
  /** Intra-op threads; undefined: all cores. */
  readonly threads?: number;
  /** For method "lora"; alpha defaults to twice the rank, targets (names of linear layers) to all but the head. */
  readonly lora?: LoraOptions;
  /** Rows per micro-batch; by default the executor chooses. The step is the same, but for rounding. */
  readonly microBatchRows?: number;
  /** Activations inside blocks are computed again in the backward pass instead of kept. */
  readonly recompute?: boolean;
  /** The blocks are compiled for training. */
  readonly compile?: boolean;
}

export interface LoraOptions {
  readonly rank: number;
  readonly alpha?: number;
  readonly targets?: readonly string[];
}

export interface ModelFacts {
  readonly parameters: number;
  readonly vocabulary: number;
  readonly context: number;
  readonly architecture: string;
  /** Parameters that training changes, where these are not all. */
  readonly trainable?: number;
  /** Attention path and device that the executor chose, where it has a choice. */
  readonly attention?: string;
  readonly device?: string;
}

/** Something that an executor did by itself and the run's log should tell, e.g. smaller micro-batches after memory ran out. */
export interface ExecutorEvent {
  readonly kind: string;
  readonly text: string;
}

/** One packed row of `tokens.length` = T positions. */
export interface Row {
  readonly tokens: Int32Array;
  /** Document number per position, -1 for padding. Attention never crosses a change of number. */
  readonly documents: Int32Array;
  /** Position inside its document, restarting at 0. */
  readonly positions: Int32Array;
  /** Weight of predicting tokens[t] from its prefix; 0 for the first token of a document, for padding and for masked context. */
  readonly lossWeights: Float32Array;
  readonly source: string;
  /** The loss of a position is lossWeight × (−log p + klWeight × KL(base || model)), summed and divided by the step's sum of loss weights. */
  readonly klWeight: number;
}

export interface StepOptions {
  readonly learningRate: number;
  /** Maximum global gradient norm. */
  readonly clip: number;
  /** A value above a limit (or NaN) means: not stepped, state untouched. */
  readonly refuseAbove: { readonly loss?: number; readonly gradNorm?: number };
}

export interface StepResult {
  readonly bySource: readonly { readonly source: string; readonly lossSum: number; readonly tokens: number }[];
  readonly gradNorm: number;
  readonly stepped: boolean;
  /** Where rows asked for it: loss weight × KL(base || model), nats, summed over their positions. */
  readonly klSum?: number;
  readonly truncated: 0;
}

/** A sequence to score: log-likelihood of tokens[scoreFrom..] given everything before. */
export interface LoglikItem {
  readonly tokens: readonly number[] | Int32Array;
  /** First scored position, >= 1. */
  readonly scoreFrom: number;
  /** UTF-8 bytes of the scored text. */
  readonly bytes: number;
}

export interface LoglikResult {
  /** Log-likelihood in nats, <= 0. */
  readonly nats: number;
  readonly bytes: number;
}

export interface DivergenceItem {
  readonly tokens: readonly number[] | Int32Array;
}

export interface DivergenceResult {
  /** KL(base || model) summed over positions, nats, full vocabulary. */
  readonly nats: number;
  readonly positions: number;
}

export interface GenerateOptions {
  readonly maxTokens: number;
  /** 0: greedy. */
  readonly temperature: number;
  readonly topK?: number;
  readonly stopTokens: readonly number[];
  /** Token sequences that end a text; they are cut off. */
  readonly stopSequences?: readonly (readonly number[])[];
  /** Texts per prompt, by default 1; the results of a prompt follow each other. */
  readonly samples?: number;
  readonly seed: number;
}

export interface LeakTest {
  /** Largest change of any loss in document B when document A of the same row changes; must be exactly 0. */
  readonly largestChange: number;
  readonly passed: boolean;
}

/** In-memory state (weights, moments, step count) that `restore` brings back bit for bit. */
export interface SnapshotHandle {
  readonly id: number;
}

/** What an executor's process holds, bytes. `peak` is the most since it was last asked, where the system tells; else since its start. */
export interface MemoryReport {
  readonly host: { readonly held?: number; readonly peak?: number };
  /** The GPU, where there is one: `peak` is what the allocator took from the driver, `free` what nobody has. */
  readonly device?: {
    readonly name: string;
    readonly total: number;
    readonly free: number;
    readonly allocated: number;
    readonly reserved: number;
    readonly peak: number;
    readonly peakAllocated: number;
  };
}

export interface Executor {
  readonly name: "onnx" | "torch";
  readonly capabilities: ExecutorCapabilities;
  onEvent?(listener: (event: ExecutorEvent) => void): void;
  load(options: LoadOptions): Promise<ModelFacts>;
  /** Start-up self-test on the training graph itself. */
  leakTest(): Promise<LeakTest>;
  step(rows: readonly Row[], options: StepOptions): Promise<StepResult>;
  loglik(items: readonly LoglikItem[]): Promise<readonly LoglikResult[]>;
  divergence(items: readonly DivergenceItem[]): Promise<readonly DivergenceResult[]>;
  generate(prompts: readonly (readonly number[])[], options: GenerateOptions): Promise<readonly (readonly number[])[]>;
  snapshot(): Promise<SnapshotHandle>;
  restore(handle: SnapshotHandle): Promise<void>;
  release(handle: SnapshotHandle): Promise<void>;
  /** Everything for a bit-exact resume. Written temp + fsync + rename, manifest with hashes last. */
  saveState(directory: string): Promise<void>;
  loadState(directory: string): Promise<void>;
  /** Hugging Face layout: safetensors, config.json, tokenizer.json. */
  saveModel(directory: string): Promise<void>;
  /** Only where the executor has a process of its own. Waits for the device: never inside a step. */
  memory?(): Promise<MemoryReport>;
  close(): Promise<void>;
}
