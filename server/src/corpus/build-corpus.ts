import { join } from "node:path";
import type { CorpusManifest, RejectRecord, SplitSide } from "@midtrain/protocol/corpus";
import { isWriteError } from "../platform/atomic-write";
import { sha256 } from "../platform/hash";
import { cleanFiles, keptBytes, type CleanDocument, type CleanStage } from "./clean-stage";
import { rulesVersion, type ResolvedCorpusConfig } from "./corpus-config";
import { alarmNotes, licenceNotes, methodNotes } from "./corpus-notes";
import { ComparedDocument } from "./incremental/compared-document";
import type { FileRecord } from "./incremental/file-record";
import type { HarvestState } from "./incremental/harvest-state";
import { recordsOf } from "./incremental/next-records";
import { redactionLines, type EarlierRedactions } from "./incremental/redaction-lines";
import type { EarlierCorpus, ShardMembers } from "./incremental/shard-members";
import { TextAgain } from "./incremental/text-again";
import { filesWithValues } from "./incremental/value-holders";
import type { SharedKnowledge } from "./knowledge";
import type { HistoryCopy } from "./listing/history-copies";
import type { Place } from "./listing/list-files";
import { comparePaths } from "./listing/path-names";
import type { Pacer } from "./pacer";
import type { ReadStage } from "./read-stage";
import type { Crew } from "./reading/crew";
import { clusterRecords, deduplicate, type Deduplication } from "./similarity/deduplicate";
import { deduplicateIncremental } from "./similarity/incremental";
import { ShingleSpill } from "./similarity/shingle-spill";
import { shinglesOf } from "./similarity/shingles";
import { openSimilarityState, saveSimilarityState, type KeyedDocument, type SimilarityState } from "./similarity/similarity-state";
import { splitDocuments, type Split } from "./split/split";
import { writeDocuments, writeRecords } from "./write-stage";
import { corpusFiles } from "./written/corpus-files";
import { makeManifest } from "./written/make-manifest";
import { packText, type PackedText } from "./written/packed-text";
import { TextStore } from "./written/stores";

/** Contents, and cleaned texts, held in memory, each; beyond it contents are read again and texts spill to disk. */
export const memoryBudgetBytes = 40 * 1024 * 1024;

export interface Work {
  readonly place: Place;
  /** Things to be said beside what the listing said. */
  readonly notes: readonly string[];
  readonly late: ReadonlySet<string>;
  readonly together: readonly HistoryCopy[];
  readonly read: ReadStage;
  readonly crew: Crew;
  readonly earlier: HarvestState | undefined;
  readonly directory: string;
  readonly midtrain: string;
  /** Directory of what deduplication keeps, and the version of everything that decides what it compares. */
  readonly similarity: string;
  readonly version: string;
  readonly config: ResolvedCorpusConfig;
  readonly seed: number;
  /** Where the corpus is being made. */
  readonly making: string;
  readonly pacer: Pacer;
  readonly report: (message: string, done: number, total: number, unit?: string) => void;
  readonly seconds: () => number;
}

export interface BuiltCorpus {
  readonly manifest: CorpusManifest;
  /** For the next harvest. */
  readonly files: readonly FileRecord[];
  readonly knowledge: SharedKnowledge;
  readonly members: ShardMembers;
  /** Hash of redactions.jsonl. */
  readonly redactions: string;
}

/** Cleans, deduplicates, splits and writes what was read. */
export async function buildCorpus(work: Work): Promise<BuiltCorpus> {
  const texts = new TextStore(memoryBudgetBytes, join(work.making, "texts.spill"));
  const shingles = new ShingleSpill(join(work.making, "shingles.spill"));
  try {
    return await build(work, texts, shingles);
  } finally {
    texts.close();
    shingles.close();
  }
}

