import type { BucketFigures, BucketName, Buckets } from "@midtrain/protocol/measures";

/** Figures of one bucket whose selected and last state differ from the base by `delta` (oriented: positive is better). */
function figures(bucket: BucketName, delta: number, verdict: BucketFigures["verdict"] = "GREEN"): BucketFigures {
  const better = bucket === "domain" || bucket === "general" ? ("lower" as const) : ("higher" as const);
  const base = bucket === "behaviour" ? -29.8 : 1.31;
  const value = better === "lower" ? base - delta : base + delta;
  const one = {
    suite: `${bucket}-suite`,
    metric: "figure",
    unit: bucket === "behaviour" ? "nats" : "bits/byte",
    better,
    n: 150,
    base,
    last: value,
    selected: value,
    delta,
    low: delta - 0.01,
    high: delta + 0.01,
    tolerance: 0.05,
    verdict,
    visible: 0.02,
  };
  return { ...one, suites: [one] };
}

/** Four buckets for tests of what is shown: only domain and general move. */
export function buckets(domain: number, general = 0, verdict: BucketFigures["verdict"] = "GREEN"): Buckets {
  return {
    domain: figures("domain", domain),
    general: figures("general", general, verdict),
    behaviour: figures("behaviour", 0),
    safety: figures("safety", 0),
  };
}
