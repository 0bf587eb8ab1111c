import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import type { CorpusDocument } from "@midtrain/protocol/corpus";
import { harvest, readDocuments } from "../server/src/corpus/index";
import { extractTerms, grammarKinds, scanCorpus, type CorpusScan, type ScanOptions } from "../server/src/identifiers/index";
import { peakMemory, printFigures, type Figure } from "./figures";

/**
 * Counting tokens per name over a repository: cold in one thread and in threads, from what was kept, and the lexer and the
 * grammars alone. Arguments: directory (default: this repository), tokenizer (default: tiktoken:o200k_base). The first figure
 * that is not a rate says whether all ways gave the same report.
 */
interface Measured {
  readonly wall: number;
  readonly cpu: number;
}

async function measured<T>(work: () => Promise<T>): Promise<Measured & { readonly result: T }> {
  const start = process.hrtime.bigint();
  const before = process.cpuUsage();
  const result = await work();
  const used = process.cpuUsage(before);
  return { result, wall: Number(process.hrtime.bigint() - start) / 1e9, cpu: (used.user + used.system) / 1e6 };
}

async function workerBundle(directory: string): Promise<string> {
  const outfile = join(directory, "fragmentation-worker.js");
  await build({
    entryPoints: [join(__dirname, "..", "..", "server", "src", "identifiers", "scan", "fragmentation-worker.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    mainFields: ["module", "main"],
    external: ["onnxruntime-node", "onnxruntime-common"],
    logLevel: "error",
  });
  return outfile;
}

async function scans(corpus: string, megabytes: number, options: ScanOptions & { readonly midtrain: string }): Promise<Figure[]> {
  const { midtrain: _midtrain, ...cold } = options;
  const fresh = (): Promise<Measured & { readonly result: CorpusScan }> => measured(() => scanCorpus(corpus, { ...cold, threads: 2 }));
  const one = await measured(() => scanCorpus(corpus, { ...cold, threads: 0 }));
  const runs = [await fresh(), await fresh(), await measured(() => scanCorpus(corpus, { ...options, threads: 2 }))];
  const two = runs.reduce((best, next) => (next.wall < best.wall ? next : best));
  const warm = await measured(() => scanCorpus(corpus, { ...options, threads: 2 }));
  const same = [...runs, warm].every(({ result }) => JSON.stringify(result.reports) === JSON.stringify(one.result.reports));
  return [
    { figure: "same report in every way", value: same ? 1 : 0, unit: "1 is yes" },
    { figure: "cold, one thread", value: megabytes / one.cpu, unit: "MB/s of CPU" },
    { figure: "cold, two threads, best of three", value: megabytes / two.wall, unit: "MB/s of wall" },
    { figure: "cold, two threads, the same run", value: two.cpu, unit: "s of CPU" },
    { figure: "kept, two threads", value: megabytes / warm.wall, unit: "MB/s of wall" },
    { figure: "kept: documents counted again", value: warm.result.counted, unit: "documents" },
  ];
}

async function main(): Promise<void> {
  const [directory = join(__dirname, "..", ".."), spec = "tiktoken:o200k_base"] = process.argv.slice(2);
  const out = mkdtempSync(join(tmpdir(), "midtrain-bench-"));
  try {
    const worker = await workerBundle(__dirname);
    const { result } = await harvest({ directory, out, config: {}, seed: 0, evaluation: [] });
    const documents: CorpusDocument[] = [];
    for await (const document of readDocuments(result.directory)) documents.push(document);
    const megabytes = documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) / 1e6;
    const lexer = await measured(async () => documents.map(({ text, language }) => extractTerms(text, language)));
    const some = documents.slice(0, 200);
    const trees = await measured(async () => {
      for (const [index, { text, language }] of some.entries()) await grammarKinds(text, language, lexer.result[index]!);
    });
    const someMegabytes = some.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) / 1e6;
    printFigures([
      { figure: "corpus", value: megabytes, unit: "MB" },
      ...(await scans(result.directory, megabytes, { tokenizers: [{ spec }], midtrain: out, worker })),
      { figure: "lexer alone", value: megabytes / lexer.cpu, unit: "MB/s of CPU" },
      { figure: "kinds by grammar alone", value: someMegabytes / trees.cpu, unit: "MB/s of CPU" },
      { figure: "peak memory", value: peakMemory(), unit: "MB" },
    ]);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

void main();
