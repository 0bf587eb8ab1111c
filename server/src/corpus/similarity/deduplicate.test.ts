import { describe, expect, test } from "vitest";
import { seededRandom } from "../../platform/random";
import { clusterRecords, deduplicate, type Deduplication } from "./deduplicate";
import { makePacer } from "../pacer";
import { ShingleSpill } from "./shingle-spill";
import { shinglesOf } from "./shingles";
import { distinctText } from "../test-repository";

interface Text {
  readonly path: string;
  readonly text: string;
}

async function deduplicated(texts: readonly Text[]): Promise<Deduplication> {
  const spill = new ShingleSpill("never-written");
  const documents = texts.map(({ path, text }, index) => {
    const shingles = shinglesOf(text);
    spill.append(index, shingles);
    return { path, blob: text, bytes: text.length, words: shingles.words, text: () => text };
  });
  return deduplicate(documents, spill, makePacer(undefined, "test"), () => undefined);
}

/** Shingles and Jaccard as CONTRACTS §3 words them, written anew and slowly. */
function shingleSet(text: string): Set<string> {
  const words = text.match(/[\p{L}\p{N}_]+/gu) ?? [];
  if (words.length === 0) return new Set();
  const width = Math.min(5, words.length);
  return new Set(Array.from({ length: words.length - width + 1 }, (_, at) => words.slice(at, at + width).join(" ")));
}

function trueJaccard(a: string, b: string): number {
  const [left, right] = [shingleSet(a), shingleSet(b)];
  let shared = 0;
  for (const shingle of left) if (right.has(shingle)) shared++;
  return shared === 0 ? 0 : shared / (left.size + right.size - shared);
}

/** Texts with many degrees of likeness: copies of a few originals with some lines changed. */
function family(seed: number, size: number): Text[] {
  const random = seededRandom("family", seed);
  return Array.from({ length: size }, (_, index) => {
    const lines = distinctText(seed * 100 + random.int(4), 30).split("\n");
    const changes = random.int(14);
    for (let change = 0; change < changes; change++)
      lines[random.int(lines.length)] = distinctText(seed * 7919 + index * 31 + change, 1).trimEnd();
    return { path: `${"d/".repeat(random.int(3))}f${index}.ts`, text: lines.join("\n") };
  });
}

describe("near duplicates against every pair compared by hand", { timeout: 60_000 }, () => {
  test.each([1, 2, 3, 4, 5, 6])("family %i", async (seed) => {
    const texts = family(seed, 60);
    const result = await deduplicated(texts);
    const survivors = new Set(result.survivors);
    const removed = new Map(result.removed.map((entry) => [entry.document, entry]));
    expect(survivors.size + removed.size).toBe(texts.length);
    for (const entry of result.removed) {
      expect(survivors.has(entry.survivor)).toBe(true);
      const similarity = trueJaccard(texts[entry.document]!.text, texts[entry.survivor]!.text);
      if (entry.kind === "near") expect(similarity).toBeGreaterThanOrEqual(0.7);
    }
    const edges = new Map(result.edges.map((edge) => [`${Math.min(edge.a, edge.b)}-${Math.max(edge.a, edge.b)}`, edge.jaccard]));
    for (const a of survivors) {
      for (const b of survivors) {
        if (a >= b) continue;
        const similarity = trueJaccard(texts[a]!.text, texts[b]!.text);
        expect(similarity).toBeLessThan(0.7);
        expect(edges.has(`${a}-${b}`)).toBe(similarity >= 0.5);
        if (similarity >= 0.5) expect(edges.get(`${a}-${b}`)).toBeCloseTo(similarity, 10);
      }
    }
    expect(removed.size).toBeGreaterThan(0);
    expect(edges.size).toBeGreaterThan(0);
  });
});

test("a template of the product survives what tests made from it, wherever it lies", async () => {
  const text = distinctText(7, 40);
  const result = await deduplicated([
    { path: "a/test/dummy/mailer.rb", text },
    { path: "lib/generators/mailer/templates/deep/mailer.rb", text: text.replace("let", "const") },
  ]);
  expect(result.survivors).toEqual([1]);
});

test("same bytes, same text but for white space, nearly the same text; the shallow path survives", async () => {
  const text = distinctText(1, 40);
  const near = text.replace("let", "const");
  const texts = [
    { path: "deep/er/a.ts", text },
    { path: "a.ts", text },
    { path: "deep/b.ts", text: text.replaceAll("\n", "\r\n  ") },
    { path: "deep/c.ts", text: near },
    { path: "other.ts", text: distinctText(2, 40) },
  ];
  const result = await deduplicated(texts);
  const documents = texts.map((each) => ({ path: each.path, bytes: each.text.length }));
  expect(result.survivors.map((index) => texts[index]!.path)).toEqual(["a.ts", "other.ts"]);
  const [cluster, ...others] = clusterRecords(documents, result);
  expect(others).toEqual([]);
  expect(cluster?.survivor).toBe("a.ts");
  expect(cluster?.removed.map(({ path, kind }) => `${path} ${kind}`)).toEqual(["deep/b.ts text", "deep/c.ts near", "deep/er/a.ts blob"]);
});

test("texts of fewer than five words are one shingle; texts without words are no duplicates of one another", async () => {
  const result = await deduplicated([
    { path: "a", text: "import os" },
    { path: "b", text: "import (os)" },
    { path: "c", text: "import sys" },
    { path: "d", text: "{}" },
    { path: "e", text: "[]" },
  ]);
  expect(result.survivors).toEqual([1, 2, 3, 4]);
  expect(result.removed).toEqual([{ document: 0, survivor: 1, jaccard: 1, kind: "near" }]);
});

test("a chain of small changes does not pull its ends together", async () => {
  const lines = distinctText(9, 60).split("\n");
  const texts = Array.from({ length: 20 }, (_, step) => ({
    path: `s${String(step).padStart(2, "0")}.ts`,
    text: [...lines.slice(step * 3), ...distinctText(50 + step, step * 3).split("\n")].join("\n"),
  }));
  const result = await deduplicated(texts);
  for (const entry of result.removed)
    expect(trueJaccard(texts[entry.document]!.text, texts[entry.survivor]!.text)).toBeGreaterThanOrEqual(0.7);
  expect(result.survivors.length).toBeGreaterThan(2);
});

test("words are runs of letters, digits and underscores of any script, with their case", async () => {
  const result = await deduplicated([
    { path: "a", text: "größe Ünïcode 数字 слово 𝒳value drei" },
    { path: "b", text: "größe; Ünïcode, 数字 (слово) 𝒳value. drei" },
    { path: "c", text: "Größe Ünïcode 数字 слово 𝒳value Drei" },
  ]);
  expect(result.removed.map((entry) => entry.document)).toEqual([0]);
});
