/** From the records of a run to what panels, report and command line show: pure, so that every surface shows the same. */
import {
  bucketNames,
  verdictWord,
  type BucketFigures,
  type BucketName,
  type Buckets,
  type SuiteFigures,
} from "@midtrain/protocol/measures";
import type { CheckpointScore, CompletionSample, RunDocument, RunEvent, RunIdentity, RunPlan, RunStatus } from "@midtrain/protocol/run";
import type { CorpusManifest } from "@midtrain/protocol/corpus";
import type { EvaluationPoint, RunSummary, RunView, StepPoint } from "@midtrain/protocol/run-view";
import { changeText } from "@midtrain/protocol/words";
import { headlineOf } from "./headline";
import { changeLines, runMarks } from "./run-history";

export interface RunRecords {
  readonly directory: string;
  readonly identity: RunIdentity;
  readonly plan: RunPlan | null;
  readonly status: RunStatus;
  readonly events: readonly RunEvent[];
  readonly corpus: CorpusManifest | null;
  readonly completions: readonly CompletionSample[];
}

const largestPoints = 1000;

const embeddedBaseNote =
  "The embedded base is for seeing the chain work, not for use. The step up: a code model of 0.5B parameters or more with --model (a directory in Hugging Face layout, or a name in its cache); midtrain doctor --install makes the environment that it trains in.";

export function buildRunView(records: RunRecords): RunView {
  const { identity, plan, events } = records;
  const evaluations = evaluationPoints(events);
  const document = buildRunDocument(records, evaluations);
  return {
    document,
    status: records.status,
    identity,
    plan,
    headline: headlineOf({ ...records, ...document, evaluations: evaluations.length }),
    steps: thin(stepPoints(events), largestPoints),
    evaluations,
    marks: runMarks(events, identity, plan),
    candidates: document.selected === null ? [] : candidatesOf(events),
    changes: changeLines(events),
    completions: records.completions,
    falseAlarm: { budget: identity.recipe.gates.falseAlarmBudget, spent: alphaSpent(events) },
    corpus: records.corpus,
    embeddedNote: identity.model.embedded ? embeddedBaseNote : null,
  };
}

export function buildRunDocument(
  records: RunRecords,
  evaluations: readonly EvaluationPoint[] = evaluationPoints(records.events),
): RunDocument {
  const { identity, plan, status } = records;
  // A run that was stopped by its user and goes on has no result any more.
  const events = records.events.slice(records.events.findLastIndex((event) => event.type === "resumed") + 1);
  const selection = lastOf(events, "selected");
  const baseline = lastOf(records.events, "baseline")?.buckets ?? null;
  const selected = selection?.selected ?? status.selected ?? null;
  return {
    run: identity.run,
    directory: records.directory,
    state: status.state,
    stopReason: lastOf(events, "run-finished")?.stopReason ?? status.stopReason ?? null,
    selected,
    baseline,
    budget: plan?.budget ?? null,
    buckets: bucketsNow(evaluations, baseline, selected, selection?.candidates ?? []),
    final: selection?.final ?? null,
    lineage: identity.lineage,
  };
}

export function buildRunSummary(records: RunRecords): RunSummary {
  const evaluations = evaluationPoints(records.events);
  const document = buildRunDocument(records, evaluations);
  return {
    run: records.identity.run,
    directory: records.directory,
    createdAt: records.identity.createdAt,
    status: records.status,
    headline: headlineOf({ ...records, ...document, evaluations: evaluations.length }),
    verdicts: document.buckets === null || evaluations.length === 0 ? {} : verdictsOf(document.buckets),
  };
}

/** The short verdicts of state.json and of the runs tree. */
export function verdictsOf(buckets: Buckets): NonNullable<RunStatus["verdicts"]> {
  return Object.fromEntries(
    bucketNames.map((name) => {
      const figures = buckets[name];
      return [name, { verdict: figures.verdict, word: verdictWord(name, figures), text: `${changeText(figures)} ${figures.unit}` }];
    }),
  );
}

