import type { ResolvedCorpusConfig } from "../corpus-config";
import { makePathRules, type PathRules } from "./path-rules";

/**
 * What a configuration says about single files, compiled once. It holds functions: a worker thread makes its own from the
 * plain resolved configuration.
 */
export interface AnalysisContext {
  readonly paths: PathRules;
}

export function makeAnalysisContext(config: ResolvedCorpusConfig): AnalysisContext {
  return { paths: makePathRules(config) };
}
