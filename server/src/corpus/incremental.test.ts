import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { seededRandom, type Random } from "../platform/random";
import { harvest } from "./harvest";
import { corpusBytes, everyFile, sameAsCold } from "./same-as-cold.test-support";
import { distinctText, git, repositoryOf, temporaryDirectory } from "./test-repository";

const header = "// Copyright of nobody in particular\n// This file belongs to the example.\n\n";

function someFile(random: Random, index: number): string {
  const body = distinctText(1 + random.int(400), 20 + random.int(20));
  const banner = random.int(3) === 0 ? header : "";
  const secret = random.int(6) === 0 ? `API_TOKEN = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ${random.int(4)}"\n` : "";
  const mail = random.int(5) === 0 ? `// ask person${random.int(5)}@company.io about ${index}\n` : "";
  const mention = random.int(8) === 0 ? `// once aB3dE5gH7jK9mN1pQ3sT5vW7yZ${random.int(4)} was here\n` : "";
  return banner + secret + mail + mention + body;
}

type Edit = (random: Random, directory: string, paths: string[]) => void;

function write(directory: string, path: string, text: string): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
}

const edits: readonly Edit[] = [
  (random, directory, paths) => appendFileSync(join(directory, random.pick(paths)), `\nanother line ${random.int(1000)}\n`),
  (random, directory, paths) => write(directory, random.pick(paths), someFile(random, random.int(1000))),
  (random, directory, paths) => {
    const path = random.pick(paths);
    rmSync(join(directory, path));
    paths.splice(paths.indexOf(path), 1);
  },
  (random, directory, paths) => {
    const [from, to] = [random.pick(paths), `moved/file-${random.int(10_000)}.ts`];
    mkdirSync(join(directory, "moved"), { recursive: true });
    renameSync(join(directory, from), join(directory, to));
    paths.splice(paths.indexOf(from), 1, to);
  },
  (random, directory, paths) => {
    const copy = `copies/c${random.int(10_000)}.ts`;
    write(
      directory,
      copy,
      `${readFileSync(join(directory, random.pick(paths)), "utf8")}${random.int(2) === 0 ? "" : "\nlast words of the copy\n"}`,
    );
    paths.push(copy);
  },
  (random, directory, paths) => write(directory, ".gitattributes", `${random.pick(paths)} linguist-generated\n`),
];

describe("a harvest after an earlier one", () => {
  test.each([1, 2, 3, 4, 5, 6])("gives the bytes of a cold one after random edits, seed %i", async (seed) => {
    const random = seededRandom("incremental", seed);
    const paths = Array.from({ length: 60 }, (_, index) => `src/part${index % 7}/file-${index}.ts`);
    const directory = repositoryOf(Object.fromEntries(paths.map((path, index) => [path, someFile(random, index)])));
    const out = temporaryDirectory();
    await harvest({ directory, out, seed });
    for (let round = 0; round < 6; round++) {
      for (let edit = random.int(3); edit >= 0; edit--) random.pick(edits)(random, directory, paths);
      git(directory, "add", "-A", ".");
      if (random.int(2) === 0) git(directory, "commit", "-q", "--allow-empty", "-m", `round ${round}`);
      await sameAsCold(directory, out, seed);
    }
  });

  test("threads give the bytes that one thread gives", async () => {
    const random = seededRandom("threads", 1);
    const directory = repositoryOf(
      Object.fromEntries(Array.from({ length: 160 }, (_, index) => [`f${index}.ts`, someFile(random, index)])),
    );
    const worker = join(temporaryDirectory(), "harvest-worker.cjs");
    await build({
      entryPoints: [join(__dirname, "reading", "harvest-worker.ts")],
      bundle: true,
      platform: "node",
      format: "cjs",
      outfile: worker,
      logLevel: "error",
      mainFields: ["module", "main"],
    });
    const one = await harvest({ directory, out: temporaryDirectory(), seed: 0 });
    const three = await harvest({ directory, out: temporaryDirectory(), seed: 0, worker, threads: 3 });
    expect(corpusBytes(three.result.directory)).toEqual(corpusBytes(one.result.directory));
    expect(one.result.duplicateClusters).toBeGreaterThan(0);
  });

  test("a damaged cache is as good as none", async () => {
    const directory = repositoryOf(Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}.ts`, distinctText(index, 30)])));
    const out = temporaryDirectory();
    await harvest({ directory, out, seed: 0 });
    for (const name of git(directory, "ls-files").trim().split("\n").slice(0, 1)) appendFileSync(join(directory, name), "// more\n");
    const cache = join(out, "cache");
    for (const file of everyFile(cache)) {
      const bytes = readFileSync(file);
      if (bytes.length > 40) writeFileSync(file, bytes.fill(35, bytes.length >> 1, (bytes.length >> 1) + 8));
    }
    await sameAsCold(directory, out, 0);
  });
});
