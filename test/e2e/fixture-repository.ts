/** A real git repository for the workbench: a copy of this project's own sources, committed. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectRoot } from "./workbench-server";

const parts = [
  "protocol/src",
  "server/src/gates",
  "server/src/mixture",
  "server/src/training",
  "server/src/evaluation",
  "extension/src",
  "docs",
  "README.md",
  "CHANGELOG.md",
];

function git(directory: string, ...args: readonly string[]): void {
  const identity = [
    "-c",
    "user.name=Test",
    "-c",
    "user.email=test@example.org",
    "-c",
    "init.defaultBranch=main",
    "-c",
    "commit.gpgsign=false",
  ];
  const result = spawnSync("git", [...identity, ...args], { cwd: directory, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`git ${args.join(" ")}: ${result.stderr}`);
}

/** @param more further files by path, committed with the others */
export function fixtureRepository(more: Readonly<Record<string, string>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), "mr-"));
  for (const part of parts) cpSync(join(projectRoot, part), join(directory, part), { recursive: true });
  for (const [path, content] of Object.entries(more)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  git(directory, "init", "--quiet");
  git(directory, "add", "--all");
  git(directory, "commit", "--quiet", "--message", "A copy of the sources");
  return directory;
}
