import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { seededRandom } from "../../platform/random";
import { makePacer } from "../pacer";
import { git, repositoryOf, temporaryDirectory, writeFiles } from "../test-repository";
import { listFiles } from "./list-files";
import type { ListedFile, Listing } from "./listing";
import { blobId, ContentReader } from "./read-content";

afterEach(() => {
  vi.unstubAllEnvs();
});

async function listed(directory: string, cache?: string): Promise<Listing> {
  return (await listFiles(directory, makePacer(undefined, "test"), undefined, { cacheDirectory: () => cache })).listing;
}

function byPath({ files }: Listing): Map<string, ListedFile> {
  return new Map(files.map((file) => [file.path, file]));
}

function unchangedPaths(listing: Listing): string[] {
  return listing.files.filter((file) => file.unchanged).map((file) => file.path);
}

/** Every file that git vouches for has the bytes of its blob and the size that is said. */
function expectTrue(directory: string, { files, objectFormat }: Listing): void {
  const reader = new ContentReader(directory, 1 << 30);
  for (const file of files.filter(({ unchanged }) => unchanged)) {
    const read = reader.read(file);
    if (read.kind !== "content") throw new Error(`${file.path}: ${read.rule}`);
    expect([file.path, blobId(read.content, objectFormat), read.content.length]).toEqual([file.path, file.index?.blob, file.size]);
  }
}

