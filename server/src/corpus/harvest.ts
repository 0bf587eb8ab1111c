import { existsSync, rmSync, statSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import type { CorpusManifest, HarvestResult, RejectRecord } from "@midtrain/protocol/corpus";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { OnProgress } from "@midtrain/protocol/progress";
import { writeFileAtomic, writeJsonAtomic } from "../platform/atomic-write";
import { throwIfCancelled } from "../platform/cancellation";
import { cleanFiles, keptBytes, type CleanDocument } from "./clean-stage";
import { resolveCorpusConfig, rulesVersion, type CorpusConfig, type ResolvedCorpusConfig } from "./corpus-config";
import { listFiles, type Place } from "./listing/list-files";
import { comparePaths } from "./listing/path-names";
import { makePacer, type Pacer } from "./pacer";
import { startCrew, type Crew } from "./reading/crew";
import { readFiles, type ReadStage } from "./read-stage";
import { clusterRecords, deduplicate, type Deduplication } from "./similarity/deduplicate";
import { ShingleSpill } from "./similarity/shingle-spill";
import { splitDocuments, type Split } from "./split/split";
import { writeDocuments, writeRecords } from "./write-stage";
import { corpusFiles, finishCorpus, isComplete, readManifest, startCorpus } from "./written/corpus-files";
import { makeManifest } from "./written/make-manifest";
import { TextStore } from "./written/stores";

export interface HarvestOptions {
  /** Directory to harvest: a git work tree or a part of one, or any directory. */
  readonly directory: string;
  /** The `.midtrain` directory; by default at the git root, else in the directory. */
  readonly out?: string | undefined;
  readonly config?: CorpusConfig | undefined;
  /** Seed of the split. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Directory of the configuration: `corpus.roots` are relative to it. */
  readonly configDirectory?: string | undefined;
  /** Bundle of harvest-worker.ts; by default the one beside the running bundle, and without one a single thread does the work. */
  readonly worker?: string | undefined;
  readonly threads?: number | undefined;
}

export interface Harvest {
  readonly result: HarvestResult;
  readonly manifest: CorpusManifest;
}

/** Contents, and cleaned texts, held in memory, each; beyond it contents are read again and texts spill to disk. */
const memoryBudgetBytes = 96 * 1024 * 1024;

const progressEveryMilliseconds = 100;

/** Reports at most ten times a second, and always the end of a stage. */
function makeReporter(onProgress: OnProgress | undefined): (message: string, done: number, total: number, unit?: string) => void {
  let last = -Infinity;
  return (message, done, total, unit = "files") => {
    const now = performance.now();
    if (onProgress === undefined || (done !== total && now - last < progressEveryMilliseconds)) return;
    last = now;
    onProgress({ stage: "harvest", message, done, total, unit });
  };
}

function requireHarvestDirectory(path: string): string {
  const directory = resolve(path);
  if (existsSync(directory) && statSync(directory).isDirectory()) return directory;
  throw new MidtrainError({
    reason: "input",
    message: "There is no such directory.",
    where: directory,
    next: "Name the directory of a repository.",
  });
}

/**
 * Harvests a repository into a corpus (§3.1; shared/CONTRACTS §3): list, read, reject, clean, redact, deduplicate, split, write.
 * The corpus id is a content hash of the files read, the rules and the configuration; a whole corpus with that id is reused.
 * @throws MidtrainError: input (no such directory), environment (git refuses, disk full), cancelled.
 */
export async function harvest(options: HarvestOptions): Promise<Harvest> {
  const started = performance.now();
  const directory = requireHarvestDirectory(options.directory);
  const config = resolveCorpusConfig(options.config ?? {});
  const pacer = makePacer(options.signal, "harvest");
  const report = makeReporter(options.onProgress);
  await pacer.rest();
  options.onProgress?.({ stage: "harvest", message: "listing files" });
  const midtrainOf = (root: string): string => (options.out === undefined ? join(root, ".midtrain") : resolve(options.out));
  const place = await listFiles(directory, pacer, options.signal, {
    config,
    ...(options.configDirectory === undefined ? {} : { configDirectory: options.configDirectory }),
    cacheDirectory: (root) => join(midtrainOf(root), "cache"),
  });
  const midtrain = midtrainOf(place.root);
  const { files, objectFormat } = place.listing;
  const salt = randomBytes(16).toString("hex");
  const setup = { directory, config, objectFormat, salt, memoryBytes: memoryBudgetBytes };
  const crew = startCrew(setup, { files: files.length, pacer, signal: options.signal, worker: options.worker, threads: options.threads });
  try {
    const settings = { config, seed: options.seed };
    const read = await readFiles(place.listing, crew, settings, (done) => report("reading files", done, files.length));
    const corpusDirectory = join(midtrain, "corpora", read.corpusId);
    const seconds = (): number => Math.round(performance.now() - started) / 1000;
    if (isComplete(corpusDirectory)) return reuse(corpusDirectory, place, seconds());
    ignoreItself(midtrain);
    crew.learn(read.knowledge);
    const work = { place, read, crew, config, seed: options.seed, pacer, report, seconds };
    const manifest = await writeCorpus(work, midtrain, corpusDirectory, options.signal);
    return { result: resultOf(manifest, corpusDirectory, seconds()), manifest };
  } finally {
    await crew.close();
  }
}

/** Builds the corpus in a directory of its own, which takes its name when it is whole. */
async function writeCorpus(
  work: Omit<Work, "texts" | "shingles" | "making">,
  midtrain: string,
  corpusDirectory: string,
  signal: AbortSignal | undefined,
): Promise<CorpusManifest> {
  const making = startCorpus(join(midtrain, "corpora"), Date.now());
  const texts = new TextStore(memoryBudgetBytes, join(making, "texts.spill"));
  const shingles = new ShingleSpill(join(making, "shingles.spill"));
  try {
    const manifest = await build({ ...work, texts, shingles, making });
    texts.close();
    shingles.close();
    throwIfCancelled(signal, "harvest");
    finishCorpus(making, corpusDirectory, manifest);
    return manifest;
  } catch (error) {
    texts.close();
    shingles.close();
    rmSync(making, { recursive: true, force: true });
    throw error;
  }
}

/** `.midtrain` ignores itself. */
function ignoreItself(midtrain: string): void {
  const file = join(midtrain, ".gitignore");
  if (!existsSync(file)) writeFileAtomic(file, "*\n");
}

/** The same content may stand under another commit now: the stored manifest learns where the repository is. */
function reuse(corpusDirectory: string, place: Place, seconds: number): Harvest {
  const manifest: CorpusManifest = { ...readManifest(corpusDirectory), repository: repositoryOf(place) };
  writeJsonAtomic(join(corpusDirectory, corpusFiles.manifest), manifest);
  return { result: resultOf(manifest, corpusDirectory, seconds), manifest };
}

function repositoryOf({ listing }: Place): CorpusManifest["repository"] {
  return {
    kind: listing.kind,
    ...(listing.head === undefined ? {} : { head: listing.head }),
    ...(listing.branch === undefined ? {} : { branch: listing.branch }),
    ...(listing.kind === "git" ? { dirty: new Set([...listing.staged, ...listing.changed]).size } : {}),
  };
}

interface Work {
  readonly place: Place;
  readonly read: ReadStage;
  readonly crew: Crew;
  readonly config: ResolvedCorpusConfig;
  readonly seed: number;
  readonly texts: TextStore;
  readonly shingles: ShingleSpill;
  readonly making: string;
  readonly pacer: Pacer;
  readonly report: (message: string, done: number, total: number, unit?: string) => void;
  readonly seconds: () => number;
}

async function build(work: Work): Promise<CorpusManifest> {
  const { read, texts, shingles, pacer, report } = work;
  const clean = await cleanFiles(read.texts, work.crew, { texts, shingles }, (done) => report("cleaning text", done, read.texts.length));
  const { documents } = clean;
  const views = documents.map(({ path, blob, bytes, words }, index) => ({ path, blob, bytes, words, text: () => textOf(texts, index) }));
  const dedup = await deduplicate(views, shingles, pacer, (done) => report("comparing files", done, documents.length));
  const survivors = dedup.survivors.map((index) => documents[index]!);
  const split = splitSurvivors(work, survivors, dedup);
  const rejects = [...read.rejects, ...clean.rejects, ...duplicateRejects(documents, dedup)].sort((a, b) => comparePaths(a.path, b.path));
  const clusters = clusterRecords(views, dedup);
  const written = survivors.map((document, index) => ({
    document,
    split: split.sides[index]!,
    text: () => texts.get(dedup.survivors[index]!),
  }));
  const onStep = (done: number, total: number): void => report("writing the corpus", done, total, "shards");
  const shards = await writeDocuments(written, { directory: work.making, pacer, onStep });
  const { heldOutShare, minHeldOutFiles } = work.config;
  writeRecords(work.making, { rejects, survivors, clusters, split, seed: work.seed, heldOutShare, minHeldOutFiles });
  return makeManifest({
    corpus: read.corpusId,
    rules: rulesVersion,
    repository: repositoryOf(work.place),
    notes: work.place.listing.notes,
    documents: survivors,
    rejects,
    clusters,
    split,
    shards,
    seconds: work.seconds(),
  });
}

function textOf(texts: TextStore, document: number): string {
  return JSON.parse(Buffer.from(texts.get(document)).toString("utf8")) as string;
}

function splitSurvivors(work: Work, survivors: readonly CleanDocument[], dedup: Deduplication): Split {
  const position = new Map(dedup.survivors.map((document, index) => [document, index]));
  return splitDocuments(
    survivors.map((document) => ({ path: document.path, language: document.language, bytes: keptBytes(document) })),
    dedup.edges.map(({ a, b }) => ({ a: position.get(a)!, b: position.get(b)! })),
    { ...work.config, seed: work.seed },
  );
}

function duplicateRejects(documents: readonly CleanDocument[], dedup: Deduplication): RejectRecord[] {
  const words = { blob: "The same bytes as", text: "The same text, but for white space, as", near: "Nearly the same text as" } as const;
  return dedup.removed.map(({ document, survivor, jaccard, kind }) => ({
    path: documents[document]!.path,
    rule: `duplicate-${kind}`,
    bytes: documents[document]!.bytes,
    reason: `${words[kind]} ${documents[survivor]!.path}${kind === "near" ? ` (Jaccard ${jaccard.toFixed(2)})` : ""}.`,
  }));
}

/** The `--json` document of `midtrain harvest`. */
function resultOf(manifest: CorpusManifest, corpusDirectory: string, seconds: number): HarvestResult {
  const { corpus, documents, bytes, rejectsByRule, redactionsByRule, duplicateClusters } = manifest;
  const { train, heldOut, sealed } = manifest.split;
  return {
    corpus,
    directory: corpusDirectory,
    documents,
    bytes,
    rejectsByRule,
    redactionsByRule,
    duplicateClusters,
    split: { train, heldOut, sealed },
    seconds,
  };
}
