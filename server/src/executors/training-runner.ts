import type { DecoderConfig } from "./model-config";
import type { MicroBatches } from "./micro-batches";
import { type MicroBatchShape, trainingGraph } from "./onnx/training-graph";
import type { ParameterLayout } from "./parameter-layout";
import { floats, int32s, parameterFeeds, RopeFeeds, RuntimeSession } from "./runtime-session";

/** Losses [count * rows * length] in nats per prediction, unweighted, and the gradient of the weighted mean loss. */
interface LossAndGradient {
  readonly losses: Float32Array;
  readonly gradient: Float32Array;
}

/** Sessions are large (they hold their activations), and a run uses one shape, two at a change. */
const mostSessions = 2;

/** Runs the training graph; keeps the sessions of the shapes used last. */
export class TrainingRunner {
  private readonly sessions = new Map<string, RuntimeSession>();
  private readonly rope: RopeFeeds;

  constructor(
    private readonly config: DecoderConfig,
    private readonly layout: ParameterLayout,
    private readonly threads: number,
  ) {
    this.rope = new RopeFeeds(config);
  }

  async run(parameters: Float32Array, batches: MicroBatches): Promise<LossAndGradient> {
    const session = await this.session(batches.shape);
    const shape = [batches.count, batches.shape.rows, batches.shape.length];
    const outputs = await session.run({
      ...parameterFeeds(this.layout, parameters),
      ...this.rope.upTo(tableLength(batches)),
      ids: int32s(batches.ids, shape),
      labels: int32s(batches.labels, shape),
      segments: int32s(batches.segments, shape),
      positions: int32s(batches.positions, shape),
      weights: floats(batches.weights, shape),
    });
    return { losses: outputs["losses"]!.data as Float32Array, gradient: outputs["gradient"]!.data as Float32Array };
  }

  async release(): Promise<void> {
    for (const session of this.sessions.values()) await session.release();
    this.sessions.clear();
  }

  private async session(shape: MicroBatchShape): Promise<RuntimeSession> {
    const key = `${shape.rows}x${shape.length}/${shape.chunks}`;
    const known = this.sessions.get(key);
    if (known !== undefined) {
      this.sessions.delete(key);
      this.sessions.set(key, known);
      return known;
    }
    for (const [oldest, session] of this.sessions) {
      if (this.sessions.size < mostSessions) break;
      this.sessions.delete(oldest);
      await session.release();
    }
    const created = await RuntimeSession.create(trainingGraph(this.config, this.layout, shape), this.threads);
    this.sessions.set(key, created);
    return created;
  }
}

/** The operator wants a table entry per position in use and at least as many as the row is long. */
function tableLength({ positions, shape }: MicroBatches): number {
  return positions.reduce((largest, position) => Math.max(largest, position + 1), shape.length);
}