describe("what git vouches for", () => {
  test("clean files, and not those that were edited, staged and edited, removed, replaced or made executable", async () => {
    const names = ["clean", "edited", "both", "gone", "link", "mode", "staged"];
    const directory = repositoryOf(Object.fromEntries(names.map((name) => [name, `${name}\n`])));
    writeFiles(directory, { edited: "other\n", both: "other\n", staged: "other\n" });
    git(directory, "add", "both", "staged");
    writeFiles(directory, { both: "third\n" });
    unlinkSync(join(directory, "gone"));
    git(directory, "update-index", "--chmod=+x", "mode");
    const listing = await listed(directory);
    expect(unchangedPaths(listing)).toEqual(["clean", "link", "staged"]);
    expect([...listing.changed].sort()).toEqual(["both", "edited", "gone", "mode"]);
    expect([...listing.staged].sort()).toEqual(["both", "mode", "staged"]);
    expectTrue(directory, listing);
  });

  test("an edit of the same size right after git looked is seen", async () => {
    const directory = repositoryOf({ a: "0\n" });
    for (let round = 1; round < 12; round++) {
      writeFiles(directory, { a: `${round % 10}\n` });
      git(directory, "add", "a");
      writeFiles(directory, { a: `${(round + 1) % 10}\n` });
      expect(unchangedPaths(await listed(directory))).toEqual([]);
    }
  });

  test("files that git was told not to look at are read", async () => {
    const directory = repositoryOf({ a: "a\n", b: "b\n", c: "c\n" });
    git(directory, "update-index", "--assume-unchanged", "a");
    git(directory, "update-index", "--skip-worktree", "b");
    writeFiles(directory, { a: "A\n", b: "B\n" });
    const listing = await listed(directory);
    expect(listing.files.map(({ path, unchanged, size }) => [path, unchanged, size])).toEqual([
      ["a", false, undefined],
      ["c", true, 2],
      ["b", false, undefined],
    ]);
    expect(listing.notes).toEqual([]);
  });

  test("intent to add has no content in the index", async () => {
    const directory = repositoryOf({ a: "a\n" });
    writeFiles(directory, { b: "b\n", empty: "" });
    git(directory, "add", "-N", "b", "empty");
    expect(unchangedPaths(await listed(directory))).toEqual(["a"]);
  });

  test("line ends: a file is vouched for where its size says that nothing was converted", async () => {
    const directory = repositoryOf({
      ".gitattributes": "* text=auto\n*.bin -text\n",
      lf: "a\nb\n",
      crlf: "a\r\nb\r\n",
      "x.bin": "a\r\nb\r\n",
    });
    const listing = await listed(directory);
    expect(unchangedPaths(listing)).toEqual([".gitattributes", "lf", "x.bin"]);
    expect(byPath(listing).get("crlf")!.size).toBe(6);
    expectTrue(directory, listing);
  });

  test("conversions of former days that nothing speaks of any more are seen by their size", async () => {
    const directory = repositoryOf({
      ".gitattributes": "*.c text eol=lf\n*.id ident\n*.u working-tree-encoding=UTF-16LE\n*.l filter=shorten\n",
      lf: "a\n",
    });
    git(directory, "config", "filter.shorten.clean", "head -c 3");
    writeFiles(directory, {
      "a.c": "a\r\nb\r\n",
      "a.id": "$Id: 12 $\n",
      "a.u": Buffer.from("abc\n", "utf16le"),
      "a.l": "0123456789\n",
      "b.c": "b\n",
    });
    // Older than the index, so that git never compares their content again.
    const settle = (...names: string[]): void => names.forEach((name) => utimesSync(join(directory, name), 1e9, 1e9));
    settle("a.c", "a.id", "a.u", "a.l", "b.c");
    git(directory, "add", ".");
    git(directory, "commit", "-q", "-m", "second");
    writeFiles(directory, { ".gitattributes": "\n" });
    const cache = temporaryDirectory();
    for (let round = 0; round < 2; round++) {
      const listing = await listed(directory, cache);
      expect([...listing.changed]).toEqual([".gitattributes"]);
      expect(unchangedPaths(listing)).toEqual(["b.c", "lf"]);
    }
    writeFiles(directory, { lf: "a\r\n" });
    settle("lf");
    git(directory, "config", "core.autocrlf", "true");
    git(directory, "add", "lf");
    git(directory, "config", "core.autocrlf", "false");
    const listing = await listed(directory, cache);
    expect([...listing.changed]).toEqual([".gitattributes"]);
    expect(unchangedPaths(listing)).toEqual(["b.c"]);
  });

  test("core.autocrlf counts where no attribute speaks", async () => {
    const directory = temporaryDirectory();
    git(directory, "init", "-q");
    git(directory, "config", "core.autocrlf", "true");
    writeFiles(directory, { lf: "a\n", crlf: "a\r\n" });
    git(directory, "add", ".");
    git(directory, "commit", "-q", "-m", "first");
    expect(unchangedPaths(await listed(directory))).toEqual(["lf"]);
  });

  test("filters, $Id$ and other encodings are never vouched for, and no filter program runs", async () => {
    const directory = repositoryOf({
      ".gitattributes": "f filter=plain\nodd filter=odd=name\ni ident\ne working-tree-encoding=UTF-16LE\n",
      plain: "a\n",
      i: "$Id$\n",
      e: Buffer.from("e\n", "utf16le"),
    });
    writeFiles(directory, { f: "f\n", odd: "odd\n" });
    // Files that are younger than the index are compared by content, through their filter.
    for (const name of ["f", "odd"]) utimesSync(join(directory, name), new Date(), new Date(Date.now() + 1e9));
    git(directory, "add", ".");
    const witness = join(temporaryDirectory(), "ran");
    git(directory, "config", "filter.plain.clean", `touch ${witness}; cat`);
    git(directory, "config", "filter.odd=name.clean", `touch ${witness}; cat`);
    git(directory, "config", "filter.odd=name.required", "true");
    const listing = await listed(directory);
    expect(unchangedPaths(listing)).toEqual([".gitattributes", "plain"]);
    expect(byPath(listing).get("f")!.attributes.filter).toBe("plain");
    expect(existsSync(witness)).toBe(false);
    git(directory, "diff-files");
    expect(existsSync(witness)).toBe(true);
  });

  test.each([1, 2, 3, 4, 5, 6])("random attributes, line ends, settings and edits: its word always holds (seed %i)", async (seed) => {
    const random = seededRandom("listing", seed);
    const lineEnd = (): string => random.pick(["\n", "\n", "\r\n"]);
    const files = Array.from({ length: 60 }, (_, at) => `${random.pick(["", "d/", "d/e/"])}f${at}.${random.pick(["c", "txt", "bat"])}`);
    const content = (): string => Array.from({ length: 1 + random.int(5) }, () => `line ${random.int(10)}${lineEnd()}`).join("");
    const directory = temporaryDirectory();
    git(directory, "init", "-q");
    git(directory, "config", "core.autocrlf", random.pick(["true", "false", "input"]));
    git(directory, "config", "core.safecrlf", "false");
    const attribute = (): string =>
      `${random.pick(["*", "*.c", "*.txt", "*.bat", "f1*"])} ${random.pick(["text", "-text", "text=auto", "eol=crlf", "eol=lf", "!text", "binary", "crlf", "-crlf", "crlf=input", "ident", "linguist-generated"])}\n`;
    const attributes = (): string => Array.from({ length: random.int(4) }, attribute).join("");
    writeFiles(directory, { ".gitattributes": attributes(), "d/.gitattributes": attributes() });
    writeFiles(directory, Object.fromEntries(files.map((path) => [path, content()])));
    git(directory, "add", ".");
    git(directory, "commit", "-q", "-m", "first");
    const cache = temporaryDirectory();
    expectTrue(directory, await listed(directory, cache));
    writeFiles(directory, Object.fromEntries(files.filter(() => random.int(4) === 0).map((path) => [path, content()])));
    git(directory, "add", ...files.filter(() => random.int(4) === 0));
    git(directory, "checkout", "-q", "HEAD", "--", ...files.slice(0, 10));
    const listing = await listed(directory, cache);
    expectTrue(directory, listing);
    expect(unchangedPaths(listing).length).toBeGreaterThan(0);
    expect(listing).toEqual(await listed(directory));
  });
});

