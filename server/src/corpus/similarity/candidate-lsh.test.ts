import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../platform/random";
import { harvest } from "../harvest";
import { makePacer } from "../pacer";
import { distinctText, documentsOf, repositoryOf, writeFiles } from "../test-repository";
import { checkCorpus } from "../split/check-corpus";
import { candidateProbability, fewestEqualBytes, MinHashes, sketchBytes } from "./candidate-lsh";
import { joinByBands, sketchDocuments } from "./candidate-lsh-join";
import { deduplicate } from "./deduplicate";
import { ShingleSpill } from "./shingle-spill";
import { shinglesOf } from "./shingles";
import { splitThreshold } from "./similarity-join";

/** Every function of some real files as a text of its own, and copies of each with a growing part of its lines changed. */
function realTexts(): string[] {
  const random = seededRandom("lsh");
  const directory = join(__dirname, "..");
  const sources = ["similarity/shingles.ts", "similarity/similarity-state.ts", "split/split.ts", "harvest.ts", "build-corpus.ts"];
  const files = sources.map((name) => readFileSync(join(directory, name), "utf8"));
  return files.flatMap((text, file) =>
    Array.from({ length: 60 }, (_, copy) =>
      text
        .split("\n")
        .map((line, at) => (random.float() < copy * 0.006 ? distinctText(file * 1e6 + copy * 1000 + at, 1).trimEnd() : line))
        .join("\n"),
    ),
  );
}

function spillOf(texts: readonly string[]): ShingleSpill {
  const spill = new ShingleSpill("never-written");
  for (const [index, text] of texts.entries()) spill.append(index, shinglesOf(text));
  return spill;
}

const pacer = makePacer(undefined, "test");
const nothing = (): void => undefined;

function trueJaccard(a: string, b: string): number {
  const keysOf = (text: string): Set<number> => {
    const { high, low } = shinglesOf(text);
    return new Set(Array.from(low, (value, at) => value * 2 ** 21 + (high[at]! >>> 11)));
  };
  const [one, other] = [keysOf(a), keysOf(b)];
  let shared = 0;
  for (const key of one) if (other.has(key)) shared++;
  return shared / (one.size + other.size - shared);
}

