/** How stale a corpus is: git's index and stat cache name the candidates, blob ids decide. Never a harvest. */
import { lstatSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CorpusStaleness } from "@midtrain/protocol/corpus-view";
import picomatch from "picomatch";
import { blobId, GitMissing, listHistory, resolveCorpusConfig, runGit } from "../corpus";
import { corpusPath, fileOf, isChanged } from "./corpus-explain";
import { recordsOf, type CorpusIndex } from "./corpus-index";
import type { JobPlace } from "./engine-jobs";

/** More paths at once (a branch switch) are quicker found by git than one by one. */
const manyPaths = 300;
const examplesShown = 5;

interface Watched {
  readonly corpus: string;
  readonly changed: Set<string>;
  readonly history: boolean;
}

export class CorpusStalenessLook {
  private readonly watched = new Map<string, Watched>();

  /** @param paths absolute paths that changed; without them everything is looked at. */
  async look(
    index: CorpusIndex,
    place: JobPlace,
    paths: readonly string[] | undefined,
    configurationFile: string | undefined,
  ): Promise<CorpusStaleness> {
    const known = this.watched.get(place.midtrain);
    const isNew = known?.corpus !== index.directory;
    const isWhole = isNew || paths === undefined || paths.length > manyPaths;
    const candidates = isWhole ? await candidatesByGit(index, place) : await candidatesAmong(index, place, paths);
    const watched: Watched = isWhole ? { corpus: index.directory, changed: new Set(), history: await historyMoved(index, place) } : known;
    for (const [done, path] of candidates.entries()) {
      if (hasChanged(index, place, path)) watched.changed.add(path);
      else watched.changed.delete(path);
      if (done % 64 === 63) await new Promise<void>((resume) => setImmediate(resume));
    }
    this.watched.set(place.midtrain, watched);
    return {
      corpus: index.manifest.corpus,
      changed: watched.changed.size,
      examples: [...watched.changed].sort().slice(0, examplesShown),
      configuration: configurationFile !== undefined && isNewer(configurationFile, join(index.directory, "manifest.json")),
      history: watched.history,
    };
  }
}

/** Does the history give other messages than those that the corpus holds? */
async function historyMoved(index: CorpusIndex, place: JobPlace): Promise<boolean> {
  const files = await listHistory(place.directory, resolveCorpusConfig(place.config.corpus ?? {}));
  const isKnown = ({ path, content }: (typeof files)[number]): boolean => {
    if (content === undefined) return true;
    const [document] = recordsOf(index.documents, path);
    if (document) return blobId(content, document.blob.length === 64 ? "sha256" : "sha1") === document.blob;
    return recordsOf(index.rejects, path)[0]?.bytes === content.length;
  };
  const held = [...index.documents, ...index.rejects].filter(({ path }) => path.startsWith(".git/changelog/")).length;
  return held !== files.length || !files.every(isKnown);
}

function isNewer(file: string, than: string): boolean {
  const time = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return time(file) > time(than);
}

/** A document by its blob, a reject by its size (its content was never kept), anything else is new. */
function hasChanged(index: CorpusIndex, place: JobPlace, path: string): boolean {
  const file = fileOf(place, path);
  const [document] = recordsOf(index.documents, path);
  if (document) return isChanged(file, document.blob);
  const [reject] = recordsOf(index.rejects, path);
  if (reject) return (sizeOf(file) ?? 0) !== reject.bytes;
  return sizeOf(file) !== undefined;
}

function sizeOf(file: string): number | undefined {
  try {
    const status = lstatSync(file);
    return status.isDirectory() ? undefined : status.size;
  } catch {
    return undefined;
  }
}

