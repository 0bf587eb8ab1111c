import type { Dirent } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { throwIfCancelled } from "../platform/cancellation";
import { sha256 } from "../platform/hash";
import type { PackingDocument } from "./packing-types";

export interface DependencyOptions {
  /** Bytes of text after which no further file is read. */
  readonly limitBytes: number;
  readonly signal?: AbortSignal;
}

const languages: Readonly<Record<string, string>> = {
  ".js": "javascript",
  ".mjs": "javascript",
  ".cjs": "javascript",
  ".jsx": "javascript",
  ".ts": "typescript",
  ".mts": "typescript",
  ".tsx": "typescript",
  ".py": "python",
  ".go": "go",
  ".md": "markdown",
  ".rst": "restructuredtext",
};
const testDirectory = /^(tests?|specs?|__tests__|__mocks__|fixtures?|testdata|benchmarks?|examples?)$/i;
const testFile = /(^|[._-])(tests?|specs?)[._-]/i;
const generatedNames = /\.min\.|\.bundle\.|\.d\.[cm]?ts$|(^|\/)(changelog|history|licen[cs]e|notice)\b/i;
const fewestBytes = 400;
const mostBytes = 60_000;
const longestLine = 400;
const readAhead = 32;

interface Candidate {
  readonly path: string;
  readonly package: string;
  readonly key: string;
}

/**
 * Text of the workspace's installed dependencies, the second replay source: code and documents of the kind the model met before.
 * Source and documents only; no tests, nothing minified or generated; symbolic links are not followed. Which files are taken depends on
 * their names alone: packages take turns, each by the hash of its file names, until `limitBytes` is reached.
 */
export async function dependencyDocuments(directory: string, options: DependencyOptions): Promise<readonly PackingDocument[]> {
  const found = await Promise.all((await dependencyRoots(directory)).map((root) => collect(root, directory, root, options.signal)));
  const documents: PackingDocument[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  for await (const { candidate, text } of readInOrder(directory, takeTurns(found.flat()), options.signal)) {
    if (bytes >= options.limitBytes) break;
    if (text === undefined || bytes + Buffer.byteLength(text) > options.limitBytes) continue;
    const id = sha256(text);
    if (seen.has(id)) continue;
    seen.add(id);
    bytes += Buffer.byteLength(text);
    documents.push({
      id: id.slice(0, 16),
      path: candidate.path,
      repository: candidate.package,
      language: languages[extension(candidate.path)]!,
      text,
    });
  }
  return documents.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Reads some files ahead at a time: a slow disk is waited for once, not once per file. The order is that of the candidates. */
async function* readInOrder(
  directory: string,
  candidates: readonly Candidate[],
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly candidate: Candidate; readonly text: string | undefined }> {
  for (let start = 0; start < candidates.length; start += readAhead) {
    throwIfCancelled(signal, "reading the dependencies");
    const ahead = candidates.slice(start, start + readAhead);
    const texts = await Promise.all(ahead.map((candidate) => readText(join(directory, candidate.path))));
    for (const [i, candidate] of ahead.entries()) yield { candidate, text: texts[i] };
  }
}

function extension(path: string): string {
  const dot = path.lastIndexOf(".");
  return dot < 0 ? "" : path.slice(dot).toLowerCase();
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    // Absent, unreadable or vanished: replay is taken from what can be read.
    if (["ENOENT", "ENOTDIR", "EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

function hasDirectory(entries: readonly Dirent[], name: string): boolean {
  return entries.some((entry) => entry.name === name && entry.isDirectory());
}

async function dependencyRoots(directory: string): Promise<string[]> {
  const top = await entriesOf(directory);
  const roots: string[] = [];
  if (hasDirectory(top, "node_modules")) roots.push(join(directory, "node_modules"));
  for (const name of [".venv", "venv"]) {
    if (!hasDirectory(top, name)) continue;
    for (const entry of await entriesOf(join(directory, name, "lib"))) {
      if (entry.isDirectory() && entry.name.startsWith("python")) roots.push(join(directory, name, "lib", entry.name, "site-packages"));
    }
    roots.push(join(directory, name, "Lib", "site-packages"));
  }
  if (top.some((entry) => entry.name === "go.mod") && hasDirectory(top, "vendor")) roots.push(join(directory, "vendor"));
  return roots;
}

async function collect(directory: string, base: string, root: string, signal: AbortSignal | undefined): Promise<readonly Candidate[]> {
  throwIfCancelled(signal, "reading the dependencies");
  const entries = await entriesOf(directory);
  const found = await Promise.all(
    entries.map((entry): Promise<readonly Candidate[]> | readonly Candidate[] => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return isReadable(entry.name) ? collect(path, base, root, signal) : [];
      return entry.isFile() && isWanted(entry.name) ? [candidateOf(path, base, root)] : [];
    }),
  );
  return found.flat();
}

function isReadable(directory: string): boolean {
  return (!directory.startsWith(".") || directory === ".pnpm") && !testDirectory.test(directory) && directory !== "__pycache__";
}

function isWanted(file: string): boolean {
  return languages[extension(file)] !== undefined && !testFile.test(file) && !generatedNames.test(file);
}

function candidateOf(path: string, base: string, root: string): Candidate {
  const inside = relative(root, path).split(sep).join("/");
  return { path: relative(base, path).split(sep).join("/"), package: packageOf(inside), key: sha256(inside) };
}

/** The innermost package of a path below a dependency root: `a/node_modules/@s/b/x.js` belongs to `@s/b`. */
function packageOf(inside: string): string {
  const parts = inside.split("/");
  const from = parts.lastIndexOf("node_modules") + 1;
  const first = parts[from] ?? "";
  return first.startsWith("@") || first.includes(".") ? parts.slice(from, from + 2).join("/") : first;
}

function takeTurns(candidates: readonly Candidate[]): Candidate[] {
  const byPackage = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const files = byPackage.get(candidate.package);
    if (files === undefined) byPackage.set(candidate.package, [candidate]);
    else files.push(candidate);
  }
  const rounds: { round: number; candidate: Candidate }[] = [];
  for (const files of byPackage.values()) {
    const ordered = files.sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const [round, candidate] of ordered.entries()) rounds.push({ round, candidate });
  }
  return rounds.sort((a, b) => a.round - b.round || (a.candidate.key < b.candidate.key ? -1 : 1)).map(({ candidate }) => candidate);
}

/** Undefined when the file is not text worth replaying, or is gone. */
async function readText(file: string): Promise<string | undefined> {
  try {
    const { size } = await stat(file);
    if (size < fewestBytes || size > mostBytes) return undefined;
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
    const minified = text.split("\n").some((line) => line.length > longestLine);
    return minified || text.includes("\0") ? undefined : text.replaceAll("\r\n", "\n");
  } catch (error) {
    if (error instanceof TypeError || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}
