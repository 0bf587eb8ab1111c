import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ExpansionAssessment, FragmentationComparison, FragmentationReport, TokenizeResult } from "@midtrain/protocol/tokens";
import { embeddedBaseDirectory } from "../config";
import { trainByteLevelBpe } from "../tokenizer";
import { bundleCommands, type BundledCommands } from "./command.test-support";

let commands: BundledCommands;
const text = 'const größe = "<|endoftext|>😀";\r\n';

beforeAll(async () => {
  commands = await bundleCommands({
    tokenizeCommand: "./tokenize",
    fragmentationCommand: "./fragmentation",
    adaptCommand: "./adapt",
  });
  const { place } = commands;
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
afterAll(() => commands.remove());

const midtrain = (args: readonly string[], input?: string): ReturnType<BundledCommands["run"]> =>
  commands.run([...args, "--tokenizer", "tokenizer.json"], input);

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

test("tokenize --files-from: one line a file, in order, a bad one says so and makes the exit code 2", () => {
  const { code, stdout } = midtrain(["tokenize", "--files-from", "list", "--json"]);
  expect(code).toBe(2);
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

test.each([
  ["absent.txt", "there is none"],
  ["repository", "it is a directory"],
  ["latin.txt", "not UTF-8"],
])("tokenize %s: %s, with exit code 2 and one document on stdout", (file, why) => {
  const { code, stdout, stderr } = midtrain(["tokenize", file, "--json"]);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ error: { reason: "input", where: file, message: expect.stringContaining(why) as string } });
  expect(stderr).not.toMatch(/^ +at /m);
});

test("what would steer a terminal is written out", () => {
  const { stderr } = midtrain(["tokenize", "red\u001b[31m\u009b0m.txt"]);
  expect(stderr).toContain("red\\x1b[31m\\x9b0m.txt");
  expect(stderr).not.toMatch(/[^\P{Cc}\n\t]/u);
});

test("a tokenizer.json that contradicts itself is named, with exit code 2", () => {
  const json = JSON.parse(readFileSync(join(commands.place, "tokenizer.json"), "utf8")) as { model: { merges: unknown[] } };
  json.model.merges.unshift("no such");
  writeFileSync(join(commands.place, "torn.json"), JSON.stringify(json));
  const { code, stderr } = commands.run(["tokenize", "a.ts", "--tokenizer", "torn.json"]);
  expect(code).toBe(2);
  expect(stderr).toContain(`${join(commands.place, "torn.json")}, model`);
});

test("--out and --export through a file are refused with exit code 2", () => {
  for (const option of [
    ["--out", join("a.ts", "x")],
    ["--export", join("a.ts", "x.csv")],
  ]) {
    const { code, stderr } = midtrain(["fragmentation", "repository", "--quiet", ...option]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("is a file, not a directory")]);
  }
});

test("tokenize --files-from: 0 where every file was read", () => {
  const { code, stdout } = commands.run(["tokenize", "--files-from", "-", "--tokenizer", "tokenizer.json"], "a.ts\nbom.txt\n");
  expect(code).toBe(0);
  expect(stdout.trim().split("\n")).toHaveLength(2);
});

test("a tokenizer that is not there is bad input, with what to do", () => {
  const { code, stderr } = commands.run(["tokenize", "a.ts", "--tokenizer", "org/absent"]);
  expect(code).toBe(2);
  expect(stderr).toContain("org/absent");
  expect(stderr).toContain("tiktoken:");
});

test("fragmentation --json has the fields of the contract, --top ranks, the human table names the costliest", () => {
  const { code, stdout } = midtrain(["fragmentation", "repository", "--json", "--top", "2"]);
  const report = JSON.parse(stdout) as FragmentationReport;
  expect(code).toBe(0);
  expect(Object.keys(report)).toEqual(
    expect.arrayContaining([
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
    ]),
  );
  expect(report).toMatchObject({ files: 1, terms: 4 });
  expect(report.top.map(({ term, count }) => [term, count])).toEqual([
    ["depthLimit", 16],
    ["retryQueue", 16],
  ]);
  const human = midtrain(["fragmentation", "repository"]);
  expect(human.stdout).toContain("retryQueue");
  for (const line of human.stdout.split("\n").filter((row) => row.startsWith("  "))) expect(line.length).toBeLessThanOrEqual(80);
});

test("fragmentation with two tokenizers: the first one's report, both side by side, all names as CSV and JSON", () => {
  const { place } = commands;
  const other = trainByteLevelBpe(["retryQueue depthLimit ".repeat(60)], { vocabularySize: 300, specialTokens: [] });
  writeFileSync(join(place, "other.json"), JSON.stringify(other));
  const exports = ["--export", "names.csv", "--export", "names.json"];
  const { code, stdout } = midtrain(["fragmentation", "repository", "--json", "--top", "1", "--tokenizer", "other.json", ...exports]);
  const report = JSON.parse(stdout) as FragmentationReport & { readonly comparison: FragmentationComparison };
  expect(code).toBe(0);
  expect(report.tokenizer.name).toBe("other");
  expect(report.top).toHaveLength(1);
  expect(report.comparison.tokenizers).toHaveLength(2);
  expect(report.comparison.tokenizers[0]!.meanInContext).toBeLessThan(report.comparison.tokenizers[1]!.meanInContext);
  for (const { by } of report.comparison.terms) expect(by).toHaveLength(2);
  const lines = readFileSync(join(place, "names.csv"), "utf8").trim().split("\r\n");
  expect(lines).toHaveLength(1 + 2 * report.terms);
  expect(lines[0]).toMatch(/^tokenizer,tokenizer_hash,term,kind,count,/);
  expect(JSON.parse(readFileSync(join(place, "names.json"), "utf8"))).toHaveLength(2);
});

test("fragmentation --expansion: no, with reasons, conditions and cheaper ways; ignored names are not there", () => {
  const { place } = commands;
  writeFileSync(join(place, "repository", "midtrain.jsonc"), '{ "fragmentation": { "ignore": ["drain*"] } }');
  const { stdout } = midtrain(["fragmentation", "repository", "--json", "--expansion"]);
  rmSync(join(place, "repository", "midtrain.jsonc"));
  const { top, excluded, expansion } = JSON.parse(stdout) as FragmentationReport & { readonly expansion: ExpansionAssessment };
  expect(top.map(({ term }) => term)).not.toContain("drainAll");
  expect(excluded).toMatchObject({ ignored: 8 });
  expect(expansion).toMatchObject({ verdict: "do-not-expand", quality: "not shown" });
  for (const words of [expansion.reasons, expansion.wouldChange, expansion.cheaper, expansion.servingChanges])
    expect(words.length).toBeGreaterThan(0);
});

test.each([
  [["--export", "names.txt"], "names.txt"],
  [["--top", "0"], "--top"],
])("fragmentation %s is bad usage", (args, named) => {
  const { code, stderr } = midtrain(["fragmentation", "repository", ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(named);
});

test("fragmentation of a directory without a file that counts says so", () => {
  mkdirSync(join(commands.place, "nothing"));
  writeFileSync(join(commands.place, "nothing", "data.bin"), Buffer.from([0, 1, 2, 0xff]));
  const { code, stdout } = midtrain(["fragmentation", "nothing"]);
  expect(code).toBe(0);
  expect(stdout).toContain("no names");
});

test("a path in a flag is meant from the working directory, one in midtrain.jsonc from that file, for every command", () => {
  const { place } = commands;
  const inner = join(place, "configured");
  cpSync(join(place, "repository"), inner, { recursive: true });
  cpSync(embeddedBaseDirectory(), join(place, "base"), { recursive: true });
  const json = trainByteLevelBpe(["retryQueue ".repeat(40)], { vocabularySize: 300, specialTokens: ["<|endoftext|>"] });
  writeFileSync(join(inner, "own.json"), JSON.stringify(json));
  writeFileSync(join(inner, "midtrain.jsonc"), '{ "tokenizer": "own.json", "model": "../base" }');
  const named = (...args: readonly string[]): string => {
    const { stdout, stderr } = commands.run(args);
    return /[a-z]+(?= \([0-9a-f]{4}…\))/.exec(stdout)?.[0] ?? stderr;
  };
  expect(named("fragmentation", "configured")).toBe("own");
  expect(named("fragmentation", "configured", "--tokenizer", "tokenizer.json")).not.toBe("own");
  const adapted = commands.run(["adapt", "configured", "--tokenizer", "absent.json"]);
  expect(adapted.code).toBe(2);
  expect(adapted.stderr).toContain(join(place, "absent.json"));
  renameSync(join(place, "base"), join(place, "moved"));
  const tooLittle = commands.run(["adapt", "configured", "--tokenizer", "tokenizer.json", "--model", "moved"]);
  expect(tooLittle.stderr).toContain("Do not train");
  expect(tooLittle.code).toBe(3);
});
