import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { git, repositoryOf } from "../test-repository";
import { readIndex } from "./git-index";
import { readIndexFile } from "./index-file";

/** Everything an index can say: long and odd names, an unmerged path, a skipped, an unwatched and an intended one, a link, a submodule. */
function oddRepository(): string {
  const long = `${"directory/".repeat(30)}${"n".repeat(200)}`;
  const directory = repositoryOf({ a: "a", "a-b/b": "", "b c\td": "tab", "dir/one": "1", "dir/two": "22", é: "e", [long]: "long" });
  writeFileSync(Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0xff, 0x61])]), "no UTF-8");
  execFileSync("ln", ["-s", "dir/one", join(directory, "link")]);
  git(directory, "add", "-A", ".");
  git(directory, "commit", "-q", "-m", "odd");
  git(directory, "update-index", "--skip-worktree", "dir/one");
  git(directory, "update-index", "--assume-unchanged", "dir/two");
  writeFileSync(join(directory, "intended"), "later");
  git(directory, "add", "-N", "intended");
  const blob = git(directory, "hash-object", "-w", "é").trim();
  const stages = [1, 2, 3].map((stage) => `100644 ${blob} ${stage}\tunmerged\n`).join("");
  execFileSync("git", ["update-index", "--index-info"], { cwd: directory, input: stages });
  git(directory, "update-index", "--add", "--cacheinfo", `160000,${git(directory, "rev-parse", "HEAD").trim()},module`);
  return directory;
}

describe("the index read from its file", () => {
  test.each([2, 3, 4])("says what git lists, version %i", async (version) => {
    const directory = oddRepository();
    git(directory, "update-index", "--index-version", String(version));
    const read = readIndexFile(join(directory, ".git/index"), "sha1");
    expect(read).toEqual(await readIndex(directory, []));
    expect(read!.skipped).toHaveLength(1);
    expect(read!.submodules).toHaveLength(1);
    expect(read!.entries.filter(({ index }) => index.unmerged)).toHaveLength(1);
  });

  test("a split, a sparse, a damaged and a missing index are left to git", () => {
    const directory = oddRepository();
    const file = join(directory, ".git/index");
    const bytes = readFileSync(file);
    git(directory, "update-index", "--split-index");
    expect(readIndexFile(file, "sha1")).toBeUndefined();
    for (const length of [0, 11, 100, bytes.length - 1]) {
      writeFileSync(file, bytes.subarray(0, length));
      expect(readIndexFile(file, "sha1")).toBeUndefined();
    }
    expect(readIndexFile(join(directory, "none"), "sha1")).toBeUndefined();
  });

  test("a sparse index", () => {
    const directory = repositoryOf({ "in/a": "a", "out/b": "b", "out/deep/c": "c" });
    git(directory, "sparse-checkout", "set", "--cone", "--sparse-index", "in");
    expect(readIndexFile(join(directory, ".git/index"), "sha1")).toBeUndefined();
  });

  test("of a repository with longer object ids", async () => {
    const directory = repositoryOf({});
    const inner = join(directory, "inner");
    mkdirSync(inner);
    git(inner, "init", "-q", "--object-format=sha256");
    writeFileSync(join(inner, "a"), "a");
    appendFileSync(join(inner, "b"), "bb");
    git(inner, "add", "-A", ".");
    expect(readIndexFile(join(inner, ".git/index"), "sha256")).toEqual(await readIndex(inner, []));
  });
});
