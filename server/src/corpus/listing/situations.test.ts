import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { makePacer } from "../pacer";
import { distinctText, git, repositoryOf, temporaryDirectory, writeFiles } from "../test-repository";
import { listFiles, type Place } from "./list-files";
import { blobId, ContentReader } from "./read-content";

afterEach(() => {
  vi.unstubAllEnvs();
});

function listed(directory: string): Promise<Place> {
  return listFiles(directory, makePacer(undefined, "test"), undefined, { cacheDirectory: () => undefined });
}

/** path -> does git vouch for it? */
function vouched({ listing }: Place): Record<string, boolean> {
  return Object.fromEntries(listing.files.map((file) => [file.path, file.unchanged]));
}

const three = { "a.ts": "a\n", "lib/b.ts": "b\n", "docs/c.md": "c\n" };
const all = { "a.ts": true, "docs/c.md": true, "lib/b.ts": true };

describe("work trees", () => {
  test("a linked work tree has its own files, and the attributes of the main one", async () => {
    const main = repositoryOf(three);
    writeFiles(main, { ".git/info/attributes": "a.ts linguist-generated\n" });
    const linked = join(temporaryDirectory(), "linked");
    git(main, "worktree", "add", "-q", "-b", "other", linked);
    writeFiles(linked, { "lib/b.ts": "other\n" });
    const place = await listed(linked);
    expect(vouched(place)).toEqual({ ...all, "lib/b.ts": false });
    expect(place).toMatchObject({ root: linked, listing: { branch: "other" } });
    expect(place.listing.files[0]!.attributes.generated).toBe("set");
  });

  test.each(["cone", "no-cone"])("a sparse checkout (%s) holds what is there, and it is said", async (mode) => {
    const directory = repositoryOf({ ...three, "docs/.gitattributes": "*.md linguist-vendored\n", "lib/deep/d.ts": "d\n" });
    git(directory, "sparse-checkout", "set", `--${mode}`, ...(mode === "cone" ? ["lib"] : ["/*.ts", "lib/deep/"]));
    const place = await listed(directory);
    const expected = mode === "cone" ? ["a.ts", "lib/b.ts", "lib/deep/d.ts"] : ["a.ts", "lib/deep/d.ts"];
    expect(vouched(place)).toEqual(Object.fromEntries(expected.map((path) => [path, true])));
    expect(place.listing.notes).toEqual([`${mode === "cone" ? 2 : 3} tracked files lie outside the sparse checkout and were not read.`]);
  });

  test("a sparse index is listed like a whole one", async () => {
    const directory = repositoryOf({ ...three, "lib/deep/d.ts": "d\n" });
    git(directory, "sparse-checkout", "set", "--cone", "--sparse-index", "docs");
    const place = await listed(directory);
    expect(vouched(place)).toEqual({ "a.ts": true, "docs/c.md": true });
    expect(place.listing.notes).toEqual(["2 tracked files lie outside the sparse checkout and were not read."]);
  });

  test("a split index, a version 4 index, an untracked cache and a file system monitor change nothing", async () => {
    const directory = repositoryOf(three);
    const hook = join(directory, "monitor");
    const witness = join(directory, ".git", "witness");
    writeFileSync(hook, `#!/bin/sh\ntouch ${witness}\nprintf 'token\\0'\n`);
    chmodSync(hook, 0o755);
    git(directory, "config", "core.fsmonitor", hook);
    git(directory, "update-index", "--fsmonitor");
    git(directory, "update-index", "--index-version", "4");
    git(directory, "update-index", "--untracked-cache");
    git(directory, "update-index", "--split-index");
    git(directory, "status", "--short");
    expect(existsSync(witness)).toBe(true);
    rmSync(witness);
    writeFiles(directory, { "a.ts": "b\n" });
    expect(vouched(await listed(directory))).toEqual({ ...all, "a.ts": false });
    expect(existsSync(witness)).toBe(false);
  });

  test("an unborn HEAD", async () => {
    const directory = temporaryDirectory();
    git(directory, "init", "-q", "-b", "first");
    writeFiles(directory, three);
    git(directory, "add", ".");
    const place = await listed(directory);
    expect(vouched(place)).toEqual(all);
    expect(place.listing).toMatchObject({ branch: "first", notes: [] });
    expect(place.listing.head).toBeUndefined();
  });

  test("a detached HEAD", async () => {
    const directory = repositoryOf(three);
    git(directory, "checkout", "-q", "--detach");
    const { listing } = await listed(directory);
    expect(listing.head).toMatch(/^[0-9a-f]{40}$/);
    expect(listing.branch).toBeUndefined();
  });

  test("unmerged entries are one file each, never vouched for", async () => {
    const directory = repositoryOf(three);
    git(directory, "checkout", "-q", "-b", "other");
    writeFiles(directory, { "a.ts": "theirs\n", "docs/new.md": "theirs\n" });
    git(directory, "add", ".");
    git(directory, "commit", "-q", "-m", "theirs");
    git(directory, "checkout", "-q", "main");
    writeFiles(directory, { "a.ts": "ours\n", "docs/new.md": "ours\n" });
    git(directory, "add", ".");
    git(directory, "commit", "-q", "-m", "ours");
    expect(() => git(directory, "merge", "-q", "other")).toThrow();
    const { listing } = await listed(directory);
    expect(listing.files.map((file) => [file.path, file.index?.unmerged, file.unchanged])).toEqual([
      ["a.ts", true, false],
      ["docs/c.md", false, true],
      ["docs/new.md", true, false],
      ["lib/b.ts", false, true],
    ]);
  });

  test("names that differ in case only, and names that git or a shell could take for something else", async () => {
    const names = ["A.ts", "a.ts", "--help", ":(top)x", "*.ts", "sp ace\n", "$(x)", "ü", "[attr]x", "#x", "!x"];
    const directory = repositoryOf({
      ".gitattributes": "a.ts linguist-generated\n",
      ...Object.fromEntries(names.map((name) => [name, name])),
    });
    const place = await listed(directory);
    expect(vouched(place)).toEqual(Object.fromEntries([...names, ".gitattributes"].map((name) => [name, true])));
    expect(place.listing.files.filter((file) => file.attributes.generated === "set").map((file) => file.path)).toEqual(["a.ts"]);
    git(directory, "config", "core.ignorecase", "true");
    const folded = (await listed(directory)).listing.files.filter((file) => file.attributes.generated === "set");
    expect(folded.map((file) => file.path)).toEqual(["A.ts", "a.ts"]);
  });

  test("names that are no UTF-8 are listed, with their attributes, and never vouched for", async () => {
    const directory = repositoryOf({ ".gitattributes": "*.ts linguist-generated\n" });
    writeFileSync(Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0xff, 0x2e, 0x74, 0x73])]), "x\n");
    git(directory, "add", ".");
    const { listing } = await listFiles(directory, makePacer(undefined, "test"), undefined, { cacheDirectory: () => temporaryDirectory() });
    const file = listing.files.find(({ bytes }) => bytes !== undefined)!;
    expect(file).toMatchObject({ path: "\\xff.ts", unchanged: false, attributes: { generated: "set" } });
  });

  test("sha256 repositories", async () => {
    const directory = temporaryDirectory();
    git(directory, "init", "-q", "--object-format=sha256");
    writeFiles(directory, three);
    git(directory, "add", ".");
    git(directory, "commit", "-q", "-m", "first");
    const place = await listed(directory);
    expect(vouched(place)).toEqual(all);
    expect(place.listing.objectFormat).toBe("sha256");
    expect(place.listing.files[0]!.index!.blob).toBe(blobId(Buffer.from("a\n"), "sha256"));
  });

  test("a bare repository, and the inside of a git directory", async () => {
    const bare = join(temporaryDirectory(), "bare.git");
    mkdirSync(bare);
    git(bare, "init", "-q", "--bare");
    const inside = join(repositoryOf(three), ".git");
    for (const place of [bare, inside]) {
      await expect(listed(place)).rejects.toMatchObject({
        reason: "input",
        message: expect.stringContaining("without a working tree") as string,
      });
    }
  });
});

