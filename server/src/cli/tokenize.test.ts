/** `midtrain tokenize` and `midtrain fragmentation`, bundled as the binary bundles them, in a process of their own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FragmentationReport, TokenizeResult } from "@midtrain/protocol/tokens";
import { trainByteLevelBpe } from "../tokenizer";

let place = "";
const text = 'const größe = "<|endoftext|>😀";\r\n';

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "midtrain-tokenize-cli-"));
  const contents =
    'import { Command } from "commander"; import { tokenizeCommand } from "./tokenize"; import { fragmentationCommand } from "./fragmentation"; void new Command("midtrain").addCommand(tokenizeCommand()).addCommand(fragmentationCommand()).parseAsync(process.argv);';
  await build({
    stdin: { contents, resolveDir: __dirname, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: join(place, "midtrain.cjs"),
    logLevel: "error",
    mainFields: ["module", "main"],
  });
  const json = trainByteLevelBpe(["const value = other.value;\n".repeat(9)], { vocabularySize: 280, specialTokens: ["<|endoftext|>"] });
  writeFileSync(join(place, "tokenizer.json"), JSON.stringify(json));
  writeFileSync(join(place, "a.ts"), text);
  writeFileSync(join(place, "bom.txt"), "\ufeffx");
  writeFileSync(join(place, "latin.txt"), Buffer.from([0x67, 0xf6, 0x74]));
  writeFileSync(join(place, "list"), "bom.txt\nabsent.txt\nlatin.txt\na.ts\n");
  mkdirSync(join(place, "repository"));
  writeFileSync(
    join(place, "repository", "queue.ts"),
    "export const retryQueue = makeQueue(depthLimit);\nretryQueue.drainAll(depthLimit);\n".repeat(8),
  );
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

function midtrain(args: readonly string[], input = ""): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(place, "midtrain.cjs"), ...args, "--tokenizer", "tokenizer.json"], {
    cwd: place,
    encoding: "utf8",
    input,
  });
  return { code: status, stdout, stderr };
}

test("tokenize --json --offsets: ids with added tokens read, spans in UTF-16 units", () => {
  const { code, stdout } = midtrain(["tokenize", "a.ts", "--json", "--offsets"]);
  const result = JSON.parse(stdout) as TokenizeResult;
  expect(code).toBe(0);
  expect(result.file).toBe("a.ts");
  expect(result.offsets).toHaveLength(result.ids.length);
  const special = result.ids.indexOf(0);
  expect(result.offsets![special]).toEqual([15, 28]);
  expect(result.offsets!.at(-1)![1]).toBe(text.length);
});

test("tokenize - reads standard input and leaves offsets out", () => {
  const fromFile = JSON.parse(midtrain(["tokenize", "a.ts", "--json"]).stdout) as TokenizeResult;
  const fromInput = JSON.parse(midtrain(["tokenize", "-", "--json"], text).stdout) as TokenizeResult;
  expect(fromInput).toEqual({ ...fromFile, file: "-" });
  expect(fromInput.offsets).toBeUndefined();
});

test("tokenize --files-from: one line a file, in order, a bad one says so", () => {
  const { stdout } = midtrain(["tokenize", "--files-from", "list", "--json"]);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly file: string; readonly ids?: number[]; readonly error?: string });
  expect(lines.map(({ file }) => file)).toEqual(["bom.txt", "absent.txt", "latin.txt", "a.ts"]);
  expect(lines[0]!.ids).toHaveLength(4);
  expect(lines[1]!.error).toContain("absent.txt");
  expect(lines[2]!.error).toContain("UTF-8");
  expect(lines[3]!.ids!.length).toBeGreaterThan(10);
});

test("a tokenizer that is not there is bad input, with what to do", () => {
  const { status, stderr } = spawnSync(process.execPath, [join(place, "midtrain.cjs"), "tokenize", "a.ts", "--tokenizer", "org/absent"], {
    cwd: place,
    encoding: "utf8",
  });
  expect(status).toBe(2);
  expect(stderr).toContain("org/absent");
  expect(stderr).toContain("tiktoken:");
});

test("fragmentation --json has the fields of the contract, --top ranks, the human table names the costliest", () => {
  const { code, stdout } = midtrain(["fragmentation", "repository", "--json", "--top", "2"]);
  const report = JSON.parse(stdout) as FragmentationReport;
  expect(code).toBe(0);
  expect(Object.keys(report)).toEqual([
    "tokenizer",
    "files",
    "bytesPerToken",
    "terms",
    "meanInContext",
    "meanIsolated",
    "splitShare",
    "costShare",
    "byKind",
    "top",
  ]);
  expect(report).toMatchObject({ files: 1, terms: 4 });
  expect(report.top.map(({ term, count }) => [term, count])).toEqual([
    ["depthLimit", 16],
    ["retryQueue", 16],
  ]);
  const human = midtrain(["fragmentation", "repository"]);
  expect(human.stdout).toContain("retryQueue");
  for (const line of human.stdout.split("\n").filter((row) => row.startsWith("  "))) expect(line.length).toBeLessThanOrEqual(80);
});
