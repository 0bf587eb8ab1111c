/** Recomputes every figure, verdict and the selection of a run from the stored scores of its items, and compares bit for bit. */
import { join } from "node:path";
import type { Buckets } from "@midtrain/protocol/measures";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { RunEvent } from "@midtrain/protocol/run";
import { canonicalJson } from "../platform/hash";
import { baseBuckets, scoreJ, selectCheckpoint, type Candidate } from "../gates";
import type { Suite } from "../evaluation";
import { readEvents } from "./event-log";
import { bucketsOf, fromEvaluationItems, type Scores } from "./item-scores";
import { evaluationFile, midtrainOf, readEvaluationItems, readIdentity, runFiles } from "./run-directory";
import { buildSuites, checkSuites } from "./run-suites";

export interface Recomputed {
  readonly what: string;
  /** Undefined when it is equal, else how it is not. */
  readonly problem: string | undefined;
}

export async function recomputeRun(directory: string): Promise<readonly Recomputed[]> {
  const identity = readIdentity(directory);
  const { events } = readEvents(runFiles(directory).events);
  const { suites } = await buildSuites(join(midtrainOf(directory), identity.corpusDirectory), identity.lineage.seed);
  checkSuites(suites, identity.lineage.suites, directory);
  const figures = (side: "loop" | "sealed", base: Scores, selected: Scores): Buckets =>
    bucketsOf({ suites, policy: identity.recipe.gates, side, base, last: selected, selected });
  const stored = (branch: number, step: number, sealed: boolean): Scores =>
    storedScores(suites, evaluationFile(directory, branch, step, sealed));
  const weights = identity.recipe.selectionWeights;
  const results: Recomputed[] = [];
  for (const event of events) {
    if (event.type === "baseline") {
      results.push(compare("baseline", event.buckets, () => figures("loop", stored(0, 0, false), stored(0, 0, false))));
    } else if (event.type === "evaluation") {
      const again = (): { buckets: Buckets; score: number } => {
        const buckets = figures("loop", stored(0, 0, false), stored(event.branch, event.step, false));
        return { buckets, score: scoreJ(buckets, weights) };
      };
      results.push(
        compare(`evaluation at step ${event.step}, branch ${event.branch}`, { buckets: event.buckets, score: event.score }, again),
      );
    } else if (event.type === "selected") {
      const { selected, candidates, final } = event;
      results.push(compare("selection", { selected, candidates }, () => selectCheckpoint(candidatesBefore(events, event.seq), weights)));
      const branch = candidates.find((candidate) => candidate.checkpoint === selected.checkpoint)?.branch ?? 0;
      const sealed = (): Buckets => {
        const buckets = figures("sealed", stored(0, 0, true), stored(selected.step === 0 ? 0 : branch, selected.step, true));
        return selected.step === 0 ? baseBuckets(buckets) : buckets;
      };
      results.push(compare("sealed table", final, sealed));
    }
  }
  return results;
}

function storedScores(suites: readonly Suite[], file: string): Scores {
  const scores = fromEvaluationItems(readEvaluationItems(file));
  const unknown = Object.keys(scores).find((name) => !suites.some((suite) => suite.name === name));
  if (unknown === undefined) return scores;
  throw new MidtrainError({
    reason: "corrupt",
    message: `The suite ${unknown} is not one of this run.`,
    where: file,
    next: "Restore the file from a backup.",
  });
}

function compare(what: string, recorded: unknown, again: () => unknown): Recomputed {
  try {
    const equal = canonicalJson(recorded) === canonicalJson(again());
    return { what, problem: equal ? undefined : "the recorded figures are not what the item scores give" };
  } catch (error) {
    if (!MidtrainError.is(error)) throw error;
    return { what, problem: `${error.where ?? ""}: ${error.message}` };
  }
}

/** The candidates that the controller knew at an event: evaluations kept by a checkpoint, set back at each resume to what that checkpoint knew. */
export function candidatesBefore(events: readonly RunEvent[], seq: number): readonly Candidate[] {
  const known = new Map<string, readonly Candidate[]>([["base", []]]);
  let candidates: readonly Candidate[] = [];
  let evaluated: Extract<RunEvent, { type: "evaluation" }> | undefined;
  for (const event of events) {
    if (event.seq >= seq) break;
    if (event.type === "evaluation") evaluated = event;
    if (event.type === "checkpoint") {
      const { step, branch, checkpoint } = event;
      if (evaluated?.step === step && evaluated.branch === branch)
        candidates = [...candidates, { step, branch, checkpoint, buckets: evaluated.buckets }];
      evaluated = undefined;
      known.set(checkpoint, candidates);
    }
    if (event.type === "resumed") {
      candidates = known.get(event.checkpoint) ?? [];
      evaluated = undefined;
    }
  }
  return candidates;
}