async function build(work: Work, texts: TextStore, shingles: ShingleSpill): Promise<BuiltCorpus> {
  const { read } = work;
  const { clean, dedup } = await compare(work, texts, shingles);
  const { documents } = clean;
  const packed = packedTextsOf(work, documents, texts);
  const survivors = dedup.survivors.map((index) => documents[index]!);
  const split = splitSurvivors(work, documents, survivors, dedup);
  const rejects = [...read.rejects, ...clean.rejects, ...duplicateRejects(documents, dedup)].sort((a, b) => comparePaths(a.path, b.path));
  const clusters = clusterRecords(documents, dedup);
  const earlier = earlierCorpus(work);
  const written = await writeDocuments(
    { survivors, sides: split.sides, text: (survivor) => packed(dedup.survivors[survivor]!) },
    {
      directory: work.making,
      earlier,
      pacer: work.pacer,
      onStep: (done, total) => work.report("writing the corpus", done, total, "shards"),
    },
  );
  const redactions = redactionLines(survivors, earlier && earlierRedactions(earlier, work.earlier!));
  const { heldOutShare, minHeldOutFiles } = work.config;
  const records = { rejects, survivors, redactions: redactions.lines, clusters, split };
  writeRecords(work.making, { ...records, seed: work.seed, heldOutShare, minHeldOutFiles });
  const manifest = makeManifest({
    corpus: read.corpusId,
    rules: rulesVersion,
    repository: repositoryOf(work.place),
    notes: [...work.place.listing.notes, ...work.notes, ...licenceNotes(survivors), ...alarmNotes(documents, dedup), ...methodNotes(dedup)],
    documents: survivors,
    redactions,
    rejects,
    clusters,
    nearDuplicates: { method: dedup.method, documents: dedup.distinct.length },
    split,
    shards: written.map(({ shard }) => shard),
    seconds: work.seconds(),
  });
  return {
    manifest,
    files: recordsOf(read.files, clean, sidesOfDocuments(documents.length, dedup, split)),
    knowledge: clean.knowledge,
    redactions: sha256(redactions.lines),
    members: Object.fromEntries(written.map(({ shard, members }) => [shard.file, members])),
  };
}

/** Where each document went; undefined for a duplicate. */
function sidesOfDocuments(count: number, { survivors }: Deduplication, { sides }: Split): (SplitSide | undefined)[] {
  const all = new Array<SplitSide | undefined>(count).fill(undefined);
  survivors.forEach((document, index) => (all[document] = sides[index]));
  return all;
}

interface Compared {
  readonly clean: CleanStage;
  readonly dedup: Deduplication;
}

/** Cleans and deduplicates what changed since the earlier harvest where its state allows that, else everything. The outcome is the same. */
async function compare(work: Work, texts: TextStore, shingles: ShingleSpill): Promise<Compared> {
  const state = work.earlier === undefined || tooManyChanges(work.read) ? undefined : openSimilarityState(work.similarity, work.version);
  if (state !== undefined) {
    try {
      const again = await compareChanges(work, state, texts, shingles);
      if (again !== undefined) return again;
    } finally {
      state.close();
    }
  }
  const clean = await cleanInto(work, texts, shingles, undefined);
  const views = viewsOf(work, clean.documents, texts);
  const onStep = (done: number): void => work.report("comparing files", done, views.length);
  const dedup = await deduplicate(views, shingles, work.pacer, onStep, work.config.mostExactDocuments);
  await keepState(work, () => saveSimilarityState(work.similarity, work.version, views, dedup, shingles, work.pacer));
  return { clean, dedup };
}

/** Beyond so many files to look at, comparing everything anew is as fast. */
const mostChanges = 500;

function tooManyChanges({ texts }: ReadStage): boolean {
  return texts.reduce((sum, { record }) => sum + (record === undefined ? 1 : 0), 0) > mostChanges;
}

async function compareChanges(work: Work, state: SimilarityState, texts: TextStore, shingles: ShingleSpill): Promise<Compared | undefined> {
  const clean = await cleanInto(work, texts, shingles, work.earlier);
  const { documents } = clean;
  const again = textAgain(work);
  const source = {
    shingles: (index: number) => {
      const { before, seen, blob } = documents[index]!;
      return before === undefined ? shingles.read(index) : shinglesOf(again.text(seen.file, blob, before.spans));
    },
  };
  const dedup = await deduplicateIncremental(state, viewsOf(work, documents, texts), source, work.pacer, work.config.mostExactDocuments);
  return dedup && { clean, dedup };
}

