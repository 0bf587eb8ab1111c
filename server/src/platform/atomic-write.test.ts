import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFileAtomic } from "./atomic-write";

let directory = "";
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "midtrain-write-")));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("a path through a file is refused in words, and nothing is left behind", () => {
  const file = join(directory, "taken");
  writeFileSync(file, "x");
  for (const path of [join(file, "a"), join(file, "a", "b")])
    expect(() => writeFileAtomic(path, "y")).toThrowError(
      expect.objectContaining({ reason: "input", where: path, message: expect.stringContaining("is a file") as string }) as Error,
    );
  expect(readFileSync(file, "utf8")).toBe("x");
});

test("a directory is not written over", () => {
  const path = join(directory, "names.csv");
  mkdirSync(path);
  expect(() => writeFileAtomic(path, "y")).toThrowError(expect.objectContaining({ reason: "input", where: path }) as Error);
  expect(readdirSync(directory)).toEqual(["names.csv"]);
});
