import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { Progress } from "@midtrain/protocol/progress";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { harvest } from "./harvest";
import { harvestInWorker } from "./harvest-in-worker";
import { distinctText, documentsOf, repositoryOf, temporaryDirectory } from "./test-repository";

let workerFile = "";

beforeAll(async () => {
  const place = mkdtempSync(join(tmpdir(), "midtrain-worker-"));
  workerFile = join(place, "corpus-worker.js");
  await build({
    entryPoints: [join(__dirname, "harvest-worker.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: workerFile,
    logLevel: "error",
    mainFields: ["module", "main"],
  });
  return () => rmSync(place, { recursive: true, force: true });
});

const files = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`f${index}.ts`, distinctText(index, 200)]));

test("gives what a harvest in this thread gives, with progress", async () => {
  const directory = repositoryOf(files);
  const progress: Progress[] = [];
  const inWorker = await harvestInWorker({ directory, seed: 1, onProgress: (each) => progress.push(each) }, { workerFile });
  const here = await harvest({ directory, seed: 1, out: temporaryDirectory() });
  expect(inWorker.manifest.shards).toEqual(here.manifest.shards);
  expect(await documentsOf(inWorker.result.directory)).toHaveLength(200);
  expect(new Set(progress.map((each) => each.message))).toEqual(
    new Set(["listing files", "reading files", "reading text", "cleaning text", "comparing files", "writing the corpus"]),
  );
  expect(progress.at(-1)).toMatchObject({ done: 16, total: 16 });
});

test("leaves the thread that asked free", async () => {
  const directory = repositoryOf(files);
  let turns = 0;
  let busy = true;
  const turn = (): void => {
    turns++;
    if (busy) setImmediate(turn);
  };
  setImmediate(turn);
  await harvestInWorker({ directory, seed: 1 }, { workerFile });
  busy = false;
  expect(turns).toBeGreaterThan(100);
});

test("stops when it is cancelled, before and during the work", async () => {
  const directory = repositoryOf(files);
  const abort = new AbortController();
  const work = harvestInWorker(
    { directory, seed: 1, signal: abort.signal, onProgress: ({ message }) => message === "reading text" && abort.abort() },
    { workerFile },
  );
  await expect(work).rejects.toSatisfy((error) => MidtrainError.is(error, "cancelled"));
  await expect(harvestInWorker({ directory, seed: 1, signal: abort.signal }, { workerFile })).rejects.toSatisfy((error) =>
    MidtrainError.is(error, "cancelled"),
  );
});

test("errors keep their reason, place and remedy", async () => {
  const missing = join(temporaryDirectory(), "missing");
  await expect(harvestInWorker({ directory: missing, seed: 1 }, { workerFile })).rejects.toMatchObject({
    reason: "input",
    where: missing,
    next: "Name the directory of a repository.",
  });
});
