import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makePacer } from "../server/src/corpus/pacer";
import { joinByBands, sketchDocuments } from "../server/src/corpus/similarity/candidate-lsh-join";
import { comparable } from "../server/src/corpus/similarity/comparable";
import { deduplicate, type Deduplication } from "../server/src/corpus/similarity/deduplicate";
import { ShingleSpill } from "../server/src/corpus/similarity/shingle-spill";
import { shinglesOf } from "../server/src/corpus/similarity/shingles";
import { jaccard, joinSimilar, splitThreshold, type SimilarPair } from "../server/src/corpus/similarity/similarity-join";
import { printFigures, type Figure } from "./figures";
import { readTexts } from "./texts";

/** What is used beyond 100,000 documents (MinHash in bands, verified) beside the exact join, on the same tree. Arguments: a directory, then sub-directories of it. */
const pacer = makePacer(undefined, "bench");
const nothing = (): void => undefined;

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly cpu: number }> {
  const start = cpuSeconds();
  const result = await work();
  return { result, cpu: cpuSeconds() - start };
}

type Pairs = ReadonlyMap<string, number>;

/** Collects all pairs with their likeness: nothing is left out, so that every pair counts. */
function collector(
  documents: readonly number[],
  sizes: Uint32Array,
): { onDocument: (later: number, found: readonly SimilarPair[]) => "index"; pairs: Map<string, number> } {
  const pairs = new Map<string, number>();
  const onDocument = (later: number, found: readonly SimilarPair[]): "index" => {
    for (const { earlier, overlap } of found) {
      const [a, b] = [documents[earlier]!, documents[later]!].sort((one, other) => one - other);
      pairs.set(`${a} ${b}`, jaccard(overlap, sizes[earlier]!, sizes[later]!));
    }
    return "index";
  };
  return { onDocument, pairs };
}

async function exactPairs(all: readonly number[], source: ShingleSpill): Promise<Pairs> {
  const { documents, sets } = await comparable(all, source, splitThreshold, 1 << 24, pacer, nothing);
  const collected = collector(documents, sets.sizes);
  await joinSimilar(sets, splitThreshold, collected, pacer);
  return collected.pairs;
}

async function bandPairs(all: readonly number[], source: ShingleSpill): Promise<Pairs> {
  const sketched = await sketchDocuments(all, source, splitThreshold, 1 << 24, pacer, nothing);
  const collected = collector(sketched.documents, sketched.sizes);
  await joinByBands(sketched, source, splitThreshold, collected, pacer);
  return collected.pairs;
}

function recall(found: Pairs, truth: Pairs, from: number, to: number): Figure[] {
  const wanted = [...truth].filter(([, likeness]) => likeness >= from && likeness < to);
  const met = wanted.filter(([key]) => found.has(key)).length;
  const name = `J from ${from}${to > 1 ? "" : ` to ${to}`}`;
  return [
    { figure: `${name}: true pairs`, value: wanted.length, unit: "" },
    { figure: `${name}: recall`, value: wanted.length === 0 ? 1 : met / wanted.length, unit: "" },
  ];
}

function removedBy(one: Deduplication): ReadonlySet<number> {
  return new Set(one.removed.map(({ document }) => document));
}

async function main(): Promise<void> {
  const [root, ...directories] = process.argv.slice(2);
  if (root === undefined || !existsSync(root)) throw new Error("Name a directory.");
  const texts = (directories.length === 0 ? [root] : directories.map((directory) => join(root, directory))).flatMap((directory) =>
    readTexts(root, directory),
  );
  const place = mkdtempSync(join(tmpdir(), "midtrain-bench-"));
  const spill = new ShingleSpill(join(place, "shingles"));
  try {
    const documents = texts.map(({ path, text, blob }, index) => {
      const shingles = shinglesOf(text);
      spill.append(index, shingles);
      return { path, blob, bytes: Buffer.byteLength(text), words: shingles.words, text: () => text };
    });
    const exact = await timed(() => deduplicate(documents, spill, pacer, nothing, Infinity));
    const bands = await timed(() => deduplicate(documents, spill, pacer, nothing, 0));
    const { distinct } = exact.result;
    const truth = await timed(() => exactPairs(distinct, spill));
    const found = await timed(() => bandPairs(distinct, spill));
    const [trulyRemoved, removed] = [removedBy(exact.result), removedBy(bands.result)];
    printFigures([
      { figure: "documents", value: texts.length, unit: "" },
      { figure: "compared", value: distinct.length, unit: "" },
      { figure: "deduplicate, exact join", value: exact.cpu, unit: "CPU s" },
      { figure: "deduplicate, bands", value: bands.cpu, unit: "CPU s" },
      { figure: "all pairs, exact join", value: truth.cpu, unit: "CPU s" },
      { figure: "all pairs, bands", value: found.cpu, unit: "CPU s" },
      ...recall(found.result, truth.result, 0.5, 0.6),
      ...recall(found.result, truth.result, 0.6, 0.7),
      ...recall(found.result, truth.result, 0.7, 1.1),
      {
        figure: "pairs that are not true",
        value: [...found.result].filter(([key, likeness]) => truth.result.get(key) !== likeness).length,
        unit: "",
      },
      { figure: "removed, exact join", value: trulyRemoved.size, unit: "" },
      { figure: "removed, bands", value: removed.size, unit: "" },
      {
        figure: "removed by one of the two only",
        value:
          [...trulyRemoved].filter((each) => !removed.has(each)).length + [...removed].filter((each) => !trulyRemoved.has(each)).length,
        unit: "",
      },
    ]);
  } finally {
    spill.close();
    rmSync(place, { recursive: true, force: true });
  }
}

void main();
