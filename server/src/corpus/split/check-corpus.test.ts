import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { CorpusDocument, CorpusManifest, SplitSide } from "@midtrain/protocol/corpus";
import { MidtrainError } from "@midtrain/protocol/errors";
import { sha256 } from "../../platform/hash";
import { checkCorpus } from "./check-corpus";
import { jsonLines, readManifest } from "../written/corpus-files";
import { harvest } from "../harvest";
import { distinctText, documentsOf, repositoryOf } from "../test-repository";

/** Fifty pairs of half-alike files, fifty pairs of test and implementation, and loners. */
function pairedFiles(): Record<string, string> {
  const files: Record<string, string> = {};
  for (let index = 0; index < 50; index++) {
    const common = distinctText(index, 20);
    files[`similar/a${index}.ts`] = common + distinctText(1000 + index, 5);
    files[`similar/b${index}.ts`] = common + distinctText(2000 + index, 5);
    files[`pairs/unit${index}.go`] = distinctText(3000 + index, 15);
    files[`pairs/unit${index}_test.go`] = distinctText(4000 + index, 15);
    files[`alone/x${index}.py`] = distinctText(5000 + index, 15);
  }
  return files;
}

async function makeCorpus(): Promise<string> {
  return (await harvest({ directory: repositoryOf(pairedFiles()), seed: 3 })).result.directory;
}

/** Rewrites documents as somebody would who has the tools: shards and manifest agree again. */
function tamper(corpus: string, change: (document: CorpusDocument) => CorpusDocument): void {
  const manifest = readManifest(corpus);
  const shards = manifest.shards.map((shard) => {
    const lines = gunzipSync(readFileSync(join(corpus, shard.file)))
      .toString("utf8")
      .trimEnd()
      .split("\n");
    const data = gzipSync(jsonLines(lines.map((line) => change(JSON.parse(line) as CorpusDocument))));
    writeFileSync(join(corpus, shard.file), data);
    return { ...shard, sha256: sha256(data) };
  });
  const changed: CorpusManifest = { ...manifest, shards };
  writeFileSync(join(corpus, "manifest.json"), JSON.stringify(changed));
}

function moved(path: string, split: SplitSide): (document: CorpusDocument) => CorpusDocument {
  return (document) => (document.path === path ? { ...document, split } : document);
}

describe("the split derived again from the written corpus", () => {
  test("a harvested corpus passes, with all three sides filled", async () => {
    const corpus = await makeCorpus();
    expect(new Set((await documentsOf(corpus)).map((document) => document.split))).toEqual(new Set(["train", "held-out", "sealed"]));
    expect(await checkCorpus(corpus)).toMatchObject({ ok: true, documents: 250, pairsAcross: [], duplicatesLeft: [], problems: [] });
  });

  test("a similar file moved to another side is named with its twin and their likeness", async () => {
    const corpus = await makeCorpus();
    const held = (await documentsOf(corpus)).find((document) => document.path.startsWith("similar/a") && document.split !== "train");
    expect(held).toBeDefined();
    tamper(corpus, moved(held!.path, "train"));
    const check = await checkCorpus(corpus);
    expect(check.ok).toBe(false);
    expect(check.pairsAcross).toHaveLength(1);
    const [pair] = check.pairsAcross;
    expect([pair!.a, pair!.b].sort()).toEqual([held!.path, held!.path.replace("/a", "/b")]);
    expect(pair!.why).toBe("similar");
    expect(pair!.jaccard).toBeGreaterThanOrEqual(0.5);
    expect(check.problems.length).toBeGreaterThan(0);
  });

  test("a test moved away from what it tests is named", async () => {
    const corpus = await makeCorpus();
    tamper(
      corpus,
      moved(
        "pairs/unit7_test.go",
        (await documentsOf(corpus)).find((document) => document.path === "pairs/unit7.go")!.split === "sealed" ? "train" : "sealed",
      ),
    );
    expect((await checkCorpus(corpus)).pairsAcross).toMatchObject([
      { a: "pairs/unit7_test.go", b: "pairs/unit7.go", why: "test and implementation" },
    ]);
  });

  test("held-out and sealed are two sides", async () => {
    const corpus = await makeCorpus();
    const held = (await documentsOf(corpus)).find((document) => document.path.startsWith("similar/b") && document.split === "held-out")!;
    tamper(corpus, moved(held.path, "sealed"));
    expect((await checkCorpus(corpus)).pairsAcross[0]?.sides.slice().sort()).toEqual(["held-out", "sealed"]);
  });

  test("held-out lines that training holds verbatim are counted", async () => {
    const corpus = await makeCorpus();
    const documents = await documentsOf(corpus);
    const linesOf = (side: (split: SplitSide) => boolean): string[] =>
      documents
        .filter(({ split }) => side(split))
        .flatMap(({ text }) =>
          text
            .split("\n")
            .map((line) => line.trim())
            .filter((line) => line.length >= 20),
        );
    const known = new Set(linesOf((split) => split === "train"));
    const held = linesOf((split) => split !== "train");
    const before = (await checkCorpus(corpus)).leakage;
    expect(before).toEqual({ lines: held.length, verbatim: held.filter((line) => known.has(line)).length });
    tamper(corpus, (document) => (document.split === "train" ? { ...document, text: `${held[0]!}\n${document.text}` } : document));
    expect((await checkCorpus(corpus)).leakage.verbatim).toBeGreaterThan(before.verbatim);
  });

  test("a duplicate that was put back is named", async () => {
    const corpus = await makeCorpus();
    const documents = await documentsOf(corpus);
    const text = documents.find((document) => document.path === "alone/x1.py")!.text;
    tamper(corpus, (document) => (document.path === "alone/x2.py" ? { ...document, text } : document));
    expect((await checkCorpus(corpus)).duplicatesLeft).toMatchObject([{ jaccard: 1 }]);
  });
});

test("a shard that is not the one the manifest names, or no corpus at all, is an error that says what to do", async () => {
  const corpus = await makeCorpus();
  const { file } = readManifest(corpus).shards[0]!;
  writeFileSync(join(corpus, file), readFileSync(join(corpus, file)).subarray(0, 40));
  await expect(checkCorpus(corpus)).rejects.toSatisfy((error) => MidtrainError.is(error, "corrupt") && error.where === join(corpus, file));
  writeFileSync(join(corpus, "manifest.json"), "null");
  await expect(checkCorpus(corpus)).rejects.toMatchObject({ reason: "corrupt", next: expect.stringMatching(/[Hh]arvest again/) as string });
  await expect(checkCorpus(join(corpus, "missing"))).rejects.toMatchObject({ reason: "corrupt" });
});
