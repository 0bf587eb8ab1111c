import { join, resolve } from "node:path";
import { existsSync, rmSync, statSync } from "node:fs";
import type { ClusterRecord, CorpusManifest, HarvestResult, RejectRecord } from "@midtrain/protocol/corpus";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { OnProgress } from "@midtrain/protocol/progress";
import { writeFileAtomic, writeJsonAtomic } from "../platform/atomic-write";
import { throwIfCancelled } from "../platform/cancellation";
import { cleanFiles, keptBytes, type CleanDocument } from "./clean-stage";
import { resolveCorpusConfig, rulesVersion, type CorpusConfig, type ResolvedCorpusConfig } from "./corpus-config";
import { corpusFiles, finishCorpus, isComplete, jsonLines, readManifest, shardOf, startCorpus, writeShard } from "./written/corpus-files";
import { clusterRecords, deduplicate, type Deduplication } from "./similarity/deduplicate";
import { ShingleSpill } from "./similarity/shingle-spill";
import { shinglesOf } from "./similarity/shingles";
import { listFiles, type Place } from "./listing/list-files";
import { makeManifest } from "./written/make-manifest";
import { makePacer, type Pacer } from "./pacer";
import { comparePaths } from "./listing/path-names";
import { makeAnalysisContext } from "./rules/analysis-context";
import { makePathRules } from "./rules/path-rules";
import { blobId, ContentReader } from "./listing/read-content";
import { readFiles, type ReadStage } from "./read-stage";
import { splitDocuments, type Split } from "./split/split";
import { ContentStore, TextStore } from "./written/stores";
import { documentId } from "./written/document-id";

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
}

export interface Harvest {
  readonly result: HarvestResult;
  readonly manifest: CorpusManifest;
}

