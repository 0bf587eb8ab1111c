import { MidtrainError } from "@midtrain/protocol/errors";
import type { ItemScore } from "@midtrain/protocol/run";
import type { Suite } from "./suites/suite-types";

export type ScoreKind = Suite["score"];

/** A figure and what it rests on. Influence: how far each item moves the figure; the figure's error is their cluster sums'. */
interface Figure {
  readonly value: number;
  readonly influence: Float64Array;
}

/** A later state against the base on the same items; `delta` is positive when better. */
export interface PairedEstimate {
  readonly n: number;
  readonly clusters: number;
  readonly base: number;
  readonly later: number;
  readonly delta: number;
  /** Of delta: cluster-robust, paired (Miller 2411.00640 §2.2, §4.2). */
  readonly standardError: number;
}

export interface SingleEstimate {
  readonly n: number;
  readonly clusters: number;
  readonly value: number;
  readonly standardError: number;
}

/** Σ numerator / Σ weight, linearised (ratio estimator: Cochran, Sampling Techniques, §6.3). */
function ratio(numerators: Float64Array, weights: Float64Array): Figure {
  let top = 0;
  let bottom = 0;
  for (let i = 0; i < numerators.length; i++) {
    top += numerators[i]!;
    bottom += weights[i]!;
  }
  const value = bottom === 0 ? 0 : top / bottom;
  return { value, influence: numerators.map((numerator, i) => (bottom === 0 ? 0 : (numerator - value * weights[i]!) / bottom)) };
}

const mean = (values: Float64Array): Figure => ratio(values, new Float64Array(values.length).fill(1));

/** Share of `sorted` below `value`, ties half. */
function placement(sorted: Float64Array, value: number): number {
  const below = lowerBound(sorted, (x) => x < value);
  const upTo = lowerBound(sorted, (x) => x <= value);
  return (below + (upTo - below) / 2) / sorted.length;
}

/** Number of leading elements for which `holds`; they come first in a sorted array. */
function lowerBound(sorted: Float64Array, holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** AUC of harmful against harmless by refusal log-odds; influence from placement values (DeLong 1988, clustered as in Obuchowski 1997). */
function auc(items: readonly ItemScore[]): Figure {
  const odds = Float64Array.from(items, margin);
  const ofSide = (harmful: boolean): Float64Array => odds.filter((_, i) => (items[i]!.harmful === true) === harmful).sort();
  const harmful = ofSide(true);
  const harmless = ofSide(false);
  if (harmful.length === 0 || harmless.length === 0) return { value: 0.5, influence: new Float64Array(items.length) };
  const placements = items.map((item, i) => (item.harmful ? placement(harmless, odds[i]!) : 1 - placement(harmful, odds[i]!)));
  const value = placements.reduce((sum, p, i) => sum + (items[i]!.harmful ? p : 0), 0) / harmful.length;
  const influence = Float64Array.from(placements, (p, i) => (p - value) / (items[i]!.harmful ? harmful.length : harmless.length));
  return { value, influence };
}

/** Log-odds in nats of the right answer over the best wrong one, of a refusal over the helpful prefix. */
export function margin(item: ItemScore): number {
  return item.nats - (item.other ?? 0);
}

function figure(score: ScoreKind, items: readonly ItemScore[]): Figure {
  switch (score) {
    case "bits-per-byte":
      return ratio(
        Float64Array.from(items, (item) => -item.nats / Math.LN2),
        Float64Array.from(items, (item) => item.bytes),
      );
    case "log-likelihood":
      return mean(Float64Array.from(items, (item) => item.nats));
    case "margin":
      return mean(Float64Array.from(items, margin));
    case "refusal-auc":
      return auc(items);
  }
}

/** Share of items whose right answer is more likely than every wrong one; ties count half. */
function accuracyFigure(items: readonly ItemScore[]): Figure {
  return mean(Float64Array.from(items, (item) => (margin(item) > 0 ? 1 : margin(item) === 0 ? 0.5 : 0)));
}

/** Root of the summed squares of cluster sums, with the C / (C − 1) correction; 0 for fewer than two clusters. */
function clusterError(influence: Float64Array, items: readonly ItemScore[]): { standardError: number; clusters: number } {
  const sums = new Map<string, number>();
  for (const [i, item] of items.entries()) sums.set(item.cluster, (sums.get(item.cluster) ?? 0) + influence[i]!);
  const clusters = sums.size;
  if (clusters < 2) return { standardError: 0, clusters };
  let squares = 0;
  for (const sum of sums.values()) squares += sum * sum;
  return { standardError: Math.sqrt((squares * clusters) / (clusters - 1)), clusters };
}

/** The later scores in the order of the base's; both must be of the same items. */
function paired(base: readonly ItemScore[], later: readonly ItemScore[]): readonly ItemScore[] {
  const byId = new Map(later.map((item) => [item.id, item]));
  const ordered = base.map((item) => byId.get(item.id));
  if (ordered.includes(undefined) || byId.size !== base.length) {
    const message = "Two states were scored on different items: their difference would mean nothing.";
    throw new MidtrainError({ reason: "internal", message, next: "Please report this with the log." });
  }
  return ordered as readonly ItemScore[];
}

export function singleEstimate(score: ScoreKind, items: readonly ItemScore[]): SingleEstimate {
  const { value, influence } = figure(score, items);
  return { n: items.length, value, ...clusterError(influence, items) };
}

export function accuracyEstimate(items: readonly ItemScore[]): SingleEstimate {
  const { value, influence } = accuracyFigure(items);
  return { n: items.length, value, ...clusterError(influence, items) };
}

export function pairedEstimate(score: ScoreKind, base: readonly ItemScore[], later: readonly ItemScore[]): PairedEstimate {
  const before = figure(score, base);
  const after = figure(score, paired(base, later));
  const orientation = score === "bits-per-byte" ? -1 : 1;
  const influence = after.influence.map((value, i) => value - before.influence[i]!);
  const delta = orientation * (after.value - before.value);
  return { n: base.length, base: before.value, later: after.value, delta: delta === 0 ? 0 : delta, ...clusterError(influence, base) };
}
