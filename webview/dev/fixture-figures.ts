/** Seeded figures of a plausible run: used by tests and screenshots, never shipped. */
import {
  bucketNames,
  type BucketFigures,
  type BucketName,
  type Buckets,
  type SuiteFigures,
  type Verdict,
} from "@midtrain/protocol/measures";

export type Random = () => number;

/** Mulberry32: the same seed draws the same run on every machine. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Headline {
  readonly suite: string;
  readonly metric: string;
  readonly unit: string;
  readonly better: "lower" | "higher";
  readonly n: number;
  readonly base: number;
  readonly tolerance: number;
  readonly halfWidth: number;
}

export const headlines: Readonly<Record<BucketName, Headline>> = {
  domain: {
    suite: "held-out files",
    metric: "bits per byte",
    unit: "bits/byte",
    better: "lower",
    n: 412,
    base: 1.31,
    tolerance: 0,
    halfWidth: 0.011,
  },
  general: {
    suite: "general answers",
    metric: "bits per byte",
    unit: "bits/byte",
    better: "lower",
    n: 380,
    base: 0.982,
    tolerance: 0.049,
    halfWidth: 0.006,
  },
  behaviour: {
    suite: "formats",
    metric: "mean log-likelihood",
    unit: "nats",
    better: "higher",
    n: 300,
    base: -4.1,
    tolerance: 2,
    halfWidth: 0.3,
  },
  safety: { suite: "refusals", metric: "AUC", unit: "AUC", better: "higher", n: 240, base: 0.91, tolerance: 0.08, halfWidth: 0.02 },
};

/** Oriented deltas: positive is better. */
export type Deltas = Readonly<Record<BucketName, number>>;

export function bucketsOf(
  deltas: Deltas,
  options: { readonly last?: Deltas; readonly isBase?: boolean; readonly widen?: Partial<Record<BucketName, number>> } = {},
): Buckets {
  return Object.fromEntries(
    bucketNames.map((name) => [
      name,
      bucketOf(
        name,
        deltas[name],
        options.last?.[name] ?? deltas[name],
        options.isBase === true ? 0 : headlines[name].halfWidth * (options.widen?.[name] ?? 1),
      ),
    ]),
  ) as unknown as Buckets;
}

function bucketOf(name: BucketName, delta: number, last: number, halfWidth: number): BucketFigures {
  const head = headlines[name];
  const raw = (oriented: number): number => (head.better === "lower" ? head.base - oriented : head.base + oriented);
  const figures: SuiteFigures = {
    suite: head.suite,
    metric: head.metric,
    unit: head.unit,
    better: head.better,
    n: head.n,
    base: head.base,
    last: raw(last),
    selected: raw(delta),
    delta,
    low: delta - halfWidth,
    high: delta + halfWidth,
    tolerance: head.tolerance,
    verdict: verdictOf(name, delta - halfWidth, delta + halfWidth, head.tolerance),
    visible: halfWidth * 1.4,
  };
  return { ...figures, suites: [figures] };
}

function verdictOf(name: BucketName, low: number, high: number, tolerance: number): Verdict {
  if (name === "domain") return low > 0 || (low <= 0 && high >= 0) ? "GREEN" : "RED";
  if (low > -tolerance) return "GREEN";
  return high < -tolerance ? "RED" : "AMBER";
}
