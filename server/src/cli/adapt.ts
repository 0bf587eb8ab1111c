/** `midtrain adapt [dir]`: the whole chain. Harvest, names, packing here; training in a controller of its own, which this follows. */
import { Command } from "commander";
import { exitCodes } from "@midtrain/protocol/errors";
import { localPreflight } from "../backends";
import { launchRun, preflightLines, prepareRun, readRun } from "../training";
import { action, withOptions, workplaceOf, type Invocation, type Workplace } from "./command";
import { followRun, lastWords } from "./follow-run";
import { resultLines } from "./run-result";
import { corpusLine, exitCodeOfRun, line, namesLine, rejectsLine } from "./run-words";

export function adaptCommand(): Command {
  const command = new Command("adapt")
    .argument("[dir]", "directory of the repository", ".")
    .description("The whole chain: harvest, names, baseline, training under gates, selection, report.")
    .addHelpText(
      "after",
      "\nCtrl-C asks for a checkpoint and stops; midtrain run resume goes on from there.\nExit codes: 0 done, 3 not worth it (the base stays, or too little text), 130 cancelled.",
    );
  return withOptions(command, "model", "tokenizer", "executor", "python", "budget", "risk", "seed", "config", "out").action(
    action(async (invocation, dir?: string) => {
      const workplace = workplaceOf(dir, invocation.options);
      const directory = await prepare(invocation, workplace);
      launchRun(directory);
      return finish(invocation, directory);
    }),
  );
}

/** Everything before the controller; prints corpus and names as soon as they are known. */
export async function prepare(invocation: Invocation, workplace: Workplace): Promise<string> {
  const prepared = await prepareRun({
    ...workplace,
    signal: invocation.signal,
    onProgress: invocation.onProgress,
    preflight: localPreflight(invocation),
    onPreflight: (preflight) => {
      if (preflight.memory !== undefined)
        for (const [index, text] of preflightLines(preflight).entries()) invocation.print(line(index === 0 ? "preflight" : "", text));
    },
    onHarvest: (harvest, tokens) => {
      invocation.print(corpusLine(harvest, tokens));
      const rejects = rejectsLine(harvest);
      if (rejects !== undefined) invocation.print(rejects);
    },
    onNames: (report) => invocation.print(namesLine(report)),
  });
  for (const note of prepared.notes) invocation.print(line("note", note));
  return prepared.directory;
}

/** Follows the controller to its end, then prints the result. */
export async function finish(invocation: Invocation, directory: string, fromByte = 0): Promise<number> {
  const { status, interrupted } = await followRun(invocation, directory, {
    fromByte,
    onInterrupt: "pause",
    onEvent: (event) => {
      if (event.type === "baseline") invocation.print(line("baseline", event.words));
    },
  });
  const document = readRun(directory);
  invocation.document(document);
  if (status.state === "failed" || status.state === "lost") {
    process.stderr.write(
      `midtrain: run ${document.run} ${status.state}: ${status.message ?? status.stopReason?.text ?? ""}${lastWords(directory)}\n`,
    );
    process.stderr.write(`Nothing is lost: midtrain run resume ${document.run} goes on from the last checkpoint.\n`);
    return exitCodes.failed;
  }
  if (status.state === "paused") {
    process.stderr.write(`Paused at step ${status.step} of ${status.steps}. midtrain run resume ${document.run} goes on from there.\n`);
    return interrupted ? exitCodes.cancelled : exitCodes.done;
  }
  for (const text of resultLines(directory)) invocation.print(text);
  return exitCodeOfRun(document);
}
