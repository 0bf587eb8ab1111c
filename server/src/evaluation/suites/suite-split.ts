import { seededRandom, type Random } from "../../platform/random";
import type { SuiteItem } from "./suite-types";

interface Cluster<T> {
  readonly name: string;
  readonly stratum: string;
  readonly rounds: readonly (readonly T[])[];
}

/** Items of one round come and go together: a harmful request and its harmless twin, for instance. */
interface SplitOptions<T> {
  readonly seed: string;
  /** Strata (a language, a format, a grade) are dealt evenly to both sides and to every prefix. */
  readonly stratumOf: (item: T) => string;
  readonly roundOf?: (item: T) => string;
  /** Clusters sealed by their author, a third of the suite; without them every third cluster of a stratum is. */
  readonly sealedClusters?: ReadonlySet<string>;
}

function clustersOf<T extends SuiteItem>(items: readonly T[], options: SplitOptions<T>): Cluster<T>[] {
  const byCluster = new Map<string, Map<string, T[]>>();
  for (const item of items) {
    const rounds = byCluster.get(item.cluster) ?? new Map<string, T[]>();
    const round = options.roundOf?.(item) ?? item.id;
    rounds.set(round, [...(rounds.get(round) ?? []), item]);
    byCluster.set(item.cluster, rounds);
  }
  return [...byCluster].map(([name, rounds]) => {
    const all = [...rounds.values()];
    return { name, stratum: options.stratumOf(all[0]![0]!), rounds: all };
  });
}

/** Merges strata so that each is spread evenly over the whole order. */
function spreadStrata<T>(strata: readonly (readonly Cluster<T>[])[]): Cluster<T>[] {
  return strata
    .flatMap((clusters, stratum) => clusters.map((cluster, i) => ({ cluster, stratum, at: (i + 0.5) / clusters.length })))
    .sort((a, b) => a.at - b.at || a.stratum - b.stratum)
    .map((entry) => entry.cluster);
}

/** First round of every cluster, then the second one, and so on: a short prefix has as many independent clusters as it can. */
function inGrowthOrder<T>(clusters: readonly Cluster<T>[]): T[] {
  const depth = Math.max(0, ...clusters.map((cluster) => cluster.rounds.length));
  return Array.from({ length: depth }, (_, round) => clusters.flatMap((cluster) => cluster.rounds[round] ?? [])).flat();
}

/**
 * Seals a third of a suite by cluster and puts the rest into nested growth order (chapter §4.1, §4.3).
 * Pure: equal items and seed give an equal split.
 */
export function splitSuite<T extends SuiteItem>(items: readonly T[], options: SplitOptions<T>): { items: T[]; sealed: T[] } {
  const random: Random = seededRandom("suite-split", options.seed);
  const strata = new Map<string, Cluster<T>[]>();
  for (const cluster of random.shuffle(clustersOf(items, options))) {
    strata.set(cluster.stratum, [...(strata.get(cluster.stratum) ?? []), cluster]);
  }
  const loop: Cluster<T>[][] = [];
  const sealed: Cluster<T>[][] = [];
  let dealt = 0;
  for (const [, clusters] of [...strata].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const sides: [Cluster<T>[], Cluster<T>[]] = [[], []];
    for (const cluster of clusters) {
      const sealedHere = options.sealedClusters?.has(cluster.name) ?? dealt++ % 3 === 2;
      sides[sealedHere ? 1 : 0].push(cluster);
    }
    loop.push(sides[0]);
    sealed.push(sides[1]);
  }
  return { items: inGrowthOrder(spreadStrata(loop)), sealed: inGrowthOrder(spreadStrata(sealed)) };
}
