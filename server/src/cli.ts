#!/usr/bin/env node
/** Entry point: the command line `midtrain`. One command per file in cli/. */
import { Command } from "commander";
import { exitCodes } from "@midtrain/protocol/errors";
import { toolVersion } from "./platform/version";
import { adaptCommand } from "./cli/adapt";
import { doctorCommand } from "./cli/doctor";
import { evaluateCommand } from "./cli/evaluate";
import { fragmentationCommand } from "./cli/fragmentation";
import { gatesCommand } from "./cli/gates";
import { harvestCommand } from "./cli/harvest";
import { reportCommand } from "./cli/report";
import { runCommand } from "./cli/run";
import { tokenizeCommand } from "./cli/tokenize";

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

for (const make of [
  adaptCommand,
  harvestCommand,
  tokenizeCommand,
  fragmentationCommand,
  evaluateCommand,
  runCommand,
  gatesCommand,
  reportCommand,
  doctorCommand,
]) {
  const command = make();
  command.copyInheritedSettings(program);
  program.addCommand(command);
}

void program.parseAsync(process.argv);
