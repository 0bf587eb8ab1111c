import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { MidtrainError } from "@midtrain/protocol/errors";
import { readRejects } from "./written/corpus-files";
import { harvest, type Harvest } from "./harvest";
import { distinctText, documentsOf, git, repositoryOf, temporaryDirectory, writeFiles } from "./test-repository";

async function harvested(directory: string, more: Partial<Parameters<typeof harvest>[0]> = {}): Promise<Harvest> {
  return harvest({ directory, seed: 0, ...more });
}

function rulesOf({ result }: Harvest): Record<string, string> {
  return Object.fromEntries(readRejects(result.directory).map((reject) => [reject.path, reject.rule]));
}

async function pathsOf({ result }: Harvest): Promise<string[]> {
  return (await documentsOf(result.directory)).map((document) => document.path);
}

describe("without git", () => {
  test("files are listed by ignore rules, nested ones included, and it is said", async () => {
    const directory = temporaryDirectory();
    writeFiles(directory, {
      ".gitignore": "*.log\nbuild/\n!keep.log\n",
      "a.ts": distinctText(1, 20),
      "x.log": "x",
      "build/out.ts": distinctText(2, 20),
      "node_modules/p/i.ts": distinctText(3, 20),
      "pkg/.gitignore": "/local.ts\n!b.tmp.ts\n",
      "pkg/local.ts": distinctText(4, 20),
      "pkg/deep/local.ts": distinctText(5, 20),
      ".midtrain/old": "x",
    });
    const done = await harvested(directory);
    expect((await pathsOf(done)).filter((path) => path.endsWith(".ts"))).toEqual(["a.ts", "pkg/deep/local.ts"]);
    expect(done.manifest.repository).toEqual({ kind: "directory" });
    expect(done.manifest.notes.join(" ")).toMatch(
      /\.gitignore rules found, because this is not a git repository.*Not entered: .*node_modules/,
    );
  });

  test("a directory that the repository around it ignores is listed like one without git", async () => {
    const outer = repositoryOf({ ".gitignore": "ignored/\n", "a.ts": distinctText(1, 20) });
    writeFiles(outer, { "ignored/b.ts": distinctText(2, 20) });
    const done = await harvested(join(outer, "ignored"));
    expect(await pathsOf(done)).toEqual(["b.ts"]);
    expect(done.manifest.notes[0]).toMatch(/the repository around it ignores this directory/);
  });

  test("symbolic links and their loops are not followed", async () => {
    const directory = temporaryDirectory();
    writeFiles(directory, { "a/x.ts": distinctText(1, 20) });
    symlinkSync(directory, join(directory, "a", "loop"));
    symlinkSync("x.ts", join(directory, "a", "y.ts"));
    const done = await harvested(directory);
    expect(await pathsOf(done)).toEqual(["a/x.ts"]);
    expect(rulesOf(done)).toEqual({ "a/loop": "symlink", "a/y.ts": "symlink" });
  });
});

describe("little or nothing to read", () => {
  test("an empty repository", async () => {
    const directory = temporaryDirectory();
    git(directory, "init", "-q");
    const done = await harvested(directory);
    expect(done.result).toMatchObject({ documents: 0, bytes: { seen: 0, kept: 0, redacted: 0, stripped: 0, rejected: 0 } });
    expect(done.manifest.notes.join(" ")).toMatch(/git tracks no file here yet/);
    expect(done.manifest.split.note).toMatch(/no document/);
  });

  test("only binaries", async () => {
    const done = await harvested(
      repositoryOf({ "a.png": Buffer.from([0, 1]), "b.bin": Buffer.from([1, 0]), "c.txt": Buffer.from("a\0b") }),
    );
    expect(done.result).toMatchObject({ documents: 0, rejectsByRule: { binary: 3 }, bytes: { seen: 7, rejected: 7 } });
  });

  test("no such directory, a file, a bare repository", async () => {
    const directory = temporaryDirectory();
    writeFiles(directory, { file: "x" });
    await expect(harvested(join(directory, "missing"))).rejects.toMatchObject({
      reason: "input",
      next: expect.stringContaining("directory") as string,
    });
    await expect(harvested(join(directory, "file"))).rejects.toMatchObject({ reason: "input" });
    git(directory, "init", "-q", "--bare", "bare.git");
    await expect(harvested(join(directory, "bare.git"))).rejects.toMatchObject({
      reason: "input",
      message: expect.stringContaining("without a working tree") as string,
    });
  });
});

