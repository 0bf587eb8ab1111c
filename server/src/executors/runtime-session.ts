import type { InferenceSession, Tensor } from "onnxruntime-node";
import { MidtrainError } from "@midtrain/protocol/errors";
import { loadRuntime } from "./load-runtime";
import type { DecoderConfig } from "./model-config";
import type { ParameterLayout } from "./parameter-layout";
import { type RopeTables, ropeTables } from "./rope-tables";

export type Feeds = Record<string, Tensor>;

/** A graph that is ready to run. */
export class RuntimeSession {
  private constructor(private readonly session: InferenceSession) {}

  static async create(model: Uint8Array, threads: number): Promise<RuntimeSession> {
    const options: InferenceSession.SessionOptions = {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      // Errors reach us as exceptions; the runtime need not print them too.
      logSeverityLevel: 4,
    };
    const runtime = loadRuntime();
    try {
      return new RuntimeSession(await runtime.InferenceSession.create(model, options));
    } catch (cause) {
      throw runtimeError("The native runtime refused the model's graph", cause);
    }
  }

  async run(feeds: Feeds): Promise<InferenceSession.ReturnType> {
    try {
      return await this.session.run(feeds);
    } catch (cause) {
      throw runtimeError("The native runtime could not run the model", cause);
    }
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}

function runtimeError(what: string, cause: unknown): MidtrainError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  const memory = /alloc|memory/i.test(detail);
  return new MidtrainError({
    reason: memory ? "environment" : "internal",
    message: `${what}: ${detail}`,
    where: "onnxruntime",
    next: memory
      ? "Free some memory, choose a smaller model or shorter rows, and resume from the last checkpoint."
      : "Resume the run from its last checkpoint; if it happens again, report it with this message.",
    cause,
  });
}

export function floats(values: Float32Array, shape: readonly number[]): Tensor {
  return new (loadRuntime().Tensor)("float32", values, shape);
}

export function int32s(values: Int32Array, shape: readonly number[]): Tensor {
  return new (loadRuntime().Tensor)("int32", values, shape);
}

/** The parameters as graph inputs: views of the flat array, no copies. */
export function parameterFeeds(layout: ParameterLayout, parameters: Float32Array, prefix = ""): Feeds {
  const feeds: Feeds = {};
  for (const { name, shape, offset, length } of layout.graph) {
    feeds[prefix + name] = floats(parameters.subarray(offset, offset + length), shape);
  }
  return feeds;
}

/** Rotary tables as graph inputs; grown by doubling to the largest position asked for. */
export class RopeFeeds {
  private tables: RopeTables | undefined;

  constructor(private readonly config: DecoderConfig) {}

  upTo(positions: number): Feeds {
    const { headSize, ropeTheta } = this.config;
    if (this.tables === undefined || this.tables.positions < positions) {
      this.tables = ropeTables(2 ** Math.ceil(Math.log2(Math.max(positions, 128))), headSize, ropeTheta);
    }
    const shape = [this.tables.positions, headSize / 2];
    return { cos: floats(this.tables.cos, shape), sin: floats(this.tables.sin, shape) };
  }
}