/**
 * Every evaluation, marked as undone where a rollback undid its branch. What a resume repeats is shown once:
 * the repetition has the same figures by construction.
 */
export function evaluationPoints(events: readonly RunEvent[]): readonly EvaluationPoint[] {
  let points: EvaluationPoint[] = [];
  for (const event of events) {
    if (event.type === "evaluation") {
      points.push({ step: event.step, branch: event.branch, live: true, tokens: event.tokens, buckets: event.buckets, score: event.score });
    } else if (event.type === "rollback") {
      points = points.map((point) => (point.step > event.toStep ? { ...point, live: false } : point));
    } else if (event.type === "resumed") {
      points = points.filter((point) => !point.live || point.step <= event.toStep);
    }
  }
  return points;
}

function stepPoints(events: readonly RunEvent[]): readonly StepPoint[] {
  let points: StepPoint[] = [];
  for (const event of events) {
    if (event.type === "step" && event.stepped) {
      const { step, branch, tokens, loss, lossBySource, gradNorm, learningRate } = event;
      points.push({ step, branch, tokens, loss, lossBySource, gradNorm, learningRate });
    } else if (event.type === "rollback" || event.type === "resumed") {
      points = points.filter((point) => point.step <= event.toStep);
    }
  }
  return points;
}

function thin<T>(points: readonly T[], limit: number): readonly T[] {
  if (points.length <= limit) return points;
  const stride = (points.length - 1) / (limit - 1);
  return Array.from({ length: limit }, (_, index) => points[Math.round(index * stride)]!);
}

/** The selected state's figures once there is one, else the last evaluation's; `last` is always the last evaluated state. */
function bucketsNow(
  evaluations: readonly EvaluationPoint[],
  baseline: Buckets | null,
  selected: RunDocument["selected"],
  candidates: readonly CheckpointScore[],
): Buckets | null {
  const last = evaluations[evaluations.length - 1]?.buckets ?? baseline;
  if (last === null || selected === null) return last;
  const chosen = selected.step === 0 ? baseline : selectedEvaluation(evaluations, selected, candidates);
  if (chosen === null || chosen === undefined) return last;
  return mapBuckets((name) => {
    const now = last[name];
    return {
      ...withLast(chosen[name], now),
      suites: chosen[name].suites.map((suite) =>
        withLast(
          suite,
          now.suites.find((other) => other.suite === suite.suite),
        ),
      ),
    };
  });
}

function withLast<T extends SuiteFigures | BucketFigures>(figures: T, last: SuiteFigures | undefined): T {
  return { ...figures, last: last?.last ?? figures.last };
}

function selectedEvaluation(
  evaluations: readonly EvaluationPoint[],
  selected: { readonly step: number; readonly checkpoint: string },
  candidates: readonly CheckpointScore[],
): Buckets | undefined {
  const branch = candidates.find((candidate) => candidate.checkpoint === selected.checkpoint)?.branch;
  const at = evaluations.filter((point) => point.step === selected.step);
  return (at.find((point) => point.branch === branch) ?? at[at.length - 1])?.buckets;
}

function candidatesOf(events: readonly RunEvent[]): readonly CheckpointScore[] {
  return lastOf(events, "selected")?.candidates ?? [];
}

function alphaSpent(events: readonly RunEvent[]): number {
  return events.reduce((most, event) => (event.type === "gate" ? Math.max(most, event.alphaSpent) : most), 0);
}

function mapBuckets(make: (name: BucketName) => BucketFigures): Buckets {
  return { domain: make("domain"), general: make("general"), behaviour: make("behaviour"), safety: make("safety") };
}

function lastOf<T extends RunEvent["type"]>(events: readonly RunEvent[], type: T): Extract<RunEvent, { type: T }> | undefined {
  for (let i = events.length - 1; i >= 0; i--) {
    const event = events[i]!;
    if (event.type === type) return event as Extract<RunEvent, { type: T }>;
  }
  return undefined;
}
