import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import { convertModel } from "../server/src/executors";
import { writeFileAtomic, writeJsonAtomic } from "../server/src/platform/atomic-write";
import { sha256 } from "../server/src/platform/hash";
import type { BaseCorpus } from "./corpus";
import { cache, shipped } from "./places";
import { generateReplay } from "./replay";
import { say } from "./report";
import { rowLength } from "./rows";
import { decay, second, tokensPerStep } from "./schedule";
import { scoreBase } from "./score";
import { embedded, type BaseSize } from "./sizes";
import { heldOutPackages, sourcePackages } from "./sources";
import type { BaseTokenizer } from "./tokenizer";
import { openExecutor, type TrainedBase } from "./train";

const files = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "replay.jsonl.gz"] as const;

/** What shipped before is replaced file by file; the record, which names the hashes of all, comes last. */
function install(from: string, to: string, record: object): void {
  mkdirSync(to, { recursive: true });
  rmSync(join(to, "base.json"), { force: true });
  for (const name of files) writeFileAtomic(join(to, name), readFileSync(join(from, name)));
  const hashes = Object.fromEntries(files.map((name) => [name, sha256(readFileSync(join(to, name)))]));
  writeJsonAtomic(join(to, "base.json"), { ...record, files: hashes });
}

/** Where a base of this size goes: the embedded one ships. */
const isEmbedded = ({ name, executor }: BaseSize): boolean => name === embedded.name && executor === embedded.executor;
const placeOf = (size: BaseSize): string => (isEmbedded(size) ? shipped : join(cache, `base-${size.name}`));

/** Converts, generates the replay text, scores what ships (not the F32 weights it came from) and puts it into its place. */
export async function publishBase(trained: TrainedBase, size: BaseSize, corpus: BaseCorpus, base: BaseTokenizer): Promise<void> {
  const staged = join(trained.directory, "..", "shipped");
  mkdirSync(staged, { recursive: true });
  convertModel(trained.directory, staged, "F16");
  for (const name of ["tokenizer.json", "tokenizer_config.json"]) copyFileSync(join(base.directory, name), join(staged, name));
  const { executor, facts } = await openExecutor(staged, size);
  const leak = await executor.leakTest();
  if (!leak.passed) throw new MidtrainError({ reason: "internal", message: `The base leaks between documents (${leak.largestChange}).` });
  const replayFile = join(staged, "replay.jsonl.gz");
  const aboutFile = join(staged, "replay.json");
  if (!existsSync(aboutFile)) {
    const { file, ...about } = await generateReplay(corpus, executor, base.tokenizer);
    writeFileAtomic(replayFile, file);
    writeJsonAtomic(aboutFile, about);
  }
  const scores = await scoreBase(corpus, executor, base.tokenizer);
  await executor.close();
  const { recipe } = size;
  const place = placeOf(size);
  install(staged, place, {
    format: 1,
    name: isEmbedded(size) ? "midtrain-base" : `midtrain-base-${size.name}`,
    purpose: "For seeing the chain work, not for use: a real but very small model.",
    licence: "Apache-2.0",
    date: new Date().toISOString().slice(0, 10),
    parameters: facts.parameters,
    pretrainingPeak: recipe.peak,
    tokensSeen: trained.tokens,
    steps: trained.steps,
    recipe: {
      ...recipe,
      peakLearningRate: recipe.peak,
      decay,
      second,
      rowLength,
      tokensPerStep: tokensPerStep(recipe),
      tokens: trained.tokens,
    },
    tokenizer: base.tokenizer.identity,
    replay: JSON.parse(readFileSync(aboutFile, "utf8")) as unknown,
    scores,
    sources: sourcePackages.map(({ registry, name, version, licence, sha256: hash, heldOut }) => ({
      registry,
      name,
      version,
      licence,
      hash,
      use: heldOut === true ? "measured, never trained" : "trained",
    })),
    neverTrained: heldOutPackages,
  });
  say("installed", `${place}: ${trained.steps} steps, ${(trained.tokens / 1e6).toFixed(2)} M tokens; work files in ${cache}`);
}
