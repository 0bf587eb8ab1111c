/** A corpus on disk -> a fragmentation report for each tokenizer: in threads, from what is kept of the last time. */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { CorpusManifest } from "@midtrain/protocol/corpus";
import type { FragmentationReport } from "@midtrain/protocol/tokens";
import { readManifest } from "../../corpus";
import { throwIfCancelled } from "../../platform/cancellation";
import { loadTokenizer, type Tokenizer } from "../../tokenizer";
import { reportDefaults, type ReportOptions } from "../fragmentation-report";
import type { TermCosts } from "../term-lengths";
import { CorpusTally } from "./corpus-tally";
import { reportOfTally } from "./report-of-tally";
import { scannerHere, scannerThread, workerFile, type Scanner } from "./scan-crew";
import type { TokenizerSource } from "./scan-messages";
import { cacheName, type ScanSetup, type Shard } from "./scan-work";

export interface ScanOptions extends ReportOptions {
  /** As people write it; the first one's figures are the report. */
  readonly tokenizers: readonly TokenizerSource[];
  /** `.midtrain/`: what is counted is kept below its `cache/`; undefined keeps nothing. */
  readonly midtrain?: string;
  /** Threads; 0 counts in this one. By default as many as there are cores, for a corpus that is worth them. */
  readonly threads?: number;
  /** Bundle of fragmentation-worker.ts; by default the one beside the running bundle. */
  readonly worker?: string;
}

export interface CorpusScan {
  /** In the order of the tokenizers. */
  readonly reports: readonly FragmentationReport[];
  readonly tokenizers: readonly Tokenizer[];
  /** Documents that were counted; the others' figures were kept from before. */
  readonly counted: number;
}

/** A smaller corpus is counted before threads have loaded their tokenizers. Bytes on disk, compressed. */
const worthThreads = 2_000_000;
const mostThreads = 8;
const mostCacheBytes = 512_000_000;
/** Syntax trees cost three times what counting does, so they are for a sample: one document in 16, and no more than about this many bytes. */
const grammarShare = 16;
const grammarBytes = 2_000_000;

export async function scanCorpus(corpusDirectory: string, options: ScanOptions): Promise<CorpusScan> {
  const manifest = readManifest(corpusDirectory);
  const tokenizers = await Promise.all(options.tokenizers.map(({ spec, base }) => loadTokenizer(spec, base === undefined ? {} : { base })));
  throwIfCancelled(options.signal, "counting tokens per name");
  const scanners = startScanners(corpusDirectory, manifest, tokenizers, options);
  try {
    const counted = await scanShards(manifest.shards, scanners, options);
    const tallies = await merged(scanners, tokenizers);
    const reports: FragmentationReport[] = [];
    for (const [index, tally] of tallies.entries()) {
      throwIfCancelled(options.signal, "counting tokens per name");
      const costs = await costsOf(tally, index, scanners);
      reports.push(reportOfTally(tally, costs, tokenizers[index]!, { ...reportDefaults, ...options }));
    }
    return { reports, tokenizers, counted };
  } finally {
    await Promise.all(scanners.map((scanner) => scanner.close()));
  }
}

