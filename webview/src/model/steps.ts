/** Training steps of the live branch, and of what was undone. Pure. */
import type { RunView, StepPoint } from "@midtrain/protocol/run-view";

/** First step of every branch that has one. A later branch undoes the earlier ones from there on. */
function branchStarts(steps: readonly StepPoint[]): ReadonlyMap<number, number> {
  const starts = new Map<number, number>();
  for (const point of steps) starts.set(point.branch, Math.min(starts.get(point.branch) ?? Infinity, point.step));
  return starts;
}

export function liveSteps(run: RunView): readonly StepPoint[] {
  const starts = branchStarts(run.steps);
  return run.steps.filter((point) => isLive(point, starts)).sort((a, b) => a.step - b.step);
}

/** One list per branch of the steps that a later branch undid. */
export function undoneSteps(run: RunView): readonly (readonly StepPoint[])[] {
  const starts = branchStarts(run.steps);
  const undone = run.steps.filter((point) => !isLive(point, starts));
  return [...starts.keys()].map((branch) => undone.filter((point) => point.branch === branch)).filter((points) => points.length > 0);
}

function isLive(point: StepPoint, starts: ReadonlyMap<number, number>): boolean {
  return [...starts].every(([branch, start]) => branch <= point.branch || start > point.step);
}

/** Sources in the order of the recipe, then any other that the steps name. */
export function sourcesOf(run: RunView): readonly string[] {
  const named = run.identity.sources.map((source) => source.name);
  const seen = new Set(run.steps.flatMap((point) => Object.keys(point.lossBySource)));
  return [...named.filter((name) => seen.has(name)), ...[...seen].filter((name) => !named.includes(name))];
}
