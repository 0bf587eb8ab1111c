/** Sentences of the terminal about a run, in the order in which they are printed (shared/UX, terminal). Pure. */
import { bucketNames, verdictWord, type Buckets } from "@midtrain/protocol/measures";
import type { HarvestResult } from "@midtrain/protocol/corpus";
import type { RunDocument, RunStatus } from "@midtrain/protocol/run";
import type { RunSummary } from "@midtrain/protocol/run-view";
import type { FragmentationReport } from "@midtrain/protocol/tokens";
import { bytes, changeText, count, duration, fragmentationHeadline, plural, significant } from "@midtrain/protocol/words";
import { exitCodes } from "@midtrain/protocol/errors";

export function line(title: string, text: string): string {
  return `${title.padEnd(12)}${text}`;
}

export function corpusLine(harvest: HarvestResult, tokens: number): string {
  const held = harvest.split.heldOut.documents + harvest.split.sealed.documents;
  const redacted = Object.values(harvest.redactionsByRule).reduce((sum, n) => sum + n, 0);
  const parts = [
    plural(harvest.documents, "file"),
    `${count(tokens)} tokens`,
    `${plural(held, "file")} held out`,
    ...(redacted === 0 ? [] : [`${plural(redacted, "secret")} redacted`]),
  ];
  return line("corpus", parts.join(" · "));
}

export function namesLine(report: FragmentationReport): string {
  return line("names", `${significant(report.meanInContext)} tokens per name; ${fragmentationHeadline(report).replace(/\.$/, "")}`);
}

export function rejectsLine(harvest: HarvestResult): string | undefined {
  const top = Object.entries(harvest.rejectsByRule)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3);
  if (top.length === 0) return undefined;
  return line("", `${bytes(harvest.bytes.rejected)} not used: ${top.map(([rule, n]) => `${rule} ${n}`).join(", ")}`);
}

/** "On the sealed items, never used in the run: …" */
export function sealedSentence(final: Buckets): string {
  const beyond = bucketNames.filter((name) => name !== "domain" && verdictWord(name, final[name]) === "beyond");
  const unsure = bucketNames.filter((name) => name !== "domain" && verdictWord(name, final[name]) === "unsure");
  const rest =
    beyond.length > 0
      ? `${beyond.join(" and ")} beyond tolerance`
      : unsure.length > 0
        ? `${unsure.join(" and ")} unsure, nothing surely beyond tolerance`
        : "nothing beyond tolerance";
  return `On the sealed items, never used in the run: domain ${changeText(final.domain)}, ${rest}.`;
}

export function selectionSentence(document: RunDocument): string {
  const stop = document.stopReason === null ? "" : ` Stopped: ${document.stopReason.text}`;
  if (document.selected === null) return `Nothing was selected.${stop}`;
  if (document.selected.step === 0) return `Selected the base: this run is not worth it. ${document.selected.why}${stop}`;
  return `Selected step ${count(document.selected.step)}. ${document.selected.why}${stop}`;
}

/** 3 when the selected state is the base, or the sealed verdict of what was selected is RED (shared/CONTRACTS §1). */
export function exitCodeOfRun(document: RunDocument): number {
  if (document.state === "failed") return exitCodes.failed;
  if (document.state !== "finished") return exitCodes.done;
  if (document.selected === null || document.selected.step === 0) return exitCodes.verdict;
  const red = document.final !== null && bucketNames.some((name) => document.final![name].verdict === "RED");
  return red ? exitCodes.verdict : exitCodes.done;
}

function stateText(status: RunStatus): string {
  const progress = status.steps > 0 ? ` · step ${count(status.step)}/${count(status.steps)}` : "";
  const speed = status.state === "running" && status.tokensPerSecond !== undefined ? ` · ${count(status.tokensPerSecond)} tok/s` : "";
  const left = status.state === "running" && status.secondsLeft !== undefined ? ` · ${duration(status.secondsLeft)} left` : "";
  return `${status.state}${progress}${speed}${left}`;
}

export function summaryLines(summary: RunSummary): readonly string[] {
  return [`${summary.run.padEnd(34)}${stateText(summary.status)}`, `  ${summary.headline}`];
}
