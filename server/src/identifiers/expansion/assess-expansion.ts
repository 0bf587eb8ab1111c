/**
 * Whether to expand the vocabulary (§6.1, §6.2): candidates by continued BPE on the training split, their savings on the
 * held-out split, how often each would be seen, and a verdict that is "do not expand" unless all of it says otherwise.
 */
import type { ExpansionAssessment, ExpansionSaving } from "@midtrain/protocol/tokens";
import type { OnProgress } from "@midtrain/protocol/progress";
import type { Tokenizer } from "../../tokenizer";
import type { ReportDocument } from "../fragmentation-report";
import { learnedAfter } from "../term-lengths";
import { learnMerges, MergeApplier, type NewMerge } from "./continued-bpe";
import { cheaperWays, expansionWords, servingChanges } from "./expansion-words";
import { countPieces, type SplitPieces } from "./piece-counts";
import { tokenFilter, type TokenFilter } from "./token-filter";

type Documents = Iterable<ReportDocument> | AsyncIterable<ReportDocument>;

export interface ExpansionOptions {
  readonly train: () => Documents;
  readonly heldOut: () => Documents;
  /** Rows of the model's embedding matrix, when a model is at hand. */
  readonly modelRows?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

const sizes = [100, 300, 1000, 3000] as const;
/** A pair seen once is no pattern. How many are seen too rarely to be learned is what the verdict counts. */
const fewestExposures = 2;
const shownCandidates = 100;

/** From the measurements of research/tokenizer.md §3.2: +1,000 tokens save 4-6 % with the vocabularies of today's code models. */
const expansionLimits = { heldOutShare: 0.08, exposures: learnedAfter, exposedShare: 0.8, mostCandidates: 1000 } as const;

/** @throws MidtrainError (unsupported) for tokenizers that do not cut text into pieces. */
export async function assessExpansion(tokenizer: Tokenizer, options: ExpansionOptions): Promise<ExpansionAssessment> {
  const { signal, onProgress } = options;
  onProgress?.({ stage: "expansion", message: "trying new tokens on the training split" });
  const train = await countPieces(options.train(), tokenizer, signal);
  const heldOut = await countPieces(options.heldOut(), tokenizer, signal);
  const learn = (allows: (text: string) => boolean): readonly NewMerge[] =>
    learnMerges(train.pieces, {
      vocabularySize: tokenizer.vocabularySize,
      merges: sizes.at(-1)!,
      fewest: fewestExposures,
      textOf: (id) => tokenizer.tokenText(id),
      allows,
    });
  const filter = tokenFilter(train.terms);
  const merges = learn(filter.allows);
  onProgress?.({ stage: "expansion", message: "measuring what they save in held-out files" });
  const all = learn(() => true);
  const savings = sizesFor(merges).map((k) => savingOf(k, merges, all, train, heldOut));
  const { name, hash } = tokenizer.identity;
  const figures = { train: sizeOf(train), heldOut: sizeOf(heldOut), savings, limits: expansionLimits };
  return {
    tokenizer: { name, hash },
    ...expansionWords(figures),
    cheaper: cheaperWays,
    servingChanges,
    ...figures,
    candidates: candidateRows(merges, filter, train, heldOut),
    ...(options.modelRows === undefined ? {} : { freeRows: Math.max(0, options.modelRows - tokenizer.vocabularySize) }),
    quality: "not shown",
  };
}

/** The usual sizes, and as many tokens as are seen often enough to be learned: the size one would take. */
function sizesFor(merges: readonly NewMerge[]): readonly number[] {
  const affordable = merges.findIndex(({ count }) => count < expansionLimits.exposures);
  const most = Math.min(expansionLimits.mostCandidates, affordable < 0 ? merges.length : affordable);
  return [...new Set([...sizes, ...(most > 0 ? [most] : [])])].sort((a, b) => a - b);
}

function sizeOf({ files, tokens }: SplitPieces): { readonly files: number; readonly tokens: number } {
  return { files, tokens };
}

function savingOf(
  k: number,
  merges: readonly NewMerge[],
  all: readonly NewMerge[],
  train: SplitPieces,
  heldOut: SplitPieces,
): ExpansionSaving {
  const seen = uses(merges, k, train);
  const met = uses(merges, k, heldOut);
  const chosen = merges.slice(0, k);
  const used = chosen.filter(({ id }) => seen.byToken.has(id));
  const exposures = used.map(({ id }) => seen.byToken.get(id)!).sort((a, b) => a - b);
  const share = (count: number): number => (used.length === 0 ? 0 : count / used.length);
  return {
    k,
    candidates: chosen.length,
    steps: chosen.length - used.length,
    heldOutShare: saved(met.tokens, heldOut),
    trainShare: saved(seen.tokens, train),
    exposures: { p10: quantile(exposures, 0.1), median: quantile(exposures, 0.5) },
    exposedShare: share(exposures.filter((count) => count >= expansionLimits.exposures).length),
    neverHeldOutShare: share(used.filter(({ id }) => (met.byToken.get(id) ?? 0) === 0).length),
    unfilteredHeldOutShare: saved(uses(all, k, heldOut).tokens, heldOut),
  };
}

function saved(tokens: number, split: SplitPieces): number {
  const before = split.pieces.reduce((sum, { ids, count }) => sum + ids.length * count, 0);
  return split.tokens === 0 ? 0 : (before - tokens) / split.tokens;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

interface Uses {
  readonly tokens: number;
  readonly byToken: ReadonlyMap<number, number>;
}

/** A split in tokens with the first `k` merges, and how often each new token stands in it. */
function uses(merges: readonly NewMerge[], k: number, { pieces }: SplitPieces): Uses {
  const applier = new MergeApplier(merges);
  const first = merges[0]?.id ?? Infinity;
  const byToken = new Map<number, number>();
  let tokens = 0;
  for (const { ids, count } of pieces) {
    const merged = ids.length < 2 ? ids : applier.apply(ids, Math.min(k, merges.length));
    tokens += merged.length * count;
    for (const id of merged) if (id >= first) byToken.set(id, (byToken.get(id) ?? 0) + count);
  }
  return { tokens, byToken };
}

/** Those that are names, in the order in which they are found. */
function candidateRows(
  merges: readonly NewMerge[],
  { isName }: TokenFilter,
  train: SplitPieces,
  heldOut: SplitPieces,
): ExpansionAssessment["candidates"] {
  const k = expansionLimits.mostCandidates;
  const seen = uses(merges, k, train).byToken;
  const met = uses(merges, k, heldOut).byToken;
  return merges
    .slice(0, k)
    .filter(({ id, text }) => seen.has(id) && isName(text))
    .slice(0, shownCandidates)
    .map(({ id, text }) => ({ token: text, exposures: seen.get(id)!, heldOut: met.get(id) ?? 0 }));
}
