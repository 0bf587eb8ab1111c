/** What a harvest says beside its figures, one sentence each. */
import { count, plural } from "@midtrain/protocol/words";
import type { CleanDocument } from "./clean-stage";
import { candidateProbability } from "./similarity/candidate-lsh";
import type { Deduplication } from "./similarity/deduplicate";
import { directoryAlarms } from "./similarity/directory-alarms";

/** Beyond the limit of the exact join not every pair is found: that is said, with what is. */
export function methodNotes({ method, distinct }: Deduplication): string[] {
  if (method === "exact") return [];
  const missed = Math.round(1000 * (1 - candidateProbability(0.5)));
  return [
    `${count(distinct.length)} files are more than the exact comparison is used for: candidates for near duplicates came from MinHash in bands, and each was verified. Of pairs half alike about ${missed} in 1,000 may be missed, of near duplicates practically none.`,
  ];
}

const shownAlarms = 5;

/** Directories that lose most of themselves. */
export function alarmNotes(documents: readonly CleanDocument[], dedup: Deduplication): string[] {
  const alarms = directoryAlarms(documents, dedup.removed);
  const more = alarms.length - shownAlarms;
  return more > 0
    ? [...alarms.slice(0, shownAlarms), `${plural(more, "more directory", "more directories")} lose most files as duplicates.`]
    : alarms;
}

const shownPaths = 5;

/** Files under licences that the configuration warns of are named, not left out. */
export function licenceNotes(survivors: readonly CleanDocument[]): string[] {
  const paths = new Map<string, string[]>();
  for (const { seen, path } of survivors) {
    const { warnedLicence } = seen.facts;
    if (warnedLicence !== undefined) paths.set(warnedLicence, [...(paths.get(warnedLicence) ?? []), path]);
  }
  return [...paths].map(([licence, files]) => {
    const shown = files.slice(0, shownPaths).join(", ") + (files.length > shownPaths ? ", …" : "");
    return `${plural(files.length, "file is", "files are")} under ${licence}, which corpus.licences.warn names: ${shown}.`;
  });
}
