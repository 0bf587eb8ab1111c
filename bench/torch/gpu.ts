/**
 * One shape and row length on the torch executor, for scripts/bench-gpu.mjs: `gpu.cjs MODEL ROW_LENGTH ROWS DEVICE PRECISION [compile]`. Prints the
 * leak test on the attention path that was chosen, tokens per second, peak memory, what KL costs and how long a state takes to save.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Executor, Row } from "@midtrain/protocol/executor";
import { createTorchExecutor, trainingInterpreter } from "../../server/src/executors/index";
import { seededRandom } from "../../server/src/platform/random";

const warm = 3;
const measured = 8;
/** Documents of packed rows: log-normal with this median, tokens. */
const medianDocument = 600;
const step = { learningRate: 1e-5, clip: 1, refuseAbove: {} };
const random = seededRandom("bench-gpu", 1);

/** Lengths of documents that fill a row. */
function documentLengths(rowLength: number): number[] {
  const lengths: number[] = [];
  for (let left = rowLength; left > 0; left -= lengths.at(-1)!) {
    const uniform = (): number => (1 + random.int(1_000_000)) / 1_000_001;
    const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    lengths.push(Math.min(left, Math.max(16, Math.round(medianDocument * Math.exp(normal)))));
  }
  return lengths;
}

function row(vocabulary: number, lengths: readonly number[], klWeight: number): Row {
  const documents = Int32Array.from(lengths.flatMap((length, index) => Array.from({ length }, () => index)));
  const positions = Int32Array.from(lengths.flatMap((length) => Array.from({ length }, (_, t) => t)));
  return {
    tokens: documents.map(() => random.int(vocabulary)),
    documents,
    positions,
    lossWeights: Float32Array.from(positions, (position) => (position === 0 ? 0 : 1)),
    source: klWeight > 0 ? "replay" : "domain",
    klWeight,
  };
}

/** Median tokens per second over steps of `count` rows. */
async function rate(executor: Executor, rowLength: number, make: () => readonly Row[]): Promise<number> {
  const seconds: number[] = [];
  for (let at = 0; at < warm + measured; at++) {
    const rows = make();
    const start = performance.now();
    await executor.step(rows, step);
    if (at >= warm) seconds.push((performance.now() - start) / 1000 / rows.length);
  }
  return rowLength / seconds.sort((a, b) => a - b)[Math.floor(measured / 2)]!;
}

async function main([model, length, count, device, precision, compile]: readonly string[]): Promise<void> {
  const [rowLength, rows] = [Number(length), Number(count)];
  const place = mkdtempSync(join(tmpdir(), "midtrain-bench-gpu-"));
  const executor = createTorchExecutor({
    python: trainingInterpreter(),
    trainer: join(process.cwd(), "trainer"),
    device: device as "cpu" | "cuda",
    onOutput: (text) => void process.stderr.write(text),
  });
  executor.onEvent?.(({ text }) => void process.stderr.write(`${text}\n`));
  try {
    const optimizer = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 };
    const load = { model: model!, precision: precision as "bf16", method: "full", seed: 1, optimizer } as const;
    const facts = await executor.load(load);
    const leak = await executor.leakTest();
    const many = (lengths: () => readonly number[], kl: (index: number) => number) => (): readonly Row[] =>
      Array.from({ length: rows }, (_, index) => row(facts.vocabulary, lengths(), kl(index)));
    const uncut = many(
      () => [rowLength],
      () => 0,
    );
    const whole = await rate(executor, rowLength, uncut);
    const documents = await rate(
      executor,
      rowLength,
      many(
        () => documentLengths(rowLength),
        () => 0,
      ),
    );
    const peak = (await executor.memory?.())?.device?.peak;
    const withKl = await rate(
      executor,
      rowLength,
      many(
        () => documentLengths(rowLength),
        (index) => (index % 4 === 0 ? 0.1 : 0),
      ),
    );
    const saving = performance.now();
    await executor.saveState(join(place, "state"));
    const saveSeconds = (performance.now() - saving) / 1000;
    const { parameters, attention } = facts;
    const figures = { parameters, attention, leak, whole, documents, withKl, saveSeconds };
    let compiled: number | undefined;
    if (compile !== undefined) {
      await executor.load({ ...load, compile: true });
      compiled = await rate(executor, rowLength, uncut);
    }
    process.stdout.write(`${JSON.stringify({ ...figures, compiled, ...(peak === undefined ? {} : { peakBytes: peak }) })}\n`);
  } finally {
    await executor.close();
    rmSync(place, { recursive: true, force: true });
  }
}

void main(process.argv.slice(2));
