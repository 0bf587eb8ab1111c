#!/usr/bin/env node
/** Entry point: the command line `midtrain`. One command per file in cli/. */
import { Command } from "commander";
import { exitCodes } from "@midtrain/protocol/errors";
import { toolVersion } from "./platform/version";

/** One command per file, in the order of the help. What a command needs is loaded when it is asked for: a harvest of one edit takes less than all of them. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  adapt: async () => (await import("./cli/adapt")).adaptCommand(),
  harvest: async () => (await import("./cli/harvest")).harvestCommand(),
  tokenize: async () => (await import("./cli/tokenize")).tokenizeCommand(),
  fragmentation: async () => (await import("./cli/fragmentation")).fragmentationCommand(),
  evaluate: async () => (await import("./cli/evaluate")).evaluateCommand(),
  run: async () => (await import("./cli/run")).runCommand(),
  gates: async () => (await import("./cli/gates")).gatesCommand(),
  report: async () => (await import("./cli/report")).reportCommand(),
  doctor: async () => (await import("./cli/doctor")).doctorCommand(),
};

const program = new Command("midtrain")
  .description(
    "Adapts a code model to a repository without breaking what the model already knows, and proves it.\nEverything runs on this machine; nothing is sent.",
  )
  .version(toolVersion)
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true })
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.usage);
  });

async function main(): Promise<void> {
  const asked = process.argv[2] ?? "";
  // Help and mistakes concern all of them.
  const names = Object.hasOwn(commands, asked) ? [asked] : Object.keys(commands);
  for (const name of names) {
    const command = await commands[name]!();
    command.copyInheritedSettings(program);
    program.addCommand(command);
  }
  await program.parseAsync(process.argv);
}

void main();
