/** The training budget: a time is turned into tokens once, by a measured probe (shared/CONTRACTS §2); from there on nothing depends on the clock. Pure. */
import { MidtrainError } from "@midtrain/protocol/errors";
import type { MixtureSource, Recipe, RunIdentity, RunPlan } from "@midtrain/protocol/run";
import { count } from "@midtrain/protocol/words";
import { stepsUntilRepetitionCap } from "../mixture";
import { planEvaluations } from "../gates";

export type Budget = { readonly kind: "tokens"; readonly tokens: number } | { readonly kind: "seconds"; readonly seconds: number };

/** Enough, on two cores, for the embedded base to show domain gain; with evaluations the whole chain stays below four minutes. */
export const defaultBudget = "90s";

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

export function parseBudget(text: string): Budget {
  const match = /^(\d+(?:\.\d+)?)(s|m|h|tok)$/.exec(text);
  const value = match === null ? 0 : Number(match[1]);
  if (match === null || value <= 0) {
    throw new MidtrainError({
      reason: "usage",
      message: `"${text}" is not a budget.`,
      where: "budget",
      next: "Give a time (4m, 90s, 1h) or tokens (200000tok), larger than nothing.",
    });
  }
  const unit = match[2]!;
  return unit === "tok" ? { kind: "tokens", tokens: value } : { kind: "seconds", seconds: value * secondsOf[unit]! };
}

export interface PlanInput {
  readonly requested: string;
  readonly recipe: Recipe;
  readonly sources: readonly MixtureSource[];
  /** Measured on the real rows; needed for a budget in time. */
  readonly probe?: { readonly tokensPerSecond: number; readonly seconds: number };
  readonly preflight?: RunIdentity["preflight"];
}

/** plan.json. Steps are limited by the cap on passes over the domain: more passes would repeat, not teach. */
export function makePlan({ requested, recipe, sources, probe, preflight }: PlanInput): RunPlan {
  const budget = parseBudget(requested);
  const tokensPerStep = recipe.rowsPerStep * recipe.rowLength;
  const tokens = budget.kind === "tokens" ? budget.tokens : Math.floor(budget.seconds * (probe?.tokensPerSecond ?? 0));
  const asked = Math.max(1, Math.round(tokens / tokensPerStep));
  const cap = stepsUntilRepetitionCap({
    sources,
    replayShare: recipe.replayShare,
    rowsPerStep: recipe.rowsPerStep,
    repetitionCap: recipe.repetitionCap,
  });
  const steps = Math.max(1, Math.min(asked, cap));
  const note =
    steps < asked
      ? `The budget would allow ${count(asked)} steps; the run has ${count(steps)}, because the repository's text is passed over at most ${recipe.repetitionCap} times (training.repetitionCap).`
      : undefined;
  return {
    format: 1,
    budget: { requested, tokens: steps * tokensPerStep, ...(probe === undefined ? {} : { probe }) },
    steps,
    tokensPerStep,
    evaluations: planEvaluations(steps, recipe.gates),
    ...(note === undefined ? {} : { note }),
    ...estimateOf(steps * tokensPerStep, probe?.tokensPerSecond ?? preflight?.speed?.tokensPerSecond, preflight?.memory?.peakBytes),
  };
}

function estimateOf(tokens: number, tokensPerSecond: number | undefined, peakBytes: number | undefined): Pick<RunPlan, "estimate"> {
  if (tokensPerSecond === undefined || !(tokensPerSecond > 0)) return {};
  return { estimate: { tokensPerSecond, seconds: tokens / tokensPerSecond, ...(peakBytes === undefined ? {} : { peakBytes }) } };
}

/** Fewer steps than this on text that is passed over as often as the cap allows cannot be told from noise. */
const fewestSteps = 24;

/**
 * Tokens of training text below which the answer is *do not train* (§1.2): with every pass that the repetition cap allows they would not fill
 * `fewestSteps` optimizer steps at the recipe's share of domain tokens.
 */
export function tokensNeeded(recipe: Recipe): number {
  const domainTokens = fewestSteps * recipe.rowsPerStep * recipe.rowLength * (1 - recipe.replayShare);
  return Math.ceil(domainTokens / recipe.repetitionCap / 1000) * 1000;
}
