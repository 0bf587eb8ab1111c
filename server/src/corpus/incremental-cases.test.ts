import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { harvest } from "./harvest";
import { readFileStat } from "./listing/file-stat";
import { sameAsCold } from "./same-as-cold.test-support";
import { distinctText, git, repositoryOf, temporaryDirectory, writeFiles } from "./test-repository";

/** Sixty files, of which twenty are nearly the same: one survives and nineteen hang on it. */
function clusteredFiles(): Record<string, string> {
  const alike = distinctText(1000, 40);
  return Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => {
      const path = `src/part${index % 5}/file-${index}.ts`;
      return [path, index % 3 === 0 ? `${alike}\nconst own${index} = ${index};\n` : distinctText(index, 30)];
    }),
  );
}

async function survivorOf(directory: string, out: string): Promise<string> {
  const { result } = await harvest({ directory, out, seed: 0 });
  const clusters = readFileSync(join(result.directory, "clusters.jsonl"), "utf8").trim().split("\n");
  const largest = clusters
    .map((line) => JSON.parse(line) as { survivor: string; removed: unknown[] })
    .sort((a, b) => b.removed.length - a.removed.length)[0]!;
  expect(largest.removed.length).toBeGreaterThan(10);
  return largest.survivor;
}

type Change = (directory: string, survivor: string) => void;

const changes: readonly { readonly name: string; readonly change: Change }[] = [
  { name: "a kept file edited", change: (directory) => appendFileSync(join(directory, "src/part1/file-1.ts"), "const more = 1;\n") },
  {
    name: "the survivor of a cluster edited",
    change: (directory, survivor) => appendFileSync(join(directory, survivor), "const more = 1;\n"),
  },
  {
    name: "the survivor of a cluster written anew",
    change: (directory, survivor) => writeFileSync(join(directory, survivor), distinctText(2000, 40)),
  },
  { name: "the survivor of a cluster deleted", change: (directory, survivor) => rmSync(join(directory, survivor)) },
  {
    name: "a file renamed",
    change: (directory) => {
      mkdirSync(join(directory, "elsewhere"));
      renameSync(join(directory, "src/part2/file-2.ts"), join(directory, "elsewhere/renamed.ts"));
    },
  },
  {
    name: "attributes of a directory changed",
    change: (directory) => writeFileSync(join(directory, ".gitattributes"), "src/part3/** linguist-generated\n"),
  },
];

describe("an incremental harvest with git", () => {
  test.each(changes)("$name", async ({ change }) => {
    const directory = repositoryOf(clusteredFiles());
    const out = temporaryDirectory();
    change(directory, await survivorOf(directory, out));
    git(directory, "add", "-A", ".");
    await sameAsCold(directory, out, 0);
  });

  test("a branch with many other files, and back", async () => {
    const directory = repositoryOf(clusteredFiles());
    const out = temporaryDirectory();
    const first = await survivorOf(directory, out);
    git(directory, "checkout", "-q", "-b", "other");
    for (let index = 0; index < 30; index++)
      appendFileSync(join(directory, `src/part${index % 5}/file-${index}.ts`), `const b${index} = 1;\n`);
    git(directory, "commit", "-q", "-a", "-m", "other");
    await sameAsCold(directory, out, 0);
    git(directory, "checkout", "-q", "-");
    await sameAsCold(directory, out, 0);
    expect(await survivorOf(directory, out)).toBe(first);
  });
});

