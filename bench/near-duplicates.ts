import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { languageOf } from "../server/src/corpus/rules/languages";
import { makePacer } from "../server/src/corpus/pacer";
import { comparable } from "../server/src/corpus/similarity/comparable";
import { deduplicate, type DedupDocument, type Deduplication } from "../server/src/corpus/similarity/deduplicate";
import { Preference } from "../server/src/corpus/similarity/preference";
import { ShingleSpill } from "../server/src/corpus/similarity/shingle-spill";
import { shinglesOf } from "../server/src/corpus/similarity/shingles";
import { joinSimilar, splitThreshold } from "../server/src/corpus/similarity/similarity-join";
import { splitDocuments } from "../server/src/corpus/split/split";
import { seededRandom } from "../server/src/platform/random";
import { peakMemory, printFigures, type Figure } from "./figures";
import { readTexts, type Text } from "./texts";

/**
 * Near duplicates and split beside an exact brute force in Python, and datatrove's MinHash stages, on the same texts in one run.
 * Arguments: a directory, then sub-directories of it; `--datatrove PYTHON` names an interpreter that has datatrove, `--python PYTHON`
 * one that has numpy. Every UTF-8 file of at most 1 MiB without a NUL byte counts, as it is on disk, and of equal ones the preferred.
 */
interface Pair {
  readonly a: number;
  readonly b: number;
  readonly overlap: number;
  readonly jaccard: number;
}

const pacer = makePacer(undefined, "bench");

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

interface Ours {
  readonly documents: readonly DedupDocument[];
  readonly result: Deduplication;
  readonly pairs: readonly Pair[];
  readonly cpu: number;
}

async function ours(texts: readonly Text[], place: string): Promise<Ours> {
  const spill = new ShingleSpill(join(place, "shingles"));
  const start = cpuSeconds();
  const documents = texts.map(({ path, text, blob }, index) => {
    const shingles = shinglesOf(text);
    spill.append(index, shingles);
    return { path, blob, bytes: Buffer.byteLength(text), words: shingles.words, text: () => text };
  });
  const result = await deduplicate(documents, spill, pacer, () => undefined);
  const cpu = cpuSeconds() - start;
  const pairs: Pair[] = [];
  const { documents: compared, sets } = await comparable([...texts.keys()], spill, splitThreshold, 1 << 20, pacer, () => undefined);
  const onDocument = (later: number, found: readonly { earlier: number; overlap: number }[]): "index" => {
    for (const { earlier, overlap } of found)
      pairs.push(pairOf(compared[earlier]!, compared[later]!, overlap, sets.sizes[earlier]! + sets.sizes[later]!));
    return "index";
  };
  await joinSimilar(sets, splitThreshold, { onDocument }, pacer);
  spill.close();
  return { documents, result, pairs, cpu };
}

function pairOf(one: number, other: number, overlap: number, together: number): Pair {
  return { a: Math.min(one, other), b: Math.max(one, other), overlap, jaccard: overlap / (together - overlap) };
}

