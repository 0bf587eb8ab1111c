/** Why a file is, or is not, in the corpus (UX "Editor"): one sentence, the evidence, what can be done. */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { CorpusRemedy, FileExplanation } from "@midtrain/protocol/corpus-view";
import { plural } from "@midtrain/protocol/words";
import { blobId, GitMissing, runGit } from "../corpus";
import { recordsOf, type CorpusIndex, type IndexedDocument } from "./corpus-index";
import type { JobPlace } from "./engine-jobs";

function realPath(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return resolve(path);
  }
}

function below(directory: string, file: string): string | undefined {
  const path = relative(directory, file);
  return path === "" || path === ".." || path.startsWith(`..${sep}`) || resolve(path) === path ? undefined : path.split(sep).join("/");
}

/** The path of a file as the corpus names it; undefined outside the harvested directory and its further roots. */
export function corpusPath(place: JobPlace, file: string): string | undefined {
  const real = realPath(file);
  const own = below(realPath(place.directory), real);
  if (own !== undefined) return own;
  for (const root of place.config.corpus?.roots ?? []) {
    const directory = resolve(dirname(place.midtrain), root);
    const path = below(realPath(directory), real);
    if (path !== undefined) return `${basename(directory)}/${path}`;
  }
  return undefined;
}

/** The file behind a path of the corpus. */
export function fileOf(place: JobPlace, path: string): string {
  const own = join(place.directory, path);
  if (existsSync(own)) return own;
  const root = (place.config.corpus?.roots ?? [])
    .map((each) => resolve(dirname(place.midtrain), each))
    .find((directory) => path.startsWith(`${basename(directory)}/`));
  return root === undefined ? own : join(root, path.slice(basename(root).length + 1));
}

/** True when the file on disk is not the blob that was harvested. */
export function isChanged(file: string, blob: string): boolean {
  try {
    return blobId(readFileSync(file), blob.length === 64 ? "sha256" : "sha1") !== blob;
  } catch {
    return true;
  }
}

const harvestAgain: readonly CorpusRemedy[] = [{ do: "harvest" }];

/** What no glob brings back: the bytes, the path or the file itself would have to change. */
const advice: Readonly<Record<string, string>> = {
  empty: "There is nothing to learn from an empty file.",
  "empty-after-cleaning": "Nothing is left once secrets and headers are taken out.",
  encoding: "Convert the file to UTF-8.",
  "attribute-midtrain": "Remove the attribute from .gitattributes.",
  "marker-midtrain": "Remove the mark from the file.",
  licence: "Change corpus.licences.reject.",
  "lfs-pointer": "Fetch its content with git lfs pull.",
  "not-a-file": "Only regular files are read.",
  "secret-in-path": "Rename the file and revoke the credential.",
  symlink: "The file that the link points to is judged by its own path.",
  unmerged: "Resolve the merge conflict.",
  unreadable: "Make the file readable.",
};

/** What can be done about a reject, by its rule. Pure. @param byName it was never read */
export function remediesOf(rule: string, bytes: number, byName = true): readonly CorpusRemedy[] {
  if (rule === "too-large") return [{ do: "raise-limit", bytes }];
  if (rule === "vanished") return harvestAgain;
  if (rule === "excluded") return [{ do: "configuration", words: "Remove the glob of corpus.exclude that matches it." }];
  const words = rule === "binary" && !byName ? "It holds no text." : advice[rule];
  if (words !== undefined) return [{ do: "configuration", words }];
  return [{ do: "include" }, { do: "rule-off", rule }];
}

export async function explainFile(index: CorpusIndex | undefined, place: JobPlace, file: string): Promise<FileExplanation> {
  const path = corpusPath(place, file);
  if (path === undefined)
    return {
      state: "not-listed",
      why: "outside",
      path: file,
      changed: false,
      words: "Not in the corpus: the file lies outside the harvested repository.",
      remedies: [{ do: "configuration", words: "Add its directory to corpus.roots." }],
    };
  if (path.startsWith(".midtrain/") || path.startsWith(".git/"))
    return {
      state: "not-listed",
      why: "own",
      path,
      changed: false,
      words: "Files of Midtrain and of git are never learned from.",
      remedies: [],
    };
  if (index === undefined)
    return { state: "not-harvested", path, changed: false, words: "Nothing has been harvested here yet.", remedies: harvestAgain };
  const [document] = recordsOf(index.documents, path);
  if (document) return keptExplanation(index, document, file);
  return rejectedExplanation(index, path) ?? unlistedExplanation(place, path, file);
}