function startScanners(
  corpusDirectory: string,
  manifest: CorpusManifest,
  tokenizers: readonly Tokenizer[],
  options: ScanOptions,
): readonly Scanner[] {
  const bytes = manifest.shards.reduce(
    (sum, { file }) => sum + (statSync(join(corpusDirectory, file), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  const worker = options.worker ?? workerFile();
  const wanted = options.threads ?? (bytes < worthThreads ? 0 : Math.min(mostThreads, availableParallelism()));
  const threads = worker === undefined ? 0 : Math.min(wanted, manifest.shards.length);
  const cacheDirectory = options.midtrain && join(options.midtrain, "cache", "fragmentation");
  const hashes = tokenizers.map(({ identity }) => identity.hash);
  if (cacheDirectory !== undefined) tidyCache(cacheDirectory, hashes, manifest.shards);
  const setup: ScanSetup = {
    corpusDirectory,
    ignore: options.ignore ?? [],
    cacheDirectory,
    cacheBytes: Math.floor(mostCacheBytes / Math.max(1, threads)),
    grammarOneOf: Math.max(grammarShare, 2 ** Math.ceil(Math.log2(Math.max(1, (4 * bytes) / grammarBytes)))),
  };
  if (threads === 0 || worker === undefined) return [scannerHere(setup, tokenizers)];
  return Array.from({ length: threads }, () => scannerThread(worker, { ...setup, tokenizers: options.tokenizers }, hashes, options.signal));
}

async function scanShards(shards: readonly Shard[], scanners: readonly Scanner[], options: ScanOptions): Promise<number> {
  const total = shards.reduce((sum, { documents }) => sum + documents, 0);
  let next = 0;
  let done = 0;
  let counted = 0;
  const run = async (scanner: Scanner): Promise<void> => {
    for (let shard = shards[next++]; shard !== undefined; shard = shards[next++]) {
      throwIfCancelled(options.signal, "counting tokens per name");
      const result = await scanner.shard(shard);
      done += result.documents;
      counted += result.counted;
      options.onProgress?.({ stage: "names", message: "counting tokens per name", done, total, unit: "files" });
      // In this thread nothing else would let a cancellation in.
      await new Promise((wake) => setImmediate(wake));
    }
  };
  await Promise.all(scanners.map(run));
  return counted;
}

async function merged(scanners: readonly Scanner[], tokenizers: readonly Tokenizer[]): Promise<readonly CorpusTally[]> {
  const tallies = tokenizers.map(({ vocabularySize }) => new CorpusTally(vocabularySize));
  for (const parts of await Promise.all(scanners.map((scanner) => scanner.parts())))
    parts.forEach((part, index) => tallies[index]!.merge(part));
  return tallies;
}

async function costsOf(tally: CorpusTally, tokenizer: number, scanners: readonly Scanner[]): Promise<TermCosts> {
  const terms = [...tally.terms];
  const share = Math.ceil(terms.length / scanners.length);
  const slices = await Promise.all(
    scanners.map((scanner, index) => scanner.costs(tokenizer, terms.slice(index * share, (index + 1) * share), tally.tokenFrequency)),
  );
  const columns = {
    isolated: new Int32Array(terms.length),
    afterSpace: new Int32Array(terms.length),
    learning: new Float64Array(terms.length),
  };
  slices.forEach((slice, index) => {
    for (const column of ["isolated", "afterSpace", "learning"] as const) columns[column].set(slice[column], index * share);
  });
  return columns;
}

/** Away with what other shards, other versions and, beyond the bound, other tokenizers left; the oldest first. */
function tidyCache(cacheDirectory: string, hashes: readonly string[], shards: readonly Shard[]): void {
  if (!existsSync(cacheDirectory)) return;
  const used = new Set(hashes.map(cacheName));
  const shardNames = new Set(shards.map(({ file }) => `${file.replace(/^.*\//, "").replace(/\..*$/, "")}.tally`));
  const others: { readonly path: string; readonly bytes: number; readonly time: number }[] = [];
  try {
    for (const name of readdirSync(cacheDirectory)) {
      const directory = join(cacheDirectory, name);
      const files = readdirSync(directory).map((file) => ({ file, status: statSync(join(directory, file)) }));
      if (!used.has(name))
        others.push({
          path: directory,
          bytes: files.reduce((sum, { status }) => sum + status.size, 0),
          time: Math.max(0, ...files.map(({ status }) => status.mtimeMs)),
        });
      else for (const { file } of files) if (!shardNames.has(file)) rmSync(join(directory, file), { force: true });
    }
    let kept = 0;
    for (const { path, bytes } of others.sort((a, b) => b.time - a.time)) {
      kept += bytes;
      if (kept > mostCacheBytes) rmSync(path, { recursive: true, force: true });
    }
  } catch {
    // A cache that cannot be tidied now is tidied the next time.
  }
}
