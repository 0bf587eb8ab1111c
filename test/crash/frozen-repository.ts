/**
 * A real repository that never changes: this project's own engine as it was one day (212 files, 0.9 MB, without tests), in one packed
 * file beside this one. Text written by a grammar will not do: it is so predictable that even a careful recipe forgets formats on it.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliDecompressSync } from "node:zlib";

/** The files as a git repository in a temporary directory. */
export function frozenRepository(): string {
  const packed = readFileSync(join(__dirname, "frozen-sources.json.br"));
  const files = JSON.parse(brotliDecompressSync(packed).toString("utf8")) as Readonly<Record<string, string>>;
  const directory = mkdtempSync(join(tmpdir(), "midtrain-frozen-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(directory, dirname(path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  execFileSync("git", ["-C", directory, "init", "-q"]);
  execFileSync("git", ["-C", directory, "add", "."]);
  return directory;
}
