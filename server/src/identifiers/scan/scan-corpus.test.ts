/** A real harvest of a small repository, counted in threads, from kept tallies and cold: always the same figures. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MidtrainError } from "@midtrain/protocol/errors";
import { harvest, readDocuments } from "../../corpus";
import { loadTokenizer, trainByteLevelBpe } from "../../tokenizer";
import { fragmentationReport } from "../fragmentation-report";
import { scanCorpus, type ScanOptions } from "./scan-corpus";

let place: string;
let options: ScanOptions & { readonly midtrain: string; readonly worker: string };

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "midtrain-scan-"));
  for (let i = 0; i < 60; i++) {
    write(
      `src/part${i % 7}/queue${i}.ts`,
      `export class RetryQueue${i} {\n  drainAll${i}(maxDepth: number) {\n    return this.items.fetchAll(\`\${maxDepth} ${i}\`, MAX_RETRIES_${i});\n  }\n}\n`,
    );
    write(`config/part${i}.yaml`, `services:\n  pmt-svc-${i}:\n    image: pmt\n    retry_depth_${i}: ${i}\n`);
  }
  write("tools/main.py", "def read_all(path_name):\n    return f'{path_name!r:>10} {retry_depth}'\n");
  write("bad.json", '{"half": [1, 2,');
  const json = trainByteLevelBpe(["const retry = queue.fetch(depth);\n".repeat(9)], {
    vocabularySize: 300,
    specialTokens: ["<|endoftext|>"],
  });
  writeFileSync(join(place, "a.json"), JSON.stringify(json));
  const other = trainByteLevelBpe(["class Items { return maxDepth; }\n".repeat(9)], { vocabularySize: 280, specialTokens: [] });
  writeFileSync(join(place, "b.json"), JSON.stringify(other));
  const worker = join(place, "fragmentation-worker.js");
  // Where the bundle finds the grammars.
  symlinkSync(join(__dirname, "..", "..", "..", "..", "node_modules"), join(place, "node_modules"));
  await build({
    entryPoints: [join(__dirname, "fragmentation-worker.ts")],
    outfile: worker,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
    mainFields: ["module", "main"],
    external: ["onnxruntime-node", "onnxruntime-common"],
  });
  options = { tokenizers: ["a.json", "b.json"].map((spec) => ({ spec, base: place })), midtrain: join(place, "out"), worker, top: 500 };
}, 60_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

function write(path: string, text: string): void {
  const file = join(place, "repository", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

async function corpus(): Promise<string> {
  const { result } = await harvest({ directory: join(place, "repository"), out: join(place, "out"), config: {}, seed: 0, evaluation: [] });
  return result.directory;
}

describe("a scan", () => {
  it("has the figures of a cold count in one thread: in threads, from kept tallies, after an edit, with damaged caches", async () => {
    const directory = await corpus();
    const cold = await scanCorpus(directory, { tokenizers: options.tokenizers, top: 500, threads: 0 });
    expect(cold.counted).toBe(cold.reports[0]!.files);
    expect(cold.reports[0]!.terms).toBeGreaterThan(200);
    expect(cold.reports[0]!.kindsFrom!.grammar).toBeGreaterThan(0);
    const threads = await scanCorpus(directory, { ...options, threads: 2 });
    expect(threads.reports).toEqual(cold.reports);
    const warm = await scanCorpus(directory, { ...options, threads: 2 });
    expect(warm.counted).toBe(0);
    expect(warm.reports).toEqual(cold.reports);

    write("src/part1/queue1.ts", "export function drainEverything(queueName: string) {}\n");
    const edited = await corpus();
    const again = await scanCorpus(edited, { ...options, threads: 0 });
    expect(again.counted).toBe(1);
    expect(again.reports).toEqual((await scanCorpus(edited, { tokenizers: options.tokenizers, top: 500, threads: 0 })).reports);

    const cache = join(place, "out", "cache", "fragmentation");
    for (const name of readdirSync(cache))
      for (const file of readdirSync(join(cache, name))) writeFileSync(join(cache, name, file), "torn");
    const repaired = await scanCorpus(edited, { ...options, threads: 2 });
    expect(repaired.reports).toEqual(again.reports);
  }, 60_000);

  it("agrees with the report of documents at hand but for kinds that a grammar named", async () => {
    const directory = await corpus();
    const { reports } = await scanCorpus(directory, { ...options, threads: 0 });
    const tokenizer = await loadTokenizer("a.json", { base: place });
    const here = await fragmentationReport(readDocuments(directory), tokenizer, { top: 500 });
    const plain = ({ byKind: _byKind, kindsFrom: _kindsFrom, top, ...rest }: typeof here): unknown => ({
      ...rest,
      top: top.map(({ kind: _kind, keyPath: _keyPath, ...figures }) => figures),
    });
    expect(plain(reports[0]!)).toEqual(plain(here));
    expect(here.directories?.[0]).toMatchObject({ path: "", files: here.files, tokens: here.tokens, contextCost: here.contextCost });
    expect(here.directories?.map(({ path }) => path)).toContain("src/part3");
    expect(here.malformed).toMatchObject({ files: 1, examples: [{ path: "bad.json" }] });
  });

  it("leaves out what the user ignores, counted", async () => {
    const directory = await corpus();
    const all = (await scanCorpus(directory, { ...options, threads: 0 })).reports[0]!;
    const less = (await scanCorpus(directory, { ...options, threads: 2, ignore: ["fetchAll", "RetryQueue*"] })).reports[0]!;
    expect(less.top.some(({ term }) => term === "fetchAll" || term.startsWith("RetryQueue"))).toBe(false);
    expect(less.occurrences! + less.excluded!["ignored"]!).toBe(all.occurrences);
    expect(less.tokens).toBe(all.tokens);
  });

  it("can be cancelled, here and in threads", async () => {
    const directory = await corpus();
    for (const threads of [0, 2]) {
      const abort = new AbortController();
      const scan = scanCorpus(directory, { ...options, threads, signal: abort.signal, onProgress: () => abort.abort() });
      const error: unknown = await scan.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(MidtrainError.is(error, "cancelled")).toBe(true);
    }
  });

  it("names a tokenizer that is not there", async () => {
    const directory = await corpus();
    await expect(scanCorpus(directory, { tokenizers: [{ spec: "absent.json", base: place }] })).rejects.toThrow("absent.json");
  });
});
