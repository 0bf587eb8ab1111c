/** Words of a corpus check. Pure. */
import type { CorpusCheckSummary, RepetitionFigures } from "@midtrain/protocol/corpus-check";
import { count, percent, plural } from "@midtrain/protocol/words";

/** Directories beside the whole corpus. */
const directoriesShown = 8;

export function checkVerdict({ ok, documents, pairsAcross, duplicatesLeft, problems }: CorpusCheckSummary): string {
  if (ok)
    return `Checked: of ${plural(documents, "file")} no pair that belongs together lies on two sides of the split, and no duplicate is left.`;
  const parts = [
    ...(pairsAcross.total > 0 ? [plural(pairsAcross.total, "pair lies across the split", "pairs lie across the split")] : []),
    ...(duplicatesLeft.total > 0 ? [plural(duplicatesLeft.total, "duplicate is left", "duplicates are left")] : []),
    ...(problems.length > 0 ? [plural(problems.length, "other problem")] : []),
  ];
  return `The check failed: ${parts.join(", ")}. Harvest again; if it stays, report it with the corpus id.`;
}

export function leakageSentence({ leakage, sharedRuns }: CorpusCheckSummary): string {
  const lines =
    leakage.lines === 0
      ? "No held-out line is long enough to be compared."
      : `${percent(leakage.verbatim / leakage.lines)} of ${count(leakage.lines)} held-out lines of 20 or more characters stand in training too.`;
  return `${lines} ${plural(sharedRuns, "training file shares", "training files share")} a run of 13 words with held-out files.`;
}

/** The whole corpus, then the directories with most text that many files have. */
export function repeatedDirectories(figures: readonly RepetitionFigures[]): readonly RepetitionFigures[] {
  const whole = figures.filter(({ directory }) => directory === "");
  const directories = figures.filter(({ directory, templated }) => directory !== "" && templated > 0);
  const worst = directories.sort((a, b) => b.templated - a.templated || (a.directory < b.directory ? -1 : 1));
  return [...whole, ...worst.slice(0, directoriesShown)];
}
