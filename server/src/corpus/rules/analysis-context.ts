import type { DocumentClass } from "@midtrain/protocol/corpus";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { ResolvedCorpusConfig } from "../corpus-config";
import { languageByName } from "./languages";
import type { LicencePolicy } from "./licence";
import { globTester, makePathRules, offRules, type PathRules } from "./path-rules";

/** What `corpus.reclassify` says about a path. */
export interface Reclassification {
  readonly class?: DocumentClass | undefined;
  readonly language?: string | undefined;
}

/**
 * What a configuration says about single files, compiled once. It holds functions: a worker thread makes its own from the
 * plain resolved configuration.
 */
export interface AnalysisContext {
  readonly paths: PathRules;
  readonly rulesOff: ReadonlySet<string>;
  readonly licences: LicencePolicy;
  reclassify(path: string): Reclassification;
}

/** @throws MidtrainError (input) when corpus.reclassify names a language that nobody knows. */
export function makeAnalysisContext(config: ResolvedCorpusConfig): AnalysisContext {
  return {
    paths: makePathRules(config),
    rulesOff: offRules(config),
    licences: config.licences,
    reclassify: reclassifier(config.reclassify),
  };
}

function reclassifier(rules: ResolvedCorpusConfig["reclassify"]): (path: string) => Reclassification {
  const compiled = rules.map((rule) => ({
    matches: globTester([rule.path]),
    class: rule.class,
    language: rule.language === undefined ? undefined : knownLanguage(rule.language),
  }));
  if (compiled.length === 0) return () => ({});
  return (path) => {
    const hits = compiled.filter((rule) => rule.matches(path));
    return {
      class: hits.findLast((rule) => rule.class !== undefined)?.class,
      language: hits.findLast((rule) => rule.language !== undefined)?.language,
    };
  };
}

function knownLanguage(name: string): string {
  const language = languageByName(name);
  if (language !== undefined) return language;
  throw new MidtrainError({
    reason: "input",
    message: `corpus.reclassify names a language that is not known: ${name}`,
    where: "midtrain.jsonc",
    next: "Use a language id of the editor (typescript, python, cpp) or a name of GitHub Linguist (C++, Shell).",
  });
}
