/** What `adapt`, `run show`, `run watch` and `gates` print of a run that ended or is under way. */
import { existsSync } from "node:fs";
import { relative } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { RunDocument } from "@midtrain/protocol/run";
import { readRunView, runFiles, writeReport } from "../training";
import { gateTable } from "./gate-table";
import { line, sealedSentence, selectionSentence } from "./run-words";

/** Table, sealed sentence, selection, what the embedded base is for, where the report is, what next. */
export function resultLines(directory: string): readonly string[] {
  const view = readRunView(directory);
  const { document } = view;
  const lines: string[] = [];
  if (document.buckets !== null) lines.push("", ...gateTable(document.buckets));
  if (document.final !== null) lines.push(sealedSentence(document.final));
  if (document.state === "finished") lines.push(selectionSentence(document));
  else lines.push(view.headline);
  if (view.embeddedNote !== null) lines.push(view.embeddedNote);
  return [...lines, "", lastLine(document, directory)];
}

/** The controller writes the report after it said that the run is finished; whoever looks in between writes it itself. */
function finishedReport(directory: string): string | undefined {
  const report = runFiles(directory).report;
  if (existsSync(report)) return report;
  try {
    return writeReport(directory);
  } catch (error) {
    if (!MidtrainError.is(error)) throw error;
    return undefined;
  }
}

/** The last line says where the report is and what to do next. */
function lastLine(document: RunDocument, directory: string): string {
  const report = document.state === "finished" ? finishedReport(directory) : undefined;
  const shown = report === undefined ? undefined : shortPath(report);
  switch (document.state) {
    case "finished":
      if (shown === undefined)
        return line(
          "next",
          `midtrain report ${document.run} writes the report; midtrain gates ${document.run} --recompute checks every verdict.`,
        );
      return line("report", `${shown}; every verdict can be recomputed with midtrain gates ${document.run} --recompute`);
    case "paused":
    case "failed":
    case "lost":
      return line("next", `midtrain run resume ${document.run} goes on from the last checkpoint.`);
    default:
      return line("next", `midtrain run watch ${document.run} follows it.`);
  }
}

export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") ? path : short;
}
