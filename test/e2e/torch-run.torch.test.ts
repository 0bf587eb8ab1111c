/** A model of the Hugging Face cache on the torch executor, chosen and adapted from the palette, on the packaged .vsix in a real workbench. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { RunEvent } from "@midtrain/protocol/run";
import { sharedSession } from "./session";

const patience = { timeout: 180_000 };
const python = process.env["MIDTRAIN_PYTHON"] ?? "";
const model = "tiny-org/tiny-qwen3";

/** A shape that the embedded executor does not have, sharded, with a tokenizer trained on a few names: as a download leaves it in the cache. */
const makeModel = `
import sys, torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoModelForCausalLM, Qwen3Config
torch.manual_seed(1)
tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
alphabet = pre_tokenizers.ByteLevel.alphabet()
trainer = trainers.BpeTrainer(vocab_size=600, special_tokens=["<|endoftext|>"], initial_alphabet=alphabet, show_progress=False)
tokenizer.train_from_iterator([open(file).read() for file in sys.argv[2:]], trainer)
tokenizer.save(sys.argv[1] + "/tokenizer.json")
shape = dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=8)
config = Qwen3Config(**shape, vocab_size=608, max_position_embeddings=512, tie_word_embeddings=True, eos_token_id=0)
AutoModelForCausalLM.from_config(config).save_pretrained(sys.argv[1], max_shard_size="60KB")
`;

function fillCache(): string {
  const cache = mkdtempSync(join(tmpdir(), "midtrain-hub-"));
  const directory = join(cache, `models--${model.replace("/", "--")}`);
  const snapshot = join(directory, "snapshots", "a".repeat(40));
  mkdirSync(snapshot, { recursive: true });
  mkdirSync(join(directory, "refs"));
  writeFileSync(join(directory, "refs", "main"), "a".repeat(40));
  const sources = join(__dirname, "..", "..", "protocol", "src");
  execFileSync(python, ["-c", makeModel, snapshot, ...["run.ts", "words.ts", "config.ts"].map((name) => join(sources, name))]);
  writeFileSync(join(snapshot, "tokenizer_config.json"), JSON.stringify({ eos_token: "<|endoftext|>" }));
  return cache;
}

describe("a model of the Hugging Face cache in a workbench", () => {
  const cache = fillCache();
  const session = sharedSession({
    name: "torch",
    settings: { "midtrain.python": python, "midtrain.budget": "6000tok" },
    variables: { HF_HUB_CACHE: cache },
    files: {
      "midtrain.jsonc": JSON.stringify({
        training: { rowLength: 128, rowsPerStep: 4 },
        gates: { evaluationsEarly: 1, evaluationsLate: 1 },
      }),
    },
  });
  afterAll(() => rmSync(cache, { recursive: true, force: true }));

  const runs = (): string => join(session.repository, ".midtrain", "runs");
  const eventsOf = (run: string): readonly RunEvent[] => {
    const file = join(runs(), run, "events.jsonl");
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as RunEvent);
  };

  it("is offered with what it is and needs, and becomes this workspace's model", async () => {
    await session.workbench.openSideBar();
    await session.workbench.command("Midtrain: Select Model");
    const row = session.workbench.pickRows().filter({ hasText: model });
    await row.first().waitFor(patience);
    expect(await row.first().innerText()).toMatch(
      /Hugging Face cache[\s\S]*base · needs the training environment[\s\S]*Qwen3ForCausalLM · 512 positions/,
    );
    await session.workbench.screenshot("select-model");
    await row.first().click();
    const settings = join(session.repository, ".vscode", "settings.json");
    await expect.poll(() => existsSync(settings) && readFileSync(settings, "utf8"), patience).toContain(model);
    await session.workbench.command("Midtrain: Select Model");
    await row.filter({ hasText: "in use" }).first().waitFor(patience);
    await session.workbench.leavePick();
  });

  it("is adapted from the palette to its sealed table, in the training environment", async () => {
    await session.workbench.command("Midtrain: Adapt This Repository");
    await session.workbench.treeRows("Runs").first().waitFor(patience);
    const [run] = readdirSync(runs());
    await expect.poll(() => eventsOf(run!).some(({ type }) => type === "step"), patience).toBe(true);
    await session.workbench.screenshot("torch-live");
    const finished = (): RunEvent | undefined => eventsOf(run!).find(({ type }) => type === "run-finished");
    await expect.poll(finished, { timeout: 480_000, interval: 1000 }).toBeDefined();
    const identity = JSON.parse(readFileSync(join(runs(), run!, "run.json"), "utf8")) as { readonly recipe: { readonly executor: string } };
    expect(identity.recipe.executor).toBe("torch");
    expect(eventsOf(run!).some((event) => event.type === "log" && event.text.includes("attention sdpa"))).toBe(true);
    await session.workbench
      .treeRows("Runs")
      .filter({ hasText: /selected|base is kept/ })
      .first()
      .waitFor(patience);
    await session.workbench.command("Midtrain: Open Gates");
    await session.workbench
      .panel()
      .getByText(/selected|kept/i)
      .first()
      .waitFor(patience);
    await session.workbench.screenshot("torch-finished");
    expect(session.workbench.problems).toEqual([]);
  }, 900_000);
});