describe("attributes", () => {
  test("are those that git resolves: nested files, macros, states and values", async () => {
    const directory = repositoryOf({
      ".gitattributes": "[attr]made linguist-generated\n*.gen made\n*.md linguist-documentation\n*.png binary\nsecret/** midtrain=off\n",
      "sub/.gitattributes":
        "*.gen -linguist-generated\n*.v linguist-vendored linguist-language=Verilog\nx -midtrain export-ignore\ny midtrain=on text eol=lf\n",
      "a.gen": "a",
      "b.md": "b",
      "c.png": "c",
      "secret/s": "s",
      "sub/a.gen": "a",
      "sub/b.v": "b",
      "sub/x": "x",
      "sub/y": "y",
      none: "n",
    });
    const files = byPath(await listed(directory));
    const of = (path: string): Record<string, unknown> =>
      Object.fromEntries(Object.entries(files.get(path)!.attributes).filter(([, value]) => value !== "unspecified"));
    expect(of("a.gen")).toEqual({ generated: "set" });
    expect(of("b.md")).toEqual({ documentation: "set" });
    expect(of("c.png")).toEqual({ binary: "set", text: "unset" });
    expect(of("secret/s")).toEqual({ midtrain: "unset" });
    expect(of("sub/a.gen")).toEqual({ generated: "unset" });
    expect(of("sub/b.v")).toEqual({ vendored: "set", language: "Verilog" });
    expect(of("sub/x")).toEqual({ midtrain: "unset", exportIgnore: "set" });
    expect(of("sub/y")).toEqual({ midtrain: "set", text: "set" });
    expect(of("none")).toEqual({});
    expect(files.get("none")!.attributes).toBe(files.get("sub/.gitattributes")!.attributes);
  });

  const generated = async (directory: string, cache: string): Promise<string[]> =>
    (await listed(directory, cache)).files.filter((file) => file.attributes.generated === "set").map((file) => file.path);

  test("are remembered, and asked again whenever anything they depend on changes", async () => {
    const directory = repositoryOf({ ".gitattributes": "a linguist-generated\n", a: "a", b: "b", "d/a": "a", "d/b": "b" });
    const cache = temporaryDirectory();
    expect(await generated(directory, cache)).toEqual(["a", "d/a"]);
    const file = join(
      cache,
      readdirSync(cache).find((name) => name.startsWith("attributes-"))!,
    );
    const written = statSync(file, { bigint: true }).mtimeNs;
    expect(await generated(directory, cache)).toEqual(["a", "d/a"]);
    expect(statSync(file, { bigint: true }).mtimeNs).toBe(written);
    writeFiles(directory, { "d/.gitattributes": "a -linguist-generated\nb linguist-generated\n" });
    expect(await generated(directory, cache)).toEqual(["a", "d/b"]);
    writeFiles(directory, { ".git/info/attributes": "b linguist-generated\n" });
    expect(await generated(directory, cache)).toEqual(["a", "b", "d/b"]);
    writeFiles(directory, { "more-attributes": "e linguist-generated\n", e: "e" });
    git(directory, "config", "core.attributesFile", join(directory, "more-attributes"));
    git(directory, "add", "e");
    expect(await generated(directory, cache)).toEqual(["a", "b", "d/b", "e"]);
    unlinkSync(join(directory, ".gitattributes"));
    expect(await generated(directory, cache)).toEqual(["a", "b", "d/b", "e"]);
    git(directory, "rm", "-q", "--cached", ".gitattributes");
    expect(await generated(directory, cache)).toEqual(["b", "d/b", "e"]);
  });

  test("come from a configured file relative to the work tree or to a home directory", async () => {
    const directory = repositoryOf({ "d/a": "a", "d/b": "b" });
    const cache = temporaryDirectory();
    writeFiles(directory, { "own/real": "b linguist-generated\n" });
    symlinkSync("real", join(directory, "own/attributes"));
    git(directory, "config", "core.attributesFile", "own/attributes");
    expect(await generated(join(directory, "d"), cache)).toEqual(["b"]);
    writeFiles(directory, { "own/real": "a linguist-generated\n" });
    expect(await generated(join(directory, "d"), cache)).toEqual(["a"]);
    const home = temporaryDirectory();
    vi.stubEnv("HOME", home);
    writeFiles(home, { attributes: "b linguist-generated\n", ".config/git/attributes": "* linguist-generated\n" });
    git(directory, "config", "core.attributesFile", "~/attributes");
    expect(await generated(directory, cache)).toEqual(["d/b"]);
    git(directory, "config", "--unset", "core.attributesFile");
    vi.stubEnv("XDG_CONFIG_HOME", "");
    expect(await generated(directory, cache)).toEqual(["d/a", "d/b"]);
  });

  test("of new paths are asked alone, and a damaged cache is as good as none", async () => {
    const directory = repositoryOf({ ".gitattributes": "*.g linguist-generated\n", "a.g": "a", b: "b" });
    const cache = temporaryDirectory();
    await listed(directory, cache);
    const file = join(
      cache,
      readdirSync(cache).find((name) => name.startsWith("attributes-"))!,
    );
    // A remembered answer that git would not give shows that it is not asked again.
    expect(readFileSync(file, "utf8")).toContain("linguist-generated=set\0a.g\0\0");
    writeFiles(directory, { "c.g": "c" });
    git(directory, "add", "c.g");
    expect(await generated(directory, cache)).toEqual(["a.g", "c.g"]);
    const whole = readFileSync(file);
    for (let at = 0; at < whole.length; at += 15) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 0x21;
      writeFileSync(file, at % 30 === 0 ? damaged : whole.subarray(0, at));
      expect(await generated(directory, cache)).toEqual(["a.g", "c.g"]);
    }
  });

  test("above the harvested directory count, on disk and in the index", async () => {
    const directory = repositoryOf({ ".gitattributes": "*.g linguist-generated\n", "p/q/a.g": "a", "p/q/b": "b" });
    const cache = temporaryDirectory();
    expect(await generated(join(directory, "p/q"), cache)).toEqual(["a.g"]);
    unlinkSync(join(directory, ".gitattributes"));
    expect(await generated(join(directory, "p/q"), cache)).toEqual(["a.g"]);
    writeFiles(directory, { "p/.gitattributes": "b linguist-generated\n*.g -linguist-generated\n" });
    expect(await generated(join(directory, "p/q"), cache)).toEqual(["b"]);
  });

  test("need no question where no file of attributes speaks of what is used here", async () => {
    const directory = repositoryOf({ ".gitattributes": "*.c diff=cpp\n", "a.c": "a" });
    const cache = temporaryDirectory();
    expect(unchangedPaths(await listed(directory, cache))).toEqual([".gitattributes", "a.c"]);
    expect(readdirSync(cache).filter((name) => name.startsWith("attributes"))).toEqual([]);
  });

  test("a place that cannot be written to is only slower", async () => {
    const directory = repositoryOf({ ".gitattributes": "a text\n", a: "a\n" });
    const blocked = join(temporaryDirectory(), "file");
    writeFileSync(blocked, "");
    expect(unchangedPaths(await listed(directory, blocked))).toEqual([".gitattributes", "a"]);
  });
});

test("the index is not written to", async () => {
  const directory = repositoryOf({ ".gitattributes": "* text=auto\n", a: "a\n", "d/b": "b\n" });
  mkdirSync(join(directory, "untracked"));
  writeFiles(directory, { a: "a\n", "untracked/u": "u" });
  const index = join(directory, ".git", "index");
  const before = { content: readFileSync(index), time: statSync(index, { bigint: true }).mtimeNs };
  await listed(directory, temporaryDirectory());
  expect({ content: readFileSync(index), time: statSync(index, { bigint: true }).mtimeNs }).toEqual(before);
});