/** Raw contents and cleaned texts held in memory, each; beyond it contents are read again and texts spill to disk. */
const memoryBudgetBytes = 256 * 1024 * 1024;

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
  const place = await listFiles(directory, pacer, options.signal);
  const midtrain = options.out === undefined ? join(place.root, ".midtrain") : resolve(options.out);
  const { files, objectFormat } = place.listing;
  const reader = new ContentReader(directory, config.maxFileBytes);
  const blobs = new Map<number, string>();
  const contents = new ContentStore(memoryBudgetBytes, (file) => {
    const again = reader.read(files[file]!);
    return again.kind === "content" && blobId(again.content, objectFormat) === blobs.get(file) ? again.content : undefined;
  });
  const read = await readFiles(place.listing, makePathRules(config), reader, contents, { config, seed: options.seed }, pacer, (done) =>
    report("reading files", done, files.length),
  );
  for (const candidate of read.candidates) blobs.set(candidate.file, candidate.blob);
  const corpusDirectory = join(midtrain, "corpora", read.corpusId);
  const seconds = (): number => Math.round(performance.now() - started) / 1000;
  if (isComplete(corpusDirectory)) return reuse(corpusDirectory, place, read, seconds());
  ignoreItself(midtrain);
  const making = startCorpus(join(midtrain, "corpora"), Date.now());
  const texts = new TextStore(memoryBudgetBytes, join(making, "texts.spill"));
  try {
    const manifest = await build({ place, read, config, seed: options.seed, contents, texts, making, pacer, report, seconds });
    texts.close();
    throwIfCancelled(options.signal, "harvest");
    finishCorpus(making, corpusDirectory, manifest);
    return { result: resultOf(manifest, corpusDirectory, seconds()), manifest };
  } catch (error) {
    texts.close();
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
function reuse(corpusDirectory: string, place: Place, read: ReadStage, seconds: number): Harvest {
  const manifest: CorpusManifest = { ...readManifest(corpusDirectory), repository: repositoryOf(place, read) };
  writeJsonAtomic(join(corpusDirectory, corpusFiles.manifest), manifest);
  return { result: resultOf(manifest, corpusDirectory, seconds), manifest };
}

function repositoryOf({ listing }: Place, read: ReadStage): CorpusManifest["repository"] {
  return {
    kind: listing.kind,
    ...(listing.head === undefined ? {} : { head: listing.head }),
    ...(listing.branch === undefined ? {} : { branch: listing.branch }),
    ...(listing.kind === "git" ? { dirty: read.dirty } : {}),
  };
}

interface Work {
  readonly place: Place;
  readonly read: ReadStage;
  readonly config: ResolvedCorpusConfig;
  readonly seed: number;
  readonly contents: ContentStore;
  readonly texts: TextStore;
  readonly making: string;
  readonly pacer: Pacer;
  readonly report: (message: string, done: number, total: number, unit?: string) => void;
  readonly seconds: () => number;
}

async function build(work: Work): Promise<CorpusManifest> {
  const { read, texts, pacer, report } = work;
  const clean = await cleanFiles(read.candidates, {
    analysis: makeAnalysisContext(work.config),
    files: work.place.listing.files,
    contents: work.contents,
    texts,
    pacer,
    onStep: report,
  });
  const { documents } = clean;
  const spill = new ShingleSpill(join(work.making, "shingles.spill"));
  const views = documents.map((document, index) => {
    const shingles = shinglesOf(texts.get(index));
    spill.append(index, shingles);
    return { path: document.path, blob: document.blob, bytes: document.bytes, words: shingles.words, text: () => texts.get(index) };
  });
  const dedup = await deduplicate(views, spill, pacer, (done) => report("comparing files", done, documents.length));
  spill.close();
  const survivors = dedup.survivors.map((index) => documents[index]!);
  const position = new Map(dedup.survivors.map((document, index) => [document, index]));
  const edges = dedup.edges.map(({ a, b }) => ({ a: position.get(a)!, b: position.get(b)! }));
  const split = splitDocuments(
    survivors.map((document) => ({ path: document.path, language: document.language, bytes: keptBytes(document) })),
    edges,
    { ...work.config, seed: work.seed },
  );
  const rejects = [...read.rejects, ...clean.rejects, ...duplicateRejects(documents, dedup)].sort((a, b) => comparePaths(a.path, b.path));
  const clusters = clusterRecords(views, dedup);
  const shards = await writeDocuments(work, survivors, dedup.survivors, split);
  writeRecords(work, survivors, rejects, clusters, split);
  return makeManifest({
    corpus: read.corpusId,
    rules: rulesVersion,
    repository: repositoryOf(work.place, read),
    notes: work.place.listing.notes,
    documents: survivors,
    rejects,
    clusters,
    split,
    shards,
    seconds: work.seconds(),
  });
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

async function writeDocuments(
  work: Work,
  survivors: readonly CleanDocument[],
  texts: readonly number[],
  split: Split,
): Promise<CorpusManifest["shards"]> {
  const total = survivors.reduce((sum, document) => sum + document.bytes, 0);
  const byShard = new Map<string, number[]>();
  survivors.forEach((document, index) => {
    const shard = shardOf(document.path, total);
    const members = byShard.get(shard);
    if (members === undefined) byShard.set(shard, [index]);
    else members.push(index);
  });
  const shards: CorpusManifest["shards"][number][] = [];
  for (const [shard, members] of [...byShard].sort(([a], [b]) => comparePaths(a, b))) {
    const lines = members.map((index) => {
      const { path, class: documentClass, language, blob, spans } = survivors[index]!;
      return {
        id: documentId(path, blob),
        path,
        class: documentClass,
        language,
        blob,
        split: split.sides[index]!,
        text: work.texts.get(texts[index]!),
        spans,
      };
    });
    shards.push(await writeShard(work.making, shard, lines));
    await work.pacer.rest();
    work.report("writing the corpus", shards.length, byShard.size, "shards");
  }
  return shards;
}

function writeRecords(
  work: Work,
  survivors: readonly CleanDocument[],
  rejects: readonly RejectRecord[],
  clusters: readonly ClusterRecord[],
  split: Split,
): void {
  const write = (name: string, text: string): void => writeFileAtomic(join(work.making, name), text);
  write(corpusFiles.rejects, jsonLines(rejects));
  write(corpusFiles.redactions, jsonLines(survivors.flatMap((document) => document.redactions)));
  write(corpusFiles.clusters, jsonLines(clusters));
  const pathsOf = (side: string): string[] => survivors.filter((_, index) => split.sides[index] === side).map((document) => document.path);
  const components = split.components.map((members) => members.map((member) => survivors[member]!.path));
  const { heldOutShare, minHeldOutFiles } = work.config;
  write(
    corpusFiles.split,
    `${JSON.stringify({ format: 1, seed: work.seed, heldOutShare, minHeldOutFiles, jaccard: 0.5, words: split.words, note: split.note, heldOut: pathsOf("held-out"), sealed: pathsOf("sealed"), components }, undefined, 1)}\n`,
  );
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
