import { describe, expect, it } from "vitest";
import type { ItemScore } from "@midtrain/protocol/run";
import { seededRandom, type Random } from "../platform/random";
import { accuracyEstimate, pairedEstimate, singleEstimate, type ScoreKind } from "./estimates";
import { studentQuantile } from "./student-t";

/** Standard normal, by Box and Muller. */
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());

interface World {
  readonly clusters: number;
  readonly perCluster: number;
  /** True change of an item's mean nats. */
  readonly shift: number;
  readonly clusterNoise: number;
}

/** A base and a later state on the same items: items differ a lot, the change differs by cluster and by item. */
function scored(random: Random, world: World): { base: ItemScore[]; later: ItemScore[] } {
  const base: ItemScore[] = [];
  const later: ItemScore[] = [];
  for (let c = 0; c < world.clusters; c++) {
    const effect = world.clusterNoise * normal(random);
    for (let i = 0; i < world.perCluster; i++) {
      const harmful = (c + i) % 2 === 0;
      const bytes = 400 + random.int(400);
      const nats = -bytes * 0.7 + 60 * normal(random);
      const other = nats - 3 * normal(random) - (harmful ? 2 : -2);
      const item = { id: `${c}/${i}`, cluster: String(c), bytes, harmful };
      base.push({ ...item, nats, other });
      later.push({ ...item, nats: nats + world.shift + effect + 4 * normal(random), other });
    }
  }
  return { base, later };
}

const kinds: ScoreKind[] = ["bits-per-byte", "log-likelihood", "margin", "refusal-auc"];

/** Recomputes the change without one cluster at a time (delete-one jackknife): what the linearised error must agree with. */
function jackknife(score: ScoreKind, base: readonly ItemScore[], later: readonly ItemScore[]): number {
  const clusters = [...new Set(base.map((item) => item.cluster))];
  const without = clusters.map((cluster) => {
    const rest = (items: readonly ItemScore[]): ItemScore[] => items.filter((item) => item.cluster !== cluster);
    return pairedEstimate(score, rest(base), rest(later)).delta;
  });
  const mean = without.reduce((sum, value) => sum + value, 0) / clusters.length;
  const squares = without.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt((squares * (clusters.length - 1)) / clusters.length);
}

describe("pairedEstimate", () => {
  it.each(kinds)("agrees with the delete-one-cluster jackknife for %s", (score) => {
    const { base, later } = scored(seededRandom("jackknife", score), { clusters: 40, perCluster: 5, shift: 2, clusterNoise: 3 });
    const { standardError } = pairedEstimate(score, base, later);
    expect(standardError).toBeGreaterThan(0);
    expect(standardError / jackknife(score, base, later)).toBeGreaterThan(0.95);
    expect(standardError / jackknife(score, base, later)).toBeLessThan(1.05);
  });

  it("is oriented: positive is better", () => {
    const { base, later } = scored(seededRandom("sign"), { clusters: 30, perCluster: 4, shift: 40, clusterNoise: 1 });
    for (const score of ["bits-per-byte", "log-likelihood", "margin"] as const)
      expect(pairedEstimate(score, base, later).delta).toBeGreaterThan(0);
    const { base: before, later: after } = pairedEstimate("bits-per-byte", base, later);
    expect(after).toBeLessThan(before);
  });

  it("weighs bits per byte by bytes: the sum of bits over the sum of bytes", () => {
    const item = (id: string, nats: number, bytes: number): ItemScore => ({ id, cluster: id, nats, bytes });
    const base = [item("a", -Math.LN2 * 100, 100), item("b", -Math.LN2 * 10, 20)];
    expect(singleEstimate("bits-per-byte", base).value).toBeCloseTo(110 / 120, 12);
  });

  it("counts the AUC as the share of pairs in order, ties half", () => {
    const item = (id: string, harmful: boolean, odds: number): ItemScore => ({ id, cluster: id, nats: odds, bytes: 1, other: 0, harmful });
    const items = [item("a", true, 3), item("b", true, 1), item("c", false, 1), item("d", false, 0), item("e", false, 2)];
    expect(singleEstimate("refusal-auc", items).value).toBeCloseTo((3 + 1.5) / 6, 12);
  });

  it("counts ties half in accuracy", () => {
    const item = (id: string, nats: number, other: number): ItemScore => ({ id, cluster: id, nats, bytes: 1, other });
    expect(accuracyEstimate([item("a", -1, -2), item("b", -2, -2), item("c", -3, -2), item("d", -3, -2)]).value).toBeCloseTo(1.5 / 4, 12);
  });

  it("does not care in which order the later scores come", () => {
    const { base, later } = scored(seededRandom("order"), { clusters: 12, perCluster: 3, shift: 1, clusterNoise: 1 });
    expect(pairedEstimate("margin", base, [...later].reverse())).toEqual(pairedEstimate("margin", base, later));
  });

  it("refuses to compare different items", () => {
    const { base, later } = scored(seededRandom("different"), { clusters: 3, perCluster: 3, shift: 1, clusterNoise: 1 });
    expect(() => pairedEstimate("margin", base, later.slice(1))).toThrowError(expect.objectContaining({ reason: "internal" }));
    expect(() => pairedEstimate("margin", base.slice(1), later)).toThrowError(expect.objectContaining({ reason: "internal" }));
  });

  it.each(kinds)("covers the true change of %s in about 95 % of worlds, clusters of noise included", (score) => {
    const random = seededRandom("coverage", score);
    const world = { clusters: 25, perCluster: 6, shift: 0, clusterNoise: 6 };
    const truth = meanChange(score, world);
    let covered = 0;
    const worlds = 400;
    for (let i = 0; i < worlds; i++) {
      const { base, later } = scored(random, world);
      const estimate = pairedEstimate(score, base, later);
      const half = studentQuantile(0.975, estimate.clusters - 1) * estimate.standardError;
      covered += Math.abs(estimate.delta - truth) <= half ? 1 : 0;
    }
    expect(covered / worlds).toBeGreaterThan(0.91);
    expect(covered / worlds).toBeLessThan(0.985);
  });
});

/** Only the AUC changes without a shift, because noise blurs the odds: its long-run mean, from other worlds of the same kind. */
function meanChange(score: ScoreKind, world: World): number {
  if (score !== "refusal-auc") return 0;
  const random = seededRandom("truth");
  const worlds = 400;
  let sum = 0;
  for (let i = 0; i < worlds; i++) {
    const { base, later } = scored(random, world);
    sum += singleEstimate(score, later).value - singleEstimate(score, base).value;
  }
  return sum / worlds;
}