describe("files that are not what they seem", () => {
  test("tracked links, links in place of directories, pipes and files that went away", async () => {
    const directory = repositoryOf({
      "a.ts": distinctText(1, 20),
      "gone.ts": distinctText(2, 20),
      "d/x.ts": distinctText(3, 20),
      "pipe.ts": distinctText(4, 20),
      "dir.ts": distinctText(5, 20),
    });
    symlinkSync("a.ts", join(directory, "link.ts"));
    git(directory, "add", "link.ts");
    unlinkSync(join(directory, "gone.ts"));
    renameSync(join(directory, "d"), join(directory, "e"));
    symlinkSync("e", join(directory, "d"));
    unlinkSync(join(directory, "pipe.ts"));
    execFileSync("mkfifo", [join(directory, "pipe.ts")]);
    unlinkSync(join(directory, "dir.ts"));
    mkdirSync(join(directory, "dir.ts"));
    const done = await harvested(directory);
    expect(await pathsOf(done)).toEqual(["a.ts"]);
    expect(rulesOf(done)).toEqual({
      "link.ts": "symlink",
      "gone.ts": "vanished",
      "d/x.ts": "symlink",
      "pipe.ts": "not-a-file",
      "dir.ts": "not-a-file",
    });
  });

  test("files that vanish while the harvest runs are rejects, not failures", async () => {
    const directory = repositoryOf(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`f${index}.ts`, distinctText(index, 20)])));
    let removed = false;
    const done = await harvested(directory, {
      onProgress: ({ message }) => {
        if (removed || message !== "reading files") return;
        removed = true;
        for (let index = 20; index < 40; index++) rmSync(join(directory, `f${index}.ts`), { force: true });
      },
    });
    expect(removed).toBe(true);
    expect(done.result.documents + (done.result.rejectsByRule["vanished"] ?? 0)).toBe(40);
    expect(done.result.rejectsByRule["vanished"]).toBeGreaterThan(0);
  });

  test("a file that may not be read", async () => {
    const directory = repositoryOf({ "a.ts": distinctText(1, 20), "secret.ts": distinctText(2, 20) });
    chmodSync(join(directory, "secret.ts"), 0o000);
    const done = await harvestedUnprivileged(directory);
    expect(done.result.rejectsByRule).toEqual({ unreadable: 1 });
    expect(done.result.bytes.rejected).toBe(Buffer.byteLength(distinctText(2, 20)));
  });

  test("submodules are not entered, and it is said", async () => {
    const inner = repositoryOf({ "inner.ts": distinctText(1, 20) });
    const outer = repositoryOf({ "outer.ts": distinctText(2, 20) });
    git(outer, "submodule", "add", "-q", inner, "libs/inner");
    git(outer, "commit", "-q", "-m", "submodule");
    const done = await harvested(outer);
    expect(await pathsOf(done)).toEqual([".gitmodules", "outer.ts"]);
    expect(done.manifest.notes).toEqual(["1 submodule was not entered: libs/inner."]);
  });

  test("unresolved merges", async () => {
    const directory = repositoryOf({ "a.ts": distinctText(1, 20), "b.ts": distinctText(2, 20) });
    git(directory, "checkout", "-q", "-b", "other");
    writeFiles(directory, { "a.ts": distinctText(3, 20) });
    git(directory, "commit", "-q", "-a", "-m", "theirs");
    git(directory, "checkout", "-q", "main");
    writeFiles(directory, { "a.ts": distinctText(4, 20) });
    git(directory, "commit", "-q", "-a", "-m", "ours");
    expect(() => git(directory, "merge", "-q", "other")).toThrow();
    expect(rulesOf(await harvested(directory))).toEqual({ "a.ts": "unmerged" });
  });
});

/** Runs the harvest as a user whom file modes bind: root reads everything. */
async function harvestedUnprivileged(directory: string): Promise<Harvest> {
  const place = temporaryDirectory();
  const bundle = join(place, "harvest.cjs");
  const entry = {
    contents:
      'import { harvest } from "./harvest"; void harvest({ directory: process.argv[2], seed: 0 }).then((done) => console.log(JSON.stringify(done)));',
    resolveDir: __dirname,
    loader: "ts",
  } as const;
  await build({
    stdin: entry,
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: bundle,
    logLevel: "error",
    mainFields: ["module", "main"],
  });
  const isRoot = process.getuid?.() === 0;
  if (isRoot) execFileSync("chown", ["-R", "65534:65534", place, directory]);
  const child = spawnSync(process.execPath, [bundle, directory], {
    encoding: "utf8",
    env: { ...process.env, HOME: place },
    ...(isRoot ? { uid: 65534, gid: 65534 } : {}),
  });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout) as Harvest;
}

