import { percent, plural } from "@midtrain/protocol/words";
import { comparePaths } from "../listing/path-names";
import type { RemovedDocument } from "./deduplicate";

const fewestDocuments = 10;
const alarmingShare = 0.5;

interface Loss {
  documents: number;
  removed: number;
  /** Removed ones by the directory of their survivor. */
  readonly to: Map<string, number>;
}

function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) parents.push(path.slice(0, at));
  return parents;
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** How many lie in each directory itself; neighbours mostly share theirs. */
function documentsByDirectory(documents: readonly { readonly path: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  let directory = "";
  let count = 0;
  for (const { path } of documents) {
    if (path.lastIndexOf("/") !== directory.length || !path.startsWith(directory)) {
      counts.set(directory, (counts.get(directory) ?? 0) + count);
      directory = directoryOf(path);
      count = 0;
    }
    count++;
  }
  return counts.set(directory, (counts.get(directory) ?? 0) + count);
}

/**
 * Notes on directories (of at least ten documents) that lose more than half of them as duplicates, in words, the largest loss first.
 * A directory below one that is named is not named again.
 */
export function directoryAlarms(documents: readonly { readonly path: string }[], removed: readonly RemovedDocument[]): string[] {
  const losses = new Map<string, Loss>();
  for (const { document, survivor } of removed) {
    const to = directoryOf(documents[survivor]!.path);
    for (const directory of parentsOf(documents[document]!.path)) {
      let loss = losses.get(directory);
      if (loss === undefined) losses.set(directory, (loss = { documents: 0, removed: 0, to: new Map() }));
      loss.removed++;
      loss.to.set(to, (loss.to.get(to) ?? 0) + 1);
    }
  }
  for (const [directory, count] of documentsByDirectory(documents)) {
    for (const parent of [...parentsOf(directory), directory]) {
      const loss = losses.get(parent);
      if (loss !== undefined) loss.documents += count;
    }
  }
  const alarming = new Map(
    [...losses].filter(([, loss]) => loss.documents >= fewestDocuments && loss.removed > loss.documents * alarmingShare),
  );
  return [...alarming]
    .filter(([directory]) => !parentsOf(directory).some((parent) => alarming.has(parent)))
    .sort(([a, x], [b, y]) => y.removed - x.removed || comparePaths(a, b))
    .map(([directory, loss]) => alarmWords(directory, loss));
}

function alarmWords(directory: string, loss: Loss): string {
  const [to] = [...loss.to].sort(([a, n], [b, m]) => m - n || comparePaths(a, b))[0]!;
  const inside = to === directory || to.startsWith(`${directory}/`);
  const where = inside ? "other files of its own" : `files in ${to === "" ? "the top directory" : to}`;
  return `${directory} loses ${plural(loss.removed, "file", "files")} of ${loss.documents} (${percent(loss.removed / loss.documents)}) as duplicates, most of them of ${where}.`;
}
