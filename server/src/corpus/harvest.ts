import { existsSync, rmSync, statSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import type { CorpusManifest, HarvestResult } from "@midtrain/protocol/corpus";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { OnProgress } from "@midtrain/protocol/progress";
import { writeFileAtomic, writeJsonAtomic } from "../platform/atomic-write";
import { throwIfCancelled } from "../platform/cancellation";
import { sha256 } from "../platform/hash";
import { buildCorpus, memoryBudgetBytes, repositoryOf, type BuiltCorpus, type Work } from "./build-corpus";
import { resolveCorpusConfig, type CorpusConfig, type ResolvedCorpusConfig } from "./corpus-config";
import { StateStore } from "./incremental/harvest-state";
import { committedAfter, type CommittedAfter } from "./listing/committed-after";
import { listFiles, type Place } from "./listing/list-files";
import { makePacer, type Pacer } from "./pacer";
import { joinPresent, togetherByHistory } from "./split/history-together";
import { startCrew } from "./reading/crew";
import type { FileWorkSetup } from "./reading/file-work";
import { readFiles, settingsKey, type ReadSettings } from "./read-stage";
import { corpusFiles, finishCorpus, isComplete, readManifest, startCorpus } from "./written/corpus-files";

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
  /** Items of the evaluation: a file that holds runs of one is left out (rule evaluation-overlap). */
  readonly evaluation?: readonly string[] | undefined;
  /** Bundle of harvest-worker.ts; by default the one beside the running bundle, and without one a single thread does the work. */
  readonly worker?: string | undefined;
  readonly threads?: number | undefined;
  /** Milliseconds since 1970, by the clock that the times of files are compared with. */
  readonly now?: number | undefined;
}

export interface Harvest {
  readonly result: HarvestResult;
  readonly manifest: CorpusManifest;
}

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
  const seconds = (): number => Math.round(performance.now() - started) / 1000;
  const pacer = makePacer(options.signal, "harvest");
  const inputs = await listInputs(options, pacer);
  const { directory, place, midtrain, settings, notes } = inputs;
  const version = settingsKey(settings);
  const name = sha256(directory).slice(0, 12);
  const cache = join(midtrain, "cache");
  const state = new StateStore(cache, `harvest-${name}`, version);
  const earlier = state.read();
  const salt = earlier?.salt ?? randomBytes(16).toString("hex");
  const crew = startCrew(setupOf(inputs, salt), { pacer, signal: options.signal, worker: options.worker, threads: options.threads });
  const report = makeReporter(options.onProgress);
  try {
    const read = await readFiles(place.listing, crew, settings, earlier, (done, total) => report("reading files", done, total));
    const corpusDirectory = join(midtrain, "corpora", read.corpusId);
    if (isComplete(corpusDirectory)) return reuse(corpusDirectory, place, seconds());
    ignoreItself(midtrain);
    const similarity = join(cache, `similarity-${name}`);
    const about = { place, notes, read, crew, earlier, directory, midtrain, similarity, version, pacer, report, seconds };
    const { manifest, files, knowledge, members, redactions } = await writeCorpus(
      { ...about, ...settings },
      corpusDirectory,
      options.signal,
    );
    state.write({
      salt,
      corpus: read.corpusId,
      shards: manifest.shards,
      members,
      redactions,
      attributes: read.attributes,
      files,
      knowledge,
    });
    return { result: resultOf(manifest, corpusDirectory, seconds()), manifest };
  } finally {
    await crew.close();
  }
}

/** What is to be harvested, and under which settings. */
interface Inputs {
  readonly directory: string;
  readonly place: Place;
  readonly midtrain: string;
  readonly settings: ReadSettings;
  readonly notes: readonly string[];
}

async function listInputs(options: HarvestOptions, pacer: Pacer): Promise<Inputs> {
  const { signal, onProgress, out, configDirectory } = options;
  const directory = requireHarvestDirectory(options.directory);
  const config = resolveCorpusConfig(options.config ?? {});
  await pacer.rest();
  onProgress?.({ stage: "harvest", message: "listing files" });
  const midtrainOf = (root: string): string => (out === undefined ? join(root, ".midtrain") : resolve(out));
  const place = await listFiles(directory, pacer, signal, {
    config,
    ...(configDirectory === undefined ? {} : { configDirectory }),
    cacheDirectory: (root) => join(midtrainOf(root), "cache"),
    now: options.now ?? Date.now(),
  });
  const late = await lateFiles(directory, place, config, signal);
  const midtrain = midtrainOf(place.root);
  const cacheFile = join(midtrain, "cache", `copies-${sha256(directory).slice(0, 12)}.json`);
  const together = await togetherByHistory({ directory, head: place.listing.head, cacheFile, signal });
  const listed = new Set(place.listing.files.map((file) => file.path));
  const settings = {
    config,
    seed: options.seed,
    evaluation: options.evaluation ?? [],
    late: late.paths,
    together: joinPresent(together.pairs, (path) => listed.has(path)),
  };
  return { directory, place, midtrain, settings, notes: [...late.notes, ...together.notes] };
}

function setupOf({ directory, place, settings }: Inputs, salt: string): FileWorkSetup {
  const { config, evaluation } = settings;
  return { directory, config, objectFormat: place.listing.objectFormat, evaluation, salt, memoryBytes: memoryBudgetBytes };
}

/** Files that `corpus.heldOut.after` calls new. */
async function lateFiles(
  directory: string,
  { listing }: Place,
  { heldOut }: ResolvedCorpusConfig,
  signal: AbortSignal | undefined,
): Promise<CommittedAfter> {
  if (heldOut.after === undefined) return { paths: new Set(), notes: [] };
  const tracked = listing.files.filter((file) => file.index !== undefined && file.disk === undefined).map((file) => file.path);
  return committedAfter(directory, heldOut.after, tracked, signal);
}

/** Builds the corpus in a directory of its own, which takes its name when it is whole. */
async function writeCorpus(work: Omit<Work, "making">, corpusDirectory: string, signal: AbortSignal | undefined): Promise<BuiltCorpus> {
  const making = startCorpus(join(work.midtrain, "corpora"), Date.now());
  try {
    const built = await buildCorpus({ ...work, making });
    throwIfCancelled(signal, "harvest");
    finishCorpus(making, corpusDirectory, built.manifest);
    return built;
  } catch (error) {
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