/** Of paths that the editor saw change: those of the corpus, and new ones that git lists. */
async function candidatesAmong(index: CorpusIndex, place: JobPlace, paths: readonly string[]): Promise<readonly string[]> {
  const relative = paths.flatMap((path) => corpusPath(place, path) ?? []).filter((path) => !/^\.(git|midtrain)\//.test(path));
  const isKnown = (path: string): boolean => recordsOf(index.documents, path).length > 0 || recordsOf(index.rejects, path).length > 0;
  const unknown = relative.filter((path) => !isKnown(path) && belongs(index, place)(path));
  const listed = unknown.length === 0 ? [] : await listedByGit(place, unknown);
  // A file that was new and is no longer listed must be looked at again to be forgotten.
  return [...relative.filter(isKnown), ...(listed ?? []), ...unknown.filter((path) => sizeOf(fileOf(place, path)) === undefined)];
}

/** Commit messages and releases stand under a path of their own, where no file is. */
function isFromHistory(path: string): boolean {
  return /(^|\/)\.git\//.test(path);
}

/** Could a path that the corpus does not name belong to it? Not outside corpus.directories, nor where a name was hidden. */
function belongs(index: CorpusIndex, place: JobPlace): (path: string) => boolean {
  const directories = place.config.corpus?.directories ?? [];
  const globs = directories.flatMap((directory) => [directory, `${directory.replace(/\/+$/, "")}/**`]);
  const inDirectories = directories.length === 0 ? () => true : picomatch(globs, { dot: true });
  const hidden = index.rejects
    .filter(({ rule }) => rule === "secret-in-path")
    .map(
      ({ path }) =>
        new RegExp(
          `^${path
            .split(/<[A-Z]+:[^>]*>/)
            .map(escaped)
            .join(".+")}$`,
        ),
    );
  return (path) => inDirectories(path) && !hidden.some((pattern) => pattern.test(path));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

async function listedByGit(place: JobPlace, paths: readonly string[]): Promise<readonly string[] | undefined> {
  const untracked = place.config.corpus?.untracked === true ? ["--cached", "--others", "--exclude-standard"] : ["--cached"];
  return namesOf(place.directory, ["--literal-pathspecs", "ls-files", "-z", ...untracked, "--", ...paths]);
}

async function namesOf(directory: string, args: readonly string[]): Promise<readonly string[] | undefined> {
  try {
    const { code, stdout } = await runGit(directory, args);
    return code === 0 ? stdout.toString("utf8").split("\0").filter(Boolean) : undefined;
  } catch (error) {
    if (error instanceof GitMissing) return undefined;
    throw error;
  }
}

/** Everything that may differ: another blob in the index, a stat that git does not know, gone, or new. */
async function candidatesByGit(index: CorpusIndex, place: JobPlace): Promise<readonly string[]> {
  const withUntracked = place.config.corpus?.untracked === true;
  const [entries, modified, untracked] = await Promise.all([
    namesOf(place.directory, ["ls-files", "-z", "--stage"]),
    namesOf(place.directory, ["diff-files", "--name-only", "--relative", "-z"]),
    withUntracked ? namesOf(place.directory, ["ls-files", "-z", "--others", "--exclude-standard"]) : [],
  ]);
  const all = [...index.documents, ...index.rejects].map(({ path }) => path).filter((path) => !isFromHistory(path));
  if (entries === undefined || index.manifest.repository.kind !== "git") return all;
  const blobs = new Map(entries.map((entry) => [entry.slice(entry.indexOf("\t") + 1), entry.split(" ", 2)[1]!] as const));
  const submodules = new Set(entries.filter((entry) => entry.startsWith("160000")).map((entry) => entry.slice(entry.indexOf("\t") + 1)));
  const candidates = new Set(modified);
  for (const { path, blob } of index.documents) if (blobs.get(path) !== blob && !isFromHistory(path)) candidates.add(path);
  for (const { path, rule } of index.rejects)
    if (!blobs.has(path) && rule !== "secret-in-path" && !isFromHistory(path)) candidates.add(path);
  const mayBelong = belongs(index, place);
  const isKnown = (path: string): boolean => recordsOf(index.documents, path).length > 0 || recordsOf(index.rejects, path).length > 0;
  for (const path of [...blobs.keys(), ...(untracked ?? [])])
    if (!submodules.has(path) && !isKnown(path) && mayBelong(path)) candidates.add(path);
  for (const path of submodules) candidates.delete(path);
  return [...candidates];
}
