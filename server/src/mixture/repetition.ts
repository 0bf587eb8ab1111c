import type { MixtureSource } from "@midtrain/protocol/run";
import { roleOrder, sourceShares } from "./source-shares";

/**
 * How many steps the domain's rows last at the cap on passes over them (Muennighoff 2305.16264: up to about four passes are nearly as good
 * as fresh text). Infinity when no domain row is drawn.
 */
export function stepsUntilRepetitionCap(options: {
  readonly sources: readonly MixtureSource[];
  readonly replayShare: number;
  readonly rowsPerStep: number;
  readonly repetitionCap: number;
}): number {
  const order = roleOrder(options.sources);
  const domainRows = order.domain.reduce((sum, source) => sum + source.rows, 0);
  const domainShare = 1 - sourceShares(order, options.replayShare).replay;
  if (domainShare === 0 || domainRows === 0) return Infinity;
  return Math.floor((domainRows * options.repetitionCap) / (domainShare * options.rowsPerStep));
}
