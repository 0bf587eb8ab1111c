import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SplitSide } from "@midtrain/protocol/corpus";
import type { OnProgress } from "@midtrain/protocol/progress";
import type { LineLeakage, PairAcross, RepetitionFigures } from "@midtrain/protocol/corpus-check";
import { corpusFiles, readDocuments, readManifest, readTogether } from "../written/corpus-files";
import { makePacer, type Pacer } from "../pacer";
import { comparable } from "../similarity/comparable";
import { ShingleSpill } from "../similarity/shingle-spill";
import { shinglesOf } from "../similarity/shingles";
import { duplicateThreshold, jaccard, joinSimilar, reaches, splitThreshold, type SimilarPair } from "../similarity/similarity-join";
import { corpusFigures, RepetitionSample, repetitionRates, sampledLines } from "../similarity/corpus-figures";
import { HeldOutRuns, type Contamination } from "../similarity/decontaminate";
import { LeakedLines } from "./line-leakage";
import { testPairs } from "./test-pairs";

export interface CorpusCheck {
  readonly ok: boolean;
  readonly documents: number;
  readonly pairsAcross: readonly PairAcross[];
  /** Pairs of documents that deduplication should not both have left. */
  readonly duplicatesLeft: readonly { readonly a: string; readonly b: string; readonly jaccard: number }[];
  /** Other ways in which the corpus is not what its manifest says. */
  readonly problems: readonly string[];
  /** Lines of held-out documents that training holds too: measured, not judged. */
  readonly leakage: LineLeakage;
  /** Training documents that share 13-word runs with held-out ones, the largest share first: measured, not judged. */
  readonly sharedRuns: readonly Contamination[];
  /** Repetition and diversity, the whole corpus first, then its directories. */
  readonly figures: readonly RepetitionFigures[];
}

/**
 * Derives the components of the split anew from the written documents alone, and names every pair that crosses it.
 * @throws MidtrainError (corrupt) when the corpus cannot be read.
 */
export async function checkCorpus(corpusDirectory: string, signal?: AbortSignal, onProgress?: OnProgress): Promise<CorpusCheck> {
  const place = mkdtempSync(join(tmpdir(), "midtrain-check-"));
  const spill = new ShingleSpill(join(place, "shingles"));
  try {
    return await checkWith(spill, corpusDirectory, pacerThatTells(signal, onProgress));
  } finally {
    spill.close();
    rmSync(place, { recursive: true, force: true });
  }
}

/** A pacer that says how far the present stage is, each time it rests. */
interface TellingPacer extends Pacer {
  stage(message: string, total: number): void;
  done(documents: number): void;
}

function pacerThatTells(signal: AbortSignal | undefined, onProgress: OnProgress | undefined): TellingPacer {
  const pacer = makePacer(signal, "check");
  let [message, total, done] = ["", 0, 0];
  return {
    due: pacer.due,
    rest: () => {
      onProgress?.({ stage: "check", message, done, total, unit: "files" });
      return pacer.rest();
    },
    stage: (words, of) => {
      [message, total, done] = [words, of, 0];
    },
    done: (documents) => {
      done = documents;
    },
  };
}

/** What one reading of all documents, and one of those of training, gives. */
interface Readings {
  readonly paths: readonly string[];
  readonly sides: readonly SplitSide[];
  readonly sample: RepetitionSample;
  readonly shingles: number;
  readonly leakage: LineLeakage;
  readonly sharedRuns: readonly Contamination[];
}

async function readAll(spill: ShingleSpill, corpusDirectory: string, pacer: TellingPacer): Promise<Readings> {
  const manifest = readManifest(corpusDirectory);
  const rates = repetitionRates(manifest.bytes.kept);
  const [sample, leaked, runs] = [new RepetitionSample(rates), new LeakedLines(), new HeldOutRuns()];
  const [paths, sides]: [string[], SplitSide[]] = [[], []];
  let shingleCount = 0;
  pacer.stage("reading the corpus", manifest.documents);
  for await (const { path, split, text } of readDocuments(corpusDirectory)) {
    const shingles = shinglesOf(text);
    shingleCount += shingles.low.length;
    spill.append(paths.length, shingles);
    sample.add(paths.length, shingles, sampledLines(text, rates));
    if (split !== "train") {
      leaked.addHeldOut(text);
      runs.addHeldOut(text);
    }
    pacer.done(paths.push(path));
    sides.push(split);
    if (pacer.due()) await pacer.rest();
  }
  let trained = 0;
  pacer.stage("looking for held-out text in training", manifest.split.train.documents);
  for await (const { path, text } of readDocuments(corpusDirectory, { split: "train" })) {
    leaked.addTraining(text);
    runs.addTraining(path, text);
    pacer.done(++trained);
    if (pacer.due()) await pacer.rest();
  }
  return { paths, sides, sample, shingles: shingleCount, leakage: leaked.figures(), sharedRuns: runs.found() };
}

