import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { MidtrainConfig } from "@midtrain/protocol/config";
import type { Executor } from "@midtrain/protocol/executor";
import type { RunEvent } from "@midtrain/protocol/run";
import { createExecutor, InThreadExecutor, trainingInterpreter } from "../executors";
import { workerProcesses } from "../executors/worker-processes.test-support";
import { hashOf } from "../platform/hash";
import { runController } from "./controller";
import { readEvents } from "./event-log";
import { prepareRun } from "./prepare";
import { readIdentity, runFiles } from "./run-directory";
import { readStatus } from "./run-status";
import { readRun } from "./runs";
import { makeRepository, makeTinyBase } from "./test-support";

const tokenizer = join(__dirname, "..", "..", "..", "..", "shared", "tokenizers", "gpt2.json");
let repository: string;
beforeAll(() => {
  repository = makeRepository({ files: 40 });
});

async function prepared(model: string, config: MidtrainConfig = {}): Promise<string> {
  const run = await prepareRun({
    directory: repository,
    midtrain: join(repository, ".midtrain"),
    config: {
      model,
      executor: "torch",
      budget: "6000tok",
      training: { rowLength: 128, rowsPerStep: 4 },
      gates: { evaluationsEarly: 1, evaluationsLate: 1 },
      ...config,
    },
    // Only the replay text of a base that brings none: the embedded executor writes it faster.
    createExecutor: () => new InThreadExecutor(),
  });
  return run.directory;
}

const torch = (): Executor => createExecutor("torch");
const control = (directory: string, make = torch): Promise<void> =>
  runController(directory, { createExecutor: make, now: () => new Date() });
const eventsOf = (directory: string): readonly RunEvent[] => readEvents(runFiles(directory).events).events;
/** Of the live branch: after a rollback or a resume the later one counts. */
function lossesOf(directory: string): ReadonlyMap<number, string> {
  return new Map(eventsOf(directory).flatMap((event) => (event.type === "step" ? [[event.step, `${event.loss} ${event.gradNorm}`]] : [])));
}
const hashOfFiles = (directory: string): string =>
  hashOf(
    readdirSync(directory)
      .sort()
      .map((name) => [name, readFileSync(join(directory, name)).toString("base64")]),
  );

/** The torch executor, whose process is killed in the middle of the given step. */
function killedAt(steps: readonly number[]): () => Executor {
  return () => {
    const executor = torch();
    let count = 0;
    return {
      ...executor,
      step: async (rows, options) => {
        const stepping = executor.step(rows, options);
        if (steps.includes(++count)) for (const pid of workerProcesses()) process.kill(pid, "SIGKILL");
        return stepping;
      },
    };
  };
}

describe("the chain on the torch executor", () => {
  it("runs from repository to sealed table, and a killed worker changes no number", async () => {
    const model = makeTinyBase();
    const before = hashOfFiles(model);
    const whole = await prepared(model);
    const [killed, hopeless] = ["killed", "hopeless"].map((name) => `${whole}-${name}`) as [string, string];
    for (const copy of [killed, hopeless]) cpSync(whole, copy, { recursive: true });
    expect(readIdentity(whole).recipe).toMatchObject({ executor: "torch" });
    await control(whole);
    const document = readRun(whole);
    expect(document.state).toBe("finished");
    expect(document.final).not.toBeNull();
    expect(eventsOf(whole).some((event) => event.type === "log" && event.text.includes("attention sdpa"))).toBe(true);
    await control(killed, killedAt([3, 9]));
    expect(readStatus(killed).state).toBe("finished");
    expect(eventsOf(killed).filter(({ type }) => type === "resumed")).toHaveLength(2);
    expect(lossesOf(killed)).toEqual(lossesOf(whole));
    expect(readRun(killed).selected!.step).toBe(document.selected!.step);
    expect(hashOfFiles(model)).toBe(before);
    // One that dies again and again without getting on is given up; the run can still be resumed.
    await expect(control(hopeless, killedAt([1, 2, 3, 4, 5, 6]))).rejects.toMatchObject({ reason: "lost" });
    expect(readStatus(hopeless)).toMatchObject({ state: "failed" });
    await control(hopeless);
    expect(lossesOf(hopeless)).toEqual(lossesOf(whole));
  }, 600_000);

  it.skipIf(!existsSync(tokenizer))(
    "needs shared/tokenizers: adapts a sharded model that save_pretrained wrote, with a foreign tokenizer, by adapters and with KL",
    async () => {
      const model = mkdtempSync(join(tmpdir(), "midtrain-foreign-"));
      const script = [
        "import sys, torch",
        "from transformers import Qwen2Config, AutoModelForCausalLM",
        "torch.manual_seed(1)",
        "shape = dict(vocab_size=50304, hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2)",
        "config = Qwen2Config(**shape, num_key_value_heads=1, max_position_embeddings=256, tie_word_embeddings=True)",
        "AutoModelForCausalLM.from_config(config).save_pretrained(sys.argv[1], max_shard_size='1MB')",
      ];
      execFileSync(trainingInterpreter(), ["-c", script.join("\n"), model]);
      expect(readdirSync(model).filter((name) => name.endsWith(".safetensors")).length).toBeGreaterThan(1);
      copyFileSync(tokenizer, join(model, "tokenizer.json"));
      writeFileSync(join(model, "tokenizer_config.json"), JSON.stringify({ eos_token: "<|endoftext|>" }));
      const directory = await prepared(model, {
        risk: "careful",
        training: { rowLength: 128, rowsPerStep: 4, method: "lora", lora: { rank: 4 } },
      });
      expect(readIdentity(directory).recipe).toMatchObject({ method: "lora", lora: { rank: 4 }, klWeight: 0.1 });
      await control(directory);
      expect(readRun(directory).state).toBe("finished");
    },
    600_000,
  );
});
