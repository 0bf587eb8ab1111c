/** Scores the weights that are now in the executor on items of the frozen suites. */
import type { ItemScore } from "@midtrain/protocol/run";
import { scoreSuites, type Suite, type SuiteItem } from "../evaluation";
import type { Scores } from "./item-scores";
import type { RunSession } from "./run-session";

export interface ScoringControl {
  /** Fires when a command asked to stop in the middle of an evaluation. */
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

export type ItemRange = (suite: Suite) => readonly SuiteItem[];

export async function scoreState(session: RunSession, range: ItemRange, control: ScoringControl): Promise<Scores> {
  const chosen = session.suites.map((suite) => ({ name: suite.name, items: range(suite) })).filter(({ items }) => items.length > 0);
  const scored = await scoreSuites(
    chosen.map(({ items }) => items),
    session.executor,
    session.tokenizer,
    { context: session.facts.context, ...control },
  );
  return Object.fromEntries(chosen.map(({ name }, i) => [name, scored[i]!]));
}

/** Adds further items behind those already scored. */
export function appendScores(first: Scores, more: Scores): Scores {
  const merged: Record<string, readonly ItemScore[]> = { ...first };
  for (const [name, items] of Object.entries(more)) merged[name] = [...(merged[name] ?? []), ...items];
  return merged;
}