describe("hostile names", () => {
  const names = [
    "--upload-pack=touch pwned",
    "-rf",
    "new\nline.ts",
    "__proto__",
    "constructor",
    "hasOwnProperty.ts",
    "tab\t.ts",
    'quote".ts',
    "$(touch pwned).ts",
    "back\\slash.ts",
    " lead.ts",
    "ünï.ts",
    "*.ts",
    ":(top)x.ts",
  ];

  test.each(["git", "directory"])("are files like others (%s)", async (kind) => {
    const files = Object.fromEntries(names.map((name, index) => [name, distinctText(index + 1, 20)]));
    const directory = kind === "git" ? repositoryOf(files) : temporaryDirectory();
    if (kind === "directory") writeFiles(directory, files);
    const done = await harvested(directory);
    expect(await pathsOf(done)).toEqual([...names].sort());
    expect(readdirSync(directory)).not.toContain("pwned");
  });

  test("bytes that are no UTF-8 are shown, read and told apart", async () => {
    const directory = temporaryDirectory();
    git(directory, "init", "-q");
    const write = (name: Buffer, seed: number): void =>
      writeFileSync(Buffer.concat([Buffer.from(`${directory}/`), name]), distinctText(seed, 20));
    write(Buffer.from([0x61, 0xff, 0x2e, 0x74, 0x73]), 1);
    write(Buffer.from("a\\xff.ts"), 2);
    git(directory, "add", ".");
    const done = await harvested(directory);
    const documents = await documentsOf(done.result.directory);
    expect(documents.map((document) => document.path)).toEqual(["a\\xff.ts", "a\\xff.ts~"]);
    expect(documents.map((document) => document.text)).toEqual([distinctText(2, 20), distinctText(1, 20)]);
  });
});

describe("size", () => {
  test("a line of 50 MB is rejected unread, and judged when the limit is raised", async () => {
    const lineOf = (bytes: number): string => `const x = "${"password=:// eyJ@ a1".repeat(bytes / 20)}";`;
    const directory = repositoryOf({ "a.ts": distinctText(1, 20), "line.js": lineOf(50_000_000) });
    expect(rulesOf(await harvested(directory))).toEqual({ "line.js": "too-large" });
    writeFiles(directory, { "line.js": lineOf(5_000_000) });
    expect(rulesOf(await harvested(directory, { config: { maxFileBytes: 100_000_000 } }))).toEqual({ "line.js": "minified" });
    const kept = await harvested(directory, { config: { maxFileBytes: 100_000_000, include: ["line.js"] } });
    expect(await pathsOf(kept)).toEqual(["a.ts", "line.js"]);
  });
});

describe("at once and in between", () => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}.ts`, distinctText(index, 60)]));

  test("two harvests of one repository do not disturb one another", async () => {
    const directory = repositoryOf(files);
    const [first, second] = await Promise.all([harvested(directory), harvested(directory)]);
    expect(first.result.corpus).toBe(second.result.corpus);
    expect(await documentsOf(first.result.directory)).toHaveLength(300);
    expect(readdirSync(join(directory, ".midtrain", "corpora"))).toEqual([first.result.corpus]);
  });

  test.each(["listing files", "reading files", "cleaning text", "comparing files", "writing the corpus"])(
    "cancelled while %s leaves nothing behind",
    async (stage) => {
      const directory = repositoryOf(files);
      const abort = new AbortController();
      const work = harvested(directory, {
        signal: abort.signal,
        onProgress: ({ message }) => {
          if (message === stage) abort.abort();
        },
      });
      await expect(work).rejects.toSatisfy((error) => MidtrainError.is(error, "cancelled"));
      const left = readdirSync(directory).includes(".midtrain")
        ? readdirSync(join(directory, ".midtrain")).flatMap((name) =>
            name === "corpora" ? readdirSync(join(directory, ".midtrain", name)) : [],
          )
        : [];
      expect(left).toEqual([]);
    },
  );
});
