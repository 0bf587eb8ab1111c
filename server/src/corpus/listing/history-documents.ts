import { requireGit, runGit } from "./git";
import { noAttributes } from "./attributes";
import type { WorkTree } from "./git-place";
import type { ListedFile } from "./listing";

export interface HistoryConfig {
  /** Messages of so many newest commits of HEAD. */
  readonly commits: number;
  /** Messages of annotated tags. */
  readonly releases: boolean;
}

export interface History {
  readonly files: readonly ListedFile[];
  readonly notes: readonly string[];
}

/** A message with the moment at which it entered the repository. */
interface Entry {
  /** Seconds since 1970, UTC. */
  readonly time: number;
  /** Order of entries of one second: parents before children, tags by name. */
  readonly order: number;
  readonly title: string;
  readonly body: string;
}

/** A document is closed at the entry that takes it beyond this size, so that no month of a busy repository becomes one huge document. */
const documentBytes = 64 * 1024;

const trailer =
  /^\s*[A-Za-z][A-Za-z-]*(?:-by|-By|-BY): .*$|^\s*(?:Cc|CC|To|From|Author): .*[<@].*$|^\s*(?:Change-Id|git-svn-id|Reviewed-on): .*$/;
const mergeTitle = /^Merge (?:branch|branches|remote-tracking branch|tag|commit|pull request|merge request|[0-9a-f]{7,40} into)\b/i;

/** A message without the lines that name people and servers, and without the title that git itself gives a merge. */
export function cleanMessage(message: string): { readonly title: string; readonly body: string } | undefined {
  const lines = message.replaceAll("\r\n", "\n").split("\n");
  const kept = lines.filter((line) => !trailer.test(line)).map((line) => line.trimEnd());
  const start = kept.findIndex((line) => line !== "" && !mergeTitle.test(line));
  if (start < 0) return undefined;
  const body = kept
    .slice(start + 1)
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
  return { title: kept[start]!.trim(), body };
}

function dayOf({ time }: Entry): string {
  return new Date(time * 1000).toISOString().slice(0, 10);
}

/** Oldest first, so that a new entry changes only the newest document of its group. */
function documentsOf(entries: readonly Entry[], groupOf: (entry: Entry) => string, place: string, title: string): ListedFile[] {
  const groups = new Map<string, string[]>();
  for (const entry of [...entries].sort((a, b) => a.time - b.time || a.order - b.order)) {
    const group = groupOf(entry);
    const parts = groups.get(group) ?? [];
    groups.set(group, parts);
    const text = `## ${dayOf(entry)} ${entry.title}\n\n${entry.body === "" ? "" : `${entry.body}\n\n`}`;
    if (parts.length === 0 || parts.at(-1)!.length > documentBytes) parts.push(`# ${title} of ${group}\n\n${text}`);
    else parts[parts.length - 1] += text;
  }
  return [...groups].flatMap(([group, parts]) =>
    parts.map((text, part): ListedFile => ({
      path: `.git/changelog/${place}/${group}${part === 0 ? "" : `-part-${part + 1}`}.md`,
      content: Buffer.from(`${text.trimEnd()}\n`, "utf8"),
      attributes: noAttributes,
      unchanged: false,
      class: "changelog",
    })),
  );
}

/** A time that no calendar holds is taken for the beginning of time. */
function secondsOf(text: string): number {
  const seconds = Number(text);
  return Number.isFinite(seconds) && Math.abs(seconds) < 8e12 ? seconds : 0;
}

/** Commits of HEAD that touch these paths, newest first, as many as asked for. */
async function readCommits(tree: WorkTree, commits: number, pathspecs: readonly string[], signal?: AbortSignal): Promise<Entry[]> {
  const head = await runGit(tree.directory, ["rev-parse", "--verify", "-q", "HEAD"], { signal });
  if (head.code !== 0) return [];
  const args = ["log", "-z", "--no-show-signature", "--no-color", "--encoding=UTF-8", `--max-count=${commits}`, "--format=%ct%n%B"];
  const output = await requireGit(tree.directory, [...args, "HEAD", "--", ...pathspecs], { signal });
  return output
    .toString("utf8")
    .split("\0")
    .flatMap((record, newer): Entry[] => {
      const lineEnd = record.indexOf("\n");
      const message = lineEnd < 0 ? undefined : cleanMessage(record.slice(lineEnd + 1));
      return message === undefined ? [] : [{ time: secondsOf(record.slice(0, lineEnd)), order: -newer, ...message }];
    });
}

/** Annotated tags whose message says more than their name. */
async function readReleases(tree: WorkTree, signal?: AbortSignal): Promise<Entry[]> {
  const format = "%(objecttype)%00%(refname:strip=2)%00%(taggerdate:unix)%00%(contents:subject)%0a%0a%(contents:body)%00";
  const output = await requireGit(tree.directory, ["for-each-ref", `--format=${format}`, "refs/tags"], { signal });
  const fields = output.toString("utf8").split("\0");
  const entries: Entry[] = [];
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [type = "", name = "", time = "", message = ""] = fields.slice(at, at + 4);
    const clean = type.trim() === "tag" ? cleanMessage(message) : undefined;
    if (clean === undefined || (clean.body === "" && !/\p{L}{2}/u.test(clean.title.replaceAll(name, "")))) continue;
    entries.push({
      time: secondsOf(time),
      order: at,
      title: clean.title.includes(name) ? clean.title : `${name}: ${clean.title}`,
      body: clean.body,
    });
  }
  return entries;
}

/**
 * The history as changelog documents (§3.1): commit messages by month, release messages by year, in UTC.
 * The documents hold no names of people beside those that a message itself speaks of.
 */
export async function historyDocuments(
  tree: WorkTree,
  config: HistoryConfig,
  pathspecs: readonly string[],
  signal?: AbortSignal,
): Promise<History> {
  const [commits, releases] = await Promise.all([
    config.commits > 0 ? readCommits(tree, config.commits, pathspecs, signal) : [],
    config.releases ? readReleases(tree, signal) : [],
  ]);
  const isCut = tree.isShallow && config.commits > 0;
  return {
    files: [
      ...documentsOf(commits, (entry) => dayOf(entry).slice(0, 7), "commits", "Commits"),
      ...documentsOf(releases, (entry) => dayOf(entry).slice(0, 4), "releases", "Releases"),
    ],
    notes: isCut ? ["This is a shallow clone: messages of older commits are not here. `git fetch --unshallow` brings them."] : [],
  };
}