describe("clones", () => {
  test("a partial clone is read from its working tree, and nothing is fetched", async () => {
    const origin = repositoryOf({ ...three, ".gitattributes": "* text=auto\n" });
    git(origin, "config", "uploadpack.allowFilter", "true");
    writeFiles(origin, { "a.ts": "a second time\n" });
    git(origin, "commit", "-q", "-a", "-m", "second");
    const clone = join(temporaryDirectory(), "clone");
    git(origin, "clone", "-q", "--filter=blob:none", `file://${origin}`, clone);
    writeFiles(clone, { "docs/c.md": "changed\n" });
    const objects = (): string => git(clone, "count-objects", "-v");
    const missing = (): string => git(clone, "rev-list", "--objects", "--all", "--missing=print");
    const before = objects();
    expect(missing()).toMatch(/^\?/m);
    const place = await listed(clone);
    expect(place.listing.files.map((file) => file.path)).toEqual([".gitattributes", "a.ts", "docs/c.md", "lib/b.ts"]);
    expect(place.listing.changed).toEqual(new Set(["docs/c.md"]));
    expect(objects()).toBe(before);
    expect(missing()).toMatch(/^\?/m);
  });

  test("a shallow clone", async () => {
    const origin = repositoryOf(three);
    git(origin, "commit", "-q", "--allow-empty", "-m", "second");
    const clone = join(temporaryDirectory(), "clone");
    git(origin, "clone", "-q", "--depth=1", `file://${origin}`, clone);
    expect(vouched(await listed(clone))).toEqual(all);
  });
});

