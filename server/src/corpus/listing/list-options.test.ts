import { mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { makePacer } from "../pacer";
import { git, repositoryOf, temporaryDirectory, writeFiles } from "../test-repository";
import { listFiles, type ListingConfig, type ListOptions } from "./list-files";
import type { Listing } from "./listing";
import { blobId, ContentReader } from "./read-content";

const plain: ListingConfig = { directories: [], roots: [], untracked: false, submodules: false, history: { commits: 0, releases: false } };

async function listed(directory: string, config: Partial<ListingConfig>, options: ListOptions = {}): Promise<Listing> {
  return (await listFiles(directory, makePacer(undefined, "test"), undefined, { ...options, config: { ...plain, ...config } })).listing;
}

function pathsOf({ files }: Listing): string[] {
  return files.map((file) => file.path).sort();
}

/** What a reader of the main directory finds under each path. */
function contentsOf(directory: string, { files }: Listing): Record<string, string> {
  const reader = new ContentReader(directory, 1 << 20);
  return Object.fromEntries(
    files.map((file) => {
      const read = reader.read(file);
      return [file.path, read.kind === "content" ? read.content.toString("utf8") : read.rule];
    }),
  );
}

describe("sub-trees", () => {
  const files = {
    "a.ts": "a",
    "packages/x/a.ts": "x",
    "packages/y/a.ts": "y",
    "packages/y/deep/b.ts": "b",
    "packages-old/a.ts": "o",
    "od[d]/a.ts": "d",
  };

  test.each([
    [["packages/y"], ["packages/y/a.ts", "packages/y/deep/b.ts"]],
    [
      ["./packages/x/", "od[d]"],
      ["od[d]/a.ts", "packages/x/a.ts"],
    ],
    [["packages/*"], ["packages/x/a.ts", "packages/y/a.ts", "packages/y/deep/b.ts"]],
    [
      ["packages/{x,z}", "**/deep"],
      ["packages/x/a.ts", "packages/y/deep/b.ts"],
    ],
    [["."], Object.keys(files).sort()],
  ])("%j", async (directories, expected) => {
    const repository = repositoryOf(files);
    const plainDirectory = temporaryDirectory();
    writeFiles(plainDirectory, files);
    for (const directory of [repository, plainDirectory]) {
      const listing = await listed(directory, { directories });
      expect(pathsOf(listing)).toEqual(expected);
      expect(listing.notes.join(" ")).not.toContain("corpus.directories");
    }
  });

  test("one that holds nothing is said, one outside is an error", async () => {
    const repository = repositoryOf(files);
    expect((await listed(repository, { directories: ["packages", "missing", "no/*"] })).notes).toEqual([
      "corpus.directories names what holds no listed file: missing, no/*.",
    ]);
    for (const outside of ["../other", "packages/../..", "/etc"]) {
      await expect(listed(repository, { directories: [outside] })).rejects.toMatchObject({ reason: "input", where: "midtrain.jsonc" });
    }
  });

  test("only what lies in them counts as changed", async () => {
    const repository = repositoryOf(files);
    writeFiles(repository, { "a.ts": "A", "packages/x/a.ts": "X" });
    git(repository, "add", "a.ts");
    const listing = await listed(repository, { directories: ["packages/x"] });
    expect([...listing.changed, ...listing.staged]).toEqual(["packages/x/a.ts"]);
  });
});

describe("untracked files", () => {
  test("come only when asked for, without ignored ones, with their attributes, and nested repositories are said", async () => {
    const repository = repositoryOf({ ".gitignore": "*.log\n", ".gitattributes": "new/** linguist-generated\n", "a.ts": "a" });
    writeFiles(repository, { "new/b.ts": "b", "x.log": "log", "nested/c.ts": "c" });
    git(join(repository, "nested"), "init", "-q");
    expect(pathsOf(await listed(repository, {}))).toEqual([".gitattributes", ".gitignore", "a.ts"]);
    const listing = await listed(repository, { untracked: true });
    expect(pathsOf(listing)).toEqual([".gitattributes", ".gitignore", "a.ts", "new/b.ts"]);
    expect(listing.files.find(({ path }) => path === "new/b.ts")).toMatchObject({ unchanged: false, attributes: { generated: "set" } });
    expect(listing.notes).toEqual([expect.stringMatching(/repositories of their own: nested\/\..*corpus\.roots/)]);
    const nested = await listed(repository, { roots: ["nested"], untracked: true });
    expect(contentsOf(repository, nested)["nested/c.ts"]).toBe("c");
  });
});

describe("submodules", () => {
  function nest(outer: string, inner: string, path: string): void {
    git(outer, "submodule", "add", "-q", inner, path);
    git(outer, "commit", "-q", "-m", "submodule");
  }

  test("are entered when asked for, in any depth, each with its own attributes and index; others are said", async () => {
    const deepest = repositoryOf({ "d.ts": "d\n" });
    const inner = repositoryOf({ ".gitattributes": "b.ts linguist-vendored\n", "b.ts": "b\n" });
    nest(inner, deepest, "deep");
    const outer = repositoryOf({ "a.ts": "a\n" });
    nest(outer, inner, "libs/inner");
    nest(outer, deepest, "absent");
    git(outer, "submodule", "update", "-q", "--init", "--recursive");
    git(outer, "submodule", "deinit", "-q", "absent");
    writeFiles(outer, { "libs/inner/deep/d.ts": "D\n" });
    const listing = await listed(outer, { submodules: true });
    expect(listing.files.map((file) => [file.path, file.unchanged])).toEqual([
      [".gitmodules", true],
      ["a.ts", true],
      ["libs/inner/.gitattributes", true],
      ["libs/inner/.gitmodules", true],
      ["libs/inner/b.ts", true],
      ["libs/inner/deep/d.ts", false],
    ]);
    expect(listing.files.find(({ path }) => path === "libs/inner/b.ts")!.attributes.vendored).toBe("set");
    expect([...listing.changed]).toEqual(["libs/inner/deep/d.ts"]);
    expect(listing.notes).toEqual(["1 submodule is not checked out and not read: absent. `git submodule update --init` brings them."]);
    expect(contentsOf(outer, listing)["libs/inner/deep/d.ts"]).toBe("D\n");
    expect((await listed(outer, {})).notes).toEqual(["2 submodules were not entered: absent, libs/inner."]);
  });

  test("may hold the sub-trees that are harvested", async () => {
    const inner = repositoryOf({ "src/b.ts": "b\n", "c.ts": "c\n" });
    const outer = repositoryOf({ "a.ts": "a\n", "lib/d.ts": "d\n" });
    nest(outer, inner, "inner");
    writeFiles(outer, { "inner/c.ts": "C\n", "inner/src/b.ts": "B\n" });
    const listing = await listed(outer, { submodules: true, directories: ["inner/src", "l*"] });
    expect(pathsOf(listing)).toEqual(["inner/src/b.ts", "lib/d.ts"]);
    expect([...listing.changed]).toEqual(["inner/src/b.ts"]);
  });

  test("in place of which a link stands are not entered", async () => {
    const inner = repositoryOf({ "b.ts": "b\n" });
    const outer = repositoryOf({ "a.ts": "a\n" });
    nest(outer, inner, "inner");
    rmSync(join(outer, "inner"), { recursive: true });
    symlinkSync(inner, join(outer, "inner"));
    const listing = await listed(outer, { submodules: true });
    expect(pathsOf(listing)).toEqual([".gitmodules", "a.ts"]);
    expect(listing.notes[0]).toMatch(/not checked out/);
  });
});

describe("further roots", () => {
  test("are listed under their names, which are unique, whatever they are", async () => {
    const main = repositoryOf({ "lib/a.ts": "main\n", "midtrain.jsonc": "{}" });
    const place = temporaryDirectory();
    mkdirSync(join(place, "one", "lib"), { recursive: true });
    mkdirSync(join(place, "two", "LIB"), { recursive: true });
    git(join(place, "one", "lib"), "init", "-q");
    writeFiles(place, {
      "one/lib/a.ts": "one\n",
      "one/lib/untracked.ts": "u\n",
      "two/LIB/a.ts": "two\n",
      "two/LIB/.gitignore": "b.ts\n",
      "two/LIB/b.ts": "b\n",
    });
    git(join(place, "one", "lib"), "add", "a.ts");
    const listing = await listed(main, { roots: [join(place, "one", "lib"), join(place, "two", "LIB")] });
    expect(contentsOf(main, listing)).toEqual({
      "lib/a.ts": "main\n",
      "midtrain.jsonc": "{}",
      "lib-2/a.ts": "one\n",
      "LIB-3/.gitignore": "b.ts\n",
      "LIB-3/a.ts": "two\n",
    });
    expect(listing.files.find(({ path }) => path === "lib-2/a.ts")).toMatchObject({
      unchanged: true,
      index: { blob: blobId(Buffer.from("one\n"), "sha1") },
    });
    expect(listing.notes).toEqual([expect.stringMatching(/^LIB-3: Files were listed by the \.gitignore rules/)]);
  });

  test("are relative to the configuration, and one that is not there is an error", async () => {
    const place = temporaryDirectory();
    writeFiles(place, { "config/extra/x.ts": "x", "main/a.ts": "a" });
    const listing = await listed(join(place, "main"), { roots: ["extra"] }, { configDirectory: join(place, "config") });
    expect(pathsOf(listing)).toEqual(["a.ts", "extra/x.ts"]);
    await expect(listed(join(place, "main"), { roots: ["extra"] })).rejects.toMatchObject({
      reason: "input",
      where: join(place, "main", "extra"),
    });
  });

  test("that lie in one another list a file once", async () => {
    const main = repositoryOf({ "a.ts": "a", "sub/b.ts": "b" });
    writeFiles(main, { "sub/untracked.ts": "u" });
    expect(pathsOf(await listed(main, { roots: [".", "sub", join(main, "sub")], untracked: false }))).toEqual(["a.ts", "sub/b.ts"]);
    const around = await listed(join(main, "sub"), { roots: [main] });
    expect(pathsOf(around)).toEqual(["b.ts", `${basename(main)}/a.ts`]);
  });

  test("of another object format have no blob ids of this corpus", async () => {
    const main = repositoryOf({ "a.ts": "a\n" });
    const other = join(temporaryDirectory(), "other");
    mkdirSync(other);
    git(other, "init", "-q", "--object-format=sha256");
    writeFiles(other, { "b.ts": "b\n" });
    git(other, "add", ".");
    const listing = await listed(main, { roots: [other] });
    expect(listing.files.map((file) => [file.path, file.unchanged, file.index === undefined])).toEqual([
      ["a.ts", true, false],
      ["other/b.ts", false, true],
    ]);
  });

  test("are never left through a link", async () => {
    const other = join(temporaryDirectory(), "other");
    writeFiles(other, { "real/a.ts": "a" });
    git(other, "init", "-q");
    git(other, "add", ".");
    const outside = temporaryDirectory();
    writeFiles(outside, { "a.ts": "outside" });
    rmSync(join(other, "real"), { recursive: true });
    symlinkSync(outside, join(other, "real"));
    const main = repositoryOf({ "m.ts": "m" });
    expect(contentsOf(main, await listed(main, { roots: [other] }))).toEqual({ "m.ts": "m", "other/real/a.ts": "symlink" });
    expect(readFileSync(join(outside, "a.ts"), "utf8")).toBe("outside");
  });
});
