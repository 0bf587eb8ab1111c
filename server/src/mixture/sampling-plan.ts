import { MidtrainError } from "@midtrain/protocol/errors";
import type { MixtureSource, PolicySegment } from "@midtrain/protocol/run";
import { seededRandom } from "../platform/random";
import { drawOfStep, segmentIndexAt } from "./policy-segments";
import { roleOrder, sourceShares, type RoleOrder, type SourceShares } from "./source-shares";

export interface DrawRequest {
  readonly seed: number;
  readonly sources: readonly MixtureSource[];
  /** Weight history in the order in which it was made (policy-segments.ts). */
  readonly segments: readonly PolicySegment[];
  readonly rowsPerStep: number;
  /** Update number from 0. */
  readonly step: number;
}

export interface DrawnRow {
  readonly source: string;
  readonly row: number;
}

/**
 * The rows of one step: a pure function of (seed, step, weight history), in closed form, so that resume, rollback and audit compute the
 * data state and never replay it (research/training §2.3). Shares follow by cumulative rounding: every window of a segment matches its
 * weights within one row. A source is read in a seeded permutation per epoch: each row once before any repeats, whatever the weights do.
 */
export function drawRows({ seed, sources, segments, rowsPerStep, step }: DrawRequest): readonly DrawnRow[] {
  const order = roleOrder(sources);
  if (order.domain.length + order.replay.length === 0) {
    throw new MidtrainError({
      reason: "internal",
      message: "There is no source to draw rows from.",
      next: "Please report this with the log.",
    });
  }
  const live = segments.slice(0, segmentIndexAt(segments, step) + 1);
  const first = drawOfStep(segments, step, rowsPerStep);
  const counter = rowCounter(order, live);
  const rows: DrawnRow[] = [];
  for (let draw = first, before = counter(first); draw < first + rowsPerStep; draw++) {
    const after = counter(draw + 1);
    const { source, ordinal } = grown(order, before, after);
    rows.push({ source: source.name, row: rowOfOrdinal(seed, source, ordinal) });
    before = after;
  }
  return rows;
}

/** Rows of each source among the first `draw` data positions of the live history: what a step's counts start from. */
export function rowsDrawn(request: Omit<DrawRequest, "seed">): Readonly<Record<string, number>> {
  const order = roleOrder(request.sources);
  const live = request.segments.slice(0, segmentIndexAt(request.segments, request.step) + 1);
  const { domain, replay } = rowCounter(order, live)(drawOfStep(request.segments, request.step, request.rowsPerStep));
  const named = (sources: readonly MixtureSource[], node: Counts): [string, number][] =>
    sources.map((source, i) => [source.name, node.taken[i]!]);
  return Object.fromEntries([...named(order.domain, domain), ...named(order.replay, replay)]);
}

/** A role's rows so far, and its exact (unrounded) targets where the current segment began. */
interface Counts {
  readonly total: number;
  readonly taken: readonly number[];
  /** Of the i-th split: exact share of its input up to now. */
  readonly targets: readonly number[];
}

interface PlanCounts {
  readonly draws: number;
  readonly replayTarget: number;
  readonly domain: Counts;
  readonly replay: Counts;
}

const nothing = (sources: readonly MixtureSource[]): Counts => ({ total: 0, taken: sources.map(() => 0), targets: sources.map(() => 0) });

/** Rounds half up; inputs are multiples of 2^-20 and far below 2^33, so nothing is lost. */
const nearest = (value: number): number => Math.floor(value + 0.5);

function splitRole(start: Counts, splits: readonly number[], total: number): Counts {
  const taken: number[] = [];
  const targets: number[] = [];
  let input = total;
  let inputAtStart = start.total;
  for (const [i, share] of splits.entries()) {
    const target = start.targets[i]! + (input - inputAtStart) * share;
    const here = i === splits.length - 1 ? input : nearest(target);
    targets.push(target);
    taken.push(here);
    input -= here;
    inputAtStart -= start.taken[i]!;
  }
  return { total, taken, targets };
}

function advance(start: PlanCounts, shares: SourceShares, draws: number): PlanCounts {
  const replayTarget = start.replayTarget + (draws - start.draws) * shares.replay;
  const replayRows = nearest(replayTarget);
  return {
    draws,
    replayTarget,
    domain: splitRole(start.domain, shares.domainSplits, draws - replayRows),
    replay: splitRole(start.replay, shares.replaySplits, replayRows),
  };
}

/** Counts at any data position of the history: each segment goes on from where the one before stood at its first draw. */
function rowCounter(order: RoleOrder, segments: readonly PolicySegment[]): (draw: number) => PlanCounts {
  const stages: { fromDraw: number; start: PlanCounts; shares: SourceShares }[] = [];
  const countsAt = (draw: number): PlanCounts => {
    for (let i = stages.length - 1; i >= 0; i--) if (stages[i]!.fromDraw <= draw) return advance(stages[i]!.start, stages[i]!.shares, draw);
    return { draws: 0, replayTarget: 0, domain: nothing(order.domain), replay: nothing(order.replay) };
  };
  for (const segment of segments) {
    stages.push({ fromDraw: segment.fromDraw, start: countsAt(segment.fromDraw), shares: sourceShares(order, segment.replayShare) });
  }
  return countsAt;
}

function grown(order: RoleOrder, before: PlanCounts, after: PlanCounts): { source: MixtureSource; ordinal: number } {
  for (const role of ["domain", "replay"] as const) {
    const index = after[role].taken.findIndex((taken, i) => taken > before[role].taken[i]!);
    if (index >= 0) return { source: order[role][index]!, ordinal: before[role].taken[index]! };
  }
  throw new MidtrainError({ reason: "internal", message: "The sampling plan drew no row.", next: "Please report this with the log." });
}

/** Permutations in use: a step needs one or two per source, and making one costs as much as its length. */
const permutations = new Map<string, Int32Array>();
const keptPermutations = 16;

function permutation(seed: number, source: MixtureSource, epoch: number): Int32Array {
  const key = JSON.stringify([seed, source.name, source.tokens, source.rows, epoch]);
  const known = permutations.get(key);
  if (known !== undefined) return known;
  const made = Int32Array.from(
    seededRandom("sampling-plan", seed, source.name, source.tokens, epoch).shuffle(Array.from({ length: source.rows }, (_, i) => i)),
  );
  const oldest = permutations.keys().next();
  if (permutations.size >= keptPermutations && !oldest.done) permutations.delete(oldest.value);
  permutations.set(key, made);
  return made;
}

/** The `ordinal`-th row ever drawn from a source. */
function rowOfOrdinal(seed: number, source: MixtureSource, ordinal: number): number {
  return permutation(seed, source, Math.floor(ordinal / source.rows))[ordinal % source.rows]!;
}
