/** `midtrain run …`: runs as processes that nobody has to watch. */
import { Command } from "commander";
import { exitCodes, MidtrainError } from "@midtrain/protocol/errors";
import { count } from "@midtrain/protocol/words";
import { findRun, launchRun, listRuns, readEvents, readRun, readStatus, readWrittenStatus, runFiles, sendCommand } from "../training";
import { finish, prepare } from "./adapt";
import { action, withOptions, workplaceOf, type Invocation, type OptionName } from "./command";
import { followRun } from "./follow-run";
import { resultLines } from "./run-result";
import { exitCodeOfRun, line, summaryLines } from "./run-words";

const place: readonly OptionName[] = ["config", "out"];

export function runCommand(): Command {
  const run = new Command("run").description(
    "Start, list, show, watch, stop and resume runs. <run> is an id, a unique prefix of one, a directory, or last.",
  );
  for (const make of [startCommand, listCommand, showCommand, watchCommand, stopCommand, resumeCommand]) {
    const command = make();
    command.copyInheritedSettings(run);
    run.addCommand(command);
  }
  return run;
}

/** The directory of the run that an argument names, seen from the working directory. */
export function runDirectoryOf(invocation: Invocation, name: string): string {
  return findRun(workplaceOf(".", invocation.options).midtrain, name);
}

function startCommand(): Command {
  const command = new Command("start")
    .argument("[dir]", "directory of the repository", ".")
    .description("Prepare a run and start its controller; does not wait for it.");
  return withOptions(command, "model", "tokenizer", "executor", "python", "budget", "risk", "seed", "config", "out").action(
    action(async (invocation, dir?: string) => {
      const directory = await prepare(invocation, workplaceOf(dir, invocation.options));
      launchRun(directory);
      const document = readRun(directory);
      invocation.document(document);
      invocation.print(line("started", document.run));
      invocation.print(line("next", `midtrain run watch ${document.run} follows it.`));
    }),
  );
}

function listCommand(): Command {
  return withOptions(new Command("list").description("All runs, newest first."), ...place).action(
    action(async (invocation) => {
      const { midtrain } = workplaceOf(".", invocation.options);
      const { runs, unreadable } = listRuns(midtrain);
      invocation.document(runs);
      for (const { directory, problem } of unreadable) process.stderr.write(`${directory} cannot be read: ${problem}\n`);
      if (runs.length === 0) invocation.print(`There are no runs in ${midtrain}. Start one with midtrain adapt.`);
      for (const summary of runs) for (const text of summaryLines(summary)) invocation.print(text);
    }),
  );
}

function showCommand(): Command {
  return withOptions(
    new Command("show").argument("<run>").description("State, gate table, selection and stop reason of a run."),
    ...place,
  ).action(
    action(async (invocation, name: string) => {
      const directory = runDirectoryOf(invocation, name);
      invocation.document(readRun(directory));
      for (const text of resultLines(directory)) invocation.print(text);
    }),
  );
}

function watchCommand(): Command {
  return withOptions(
    new Command("watch").argument("<run>").description("Follow a run to its end. Ctrl-C ends the watching, not the run."),
    ...place,
  ).action(
    action(async (invocation, name: string) => {
      const directory = runDirectoryOf(invocation, name);
      const { interrupted } = await followRun(invocation, directory);
      const document = readRun(directory);
      invocation.document(document);
      if (interrupted) {
        process.stderr.write(
          `The run goes on. midtrain run watch ${document.run} follows it again, midtrain run stop ${document.run} ends it.\n`,
        );
        return exitCodes.cancelled;
      }
      for (const text of resultLines(directory)) invocation.print(text);
      return exitCodeOfRun(document);
    }),
  );
}

function stopCommand(): Command {
  const command = new Command("stop")
    .argument("<run>")
    .option("--pause", "stop after a checkpoint without selecting; run resume goes on")
    .description("Ask the controller for a checkpoint, then for the selection among what was evaluated.");
  return withOptions(command, ...place).action(
    action(async (invocation, name: string) => {
      const directory = runDirectoryOf(invocation, name);
      const status = readStatus(directory);
      const pause = "pause" in invocation.options && invocation.options.pause === true;
      if (status.state === "lost" || status.state === "paused" || status.state === "failed") {
        throw new MidtrainError({
          reason: "input",
          message: `Run ${status.run} is ${status.state}: no controller is at work.`,
          where: directory,
          next: `Go on with midtrain run resume ${status.run}.`,
        });
      }
      if (status.state !== "finished") {
        sendCommand(directory, { command: pause ? "pause" : "stop", from: `terminal ${process.pid}` });
        await followRun(invocation, directory, { fromByte: readEvents(runFiles(directory).events).nextByte });
      }
      invocation.document(readRun(directory));
      for (const text of resultLines(directory)) invocation.print(text);
    }),
  );
}

function resumeCommand(): Command {
  return withOptions(
    new Command("resume")
      .argument("<run>")
      .description("Go on from the last checkpoint; the loss sequence is the one of an uninterrupted run."),
    ...place,
  ).action(
    action(async (invocation, name: string) => {
      const directory = runDirectoryOf(invocation, name);
      const { step, steps } = readWrittenStatus(directory);
      const { nextByte } = readEvents(runFiles(directory).events);
      launchRun(directory);
      if (steps > 0) invocation.print(line("resuming", `at about step ${count(step)} of ${count(steps)}`));
      return finish(invocation, directory, nextByte);
    }),
  );
}
