/** `midtrain gates <run>`: the verdict table; --recompute makes every figure again from the item scores. */
import { Command } from "commander";
import { exitCodes } from "@midtrain/protocol/errors";
import { plural } from "@midtrain/protocol/words";
import { readRun, recomputeRun } from "../training";
import { action, withOptions } from "./command";
import { gateTable } from "./gate-table";
import { runDirectoryOf } from "./run";
import { exitCodeOfRun, line, sealedSentence, selectionSentence } from "./run-words";

export function gatesCommand(): Command {
  const command = new Command("gates")
    .argument("<run>")
    .option("--recompute", "make every figure, verdict and the selection again from the stored item scores and compare bit for bit")
    .description("The verdict table of a run.");
  return withOptions(command, "config", "out").action(
    action(async (invocation, name: string) => {
      const directory = runDirectoryOf(invocation, name);
      const document = readRun(directory);
      const recompute = "recompute" in invocation.options && invocation.options.recompute === true;
      const checks = recompute ? await recomputeRun(directory) : [];
      const wrong = checks.filter(({ problem }) => problem !== undefined);
      invocation.document({
        ...document,
        ...(recompute
          ? { recomputed: checks.map(({ what, problem }) => ({ what, equal: problem === undefined, problem: problem ?? null })) }
          : {}),
      });
      if (document.buckets === null) invocation.print("Nothing was evaluated yet.");
      else for (const text of gateTable(document.buckets)) invocation.print(text);
      if (document.final !== null) {
        invocation.print(sealedSentence(document.final));
        invocation.print(selectionSentence(document));
      }
      if (recompute)
        invocation.print(
          line("recomputed", `${plural(checks.length - wrong.length, "record")} of ${checks.length} bit-equal from the item scores`),
        );
      for (const { what, problem } of wrong) process.stderr.write(`midtrain: ${what}: ${problem ?? ""}\n`);
      return wrong.length > 0 ? exitCodes.failed : exitCodeOfRun(document);
    }),
  );
}
