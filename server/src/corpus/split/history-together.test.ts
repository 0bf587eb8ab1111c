import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../platform/random";
import { harvest } from "../harvest";
import { distinctText, documentsOf, git, repositoryOf, temporaryDirectory, writeFiles, type Files } from "../test-repository";
import { checkCorpus } from "./check-corpus";
import { joinPresent, togetherByHistory } from "./history-together";

function commit(directory: string, files: Files = {}): void {
  writeFiles(directory, files);
  git(directory, "add", "-A");
  git(directory, "commit", "-q", "-m", "next");
}

const head = (directory: string): string => git(directory, "rev-parse", "HEAD").trim();

/** Forty files, each copied in the commit that edits it, some copies moved later; then all copies are written anew. */
function repositoryWithCopies(): string {
  const numbers = Array.from({ length: 40 }, (_, index) => index);
  const files = (make: (index: number) => Files): Files => Object.assign({}, ...numbers.map(make)) as Files;
  const directory = repositoryOf({
    ".gitignore": ".midtrain\n",
    ...files((index) => ({ [`a/f${index}.ts`]: distinctText(index, 20), [`c/x${index}.ts`]: distinctText(500 + index, 20) })),
  });
  commit(
    directory,
    files((index) => ({ [`a/f${index}.ts`]: `${distinctText(index, 20)}// changed\n`, [`b/g${index}.ts`]: distinctText(index, 20) })),
  );
  for (const index of numbers.slice(0, 10)) git(directory, "mv", `b/g${index}.ts`, `b/moved${index}.ts`);
  commit(directory);
  const nameOf = (index: number): string => (index < 10 ? `b/moved${index}.ts` : `b/g${index}.ts`);
  commit(
    directory,
    files((index) => ({ [nameOf(index)]: distinctText(1000 + index, 20) })),
  );
  return directory;
}

describe("files that the history joins", () => {
  test("stay on one side when they have grown apart and were moved, which the written corpus shows", async () => {
    const directory = repositoryWithCopies();
    const { result } = await harvest({ directory, seed: 4, config: { heldOutShare: 0.3 } });
    const sideOf = new Map((await documentsOf(result.directory)).map(({ path, split }) => [path, split]));
    const { together } = JSON.parse(readFileSync(join(result.directory, "split.json"), "utf8")) as { together: [string, string][] };
    expect(together).toHaveLength(40);
    expect(together).toContainEqual(["a/f3.ts", "b/moved3.ts"]);
    for (const [a, b] of together) expect(sideOf.get(a)).toBe(sideOf.get(b));
    expect(new Set(together.map(([a]) => sideOf.get(a)))).toEqual(new Set(["train", "held-out", "sealed"]));
    expect((await checkCorpus(result.directory)).pairsAcross).toEqual([]);
    // Joined by the history only on paper: the check believes what is written and finds the pairs that the split tore apart.
    const file = join(result.directory, "split.json");
    writeFileSync(
      file,
      JSON.stringify({ together: [...sideOf.keys()].filter((path) => path.startsWith("c/")).map((path) => [path, "a/f3.ts"]) }),
    );
    const { pairsAcross } = await checkCorpus(result.directory);
    expect(pairsAcross.length).toBeGreaterThan(0);
    expect(new Set(pairsAcross.map(({ why }) => why))).toEqual(new Set(["copied or moved"]));
  });

  test("are torn apart without their history: what is tested is the history, not the texts", async () => {
    const directory = repositoryWithCopies();
    const before = await harvest({ directory, seed: 4, config: { heldOutShare: 0.3 } });
    rmSync(join(directory, ".git"), { recursive: true });
    rmSync(join(directory, ".midtrain"), { recursive: true });
    git(directory, "init", "-q");
    git(directory, "add", ".");
    git(directory, "commit", "-q", "-m", "all");
    const { result } = await harvest({ directory, seed: 4, config: { heldOutShare: 0.3 } });
    expect(result.corpus).not.toBe(before.result.corpus);
    const sideOf = new Map((await documentsOf(result.directory)).map(({ path, split }) => [path, split]));
    expect(Array.from({ length: 30 }, (_, i) => i + 10).some((i) => sideOf.get(`a/f${i}.ts`) !== sideOf.get(`b/g${i}.ts`))).toBe(true);
  });

  test("a file that stands for its duplicate takes over what the duplicate belonged to", async () => {
    const directory = repositoryOf({ ".gitignore": ".midtrain\n", "lib/a.ts": distinctText(1, 30) });
    commit(directory, { "lib/a.ts": `${distinctText(1, 30)}// x\n`, "lib/long/copied.ts": distinctText(1, 30) });
    commit(directory, { "lib/long/copied.ts": distinctText(2, 30), "b.ts": distinctText(2, 30) });
    const { result } = await harvest({ directory, seed: 0 });
    const split = JSON.parse(readFileSync(join(result.directory, "split.json"), "utf8")) as { together: [string, string][] };
    expect(split.together).toEqual([["lib/a.ts", "b.ts"]]);
  });
});

test("what is joined is what is there, whatever was left out", () => {
  const pairs = [
    { a: "a", b: "m" },
    { a: "a", b: "z" },
    { a: "c", b: "d" },
    { a: "d", b: "z" },
    { a: "x", b: "y" },
  ];
  expect(joinPresent(pairs, (path) => path !== "a" && path !== "x")).toEqual([
    { a: "c", b: "d" },
    { a: "c", b: "m" },
    { a: "c", b: "z" },
  ]);
});