function python<T>(interpreter: string, script: string, file: string): T {
  const run = spawnSync(interpreter, [join(process.cwd(), "bench", script), file], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (run.status !== 0) throw new Error(`${script}: ${run.stderr.slice(-2000)}`);
  return JSON.parse(run.stdout) as T;
}

/** Recall and precision of one set of keys against the true one; of nothing both are 1. */
function compare(name: string, found: ReadonlySet<string>, truth: ReadonlySet<string>): Figure[] {
  const both = [...found].filter((key) => truth.has(key)).length;
  return [
    { figure: `${name}: true`, value: truth.size, unit: "" },
    { figure: `${name}: recall`, value: truth.size === 0 ? 1 : both / truth.size, unit: "" },
    { figure: `${name}: precision`, value: found.size === 0 ? 1 : both / found.size, unit: "" },
  ];
}

function keysOf(pairs: readonly Pair[], from: (pair: Pair) => boolean): Set<string> {
  return new Set(pairs.filter(from).map(({ a, b }) => `${a} ${b}`));
}

const nearlyEqual = (pair: Pair): boolean => pair.jaccard >= 0.7;

/** What the definition removes, from the true pairs alone: in order of preference, whatever resembles one that stays. */
function trulyRemoved(documents: readonly DedupDocument[], pairs: readonly Pair[]): Set<string> {
  const alike = new Map<number, number[]>();
  for (const { a, b } of pairs.filter(nearlyEqual)) {
    alike.set(a, [...(alike.get(a) ?? []), b]);
    alike.set(b, [...(alike.get(b) ?? []), a]);
  }
  const stays = new Set<number>();
  const seen = new Set<string>();
  const removed = new Set<string>();
  for (const index of new Preference(documents).sort([...documents.keys()])) {
    const document = documents[index]!;
    const normalised = document.text().replace(/\s+/g, " ").trim();
    const twin = seen.has(document.blob) || seen.has(normalised);
    if (twin || (alike.get(index) ?? []).some((other) => stays.has(other))) removed.add(String(index));
    else stays.add(index);
    if (!twin) seen.add(document.blob).add(normalised);
  }
  return removed;
}

/** Pairs at least half alike that lie on two sides: our split of the survivors, and a random one of as many files (mean of 20). */
function across({ documents, result }: Ours, truth: readonly Pair[]): Figure[] {
  const position = new Map(result.survivors.map((document, index) => [document, index]));
  const alike = truth.flatMap(({ a, b }) => (position.has(a) && position.has(b) ? [[position.get(a)!, position.get(b)!] as const] : []));
  const survivors = result.survivors.map((index) => ({
    path: documents[index]!.path,
    language: languageOf(documents[index]!.path),
    bytes: documents[index]!.bytes,
  }));
  const edges = result.edges.map(({ a, b }) => ({ a: position.get(a)!, b: position.get(b)! }));
  const start = cpuSeconds();
  const { sides } = splitDocuments(survivors, edges, { heldOutShare: 0.05, minHeldOutFiles: 20, seed: 1 });
  const cpu = cpuSeconds() - start;
  const held = sides.filter((side) => side !== "train").length;
  const random = Array.from({ length: 20 }, (_, seed) => {
    const chosen = new Set(
      seededRandom("random split", seed)
        .shuffle([...survivors.keys()])
        .slice(0, held),
    );
    return alike.filter(([a, b]) => chosen.has(a) !== chosen.has(b)).length;
  });
  return [
    { figure: "split: pairs of survivors at J >= 0.5", value: alike.length, unit: "" },
    { figure: "split: held out", value: held, unit: "files" },
    {
      figure: "split: pairs across, by components",
      value: alike.filter(([a, b]) => (sides[a] === "train") !== (sides[b] === "train")).length,
      unit: "",
    },
    { figure: "split: pairs across, random files", value: random.reduce((sum, each) => sum + each, 0) / random.length, unit: "" },
    { figure: "split: time", value: cpu, unit: "CPU s" },
  ];
}

interface Clusters {
  readonly clusters: readonly (readonly number[])[];
  readonly removed: readonly number[];
  readonly cpu: number;
}

function datatrove(interpreter: string, file: string, truth: readonly Pair[], trueRemovals: number, own: number): Figure[] {
  const { clusters, removed, cpu } = python<Clusters>(interpreter, "near-duplicates-datatrove.py", file);
  const found = new Set(
    clusters.flatMap((members) => {
      const rising = [...members].sort((a, b) => a - b);
      return rising.flatMap((a, at) => rising.slice(at + 1).map((b) => `${a} ${b}`));
    }),
  );
  return [
    { figure: "datatrove: time", value: cpu, unit: "CPU s" },
    { figure: "datatrove: times ours", value: cpu / own, unit: "" },
    ...compare("datatrove: pairs at J >= 0.7", found, keysOf(truth, nearlyEqual)),
    { figure: "datatrove: removed, of truly", value: removed.length / Math.max(1, trueRemovals), unit: "" },
  ];
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const option = (name: string): string | undefined => {
    const at = args.indexOf(name);
    return at < 0 ? undefined : args.splice(at, 2)[1];
  };
  const [peer, interpreter = "python3"] = [option("--datatrove"), option("--python")];
  const [root, ...directories] = args;
  if (root === undefined || !existsSync(root)) throw new Error("Name a directory.");
  const texts = (directories.length === 0 ? [root] : directories.map((directory) => join(root, directory))).flatMap((directory) =>
    readTexts(root, directory),
  );
  const place = mkdtempSync(join(tmpdir(), "midtrain-bench-"));
  try {
    const found = await ours(texts, place);
    const memory = peakMemory();
    const file = join(place, "texts.jsonl");
    writeFileSync(file, texts.map(({ path, text }) => `${JSON.stringify({ path, text })}\n`).join(""));
    const answer = python<{ pairs: number[][]; shingles: number }>(interpreter, "near-duplicates-truth.py", file);
    const truth = answer.pairs.map(([a, b, overlap, first, second]) => pairOf(a!, b!, overlap!, first! + second!));
    const exact = new Map(truth.map((pair) => [`${pair.a} ${pair.b}`, pair.overlap]));
    const removals = trulyRemoved(found.documents, truth);
    printFigures([
      { figure: "documents", value: texts.length, unit: "" },
      { figure: "text", value: texts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) / 1e6, unit: "MB" },
      { figure: "distinct shingles", value: answer.shingles, unit: "" },
      { figure: "shingles and join", value: found.cpu, unit: "CPU s" },
      { figure: "peak memory, texts included", value: memory, unit: "MB" },
      ...compare("pairs at J >= 0.7", keysOf(found.pairs, nearlyEqual), keysOf(truth, nearlyEqual)),
      ...compare(
        "pairs at J >= 0.5",
        keysOf(found.pairs, () => true),
        keysOf(truth, () => true),
      ),
      {
        figure: "pairs with another overlap",
        value: found.pairs.filter((pair) => exact.get(`${pair.a} ${pair.b}`) !== pair.overlap).length,
        unit: "",
      },
      ...compare("removed documents", new Set(found.result.removed.map(({ document }) => String(document))), removals),
      ...across(found, truth),
      ...(peer === undefined ? [] : datatrove(peer, file, truth, removals.size, found.cpu)),
    ]);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

void main();
