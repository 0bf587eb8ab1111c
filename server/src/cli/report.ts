/** `midtrain report <run>`: writes the standalone report.html. */
import { Command } from "commander";
import { writeReport } from "../training";
import { action, withOptions } from "./command";
import { runDirectoryOf } from "./run";
import { shortPath } from "./run-result";

export function reportCommand(): Command {
  return withOptions(
    new Command("report").argument("<run>").description("Write report.html: one file that opens anywhere, offline."),
    "config",
    "out",
  ).action(
    action(async (invocation, name: string) => {
      const file = writeReport(runDirectoryOf(invocation, name));
      invocation.document({ file });
      invocation.print(shortPath(file));
    }),
  );
}
