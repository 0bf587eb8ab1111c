/** One model, as it is, on the suites: no run, no comparison. */
import type { BucketName } from "@midtrain/protocol/measures";
import type { Executor } from "@midtrain/protocol/executor";
import type { OnProgress } from "@midtrain/protocol/progress";
import { loadSuites, scoreSuites, singleEstimate, studentQuantile, suiteFigures, type Suite } from "../evaluation";
import { loadTokenizer } from "../tokenizer";
import { openBaseModel } from "./base-model";
import { buildSuites } from "./run-suites";

export interface EvaluateModelOptions {
  readonly model: string | undefined;
  /** Tokenizer instead of the model's own. */
  readonly tokenizer?: string;
  /** For relative paths. */
  readonly directory: string;
  /** Undefined: the domain bucket is left out. */
  readonly corpusDirectory: string | undefined;
  readonly seed: number;
  readonly executor: Executor;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface ModelSuiteResult {
  readonly bucket: BucketName;
  readonly suite: string;
  readonly metric: string;
  readonly unit: string;
  readonly better: "lower" | "higher";
  readonly n: number;
  readonly value: number;
  /** Half of the 95 % interval. */
  readonly halfWidth: number;
  readonly sides?: Readonly<Record<string, number>>;
  /** Why nothing can be judged by it on this model. */
  readonly note?: string;
}

export interface ModelEvaluation {
  readonly model: { readonly name: string; readonly hash: string };
  readonly tokenizer: { readonly name: string; readonly hash: string };
  readonly suites: readonly ModelSuiteResult[];
}

export async function evaluateModel(options: EvaluateModelOptions): Promise<ModelEvaluation> {
  const { executor, signal, onProgress, corpusDirectory } = options;
  const base = openBaseModel(options.model, options.directory);
  const tokenizer =
    options.tokenizer === undefined
      ? await loadTokenizer(base.directory)
      : await loadTokenizer(options.tokenizer, { base: options.directory });
  const suites = corpusDirectory === undefined ? loadSuites() : (await buildSuites(corpusDirectory, options.seed)).suites;
  onProgress?.({ stage: "evaluate", message: "loading the model" });
  const facts = await executor.load({
    model: base.directory,
    precision: "fp32",
    method: "full",
    seed: options.seed,
    optimizer: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0 },
  });
  const scores = await scoreSuites(
    suites.map((suite) => suite.items),
    executor,
    tokenizer,
    {
      context: facts.context,
      ...(signal === undefined ? {} : { signal }),
      onProgress: (done, total) => onProgress?.({ stage: "evaluate", message: "scoring", done, total, unit: "sequences" }),
    },
  );
  const { name, hash } = tokenizer.identity;
  return {
    model: { name: base.name, hash: base.hash },
    tokenizer: { name, hash },
    suites: suites.flatMap((suite, i) => resultOf(suite, scores[i]!)),
  };
}

function resultOf(suite: Suite, scores: Parameters<typeof singleEstimate>[1]): readonly ModelSuiteResult[] {
  if (scores.length === 0) return [];
  const { value, standardError, n, clusters } = singleEstimate(suite.score, scores);
  const { sides, note } = suiteFigures({ suite, base: scores, last: scores, selected: scores, tolerance: 0 });
  const { bucket, metric, unit, better } = suite;
  const halfWidth = studentQuantile(0.975, Math.max(1, clusters - 1)) * standardError;
  return [
    {
      bucket,
      suite: suite.name,
      metric,
      unit,
      better,
      n,
      value,
      halfWidth,
      ...(sides === undefined ? {} : { sides }),
      ...(note === undefined ? {} : { note }),
    },
  ];
}
