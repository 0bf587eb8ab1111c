/** Lists of a corpus by level and page, so that a tree over 78,000 files asks for what is on screen only. Pure. */
import type { CorpusEntry, CorpusList, CorpusPage, CorpusPageQuery } from "@midtrain/protocol/corpus-view";
import { lowerBound, type CorpusIndex } from "./corpus-index";

/** Fewer records than this stand in one flat list, without directories. */
const flatLimit = 100;
const pageSize = 200;

type Leaf = Exclude<CorpusEntry, { kind: "directory" }>;

/** The records of a list in path order. */
function leavesOf(index: CorpusIndex, list: CorpusList): readonly Leaf[] {
  switch (list.of) {
    case "documents":
      return index.documents
        .filter(
          (document) =>
            list.sides.includes(document.split) &&
            (list.class === undefined || document.class === list.class) &&
            (list.language === undefined || document.language === list.language),
        )
        .map(({ path, class: documentClass, language, split, bytes }) => ({
          kind: "document",
          path,
          class: documentClass,
          language,
          split,
          bytes,
        }));
    case "rejects":
      return index.rejects
        .filter(({ rule }) => list.rule === undefined || rule === list.rule)
        .map((reject) => ({ kind: "reject", ...reject }));
    case "redactions":
      return index.redactions
        .filter(({ rule }) => list.rule === undefined || rule === list.rule)
        .map((finding) => ({ kind: "redaction", ...finding }));
    case "clusters":
      return index.clusters.map(({ survivor, why, removed }) => ({
        kind: "cluster",
        path: survivor,
        ...(why === undefined ? {} : { why }),
        removed: removed.length,
      }));
    case "duplicates":
      return index.clusters
        .filter(({ survivor }) => survivor === list.survivor)
        .flatMap(({ survivor, removed }) =>
          removed.map(({ path, jaccard, kind }): Leaf => ({ kind: "duplicate", path, survivor, jaccard, duplicate: kind })),
        )
        .sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}

function bytesOf(leaf: Leaf): number {
  return leaf.kind === "document" || leaf.kind === "reject" ? leaf.bytes : 0;
}

/** The longest directory that two paths share. */
function sharedDirectory(a: string, b: string): string {
  let shared = 0;
  for (let at = 0; at < a.length && a[at] === b[at]; at++) if (a[at] === "/") shared = at + 1;
  return a.slice(0, shared);
}

/** One level below `under`. A directory that holds nothing but one directory is shown as one, as file explorers do. */
function levelOf(leaves: readonly Leaf[], under: string): CorpusEntry[] {
  const entries: CorpusEntry[] = [];
  for (let at = 0; at < leaves.length;) {
    const { path } = leaves[at]!;
    const slash = path.indexOf("/", under.length);
    if (slash < 0) {
      entries.push(leaves[at]!);
      at++;
      continue;
    }
    const directory = path.slice(0, slash + 1);
    const end = endOf(leaves, directory, at);
    const members = leaves.slice(at, end);
    entries.push({
      kind: "directory",
      path: sharedDirectory(path, members.at(-1)!.path),
      records: members.length,
      bytes: members.reduce((sum, leaf) => sum + bytesOf(leaf), 0),
    });
    at = end;
  }
  return entries;
}

/** Where the records below a directory end. */
function endOf(leaves: readonly Leaf[], directory: string, from: number): number {
  if (directory === "") return leaves.length;
  const next = directory.slice(0, -1) + String.fromCharCode("/".charCodeAt(0) + 1);
  return Math.max(
    from,
    lowerBound(leaves, next, ({ path }) => path),
  );
}

/** One page of one level. */
export function corpusPage(index: CorpusIndex, { list, under, offset, flat }: Omit<CorpusPageQuery, "directory">): CorpusPage {
  const all = leavesOf(index, list);
  const from = under === "" ? 0 : lowerBound(all, under, ({ path }) => path);
  const below = all.slice(from, endOf(all, under, from));
  const entries = flat === true || below.length <= flatLimit ? below : levelOf(below, under);
  return { entries: entries.slice(offset, offset + pageSize), total: entries.length };
}