describe("candidates by bands", { timeout: 60_000 }, () => {
  test("give the pairs of every pair compared, none that is not one, and the recall that is promised", async () => {
    const texts = realTexts();
    const spill = spillOf(texts);
    const found = new Map<string, number>();
    const sketched = await sketchDocuments([...texts.keys()], spill, splitThreshold, 1e5, pacer, nothing);
    const { documents, sizes } = sketched;
    const onDocument = (later: number, pairs: readonly { earlier: number; overlap: number }[]): "index" => {
      for (const { earlier, overlap } of pairs)
        found.set(`${documents[earlier]!} ${documents[later]!}`, overlap / (sizes[earlier]! + sizes[later]! - overlap));
      return "index";
    };
    await joinByBands(sketched, spill, splitThreshold, { onDocument }, pacer);
    const counts = { duplicates: 0, duplicatesFound: 0, half: 0, halfFound: 0 };
    for (let b = 0; b < texts.length; b++) {
      for (let a = Math.floor(b / 60) * 60; a < b; a++) {
        const likeness = trueJaccard(texts[a]!, texts[b]!);
        const known = found.get(`${a} ${b}`);
        if (likeness < 0.5) expect(known).toBeUndefined();
        if (known !== undefined) expect(known).toBeCloseTo(likeness, 10);
        if (likeness >= 0.5) counts.half++;
        if (likeness >= 0.5 && known !== undefined) counts.halfFound++;
        if (likeness >= 0.7) counts.duplicates++;
        if (likeness >= 0.7 && known !== undefined) counts.duplicatesFound++;
      }
    }
    expect(counts.half - counts.duplicates).toBeGreaterThan(300);
    expect(counts.duplicates).toBeGreaterThan(400);
    expect(counts.duplicatesFound).toBe(counts.duplicates);
    expect(counts.halfFound / counts.half).toBeGreaterThanOrEqual(0.999);
  });

  test("remove what the exact join removes, and say that they did it", async () => {
    const texts = realTexts();
    const spill = spillOf(texts);
    const documents = texts.map((text, index) => ({
      path: `f${index}.ts`,
      blob: text,
      bytes: text.length,
      words: shinglesOf(text).words,
      text: () => text,
    }));
    const exact = await deduplicate(documents, spill, pacer, nothing);
    const banded = await deduplicate(documents, spill, pacer, nothing, exact.distinct.length - 1);
    expect([exact.method, banded.method]).toEqual(["exact", "minhash-lsh"]);
    expect((await deduplicate(documents, spill, pacer, nothing, exact.distinct.length)).method).toBe("exact");
    expect(exact.removed.length).toBeGreaterThan(50);
    expect(banded.removed).toEqual(exact.removed);
    expect(banded.survivors).toEqual(exact.survivors);
  });

  test("estimate likeness without bias, so that what is not worth verifying is surely unlike", () => {
    const [one, other] = [new Uint8Array(sketchBytes), new Uint8Array(sketchBytes)];
    const minima = new MinHashes();
    let sum = 0;
    const rounds = 40;
    for (let seed = 0; seed < rounds; seed++) {
      const [common, a, b] = [distinctText(seed, 100), distinctText(1000 + seed, 50), distinctText(2000 + seed, 50)];
      for (const [text, into] of [
        [common + a, one],
        [common + b, other],
      ] as const) {
        minima.take(shinglesOf(text));
        minima.sketch(into, 0);
      }
      const equal = one.filter((byte, at) => byte === other[at]).length;
      expect(equal).toBeGreaterThanOrEqual(fewestEqualBytes(0.5));
      sum += equal / sketchBytes;
    }
    // Jaccard is close to 100 / 200; forty means of 156 hashes have a standard error of 0.0064.
    expect(Math.abs(sum / rounds - 0.5)).toBeLessThan(0.03);
    expect(candidateProbability(0.5)).toBeGreaterThan(0.999);
    expect(candidateProbability(0.7)).toBeGreaterThan(1 - 1e-9);
  });
});

test("a harvest beyond the limit says so, keeps its split clean, and gives the same bytes when it is repeated after an edit", async () => {
  const files: Record<string, string> = {};
  for (let index = 0; index < 60; index++) {
    files[`a${index}.ts`] = distinctText(index, 20) + distinctText(1000 + index, 6);
    files[`b${index}.ts`] = distinctText(index, 20) + distinctText(2000 + index, 6);
    if (index < 20) files[`copy/c${index}.ts`] = distinctText(index, 20) + distinctText(1000 + index, 7);
  }
  const directory = repositoryOf(files);
  const config = { mostExactDocuments: 50 };
  const { manifest, result } = await harvest({ directory, seed: 1, config });
  expect(manifest.nearDuplicates).toEqual({ method: "minhash-lsh", documents: 140 });
  expect(manifest.notes.join()).toMatch(/MinHash/);
  expect(manifest.rejectsByRule["duplicate-near"]).toBe(20);
  expect((await checkCorpus(result.directory)).ok).toBe(true);
  const exact = await harvest({ directory: repositoryOf(files), seed: 1 });
  expect(exact.manifest.nearDuplicates).toEqual({ method: "exact", documents: 140 });
  const sides = async (corpus: string): Promise<string[]> => (await documentsOf(corpus)).map(({ path, split }) => `${path} ${split}`);
  expect(await sides(result.directory)).toEqual(await sides(exact.result.directory));
  const edited = { ...files, "a7.ts": distinctText(7777, 20) };
  writeFiles(directory, edited);
  const again = await harvest({ directory, seed: 1, config });
  const cold = await harvest({ directory: repositoryOf(edited), seed: 1, config });
  const { repository: _one, seconds: _seconds, ...manifests } = again.manifest;
  expect(cold.manifest).toMatchObject(manifests);
});
