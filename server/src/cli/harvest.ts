import { Command } from "commander";
import type { CorpusManifest, SplitCount } from "@midtrain/protocol/corpus";
import { exitCodes } from "@midtrain/protocol/errors";
import { bytes, count, duration, percent, plural } from "@midtrain/protocol/words";
import { checkCorpus, type CorpusCheck, type Harvest } from "../corpus";
import { harvestRepository } from "../training";
import { action, withOptions, workplaceOf } from "./command";

interface HarvestFlags {
  readonly check?: boolean;
}

export function harvestCommand(): Command {
  const command = new Command("harvest")
    .description("Reads a repository as git sees it into a clean, secret-free, deduplicated corpus, split for evaluation.")
    .argument("[dir]", "directory of the repository", ".")
    .option("--check", "derive the split again from what was written and name every pair that crosses it");
  return withOptions(command, "out", "config", "seed").action(
    action<[string, HarvestFlags]>(async (invocation, directory) => {
      const flags = command.opts<HarvestFlags>();
      const place = workplaceOf(directory, invocation.options);
      const { signal, onProgress } = invocation;
      const done = await harvestRepository(place, { signal, onProgress });
      const check = flags.check === true ? await checkCorpus(done.result.directory, signal, onProgress) : undefined;
      invocation.print(harvestText(done) + (check === undefined ? "" : `\n${checkText(check)}`));
      invocation.document(check === undefined ? done.result : { ...done.result, check });
      return check === undefined || check.ok ? exitCodes.done : exitCodes.verdict;
    }),
  );
}

function row(label: string, text: string): string {
  return `${label.padEnd(12)}${text}`;
}

function tallyText(tally: Readonly<Record<string, number>>, most: number): string {
  const entries = Object.entries(tally).sort(([, a], [, b]) => b - a);
  const shown = entries.slice(0, most).map(([rule, n]) => `${rule} ${count(n)}`);
  return [...shown, ...(entries.length > most ? ["…"] : [])].join(" · ");
}

function total(tally: Readonly<Record<string, number>>): number {
  return Object.values(tally).reduce((sum, n) => sum + n, 0);
}

function classRows(manifest: CorpusManifest): string[] {
  return Object.entries(manifest.byClass).map(([name, { documents, bytes: size }]) =>
    row("", `${name.padEnd(17)}${plural(documents, "file").padEnd(14)}${bytes(size)}`),
  );
}

function repositoryText({ repository }: CorpusManifest): string {
  if (repository.kind === "directory") return "directory without git";
  const at = repository.head === undefined ? "no commit yet" : `${repository.branch ?? "detached"} @ ${repository.head.slice(0, 7)}`;
  return repository.dirty ? `${at} · ${plural(repository.dirty, "file")} changed since` : at;
}

function heldOutText(heldOut: SplitCount, sealed: SplitCount, kept: number): string {
  const documents = heldOut.documents + sealed.documents;
  if (documents === 0) return "nothing";
  return `${plural(documents, "file")} · ${percent((heldOut.bytes + sealed.bytes) / Math.max(1, kept))} of the bytes · ${count(sealed.documents)} of them sealed`;
}

/** The corpus in words (shared/UX, Terminal): at most 80 columns for the table. */
function harvestText({ result, manifest }: Harvest): string {
  const { heldOut, sealed, note } = manifest.split;
  const lines = [
    row(
      "corpus",
      `${plural(result.documents, "file")} · ${bytes(result.bytes.kept)} of ${bytes(result.bytes.seen)} kept · ${repositoryText(manifest)}`,
    ),
    ...classRows(manifest),
    row("held out", heldOutText(heldOut, sealed, result.bytes.kept)),
    row(
      "redacted",
      total(result.redactionsByRule) === 0
        ? "nothing found"
        : `${plural(total(result.redactionsByRule), "finding")} in ${plural(manifest.redactedFiles, "file")} · ${tallyText(result.redactionsByRule, 4)}`,
    ),
    row(
      "rejected",
      total(result.rejectsByRule) === 0
        ? "nothing"
        : `${plural(total(result.rejectsByRule), "file")} · ${tallyText(result.rejectsByRule, 4)}`,
    ),
    row("duplicates", `${plural(result.duplicateClusters, "cluster")}${comparisonText(manifest)}`),
    row("stripped", `${bytes(result.bytes.stripped)} of licence headers and byte order marks`),
  ];
  const remarks = [...(note === undefined ? [] : [note]), ...manifest.notes];
  lines.push(row("", "no rule set finds every secret: look at redactions.jsonl and the corpus before you share the model"));
  return [...lines, ...remarks.map((remark) => `note: ${remark}`), `Written to ${result.directory} in ${duration(result.seconds)}.`].join(
    "\n",
  );
}

/** How near duplicates were looked for; a corpus of an older version does not say. */
function comparisonText({ nearDuplicates }: CorpusManifest): string {
  if (nearDuplicates === undefined) return "";
  const files = plural(nearDuplicates.documents, "file");
  return nearDuplicates.method === "exact"
    ? ` · ${files} compared, all pairs exactly`
    : ` · ${files} compared, candidates by MinHash, each verified`;
}

const shownPairs = 20;

const shownDirectories = 5;

/** What was measured of the split and of the whole corpus, without a verdict. */
function measuredText({ leakage, sharedRuns, figures }: CorpusCheck): string[] {
  const share = (part: number, whole: number): string => (whole === 0 ? "none" : percent(part / whole));
  const [whole, ...directories] = figures;
  const lines = [
    row(
      "leakage",
      `${share(leakage.verbatim, leakage.lines)} of ${plural(leakage.lines, "held-out line")} of 20 or more characters stand in training too`,
    ),
    row("", `${plural(sharedRuns.length, "training file shares", "training files share")} a run of 13 words with held-out files`),
  ];
  if (whole !== undefined) lines.push(row("repetition", repetitionText(whole)));
  const templated = directories.filter((each) => each.templated >= 0.3).sort((a, b) => b.templated - a.templated);
  for (const each of templated.slice(0, shownDirectories)) lines.push(row("", `${each.directory}: ${repetitionText(each)}`));
  return lines;
}

function repetitionText({ diversity, templated, repeatedLines, alikeDocuments }: CorpusCheck["figures"][number]): string {
  return `${percent(diversity)} of the shingles distinct · ${percent(templated)} in ten files or more · ${percent(repeatedLines)} of the lines repeated · ${percent(alikeDocuments)} of the files half alike`;
}

function checkText(check: CorpusCheck): string {
  return [verdictText(check), ...measuredText(check)].join("\n");
}

function verdictText(check: CorpusCheck): string {
  if (check.ok) return `check       ${plural(check.documents, "document")}: no pair that belongs together lies on two sides of the split.`;
  const pairs = check.pairsAcross.map(
    ({ a, b, sides, why, jaccard }) =>
      `  ${a} (${sides[0]}) and ${b} (${sides[1]}): ${why}${jaccard === undefined ? "" : `, Jaccard ${jaccard.toFixed(2)}`}`,
  );
  const twins = check.duplicatesLeft.map(({ a, b, jaccard }) => `  ${a} and ${b} are duplicates, Jaccard ${jaccard.toFixed(2)}`);
  const found = [...pairs, ...twins, ...check.problems.map((problem) => `  ${problem}`)];
  const more = found.length > shownPairs ? [`  and ${count(found.length - shownPairs)} more (--json lists all)`] : [];
  return [`check       failed: ${plural(check.pairsAcross.length, "pair")} across the split.`, ...found.slice(0, shownPairs), ...more].join(
    "\n",
  );
}