async function checkWith(spill: ShingleSpill, corpusDirectory: string, pacer: TellingPacer): Promise<CorpusCheck> {
  const { paths, sides, sample, shingles: shingleCount, leakage, sharedRuns } = await readAll(spill, corpusDirectory, pacer);
  pacer.stage("comparing every file with every other", paths.length);
  const { documents, sets } = await comparable([...paths.keys()], spill, splitThreshold, shingleCount, pacer, (done) => pacer.done(done));
  const pairsAcross: PairAcross[] = [];
  const duplicatesLeft: { a: string; b: string; jaccard: number }[] = [];
  const edges: { a: number; b: number }[] = [];
  const across = (a: number, b: number, why: PairAcross["why"], similarity?: number): void => {
    if (sides[a] === sides[b]) return;
    const known = similarity === undefined ? {} : { jaccard: similarity };
    pairsAcross.push({ a: paths[a]!, b: paths[b]!, sides: [sides[a]!, sides[b]!], why, ...known });
  };
  const onDocument = (later: number, pairs: readonly SimilarPair[]): "index" => {
    for (const { earlier, overlap } of pairs) {
      const [a, b] = [documents[earlier]!, documents[later]!];
      const similarity = jaccard(overlap, sets.sizes[earlier]!, sets.sizes[later]!);
      across(a, b, "similar", similarity);
      edges.push({ a, b });
      if (reaches(duplicateThreshold, overlap, sets.sizes[earlier]!, sets.sizes[later]!))
        duplicatesLeft.push({ a: paths[a]!, b: paths[b]!, jaccard: similarity });
    }
    pacer.done(later + 1);
    return "index";
  };
  await joinSimilar(sets, splitThreshold, { onDocument }, pacer);
  for (const { test, implementation } of testPairs(paths)) across(test, implementation, "test and implementation");
  for (const { a, b } of historyPairs(corpusDirectory, paths)) across(a, b, "copied or moved");
  const problems = manifestProblems(corpusDirectory, sides);
  return {
    ok: pairsAcross.length + duplicatesLeft.length + problems.length === 0,
    documents: paths.length,
    pairsAcross,
    duplicatesLeft,
    problems,
    leakage,
    sharedRuns,
    figures: corpusFigures(
      paths.map((path) => ({ path })),
      [...paths.keys()],
      edges,
      sample,
    ),
  };
}

/** What the history joins cannot be seen in the documents: split.json says it. */
function historyPairs(corpusDirectory: string, paths: readonly string[]): { readonly a: number; readonly b: number }[] {
  const places = new Map(paths.map((path, index) => [path, index]));
  return readTogether(corpusDirectory).flatMap(([one, other]) => {
    const [a, b] = [places.get(one), places.get(other)];
    return a === undefined || b === undefined ? [] : [{ a, b }];
  });
}

function manifestProblems(corpusDirectory: string, sides: readonly SplitSide[]): string[] {
  const { split, documents } = readManifest(corpusDirectory);
  const counted = (side: SplitSide): number => sides.filter((each) => each === side).length;
  const expected = { train: split.train.documents, "held-out": split.heldOut.documents, sealed: split.sealed.documents };
  const problems = (["train", "held-out", "sealed"] as const)
    .filter((side) => counted(side) !== expected[side])
    .map((side) => `${corpusFiles.manifest} names ${expected[side]} documents as ${side}, the shards hold ${counted(side)}.`);
  if (documents !== sides.length) problems.push(`${corpusFiles.manifest} names ${documents} documents, the shards hold ${sides.length}.`);
  return problems;
}