describe("Git LFS", () => {
  const pointer =
    "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

  test("what lies in the working tree is read, a pointer (which a rule on content rejects) or what the filter brought", async () => {
    const directory = repositoryOf({ ".gitattributes": "*.ts filter=lfs -text\n", "pointer.ts": pointer, "here.ts": pointer });
    writeFiles(directory, { "here.ts": distinctText(1, 10) });
    const { listing } = await listed(directory);
    expect(listing.files.map((file) => [file.path, file.unchanged, file.attributes.filter])).toEqual([
      [".gitattributes", true, undefined],
      ["here.ts", false, "lfs"],
      ["pointer.ts", false, "lfs"],
    ]);
    const reader = new ContentReader(directory, 1000);
    const contents = listing.files.slice(1).map((file) => reader.read(file));
    expect(contents).toEqual([distinctText(1, 10), pointer].map((text) => ({ kind: "content", content: Buffer.from(text) })));
  });
});

describe("the environment", () => {
  test("variables of a surrounding git do not point anywhere else", async () => {
    const other = repositoryOf({ "wrong.ts": "w\n" });
    const directory = repositoryOf(three);
    vi.stubEnv("GIT_DIR", join(other, ".git"));
    vi.stubEnv("GIT_WORK_TREE", other);
    vi.stubEnv("GIT_INDEX_FILE", join(other, ".git", "index"));
    vi.stubEnv("GIT_OBJECT_DIRECTORY", join(other, ".git", "objects"));
    vi.stubEnv("GIT_COMMON_DIR", join(other, ".git"));
    vi.stubEnv("GIT_LITERAL_PATHSPECS", "1");
    vi.stubEnv("GIT_CONFIG_PARAMETERS", "'core.worktree=/'");
    const place = await listed(directory);
    expect(place.root).toBe(directory);
    expect(vouched(place)).toEqual(all);
  });

  test("a repository that git refuses for its owner", async () => {
    const directory = repositoryOf(three);
    vi.stubEnv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
    vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null");
    await expect(listed(directory)).rejects.toMatchObject({
      reason: "environment",
      next: expect.stringContaining("safe.directory") as string,
    });
  });

  test("no git program", async () => {
    const directory = repositoryOf({ ...three, ".gitignore": "docs/\n" });
    vi.stubEnv("PATH", temporaryDirectory());
    const { listing } = await listed(directory);
    expect(listing.files.map((file) => [file.path, file.unchanged])).toEqual([
      [".gitignore", false],
      ["a.ts", false],
      ["lib/b.ts", false],
    ]);
    expect(listing.notes[0]).toMatch(/no git program/);
  });

  test("a broken index is git's to name", async () => {
    const directory = repositoryOf(three);
    writeFileSync(join(directory, ".git", "index"), "no index");
    await expect(listed(directory)).rejects.toMatchObject({ reason: "environment", message: expect.stringMatching(/index/) as string });
  });

  test("a cancelled listing stops", async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(listFiles(repositoryOf(three), makePacer(undefined, "test"), abort.signal)).rejects.toMatchObject({ reason: "cancelled" });
  });
});

test("links to files and directories are listed as links, and nothing behind them is read", async () => {
  const directory = repositoryOf(three);
  const outside = temporaryDirectory();
  writeFiles(outside, { "x.ts": "secret\n" });
  symlinkSync(join(outside, "x.ts"), join(directory, "file"));
  git(directory, "add", "file");
  rmSync(join(directory, "lib"), { recursive: true });
  symlinkSync(outside, join(directory, "lib"));
  writeFiles(outside, { "b.ts": "b\n" });
  const { listing } = await listed(directory);
  const reader = new ContentReader(directory, 1000);
  expect(listing.files.map((file) => [file.path, file.unchanged, reader.read(file).kind])).toEqual([
    ["a.ts", true, "content"],
    ["docs/c.md", true, "content"],
    ["file", false, "reject"],
    ["lib/b.ts", false, "reject"],
  ]);
  expect(readdirSync(outside).sort()).toEqual(["b.ts", "x.ts"]);
  expect(readFileSync(join(outside, "x.ts"), "utf8")).toBe("secret\n");
});
