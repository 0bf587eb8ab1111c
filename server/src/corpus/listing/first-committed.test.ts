import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { git, temporaryDirectory, writeFiles, type Files } from "../test-repository";
import { committedAfter } from "./committed-after";
import { firstCommitted } from "./first-committed";

const day = (number: number): number => Date.UTC(2026, 0, number, 12) / 1000;

function at(number: number, act: () => void): void {
  const date = `${day(number)} +0000`;
  Object.assign(process.env, { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
  try {
    act();
  } finally {
    delete process.env["GIT_AUTHOR_DATE"];
    delete process.env["GIT_COMMITTER_DATE"];
  }
}

function commit(directory: string, number: number, files: Files): void {
  writeFiles(directory, files);
  git(directory, "add", "-A");
  at(number, () => git(directory, "commit", "-q", "-m", `day ${number}`));
}

const text = (seed: string, lines = 20): string => Array.from({ length: lines }, (_, at) => `${seed} line ${at}\n`).join("");

/** Day 1: a, b, sub/c. Day 2: b moves, with a change. Day 3: d. Day 4: a merge brings m (day 3) and, by itself, evil. Staged only: new. */
function history(): string {
  const directory = temporaryDirectory();
  git(directory, "init", "-q", "-b", "main");
  commit(directory, 1, { a: text("a"), b: text("b"), "sub/c": text("c") });
  git(directory, "mv", "b", "moved");
  commit(directory, 2, { moved: `${text("b")}one more\n`, a: "changed\n" });
  git(directory, "checkout", "-q", "-b", "side");
  commit(directory, 3, { m: text("m") });
  git(directory, "checkout", "-q", "main");
  commit(directory, 3, { d: text("d") });
  at(4, () => git(directory, "merge", "-q", "--no-commit", "side"));
  commit(directory, 4, { evil: text("evil") });
  writeFiles(directory, { "new\n": "n" });
  git(directory, "add", "-A");
  return directory;
}

describe("when a file was first committed", () => {
  test("follows renames, sees what only a merge brought, and leaves out what no commit holds", async () => {
    const dates = await firstCommitted(history(), "all");
    expect(Object.fromEntries(dates)).toEqual({ a: day(1), moved: day(1), "sub/c": day(1), m: day(3), d: day(3), evil: day(4) });
  });

  test("counts a removal and return from the first time, and a move into the harvested directory from its beginning", async () => {
    const directory = history();
    git(directory, "mv", "d", "sub/d");
    git(directory, "rm", "-q", "a");
    commit(directory, 5, { "sub/e": text("e") });
    commit(directory, 6, { a: text("other") });
    expect(Object.fromEntries(await firstCommitted(join(directory, "sub"), "all"))).toEqual({ c: day(1), d: day(3), e: day(5) });
    expect(Object.fromEntries(await firstCommitted(directory, ["a", "missing"]))).toEqual({ a: day(1) });
  });

  test("is known for odd names", async () => {
    const directory = temporaryDirectory();
    git(directory, "init", "-q");
    const names = ["@1 x", "A", "R100", "\n@2 y", "tab\t", ":(glob)*", "ü", "--all"];
    commit(directory, 1, Object.fromEntries(names.map((name) => [name, text(name)])));
    expect([...(await firstCommitted(directory, "all")).keys()].sort()).toEqual([...names].sort());
  });

  test("nothing is known without a commit, and without a history it is an error", async () => {
    const directory = temporaryDirectory();
    await expect(firstCommitted(directory, "all")).rejects.toMatchObject({ reason: "input" });
    git(directory, "init", "-q");
    writeFiles(directory, { a: "a" });
    git(directory, "add", ".");
    expect((await firstCommitted(directory, "all")).size).toBe(0);
  });

  test("a partial clone answers without fetching", async () => {
    const origin = history();
    git(origin, "commit", "-q", "-m", "staged");
    git(origin, "config", "uploadpack.allowFilter", "true");
    const clone = join(temporaryDirectory(), "clone");
    git(origin, "clone", "-q", "--filter=blob:none", `file://${origin}`, clone);
    const before = git(clone, "count-objects", "-v");
    const dates = await firstCommitted(clone, ["a", "moved", "sub/c"]);
    expect(Object.fromEntries(dates)).toEqual({ a: day(1), moved: day(2), "sub/c": day(1) });
    expect((await committedAfter(clone, "HEAD~1", ["a", "evil", "new\n"])).paths).toEqual(new Set(["new\n"]));
    expect(git(clone, "count-objects", "-v")).toBe(before);
  });
});

describe("what is new since then", () => {
  const all = ["a", "moved", "sub/c", "m", "d", "evil", "new\n"];
  const since = async (directory: string, after: string): Promise<string[]> => [...(await committedAfter(directory, after, all)).paths];

  test.each([
    ["2026-01-01", ["m", "d", "evil", "new\n"]],
    ["2026-01-03T11:59:59Z", ["m", "d", "evil", "new\n"]],
    ["2026-01-03T12:00Z", ["evil", "new\n"]],
    ["2026-01-03T13:30:00+02:00", ["m", "d", "evil", "new\n"]],
    ["2025-12-31", all],
    ["2030-01-01", ["new\n"]],
    ["main~1", ["m", "evil", "new\n"]],
    ["main~2", ["m", "d", "evil", "new\n"]],
    ["side", ["d", "evil", "new\n"]],
    ["HEAD", ["new\n"]],
  ])("%s", async (after, expected) => {
    expect(await since(history(), after)).toEqual(expected);
  });

  test("a commit is resolved for a part of the repository too", async () => {
    const directory = history();
    git(directory, "mv", "d", "sub/d");
    commit(directory, 5, { "sub/e": text("e") });
    expect([...(await committedAfter(join(directory, "sub"), "HEAD~1", ["c", "d", "e"])).paths]).toEqual(["e"]);
  });

  test.each(["2026-02-31", "2026-13-01", "--all", "-1", "", "nothing", "HEAD:a", "--output=pwned", "main..side"])(
    "%j is an error",
    async (after) => {
      await expect(since(history(), after)).rejects.toMatchObject({
        reason: "input",
        message: expect.stringContaining(JSON.stringify(after)) as string,
      });
    },
  );

  test("a shallow clone says what it cannot tell, and counts it as old", async () => {
    const origin = history();
    commit(origin, 5, { late: text("late") });
    commit(origin, 6, { later: text("later") });
    const clone = join(temporaryDirectory(), "clone");
    git(origin, "clone", "-q", "--depth=2", `file://${origin}`, clone);
    const { paths, notes } = await committedAfter(clone, "2026-01-02", ["a", "late", "later"]);
    expect([...paths]).toEqual(["later"]);
    expect(notes).toEqual([expect.stringMatching(/whether 2 files came after 2026-01-02 cannot be told.*--unshallow/)]);
    expect(await committedAfter(clone, "2026-01-05", ["a", "late", "later"])).toEqual({ paths: new Set(["later"]), notes: [] });
  });
});
