/** `midtrain evaluate`: one model on the built-in suites, and on a repository's held-out files where a corpus is there. */
import { Command } from "commander";
import { latestCorpus } from "../corpus";
import { createExecutor } from "../executors";
import { evaluateModel } from "../training";
import { fixed, significant } from "@midtrain/protocol/words";
import { action, withOptions, workplaceOf } from "./command";
import { line } from "./run-words";

export function evaluateCommand(): Command {
  const command = new Command("evaluate")
    .argument("[dir]", "directory of a repository with a harvested corpus", ".")
    .description("One model on the suites of the four buckets. The domain needs a harvested corpus (midtrain harvest).");
  return withOptions(command, "model", "tokenizer", "executor", "python", "seed", "config", "out").action(
    action(async (invocation, dir?: string) => {
      const { config, midtrain, directory } = workplaceOf(dir, invocation.options);
      const corpus = latestCorpus(midtrain);
      const executor = createExecutor(config.executor ?? "onnx");
      try {
        const result = await evaluateModel({
          model: config.model,
          ...(config.tokenizer === undefined ? {} : { tokenizer: config.tokenizer }),
          directory,
          corpusDirectory: corpus,
          seed: config.seed ?? 0,
          executor,
          signal: invocation.signal,
          onProgress: invocation.onProgress,
        });
        invocation.document(result);
        if (corpus === undefined) invocation.print(line("domain", "no corpus here yet: midtrain harvest makes one"));
        for (const suite of result.suites) {
          const unit = `${suite.unit}, n = ${suite.n}${suite.note === undefined ? "" : `. ${suite.note}`}`;
          invocation.print(
            `${suite.bucket.padEnd(11)} ${suite.suite.padEnd(16)} ${fixed(suite.value, 3).padStart(8)} ± ${significant(suite.halfWidth)} ${unit}`,
          );
        }
      } finally {
        await executor.close();
      }
    }),
  );
}
