import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makePacer } from "../pacer";
import { git, repositoryOf, temporaryDirectory, writeFiles } from "../test-repository";
import { cleanMessage } from "./history-documents";
import { listFiles } from "./list-files";
import type { Listing } from "./listing";
import { ContentReader } from "./read-content";

async function listed(directory: string, commits: number, releases = false, directories: string[] = []): Promise<Listing> {
  const config = { directories, roots: [], untracked: false, submodules: false, history: { commits, releases } };
  return (await listFiles(directory, makePacer(undefined, "test"), undefined, { config })).listing;
}

function documentsOf({ files }: Listing): Record<string, string> {
  const reader = new ContentReader("/nowhere", 1 << 20);
  return Object.fromEntries(
    files
      .filter((file) => file.content !== undefined)
      .map((file) => {
        const read = reader.read(file);
        expect([file.class, file.unchanged, reader.size(file)]).toEqual(["changelog", false, file.content!.length]);
        return [file.path, read.kind === "content" ? read.content.toString("utf8") : read.rule];
      }),
  );
}

function at<T>(date: string, act: () => T): T {
  const before = { author: process.env["GIT_AUTHOR_DATE"], committer: process.env["GIT_COMMITTER_DATE"] };
  Object.assign(process.env, { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
  try {
    return act();
  } finally {
    for (const [name, value] of [
      ["GIT_AUTHOR_DATE", before.author],
      ["GIT_COMMITTER_DATE", before.committer],
    ] as const) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

function commit(directory: string, date: string, message: string, ...files: string[]): void {
  for (const file of files) {
    writeFiles(directory, { [file]: message });
    git(directory, "add", file);
  }
  at(date, () => git(directory, "commit", "-q", "--allow-empty", "-m", message));
}

function history(): string {
  const directory = temporaryDirectory();
  git(directory, "init", "-q", "-b", "main");
  commit(directory, "2026-01-31T23:30:00-0200", "Add the parser\n\nIt reads lines.\n\nSigned-off-by: Ann Other <ann@example.com>", "a.ts");
  commit(directory, "2026-02-03T10:00:00Z", "Fix the parser\r\n\r\nCRLF ends.", "sub/b.ts");
  commit(directory, "2026-02-04T10:00:00Z", "Umläut\n\nCo-authored-by: X <x@example.com>\n", "c.ts");
  return directory;
}

describe("commit messages", () => {
  test("become a document per month in UTC, oldest first, without the people", async () => {
    expect(documentsOf(await listed(history(), 10))).toEqual({
      ".git/changelog/commits/2026-02.md":
        "# Commits of 2026-02\n\n## 2026-02-01 Add the parser\n\nIt reads lines.\n\n## 2026-02-03 Fix the parser\n\nCRLF ends.\n\n## 2026-02-04 Umläut\n",
    });
  });

  test("of one second stand in the order of the history", async () => {
    const directory = temporaryDirectory();
    git(directory, "init", "-q");
    for (let number = 1; number <= 9; number++) commit(directory, "2026-01-05T10:00:00Z", `Number ${number}`);
    const [text = ""] = Object.values(documentsOf(await listed(directory, 100)));
    expect([...text.matchAll(/Number (\d)/g)].map((match) => match[1]).join("")).toBe("123456789");
  });

  test("are the newest so many of HEAD, and of the sub-trees that are harvested", async () => {
    const directory = history();
    git(directory, "checkout", "-q", "-b", "other");
    commit(directory, "2026-03-01T10:00:00Z", "Elsewhere");
    git(directory, "checkout", "-q", "main");
    const newest = Object.values(documentsOf(await listed(directory, 1)));
    expect(newest).toEqual(["# Commits of 2026-02\n\n## 2026-02-04 Umläut\n"]);
    const ofSubTree = "# Commits of 2026-02\n\n## 2026-02-03 Fix the parser\n\nCRLF ends.\n";
    expect(Object.values(documentsOf(await listed(directory, 10, false, ["sub"])))).toEqual([ofSubTree]);
    expect(Object.values(documentsOf(await listed(join(directory, "sub"), 10)))).toEqual([ofSubTree]);
    expect(documentsOf(await listed(directory, 0))).toEqual({});
  });

  test("of a busy month are parts, of which a new commit changes only the last", async () => {
    const directory = temporaryDirectory();
    git(directory, "init", "-q");
    for (let day = 1; day <= 5; day++) commit(directory, `2026-01-0${day}T10:00:00Z`, `Day ${day}\n\n${`word${day} `.repeat(4000)}`);
    const before = documentsOf(await listed(directory, 100));
    expect(Object.keys(before)).toEqual([".git/changelog/commits/2026-01.md", ".git/changelog/commits/2026-01-part-2.md"]);
    commit(directory, "2026-01-07T10:00:00Z", "Day 7");
    const after = documentsOf(await listed(directory, 100));
    expect(after[".git/changelog/commits/2026-01.md"]).toBe(before[".git/changelog/commits/2026-01.md"]);
    expect(after[".git/changelog/commits/2026-01-part-2.md"]).toContain("## 2026-01-07 Day 7\n");
  });

  test("there are none without a commit or without git, and a shallow clone says so", async () => {
    const empty = temporaryDirectory();
    expect((await listed(empty, 5)).notes).toContain("There is no history to take messages from.");
    git(empty, "init", "-q");
    expect(documentsOf(await listed(empty, 5, true))).toEqual({});
    const clone = join(temporaryDirectory(), "clone");
    git(empty, "clone", "-q", "--depth=1", `file://${history()}`, clone);
    const listing = await listed(clone, 5);
    expect(Object.values(documentsOf(listing))).toEqual(["# Commits of 2026-02\n\n## 2026-02-04 Umläut\n"]);
    expect(listing.notes).toEqual([expect.stringMatching(/shallow clone.*--unshallow/)]);
  });
});

describe("release messages", () => {
  test("of annotated tags become a document per year; light tags and names alone say nothing", async () => {
    const directory = history();
    at("2025-12-31T12:00:00Z", () => git(directory, "tag", "-a", "v1.0", "-m", "First release\n\n- a parser\n"));
    at("2026-02-05T12:00:00Z", () => git(directory, "tag", "-a", "rel/2.0", "-m", "rel/2.0 is faster"));
    at("2026-02-06T12:00:00Z", () => git(directory, "tag", "-a", "v3.0", "-m", "v3.0"));
    git(directory, "tag", "light");
    expect(documentsOf(await listed(directory, 0, true))).toEqual({
      ".git/changelog/releases/2025.md": "# Releases of 2025\n\n## 2025-12-31 v1.0: First release\n\n- a parser\n",
      ".git/changelog/releases/2026.md": "# Releases of 2026\n\n## 2026-02-05 rel/2.0 is faster\n",
    });
  });
});

test.each([
  ["Merge branch 'x' into main", undefined],
  ["Merge pull request #7 from someone/branch\n\nAdd a thing\n\nWhy.", { title: "Add a thing", body: "Why." }],
  ["Title\n\ngit-svn-id: https://host/trunk@1 abc\nChange-Id: I1", { title: "Title", body: "" }],
  [
    'Title\n\nReviewed-by: A B\nCc: c@example.com\nNote: this stays\nFixes: 1234 ("x")',
    { title: "Title", body: 'Note: this stays\nFixes: 1234 ("x")' },
  ],
  ["\n\n  Late title  \n\n\n\nbody\n", { title: "Late title", body: "body" }],
  ["", undefined],
])("what stays of a message: %j", (message, expected) => {
  expect(cleanMessage(message)).toEqual(expected);
});

test("the documents are the same at every listing", async () => {
  const directory = history();
  expect(await listed(directory, 10, true)).toEqual(await listed(directory, 10, true));
  expect(documentsOf(await listed(repositoryOf({}), 10))).not.toEqual({});
});
