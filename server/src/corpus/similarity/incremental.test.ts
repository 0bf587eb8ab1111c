import { documentKey } from "./document-key";
import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../platform/hash";
import { seededRandom, type Random } from "../../platform/random";
import { makePacer } from "../pacer";
import { distinctText, temporaryDirectory } from "../test-repository";
import { deduplicate, type Deduplication } from "./deduplicate";
import { deduplicateIncremental } from "./incremental";
import { shinglesOf } from "./shingles";
import { openSimilarityState, saveSimilarityState, type KeyedDocument } from "./similarity-state";

type Texts = ReadonlyMap<string, string>;

const pacer = makePacer(undefined, "test");

function documentsOf(texts: Texts): KeyedDocument[] {
  return [...texts].map(([path, text]) => ({
    path,
    key: documentKey(path, "", sha256(text)),
    blob: sha256(text),
    bytes: text.length,
    words: shinglesOf(text).words,
    text: () => text,
  }));
}

function sourceOf(documents: readonly KeyedDocument[]): { shingles: (document: number) => ReturnType<typeof shinglesOf> } {
  return { shingles: (document) => shinglesOf(documents[document]!.text()) };
}

async function cold(documents: readonly KeyedDocument[]): Promise<Deduplication> {
  return deduplicate(documents, sourceOf(documents), pacer, () => undefined);
}

async function keep(directory: string, texts: Texts, version = "1"): Promise<void> {
  const documents = documentsOf(texts);
  await saveSimilarityState(directory, version, documents, await cold(documents), sourceOf(documents), pacer);
}

/** A few originals, most files variants of one at many degrees of likeness, some of them equal. */
function variant(random: Random, seed: number): string {
  const lines = distinctText(seed * 10 + random.int(3), 12).split("\n");
  for (let changes = random.int(6); changes > 0; changes--)
    lines[random.int(lines.length)] = distinctText(random.int(1 << 20), 1).trimEnd();
  if (random.int(6) === 0) lines.splice(random.int(lines.length), random.int(6));
  return lines.join("\n");
}

function freshPath(random: Random): string {
  return `${random.pick(["", "", "src/", "src/deep/", "old/", "test/"])}${random.pick(["a", "b", "queue", "list"])}${random.int(40)}.ts`;
}

function changed(random: Random, seed: number, texts: Texts): Texts {
  const next = new Map(texts);
  for (let edits = 1 + random.int(4); edits > 0; edits--) {
    const path = random.pick([...next.keys(), "first"]);
    const text = next.get(path) ?? variant(random, seed);
    const kind = random.int(6);
    if (kind === 0) next.delete(path);
    else if (kind === 1) next.set(freshPath(random), variant(random, seed));
    else if (kind === 2) next.set(freshPath(random), text);
    else if (kind === 3) next.set(path, text.replace(/\n/, "\n\n"));
    else if (kind === 4) {
      next.delete(path);
      next.set(freshPath(random), text);
    } else next.set(path, variant(random, seed));
  }
  return random.int(3) === 0 ? new Map(random.shuffle([...next])) : next;
}

function plain(result: Deduplication): unknown {
  const { survivors, removed, edges } = result;
  return { survivors, removed, edges };
}

describe("an incremental run gives what a cold one gives", () => {
  test.each(Array.from({ length: 12 }, (_, seed) => seed))("corpus %i, a hundred changes", { timeout: 60_000 }, async (seed) => {
    const random = seededRandom("incremental", seed);
    const first = new Map(Array.from({ length: 8 + random.int(25) }, () => [freshPath(random), variant(random, seed)] as const));
    const directory = temporaryDirectory();
    await keep(directory, first);
    const state = openSimilarityState(directory, "1")!;
    let current: Texts = first;
    let removals = 0;
    for (let change = 0; change < 100; change++) {
      current = change % 10 === 0 ? first : current;
      current = changed(random, seed, current);
      const documents = documentsOf(current);
      const expected = await cold(documents);
      const result = await deduplicateIncremental(state, documents, sourceOf(documents), pacer);
      expect(plain(result!)).toEqual(plain(expected));
      removals += expected.removed.length;
    }
    state.close();
    expect(removals).toBeGreaterThan(0);
  });

  test("nothing changed: no text is read", async () => {
    const random = seededRandom("unchanged");
    const texts = new Map(Array.from({ length: 40 }, () => [freshPath(random), variant(random, 1)] as const));
    const directory = temporaryDirectory();
    await keep(directory, texts);
    const documents = documentsOf(texts);
    const expected = await cold(documents);
    const state = openSimilarityState(directory, "1")!;
    const unread = documents.map((document) => ({ ...document, text: () => expect.fail("was read") }));
    const shingles = (): never => expect.fail("was read");
    expect(plain((await deduplicateIncremental(state, unread, { shingles }, pacer))!)).toEqual(plain(expected));
    state.close();
  });

  test("too many changes are left to a cold run", async () => {
    const directory = temporaryDirectory();
    await keep(directory, new Map([["a.ts", distinctText(1, 5)]]));
    const many = new Map(Array.from({ length: 700 }, (_, index) => [`f${index}.ts`, distinctText(index, 3)] as const));
    const documents = documentsOf(many);
    const state = openSimilarityState(directory, "1")!;
    expect(await deduplicateIncremental(state, documents, sourceOf(documents), pacer)).toBeUndefined();
    state.close();
  });
});

describe("what is kept", () => {
  const texts: Texts = new Map(Array.from({ length: 10 }, (_, index) => [`f${index}.ts`, distinctText(index, 20)] as const));

  test("is not used by another version, and replaced by the next", async () => {
    const directory = temporaryDirectory();
    expect(openSimilarityState(directory, "1")).toBeUndefined();
    await keep(directory, texts);
    expect(openSimilarityState(directory, "2")).toBeUndefined();
    await keep(directory, texts, "2");
    openSimilarityState(directory, "2")!.close();
    expect(readdirSync(directory)).toHaveLength(2);
  });

  test.each(["similarity.meta", "prefixes"])("is ignored when %s is damaged", async (name) => {
    const directory = temporaryDirectory();
    await keep(directory, texts);
    const file = join(
      directory,
      readdirSync(directory).find((each) => each.includes(name))!,
    );
    const content = readFileSync(file);
    content[content.length - 5]! ^= 1;
    for (let at = 0; at < content.length && name === "prefixes"; at += 4) content[at]! ^= 1;
    writeFileSync(file, content);
    const state = openSimilarityState(directory, "1");
    const documents = documentsOf(new Map([...texts, ["new.ts", `${texts.get("f3.ts")!}\nlet x = 1;`]]));
    if (name === "similarity.meta") expect(state).toBeUndefined();
    else expect(await deduplicateIncremental(state!, documents, sourceOf(documents), pacer)).toBeUndefined();
    state?.close();
    truncateSync(file, 10);
    expect(openSimilarityState(directory, "1")).toBeUndefined();
  });
});