const classWords: Readonly<Record<string, string>> = {
  source: "source",
  test: "a test",
  documentation: "documentation",
  changelog: "a changelog",
  runbook: "a runbook",
  "config-template": "configuration",
};

const sideWords = {
  train: "to train on",
  "held-out": "held out: never trained on, gates measure with it",
  sealed: "sealed: never trained on, looked at once when a run ends",
} as const;

function keptExplanation(index: CorpusIndex, document: IndexedDocument, file: string): FileExplanation {
  const { path, language, split, stripped } = document;
  const findings = recordsOf(index.redactions, path);
  const changed = isChanged(file, document.blob);
  const details = [
    findings.length > 0 ? `${plural(findings.length, "value is", "values are")} replaced by placeholders` : "",
    stripped > 0 ? `${plural(stripped, "passage is", "passages are")} left out (licence or recurring header)` : "",
    changed ? "the file changed since the harvest" : "",
  ].filter(Boolean);
  const end = details.length === 0 ? "" : ` ${capitalised(details.join("; "))}.`;
  return {
    state: "kept",
    path,
    class: document.class,
    language,
    side: split,
    findings,
    stripped,
    changed,
    words: `In the corpus as ${classWords[document.class] ?? document.class} (${language}), ${sideWords[split]}.${end}`,
    remedies: [{ do: "exclude" }, ...(changed ? harvestAgain : [])],
  };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function rejectedExplanation(index: CorpusIndex, path: string): FileExplanation | undefined {
  const [reject] = recordsOf(index.rejects, path);
  if (!reject) return undefined;
  const { rule, reason, bytes } = reject;
  const words = `Not in the corpus: ${reason} Rule ${rule}.`;
  const cluster = index.clusters.find(({ removed }) => removed.some((each) => each.path === path));
  if (cluster)
    return { state: "duplicate", path, rule, reason, survivor: cluster.survivor, changed: false, words, remedies: [{ do: "exclude" }] };
  return {
    state: "rejected",
    path,
    rule,
    reason,
    changed: false,
    words,
    remedies: remediesOf(rule, bytes, !/\bNUL\b|control bytes/.test(reason)),
  };
}

type NotListed = Extract<FileExplanation, { state: "not-listed" }>;

/** A file that the harvest did not list: git says why. */
async function unlistedExplanation(place: JobPlace, path: string, file: string): Promise<FileExplanation> {
  const answer = (why: NotListed["why"], words: string, remedies: readonly CorpusRemedy[]): NotListed => ({
    state: "not-listed",
    path,
    why,
    changed: false,
    words,
    remedies,
  });
  const missing = answer("missing", "Not in the corpus: the last harvest did not see this file.", harvestAgain);
  try {
    const tops = await Promise.all([place.directory, dirname(file)].map((directory) => topOf(directory)));
    if (tops[0] === undefined) return missing;
    if (tops[1] !== undefined && tops[0] !== tops[1])
      return answer("submodule", "Not in the corpus: the file belongs to a submodule or another repository inside this one.", [
        { do: "configuration", words: "Set corpus.submodules to harvest checked-out submodules too." },
      ]);
    const [tracked, ignored] = await Promise.all([
      runGit(place.directory, ["--literal-pathspecs", "ls-files", "-z", "--", path]),
      runGit(place.directory, ["check-ignore", "-q", "--", `./${path}`]),
    ]);
    if (tracked.stdout.length > 0) return missing;
    if (ignored.code === 0)
      return answer("ignored", "Not in the corpus: git ignores this file, and only what belongs to the repository is learned from.", [
        { do: "configuration", words: "Track it with git add --force." },
      ]);
    if (place.config.corpus?.untracked === true) return missing;
    return answer("untracked", "Not in the corpus: git does not track this file.", [
      { do: "configuration", words: "Track it with git add, or set corpus.untracked." },
    ]);
  } catch (error) {
    if (error instanceof GitMissing) return missing;
    throw error;
  }
}

async function topOf(directory: string): Promise<string | undefined> {
  if (!existsSync(directory)) return undefined;
  const { code, stdout } = await runGit(directory, ["rev-parse", "--show-toplevel"]);
  return code === 0 ? stdout.toString("utf8").trim() : undefined;
}