describe("an incremental harvest without git", () => {
  /** Files that were last touched a while ago, as far as the harvest can tell: its clock is ahead. */
  function directoryOf(): string {
    const directory = temporaryDirectory();
    writeFiles(directory, clusteredFiles());
    return directory;
  }

  test.each(changes.filter(({ name }) => !name.startsWith("attributes")))("$name", async ({ change }) => {
    const directory = directoryOf();
    const out = temporaryDirectory();
    const now = Date.now() + 60_000;
    const { result } = await harvest({ directory, out, seed: 0, now });
    const clusters = readFileSync(join(result.directory, "clusters.jsonl"), "utf8");
    change(directory, (JSON.parse(clusters.slice(0, clusters.indexOf("\n"))) as { survivor: string }).survivor);
    await sameAsCold(directory, out, 0, now);
  });

  test("a file whose size and time were put back is read again", async () => {
    const directory = directoryOf();
    const out = temporaryDirectory();
    const file = join(directory, "src/part1/file-1.ts");
    const old = new Date("2020-01-01T00:00:00Z");
    utimesSync(file, old, old);
    const now = Date.now() + 60_000;
    await harvest({ directory, out, seed: 0, now });
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(/[a-z](?=[^a-z]*$)/, "Z"));
    utimesSync(file, old, old);
    expect(readFileSync(file, "utf8")).not.toBe(text);
    expect(readFileSync(file, "utf8")).toHaveLength(text.length);
    await sameAsCold(directory, out, 0, now);
  });

  test("a file touched within the last tick of the clock is not trusted", () => {
    const directory = directoryOf();
    const file = join(directory, "src/part1/file-1.ts");
    expect(readFileStat(file, Date.now())).toBeUndefined();
    expect(readFileStat(file, Date.now() + 60_000)).toMatch(/^stat \d+ /);
    expect(readFileStat(join(directory, "src"), Date.now() + 60_000)).toBeUndefined();
  });
});

describe("what one file shows of all", () => {
  const secret = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ";
  const header = "// Copyright of nobody in particular\n// This file belongs to the example.\n\n";

  /** Forty different files; some hold a value bare, some an address, four a header. */
  function knowingFiles(): Record<string, string> {
    return Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => {
        const bare = index % 10 === 3 ? `// once ${secret}0 was here, and ${secret}0-${secret}1 too\n` : "";
        const mail = index % 4 === 1 ? `// ask person${index % 3}@company.io about it\n` : "";
        return [`src/part${index % 5}/file-${index}.ts`, `${index % 10 === 7 ? header : ""}${bare}${mail}${distinctText(index, 30)}`];
      }),
    );
  }

  const declaration = (number: number): string => `API_TOKEN = "${secret}${number}"\n`;

  const lessons: readonly {
    readonly name: string;
    readonly before?: Record<string, string>;
    readonly now: Record<string, string | undefined>;
  }[] = [
    { name: "a secret is found that stands elsewhere", now: { "config/new.ts": `${declaration(0)}${distinctText(100, 30)}` } },
    {
      name: "a secret is gone that stands elsewhere",
      before: { "config/old.ts": `${declaration(0)}${distinctText(100, 30)}` },
      now: { "config/old.ts": undefined },
    },
    {
      name: "another value beside one that was known",
      before: { "config/old.ts": `${declaration(0)}${distinctText(100, 30)}` },
      now: { "config/old.ts": `${declaration(0)}${declaration(1)}${distinctText(100, 30)}` },
    },
    {
      name: "a secret is called otherwise by an earlier file",
      before: { "config/old.ts": `${declaration(0)}${distinctText(100, 30)}` },
      now: { "a/first.ts": `password: "${secret}0"\n${distinctText(101, 30)}` },
    },
    { name: "an address is met earlier", now: { "a/first.ts": `// ask person1@company.io\n${distinctText(101, 30)}` } },
    { name: "the first file with an address is gone", now: { "src/part0/file-5.ts": undefined } },
    { name: "a header recurs", now: { "a/first.ts": `${header}${distinctText(101, 30)}` } },
    {
      name: "a header does not recur any more",
      before: { "a/first.ts": `${header}${distinctText(101, 30)}` },
      now: { "a/first.ts": distinctText(101, 30) },
    },
    { name: "attributes of one directory", now: { ".gitattributes": "src/part1/** linguist-documentation\n" } },
  ];

  test.each(lessons)("$name", async ({ before = {}, now }) => {
    const directory = repositoryOf({ ...knowingFiles(), ...before });
    const out = temporaryDirectory();
    await harvest({ directory, out, seed: 0 });
    for (const [path, text] of Object.entries(now)) {
      if (text === undefined) rmSync(join(directory, path));
      else writeFiles(directory, { [path]: text });
    }
    git(directory, "add", "-A", ".");
    const cleaned: number[] = [];
    await sameAsCold(directory, out, 0, Date.now(), ({ message, total }) => void (message === "cleaning text" && cleaned.push(total ?? 0)));
    expect(Math.max(0, ...cleaned)).toBeLessThan(25);
  });
});
