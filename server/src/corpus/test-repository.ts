/** Real repositories and directories for the tests of this room. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach } from "vitest";
import type { CorpusDocument } from "@midtrain/protocol/corpus";
import { readDocuments } from "./written/corpus-files";

const made: string[] = [];

afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A directory that is removed after the test. */
export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "midtrain-corpus-")));
  made.push(directory);
  return directory;
}

export type Files = Readonly<Record<string, string | Uint8Array>>;

export function writeFiles(directory: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
}

export function git(directory: string, ...args: string[]): string {
  const identity = [
    "-c",
    "user.name=Test",
    "-c",
    "user.email=test@example.com",
    "-c",
    "commit.gpgsign=false",
    "-c",
    "protocol.file.allow=always",
  ];
  return execFileSync("git", [...identity, ...args], { cwd: directory, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** A git repository with these files committed. */
export function repositoryOf(files: Files): string {
  const directory = temporaryDirectory();
  git(directory, "init", "-q", "-b", "main");
  writeFiles(directory, files);
  git(directory, "add", "-A", "-f", ".");
  git(directory, "commit", "-q", "--allow-empty", "-m", "first");
  return directory;
}

export async function documentsOf(corpusDirectory: string): Promise<CorpusDocument[]> {
  const documents: CorpusDocument[] = [];
  for await (const document of readDocuments(corpusDirectory)) documents.push(document);
  return documents.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Every byte below a directory, compressed files also unpacked. */
export function everythingUnder(directory: string): string {
  return readdirSync(directory)
    .map((name) => {
      const path = join(directory, name);
      if (statSync(path).isDirectory()) return everythingUnder(path);
      const content = readFileSync(path);
      return `${path}\n${content.toString("latin1")}\n${name.endsWith(".gz") ? gunzipSync(content).toString("utf8") : ""}`;
    })
    .join("\n");
}

/** Text of made-up words that no other seed shares: `lines` lines of code-like text. */
export function distinctText(seed: number, lines: number): string {
  let state = (seed * 2654435761 + 12345) >>> 0;
  const word = (): string => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return `w${(state >>> 8).toString(36)}`;
  };
  return Array.from({ length: lines }, () => `let ${word()} = ${word()}(${word()}, ${word()});\n`).join("");
}
