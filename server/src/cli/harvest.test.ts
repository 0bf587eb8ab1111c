import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HarvestResult } from "@midtrain/protocol/corpus";
import { bundleCommands, type BundledCommands } from "./command.test-support";

let commands: BundledCommands;
let place = "";
let repository = "";

beforeAll(async () => {
  commands = await bundleCommands({ harvestCommand: "./harvest" });
  place = commands.place;
  repository = join(place, "repository");
  const setUp =
    'git init -q -b main repository && cd repository && for i in $(seq 60); do printf "let first%s = second%s(third%s, fourth%s);\\nlet fifth%s = sixth%s;\\n" $i $i $i $i $i $i > f$i.ts; done && printf "a@b" > x.png && git add .';
  expect(spawnSync("sh", ["-c", setUp], { cwd: place }).status).toBe(0);
});

afterAll(() => commands.remove());

const midtrain = (...args: readonly string[]): ReturnType<BundledCommands["run"]> => commands.run(["harvest", ...args]);

test("--json prints one document with the shape of the contract", () => {
  const { code, stdout } = midtrain("repository", "--json");
  const result = JSON.parse(stdout) as HarvestResult;
  expect(code).toBe(0);
  expect(Object.keys(result)).toEqual([
    "corpus",
    "directory",
    "documents",
    "bytes",
    "rejectsByRule",
    "redactionsByRule",
    "duplicateClusters",
    "split",
    "seconds",
  ]);
  expect(result.documents).toBe(60);
  expect(result.rejectsByRule).toEqual({ binary: 1 });
  expect(result.split.train.documents + result.split.heldOut.documents + result.split.sealed.documents).toBe(60);
  expect(result.directory).toBe(join(repository, ".midtrain", "corpora", result.corpus));
});

test("people read what was kept, held out, redacted and rejected, in lines of a terminal", () => {
  const { code, stdout, stderr } = midtrain("repository", "--check");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^corpus {6}60 files · .* kept · no commit yet$/m);
  expect(stdout).toMatch(/^held out {4}\d+ files · .* of the bytes · \d+ of them sealed$/m);
  expect(stdout).toMatch(/^rejected {4}1 file · binary 1$/m);
  expect(stdout).toMatch(/^check {7}60 documents: no pair/m);
  expect(stderr).toMatch(/^harvest/m);
  expect(midtrain("repository", "--quiet").stderr).toBe("");
});

test("--out and --seed decide where and how", () => {
  const seeded = JSON.parse(midtrain("repository", "--json", "--seed", "5", "--out", "elsewhere").stdout) as HarvestResult;
  expect(seeded.directory).toBe(join(place, "elsewhere", "corpora", seeded.corpus));
  expect(seeded.corpus).not.toBe((JSON.parse(midtrain("repository", "--json").stdout) as HarvestResult).corpus);
});

test("no such directory is bad input, with what to do", () => {
  const { code, stderr } = midtrain("missing");
  expect(code).toBe(2);
  expect(stderr).toMatch(/There is no such directory\.\nName the directory of a repository\./);
});
