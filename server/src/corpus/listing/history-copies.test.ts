import { join } from "node:path";
import { expect, test } from "vitest";
import { distinctText, git, repositoryOf, temporaryDirectory, writeFiles, type Files } from "../test-repository";
import { renames } from "./history-copies";

function commit(directory: string, files: Files): void {
  writeFiles(directory, files);
  git(directory, "add", "-A");
  git(directory, "commit", "-q", "-m", "next");
}

const [first, second, third] = [1, 2, 3].map((seed) => distinctText(seed, 40)) as [string, string, string];

test("copies are found through later renames and rewrites; a new file under an old name is another file", async () => {
  const directory = repositoryOf({ "sub/a": first, b: second, c: third });
  commit(directory, {
    "sub/a": `${first}more\n`,
    "sub/copy": first,
    b: `${second}more\n`,
    unlike: second.slice(0, second.length / 2) + distinctText(9, 25),
  });
  git(directory, "mv", "sub/copy", "sub/moved");
  commit(directory, {});
  commit(directory, { "sub/moved": distinctText(4, 40) });
  git(directory, "mv", "c", "d");
  commit(directory, {});
  commit(directory, { c: distinctText(5, 40) });
  git(directory, "mv", "sub/moved", "sub/final");
  commit(directory, {});
  expect(await renames(directory)).toEqual([{ a: "sub/a", b: "sub/final" }]);
});

test("pairs are relative to the directory, and groups are stars", async () => {
  const directory = repositoryOf({ "sub/a": first });
  commit(directory, { "sub/a": `${first}1\n`, "sub/z": first });
  commit(directory, { "sub/a": `${first}2\n`, "sub/m": `${first}1\n` });
  git(directory, "mv", "sub/z", "sub/y");
  commit(directory, {});
  commit(directory, { "sub/y": distinctText(7, 40) });
  expect(await renames(directory)).toEqual([
    { a: "sub/a", b: "sub/m" },
    { a: "sub/a", b: "sub/y" },
  ]);
  expect(await renames(join(directory, "sub"))).toEqual([
    { a: "a", b: "m" },
    { a: "a", b: "y" },
  ]);
});

test("there are none without a history", async () => {
  const directory = temporaryDirectory();
  expect(await renames(directory)).toEqual([]);
  git(directory, "init", "-q");
  expect(await renames(directory)).toEqual([]);
});