function textAgain({ directory, config, place }: Work): TextAgain {
  return new TextAgain(directory, config, place.listing.objectFormat);
}

async function cleanInto(work: Work, texts: TextStore, shingles: ShingleSpill, earlier: HarvestState | undefined): Promise<CleanStage> {
  const { read, crew } = work;
  const again = textAgain(work);
  const clean = await cleanFiles(
    {
      texts: read.texts,
      everywhere: read.everywhere,
      before: earlier?.knowledge,
      textOf: ({ file, facts }) => again.text(file, facts.blob, []),
      search: (files, values) => filesWithValues(files, values, work),
    },
    crew,
    (document, cleaned) => {
      texts.put(document, cleaned.text);
      shingles.append(document, cleaned);
    },
    (done, total) => work.report("cleaning text", done, total),
  );
  // Comparing takes memory: what the threads hold is not needed any more.
  await crew.close();
  return clean;
}

function viewsOf(work: Work, documents: readonly CleanDocument[], texts: TextStore): KeyedDocument[] {
  const packed = packedTextsOf(work, documents, texts);
  return documents.map((document, index) => new ComparedDocument(document, index, packed));
}

/** What is kept for the next harvest saves time only: a disk that is too full for it does not fail this one. */
async function keepState(work: Work, save: () => Promise<void>): Promise<void> {
  try {
    await save();
  } catch (error) {
    if (!isWriteError(error)) throw error;
    work.report("the next harvest starts anew: its cache could not be written", 1, 1);
  }
}

export function repositoryOf({ listing }: Place): CorpusManifest["repository"] {
  return {
    kind: listing.kind,
    ...(listing.head === undefined ? {} : { head: listing.head }),
    ...(listing.branch === undefined ? {} : { branch: listing.branch }),
    ...(listing.kind === "git" ? { dirty: new Set([...listing.staged, ...listing.changed]).size } : {}),
  };
}

/** A corpus with this very id that is not whole gives nothing. */
function earlierCorpus({ midtrain, earlier, read }: Work): EarlierCorpus | undefined {
  if (earlier === undefined || earlier.corpus === read.corpusId) return undefined;
  return { directory: join(midtrain, "corpora", earlier.corpus), shards: earlier.shards, members: earlier.members };
}

function earlierRedactions({ directory }: EarlierCorpus, { redactions, files }: HarvestState): EarlierRedactions {
  return { file: join(directory, corpusFiles.redactions), hash: redactions, records: files.values() };
}

/** The text of a document: from the store, or, when an earlier harvest cleaned it, from its file. */
function packedTextsOf(work: Work, documents: readonly CleanDocument[], texts: TextStore): (document: number) => PackedText {
  const again = textAgain(work);
  return (index) => {
    const { before, seen, blob } = documents[index]!;
    return before === undefined ? texts.get(index) : packText(again.text(seen.file, blob, before.spans));
  };
}

function splitSurvivors(work: Work, documents: readonly CleanDocument[], survivors: readonly CleanDocument[], dedup: Deduplication): Split {
  const position = new Int32Array(documents.length);
  dedup.survivors.forEach((document, index) => (position[document] = index));
  return splitDocuments(
    survivors.map((document) => ({ path: document.path, language: document.language, bytes: keptBytes(document) })),
    dedup.edges.map(({ a, b }) => ({ a: position[a]!, b: position[b]! })),
    { ...work.config, seed: work.seed, isLate: (path) => work.late.has(path), together: togetherNow(work, documents, dedup) },
  );
}

/** What the history joins, a file that was removed as a duplicate by the one that stands for it. */
function togetherNow({ together }: Work, documents: readonly CleanDocument[], dedup: Deduplication): readonly HistoryCopy[] {
  if (together.length === 0) return [];
  const standIn = new Map(dedup.removed.map(({ document, survivor }) => [documents[document]!.path, documents[survivor]!.path]));
  const now = (path: string): string => standIn.get(path) ?? path;
  return together.map(({ a, b }) => ({ a: now(a), b: now(b) })).filter(({ a, b }) => a !== b);
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
