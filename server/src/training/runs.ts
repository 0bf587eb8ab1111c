/** Finding runs and reading all records of one. */
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { CorpusManifest } from "@midtrain/protocol/corpus";
import type { RunDocument } from "@midtrain/protocol/run";
import type { RunSummary, RunView } from "@midtrain/protocol/run-view";
import { readEvents } from "./event-log";
import { midtrainOf, readCompletions, readIdentity, readPlan, runFiles } from "./run-directory";
import { readStatus } from "./run-status";
import { buildRunDocument, buildRunSummary, buildRunView, type RunRecords } from "./run-view";

export function runsDirectory(midtrain: string): string {
  return join(midtrain, "runs");
}

/** Directories of all runs, oldest first (a run id ends with its start time). */
function listRunDirectories(midtrain: string): readonly string[] {
  const root = runsDirectory(midtrain);
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((name) => existsSync(runFiles(join(root, name)).identity))
    .map((name) => join(root, name))
    .sort((a, b) => createdAt(a).localeCompare(createdAt(b)));
}

/**
 * A run by id, unique prefix of an id, directory, or `last`.
 * @throws MidtrainError (input) that lists what there is.
 */
export function findRun(midtrain: string, name: string): string {
  if (existsSync(runFiles(resolve(name)).identity)) return resolve(name);
  const all = listRunDirectories(midtrain);
  const last = all[all.length - 1];
  if (name === "last" && last !== undefined) return last;
  const idOf = (directory: string): string => directory.slice(runsDirectory(midtrain).length + 1);
  const exact = all.find((directory) => idOf(directory) === name);
  const matches = exact === undefined ? all.filter((directory) => idOf(directory).startsWith(name)) : [exact];
  if (matches.length === 1) return matches[0]!;
  const known = all.map(idOf).join(", ");
  throw new MidtrainError({
    reason: "input",
    message: matches.length === 0 ? `There is no run ${name}.` : `${name} fits more than one run: ${matches.map(idOf).join(", ")}.`,
    where: runsDirectory(midtrain),
    next: known === "" ? "Start one with midtrain adapt." : `Runs here: ${known}.`,
  });
}

function readRunRecords(directory: string): RunRecords {
  const identity = readIdentity(directory);
  return {
    directory,
    identity,
    plan: readPlan(directory) ?? null,
    status: readStatus(directory),
    events: readEvents(runFiles(directory).events).events,
    corpus: readCorpusManifest(join(midtrainOf(directory), identity.corpusDirectory)),
    completions: readCompletions(directory).samples,
  };
}

export function readRun(directory: string): RunDocument {
  return buildRunDocument(readRunRecords(directory));
}

export function readRunView(directory: string): RunView {
  return buildRunView(readRunRecords(directory));
}

/** Every run that can be read, newest first. A damaged one does not hide the others. */
export function listRuns(midtrain: string): {
  readonly runs: readonly RunSummary[];
  readonly unreadable: readonly { readonly directory: string; readonly problem: string }[];
} {
  const runs: RunSummary[] = [];
  const unreadable: { directory: string; problem: string }[] = [];
  for (const directory of [...listRunDirectories(midtrain)].reverse()) {
    try {
      runs.push(buildRunSummary(readRunRecords(directory)));
    } catch (error) {
      unreadable.push({ directory, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return { runs, unreadable };
}

/** The corpus may have been removed since; the run is shown without it then. */
function readCorpusManifest(directory: string): CorpusManifest | null {
  try {
    return JSON.parse(readFileSync(join(directory, "manifest.json"), "utf8")) as CorpusManifest;
  } catch {
    return null;
  }
}

function createdAt(directory: string): string {
  try {
    return readIdentity(directory).createdAt;
  } catch {
    return statSync(directory).mtime.toISOString();
  }
}
