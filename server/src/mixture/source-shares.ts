import type { MixtureSource } from "@midtrain/protocol/run";

/** Shares are multiples of 2^-20, so that a share times a number of rows is exact and plans agree on every machine. */
const grain = 2 ** 20;

/**
 * Who gets which part of the rows. A plan splits rows in two, again and again: first domain against replay, then one source against the
 * rest of its role, largest first. Each split is a cumulative rounding, monotone and in closed form, so counts never go back.
 */
export interface SourceShares {
  /** Share of the rows that are replay. */
  readonly replay: number;
  /** For the i-th source of the role's order: its share of what its predecessors left. The last one's is 1. */
  readonly domainSplits: readonly number[];
  readonly replaySplits: readonly number[];
}

export interface RoleOrder {
  readonly domain: readonly MixtureSource[];
  readonly replay: readonly MixtureSource[];
}

const tokensOf = (source: MixtureSource): number => source.rows * source.lossTokensPerRow;

/** Sources without rows take no part. Within a role the largest comes first; the order does not depend on any policy. */
export function roleOrder(sources: readonly MixtureSource[]): RoleOrder {
  const usable = sources.filter((source) => source.rows > 0 && source.lossTokensPerRow > 0);
  const order = (role: MixtureSource["role"]): MixtureSource[] =>
    usable.filter((source) => source.role === role).sort((a, b) => tokensOf(b) - tokensOf(a) || (a.name < b.name ? -1 : 1));
  return { domain: order("domain"), replay: order("replay") };
}

/** Rows per unit of role weight: weights count loss tokens, rows are what is drawn (research/training §1 row 5). */
function rowWeights(sources: readonly MixtureSource[], exponent: number): number[] {
  const weights = sources.map((source) => tokensOf(source) ** exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return sources.map((source, i) => weights[i]! / total / source.lossTokensPerRow);
}

function splits(weights: readonly number[]): number[] {
  return weights.map((weight, i) => {
    const rest = weights.slice(i).reduce((sum, value) => sum + value, 0);
    return Math.round((weight / rest) * grain) / grain;
  });
}

/**
 * Row shares from a token share of replay. Domain sources count by their tokens (every token equally often); replay sources by the square
 * root of theirs (temperature 2, research/corpus §5.3), so that a small source of samples is heard beside large dependencies.
 */
export function sourceShares({ domain, replay }: RoleOrder, replayShare: number): SourceShares {
  const domainRows = rowWeights(domain, 1);
  const replayRows = rowWeights(replay, 0.5);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const share = domain.length === 0 ? 1 : replay.length === 0 ? 0 : replayShare;
  const replayPart = share * sum(replayRows);
  const all = replayPart + (1 - share) * sum(domainRows);
  return { replay: Math.round((replayPart / all) * grain) / grain, domainSplits: splits(domainRows), replaySplits: splits(replayRows) };
}
