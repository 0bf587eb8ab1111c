/** Test support: a small repository that git knows, and a tiny random base with a tokenizer of its own. Real files, real git, real model. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { initializeModel } from "../executors";
import { seededRandom } from "../platform/random";
import { trainByteLevelBpe } from "../tokenizer";

const nouns = ["order", "account", "ledger", "parcel", "invoice", "session", "ticket", "vessel", "orchard", "harbour", "lantern", "meadow"];
const verbs = ["open", "close", "merge", "split", "weigh", "route", "check", "print", "store", "count"];

/** A module of plain functions; each number gives another text, so that nothing is a duplicate. */
function moduleText(number: number, functions = 14): string {
  const random = seededRandom("test-module", number);
  const name = (): string => `${random.pick(verbs)}_${random.pick(nouns)}_${random.int(900)}`;
  const lines = [`"""The ${random.pick(nouns)} rules of area ${number}."""`, "", `AREA_${number} = ${random.int(10_000)}`, ""];
  for (let i = 0; i < functions; i++) {
    const [a, b] = [random.pick(nouns), random.pick(nouns)];
    lines.push(
      `def ${name()}(${a}_${i}, ${b}_limit):`,
      `    """Return the ${b} of ${a} ${random.int(1000)} in area ${number}."""`,
      `    total_${a} = ${a}_${i} * ${random.int(50)} + AREA_${number}`,
      `    if total_${a} > ${b}_limit:`,
      `        raise ValueError("${a} ${random.int(1000)} is beyond ${b}")`,
      `    return [${name()}(item, ${random.int(99)}) for item in range(total_${a} % ${2 + random.int(30)})]`,
      "",
    );
  }
  return lines.join("\n");
}

/** @returns the directory of a repository with `files` modules in four packages, committed. */
export function makeRepository(options: { readonly files: number; readonly functions?: number }): string {
  const directory = mkdtempSync(join(tmpdir(), "midtrain-repository-"));
  for (let i = 0; i < options.files; i++) {
    const file = join(directory, `area${i % 4}`, `module_${i}.py`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, moduleText(i, options.functions));
  }
  const git = (...args: readonly string[]): unknown =>
    execFileSync("git", ["-C", directory, "-c", "user.name=test", "-c", "user.email=test@example.org", ...args]);
  git("init", "-q");
  git("add", ".");
  git("commit", "-q", "-m", "modules");
  return directory;
}

/** @returns the directory of a random Llama-style model of about 100k parameters, with its own byte-level BPE. */
export function makeTinyBase(): string {
  const directory = mkdtempSync(join(tmpdir(), "midtrain-base-"));
  const texts = Array.from({ length: 6 }, (_, i) => moduleText(1000 + i));
  const tokenizer = trainByteLevelBpe(texts, { vocabularySize: 512, specialTokens: ["<|endoftext|>"] });
  writeFileSync(join(directory, "tokenizer.json"), JSON.stringify(tokenizer));
  initializeModel({
    directory,
    seed: 1,
    config: {
      architectures: ["LlamaForCausalLM"],
      model_type: "llama",
      vocab_size: 512,
      hidden_size: 32,
      intermediate_size: 64,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      max_position_embeddings: 256,
      rms_norm_eps: 1e-5,
      initializer_range: 0.1,
      tie_word_embeddings: true,
      bos_token_id: 0,
      eos_token_id: 0,
    },
  });
  writeFileSync(join(directory, "base.json"), JSON.stringify({ format: 1, parameters: 50_000, pretrainingPeak: 3e-3 }));
  return directory;
}
