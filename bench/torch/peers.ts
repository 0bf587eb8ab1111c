/**
 * `npm run bench -- torch-peers [DIR]`: Midtrain's torch executor beside HF Trainer and TRL on a CPU: what leaks between documents, which
 * tokens are trained on how often, what gradient accumulation changes, and what twenty kill -9 leave. Needs the environment of
 * `npm run test:torch`; the peers go into .cache/peers-env, once. Document lengths are those of files of DIR.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Row } from "@midtrain/protocol/executor";
import { createTorchExecutor, trainingInterpreter } from "../../server/src/executors/index";
import { printFigures } from "../figures";
import { asDocuments, bodiesOf, everySecondReversed, lengthsOf, packedRows, rowLength, vocabularyOf } from "./documents";
import { midtrainKills, runKilledController } from "./midtrain-kills";
import { figuresOf, showTable, type ArmResult } from "./table";

const root = process.cwd();
const scripts = join(root, "bench", "torch");
const trainer = join(root, "trainer");
const midtrain = "Midtrain, torch";
const documentCount = 160;
const documentsOfKills = 50;
const kills = 20;

/** An environment of their own, on top of the one that the torch tests made: torch is 5 GB. */
function peersPython(): string {
  const place = join(root, ".cache", "peers-env");
  const python = join(place, "bin", "python");
  if (existsSync(python)) return python;
  const base = trainingInterpreter();
  process.stderr.write("torch-peers installs HF datasets and TRL into .cache/peers-env, once\n");
  const packages = execFileSync(base, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], { encoding: "utf8" }).trim();
  execFileSync(base, ["-m", "venv", place], { stdio: ["ignore", 2, 2] });
  const own = execFileSync(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], { encoding: "utf8" }).trim();
  writeFileSync(join(own, "torch-env.pth"), `${packages}\n`);
  execFileSync(python, ["-m", "pip", "install", "-q", "trl", "datasets", "accelerate"], { stdio: ["ignore", 2, 2] });
  return python;
}

function python<Result>(script: string, ...args: readonly string[]): Result {
  const run = spawnSync(peersPython(), [join(scripts, script), ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PYTHONPATH: trainer, OMP_NUM_THREADS: "1", PYTHONDONTWRITEBYTECODE: "1" },
    maxBuffer: 2 ** 28,
  });
  if (run.status !== 0) throw new Error(`${script} ended with ${run.status ?? run.signal}`);
  return JSON.parse(run.stdout) as Result;
}

const plain = ({ tokens, documents, positions, lossWeights }: Row): Record<string, number[]> => ({
  tokens: [...tokens],
  documents: [...documents],
  positions: [...positions],
  lossWeights: [...lossWeights],
});

/** Loss and gradient norm of the first step's eight rows, by rows per micro-batch, through the executor's own process. */
async function accumulation(model: string, rows: readonly Row[]): Promise<ArmResult> {
  const optimizer = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 };
  const executor = createTorchExecutor({ python: trainingInterpreter(), trainer, device: "cpu" });
  const results: (readonly [number, number])[] = [];
  for (const microBatchRows of [1, 2, 4, 8]) {
    await executor.load({ model, precision: "fp32", method: "full", seed: 1, optimizer, threads: 1, microBatchRows });
    const { bySource, gradNorm } = await executor.step(rows.slice(0, 8), { learningRate: 1e-3, clip: 1, refuseAbove: {} });
    results.push([bySource[0]!.lossSum / bySource[0]!.tokens, gradNorm]);
  }
  await executor.close();
  const spread = (i: 0 | 1): number => Math.max(...results.map((result) => Math.abs(result[i] / results[0]![i] - 1)));
  return { accumulationLoss: spread(0), accumulationNorm: spread(1) };
}

interface Measured {
  readonly versions: Readonly<Record<string, string>>;
  readonly arms: Readonly<Record<string, ArmResult>>;
}

async function main(directory: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "midtrain-torch-peers-"));
  try {
    const lengths = lengthsOf(directory, documentCount);
    const bodies = bodiesOf(lengths);
    const few = lengths.slice(0, documentsOfKills);
    mkdirSync(join(work, "kills"));
    const write = (name: string, value: unknown): void => writeFileSync(join(work, name), JSON.stringify(value));
    const vocabulary = vocabularyOf(lengths);
    write("documents.json", { rowLength, vocabulary, documents: asDocuments(bodies) });
    write("kills/documents.json", { rowLength: rowLength / 2, vocabulary: vocabularyOf(few), documents: asDocuments(bodiesOf(few)) });
    const rows = await packedRows(bodies, join(work, "midtrain"));
    const changed = await packedRows(everySecondReversed(bodies), join(work, "midtrain-changed"));
    write("rows.json", { rows: rows.map(plain), changed: changed.map(plain) });
    const measured = python<Measured>("measure.py", work);
    const killed = python<Readonly<Record<string, ArmResult>>>("kills.py", join(work, "kills"), String(kills));
    const ours = { ...(await accumulation(join(work, "model"), rows)), ...(await midtrainKills(kills)) };
    const all = Object.entries(measured.arms).map(([arm, found]) => ({ arm, ...found, ...(arm === midtrain ? ours : killed[arm]) }));
    showTable(all);
    process.stderr.write(
      `${Object.entries(measured.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(", ")}\n`,
    );
    printFigures([{ figure: "documents", value: lengths.length, unit: "" }, ...figuresOf(all)]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

void (process.argv[2] === "--controller" ? runKilledController(process.argv[3]!) : main(process.argv[2] ?? join(root, "server", "src")));
