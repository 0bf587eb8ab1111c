/** The part of `midtrain doctor` about models: a badge for each that is found, and the preflight of one that is named. */
import { join } from "node:path";
import type { MidtrainConfig } from "@midtrain/protocol/config";
import { describeError, MidtrainError } from "@midtrain/protocol/errors";
import type { ModelChoice } from "@midtrain/protocol/model-choice";
import { count } from "@midtrain/protocol/words";
import { chooseDevice, listModels, localPreflight, withFit } from "../backends";
import { defaultBudget, openBaseModel, preflightLines, recipeFor } from "../training";
import type { Invocation } from "./command";
import type { Finding } from "./doctor";

/** The embedded base, the Hugging Face cache, and models/ beside the repository's files, as the editor's picker lists them. */
export async function modelsHere(directory: string, config: MidtrainConfig, signal: AbortSignal): Promise<readonly ModelChoice[]> {
  const { place } = await chooseDevice(signal);
  return withFit(listModels([join(directory, "models")]), place, config);
}

export function modelLines(models: readonly ModelChoice[]): readonly string[] {
  const real = models.filter(({ where }) => where !== "embedded");
  return real.flatMap(({ name, parameters, fit, problems }) => {
    const size = parameters === undefined ? "" : `${count(parameters)} parameters. `;
    const first = `${"model".padEnd(14)}${(problems.length > 0 ? "warning" : "ok").padEnd(9)}${name}: ${size}${problems.join(" ") || (fit?.words ?? "")}`;
    const remedies = fit === undefined || fit.remedies.length === 0 ? [] : [`${"".padEnd(23)}${fit.remedies.join("; ")}`];
    return [first, ...remedies];
  });
}

interface Place {
  readonly config: MidtrainConfig;
  readonly directory: string;
  readonly midtrain: string;
}

/** What `adapt --executor torch --model NAME` would say before its harvest: measured where there is a training environment. */
export async function preflightFinding({ config, directory, midtrain }: Place, { signal, onProgress }: Invocation): Promise<Finding> {
  try {
    const base = openBaseModel(config.model, directory);
    const recipe = recipeFor(base, { ...config, executor: "torch" });
    const question = { model: base.directory, recipe, seed: config.seed ?? 0, budget: config.budget ?? defaultBudget, midtrain };
    const preflight = await localPreflight({ signal, onProgress })(question);
    if (preflight === undefined)
      return { what: "preflight", state: "warning", found: "config.json does not say how large the model is.", next: null };
    const [found = "", ...rest] = preflightLines(preflight);
    const isTight = preflight.memory?.fit === "tight" || preflight.disk.fit === "tight";
    return { what: "preflight", state: isTight ? "warning" : "ok", found, next: rest.join(". ") || null };
  } catch (error) {
    if (MidtrainError.is(error, "cancelled")) throw error;
    const [found = "", ...rest] = describeError(error).split("\n");
    return { what: "preflight", state: "warning", found, next: rest.join(" ") || null };
  }
}
