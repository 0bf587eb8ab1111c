import { dirname } from "node:path";
import { Command } from "commander";
import type { FragmentationReport } from "@midtrain/protocol/tokens";
import { count, fragmentationHeadline, percent, plural, significant } from "@midtrain/protocol/words";
import { embeddedBaseDirectory } from "../config";
import { harvest, readDocuments } from "../corpus";
import { fragmentationReport } from "../identifiers";
import { loadTokenizer } from "../tokenizer";
import { evaluationTexts } from "../evaluation";
import { action, withOptions, workplaceOf } from "./command";

export function fragmentationCommand(): Command {
  const command = new Command("fragmentation")
    .description("How a tokenizer breaks the names of a repository, and what that costs (§6.1).")
    .argument("[dir]", "directory of the repository", ".")
    .option("--top <n>", "ranked names", "30");
  return withOptions(command, "tokenizer", "model", "config", "out", "seed").action(
    action<[string]>(async (invocation, directory) => {
      const place = workplaceOf(directory, invocation.options);
      const { signal, onProgress } = invocation;
      const tokenizer = await loadTokenizer(place.config.tokenizer ?? place.config.model ?? embeddedBaseDirectory());
      const { result } = await harvest({
        directory: place.directory,
        out: place.midtrain,
        config: place.config.corpus,
        seed: place.config.seed ?? 0,
        evaluation: evaluationTexts(),
        ...(place.configFile === undefined ? {} : { configDirectory: dirname(place.configFile) }),
        signal,
        onProgress,
      });
      const top = Math.max(1, Math.floor(Number(command.opts<{ top: string }>().top) || 30));
      const report = await fragmentationReport(readDocuments(result.directory), tokenizer, { top, signal, onProgress });
      invocation.document(report);
      invocation.print(reportText(report));
    }),
  );
}

function reportText(report: FragmentationReport): string {
  const { tokenizer } = report;
  const head = [
    fragmentationHeadline(report),
    `${significant(report.meanInContext)} tokens per name in context, ${significant(report.meanIsolated)} alone; ${percent(report.splitShare)} of the occurrences are split. Names cost ${percent(report.costShare)} of the context.`,
    `${plural(report.terms, "name")} in ${plural(report.files, "file")} · ${significant(report.bytesPerToken)} bytes/token · ${tokenizer.name} (${tokenizer.hash.slice(0, 4)}…)`,
  ];
  const kinds = Object.entries(report.byKind).map(
    ([kind, figures]) =>
      `  ${kind.padEnd(14)}${count(figures.terms).padStart(8)}${count(figures.occurrences).padStart(13)}${significant(figures.meanInContext).padStart(10)}`,
  );
  const terms = report.top.map(
    (term) =>
      `  ${term.term.slice(0, 38).padEnd(39)}${count(term.count).padStart(8)}${significant(term.inContext).padStart(8)}${String(term.isolated).padStart(7)}${count(term.contextCost).padStart(9)}`,
  );
  return [
    ...head,
    "",
    `  ${"kind".padEnd(14)}${"names".padStart(8)}${"occurrences".padStart(13)}${"in context".padStart(12)}`,
    ...kinds,
    "",
    `  ${"name".padEnd(39)}${"count".padStart(8)}${"here".padStart(8)}${"alone".padStart(7)}${"costs".padStart(9)}`,
    ...terms,
  ].join("\n");
}