test("a file that left the index but not the commit leaves the others joined, in a first harvest and in a later one", async () => {
  const directory = repositoryOf({ ".gitignore": ".midtrain\n", "a.ts": distinctText(1, 20) });
  commit(directory, { "a.ts": `${distinctText(1, 20)}1\n`, "b.ts": distinctText(1, 20) });
  commit(directory, { "a.ts": `${distinctText(1, 20)}2\n`, "c.ts": `${distinctText(1, 20)}1\n` });
  commit(directory, { "b.ts": distinctText(2, 20), "c.ts": distinctText(3, 20) });
  const together = async (): Promise<unknown> => {
    const { result } = await harvest({ directory, seed: 0 });
    return (JSON.parse(readFileSync(join(result.directory, "split.json"), "utf8")) as { together: unknown }).together;
  };
  expect(await together()).toEqual([
    ["a.ts", "b.ts"],
    ["a.ts", "c.ts"],
  ]);
  git(directory, "rm", "-q", "a.ts");
  expect(await together()).toEqual([["b.ts", "c.ts"]]);
  rmSync(join(directory, ".midtrain"), { recursive: true });
  expect(await together()).toEqual([["b.ts", "c.ts"]]);
});

describe("searching the history", () => {
  test("an answer is remembered for its commit, and a damaged one is made again", async () => {
    const directory = repositoryWithCopies();
    const cacheFile = join(temporaryDirectory(), "cache", "copies.json");
    const search = { directory, head: head(directory), cacheFile };
    const cold = await togetherByHistory(search);
    expect(cold.pairs).toHaveLength(40);
    writeFileSync(cacheFile, readFileSync(cacheFile, "utf8").replace("a/f0.ts", "a/f00.ts"));
    expect((await togetherByHistory(search)).pairs[0]!.a).toBe("a/f00.ts");
    writeFileSync(cacheFile, readFileSync(cacheFile, "utf8").slice(0, 50));
    expect(await togetherByHistory(search)).toEqual(cold);
    git(directory, "rm", "-q", "b/g39.ts");
    commit(directory);
    expect((await togetherByHistory({ ...search, head: head(directory) })).pairs).toHaveLength(39);
  });

  test.each([1, 2, 3])("goes on from an earlier commit with what a search from the start finds (seed %i)", async (seed) => {
    const random = seededRandom("history", seed);
    const directory = repositoryWithCopies();
    const place = temporaryDirectory();
    const cacheFile = join(place, "copies.json");
    const present = (path: string): boolean => existsSync(join(directory, path));
    await togetherByHistory({ directory, head: head(directory), cacheFile });
    for (let step = 0; step < 6; step++) {
      const paths = git(directory, "ls-files", "a", "b", "c").trim().split("\n");
      const [one, other] = random.shuffle(paths) as [string, string];
      const edit = random.int(5);
      if (edit === 0) git(directory, "rm", "-q", one);
      else if (edit === 1) git(directory, "mv", one, `c/new${step}.ts`);
      else if (edit === 2)
        writeFiles(directory, {
          [`c/copy${step}.ts`]: readFileSync(join(directory, one)),
          [one]: `${distinctText(step, 1)}${readFileSync(join(directory, one), "utf8")}`,
        });
      else writeFiles(directory, { [other]: distinctText(9000 + step, 9), [`c/fresh${step}.ts`]: distinctText(9100 + step, 9) });
      commit(directory);
      const later = await togetherByHistory({ directory, head: head(directory), cacheFile });
      const cold = await togetherByHistory({ directory, head: head(directory), cacheFile: join(place, `cold${step}.json`) });
      expect(joinPresent(later.pairs, present)).toEqual(joinPresent(cold.pairs, present));
    }
  });

  test("a file that went and came back is another one", async () => {
    const directory = repositoryWithCopies();
    const place = temporaryDirectory();
    const search = { directory, cacheFile: join(place, "copies.json") };
    await togetherByHistory({ ...search, head: head(directory) });
    git(directory, "rm", "-q", "a/f5.ts");
    commit(directory);
    commit(directory, { "a/f5.ts": distinctText(8000, 20) });
    const later = await togetherByHistory({ ...search, head: head(directory) });
    expect(later.pairs).toHaveLength(39);
    expect(later).toEqual(await togetherByHistory({ directory, head: head(directory), cacheFile: join(place, "cold.json") }));
  });

  test("goes back only so far, and says so", async () => {
    const directory = repositoryWithCopies();
    const cacheFile = join(temporaryDirectory(), "copies.json");
    const search = { directory, head: head(directory), cacheFile };
    const cut = await togetherByHistory({ ...search, mostCommits: 2 });
    expect(cut.pairs).toEqual([]);
    expect(cut.notes[0]).toMatch(/newest 2 commits/);
    expect(await togetherByHistory({ ...search, mostCommits: 4 })).toMatchObject({ pairs: { length: 40 }, notes: [] });
  });

  test("finds nothing without a commit, and says when the history cannot be read", async () => {
    const cacheFile = join(temporaryDirectory(), "copies.json");
    expect(await togetherByHistory({ directory: temporaryDirectory(), head: undefined, cacheFile })).toEqual({ pairs: [], notes: [] });
    const directory = repositoryWithCopies();
    const objects = join(directory, ".git", "objects");
    const tree = git(directory, "rev-parse", "HEAD~2^{tree}").trim();
    expect(readdirSync(join(objects, tree.slice(0, 2)))).toContain(tree.slice(2));
    rmSync(join(objects, tree.slice(0, 2), tree.slice(2)));
    const broken = await togetherByHistory({ directory, head: head(directory), cacheFile });
    expect(broken).toEqual({ pairs: [], notes: [expect.stringMatching(/^The history could not be searched for copies/)] });
  });
});
