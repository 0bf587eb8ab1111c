/** A run is a directory (shared/CONTRACTS §3): where its files are, and how they are read back. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { CompletionsFile, EvaluationItems, RunIdentity, RunPlan, RunStatus } from "@midtrain/protocol/run";
import type { Parsed } from "@midtrain/protocol/parsed";
import { parseCompletions, parseEvaluationItems, parseRunIdentity, parseRunPlan, parseRunStatus } from "@midtrain/protocol/run-schemas";
import { writeJsonAtomic } from "../platform/atomic-write";

export interface RunFiles {
  readonly identity: string;
  readonly plan: string;
  readonly events: string;
  readonly state: string;
  readonly commands: string;
  readonly checkpoints: string;
  readonly evaluations: string;
  readonly completions: string;
  readonly fragmentation: string;
  readonly report: string;
  readonly lock: string;
  readonly log: string;
}

export function runFiles(directory: string): RunFiles {
  const at = (name: string): string => join(directory, name);
  return {
    identity: at("run.json"),
    plan: at("plan.json"),
    events: at("events.jsonl"),
    state: at("state.json"),
    commands: at("commands"),
    checkpoints: at("checkpoints"),
    evaluations: at("evaluations"),
    completions: at("completions.json"),
    fragmentation: at("fragmentation.json"),
    report: at("report.html"),
    lock: at("controller.lock"),
    log: at("controller.log"),
  };
}

/** `.midtrain/` of a run: runs/<id> lies two levels below it. */
export function midtrainOf(runDirectory: string): string {
  return join(runDirectory, "..", "..");
}

export function readIdentity(directory: string): RunIdentity {
  return required(runFiles(directory).identity, parseRunIdentity, "This directory is not a run: name a directory below .midtrain/runs/.");
}

/** Undefined before the budget was turned into tokens. */
export function readPlan(directory: string): RunPlan | undefined {
  return optional(
    runFiles(directory).plan,
    parseRunPlan,
    "Remove the file and resume the run: the plan is made again only if no checkpoint exists.",
  );
}

/** state.json as written, without asking whether its controller lives; `readStatus` does that. */
export function readWrittenStatus(directory: string): RunStatus {
  return required(runFiles(directory).state, parseRunStatus, "Resume the run: its controller writes the file again.");
}

export function readCompletions(directory: string): CompletionsFile {
  return (
    optional(runFiles(directory).completions, parseCompletions, "Remove the file; the rest of the report does not need it.") ?? {
      samples: [],
    }
  );
}

export function evaluationFile(directory: string, branch: number, step: number, sealed: boolean): string {
  return join(runFiles(directory).evaluations, `${branch}-${step}${sealed ? "-sealed" : ""}.json`);
}

export function readEvaluationItems(file: string): EvaluationItems {
  return required(file, parseEvaluationItems, "The item scores of this evaluation are gone; other evaluations can still be recomputed.");
}

export function writeEvaluationItems(directory: string, items: EvaluationItems): void {
  writeJsonAtomic(evaluationFile(directory, items.branch, items.step, items.sealed), items);
}

function optional<T>(file: string, parse: (value: unknown) => Parsed<T>, next: string): T | undefined {
  return existsSync(file) ? required(file, parse, next) : undefined;
}

/** @throws MidtrainError (input when the file is missing, corrupt when it is not what it should be). */
function required<T>(file: string, parse: (value: unknown) => Parsed<T>, next: string): T {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new MidtrainError({ reason: "input", message: "The file cannot be read.", where: file, next, cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new MidtrainError({
      reason: "corrupt",
      message: "The file is not JSON: it was changed or cut off.",
      where: file,
      next,
      cause: error,
    });
  }
  const parsed = parse(value);
  if (parsed.ok) return parsed.value;
  throw new MidtrainError({ reason: "corrupt", message: `The file is not what it should be: ${parsed.problem}.`, where: file, next });
}
