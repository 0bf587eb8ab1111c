import type { BucketFigures, BucketName, Buckets, SuiteFigures } from "@midtrain/protocol/measures";
import { bucketFigures, studentQuantile, verdictOf } from "../evaluation";

export interface Change {
  readonly delta: number;
  readonly error?: number;
  readonly tolerance?: number;
  readonly base?: number;
  readonly clusters?: number;
}

const quantiles = new Map<string, number>();

/** Simulations ask for the same few quantiles many thousand times. */
function quantile(p: number, degrees: number): number {
  const key = `${p}/${degrees}`;
  const known = quantiles.get(key) ?? studentQuantile(p, degrees);
  quantiles.set(key, known);
  return known;
}

/** For tests: figures with the interval, verdict and visible drop that belong to a change and its error. */
export function suiteOf(suite: string, { delta, error = 0.01, tolerance = 0.1, base = 1, clusters = 50 }: Change): SuiteFigures {
  const half = quantile(0.975, clusters - 1) * error;
  const visible = half + quantile(0.8, clusters - 1) * error;
  const interval = { low: delta - half, high: delta + half, tolerance, visible };
  return {
    suite,
    metric: "score",
    unit: "nats",
    better: "higher",
    n: clusters * 3,
    base,
    last: base + delta,
    selected: base + delta,
    delta,
    ...interval,
    verdict: verdictOf(interval),
    standardError: error,
    clusters,
  };
}

function bucketOf(bucket: BucketName, change: Change): BucketFigures {
  return bucketFigures(suiteOf(bucket, change), []);
}

/** Buckets in which nothing changed but what is named. */
export function bucketsOf(changes: Partial<Record<BucketName, Change>>): Buckets {
  const of = (bucket: BucketName): BucketFigures => bucketOf(bucket, changes[bucket] ?? { delta: 0 });
  return { domain: of("domain"), general: of("general"), behaviour: of("behaviour"), safety: of("safety") };
}
