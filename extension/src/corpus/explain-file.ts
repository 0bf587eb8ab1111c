/** *Why is this file not in the corpus?*: one sentence with rule and evidence, and the actions that change it. */
import * as vscode from "vscode";
import type { CorpusRemedy, FileExplanation } from "@midtrain/protocol/corpus-view";

/** What the user chose to do about a file. */
export type ExplainedAction =
  { readonly do: "remedy"; readonly remedy: CorpusRemedy } | { readonly do: "compare" | "review" | "set-class" };

interface Button extends vscode.MessageItem {
  readonly action: ExplainedAction;
}

function remedyTitle(remedy: CorpusRemedy): string {
  switch (remedy.do) {
    case "include":
      return vscode.l10n.t("Include Anyway");
    case "exclude":
      return vscode.l10n.t("Exclude");
    case "rule-off":
      return vscode.l10n.t("Switch Off Rule {0}", remedy.rule);
    case "raise-limit":
      return vscode.l10n.t("Raise the Limit");
    case "harvest":
      return vscode.l10n.t("Harvest");
    case "configuration":
      return vscode.l10n.t("Open Configuration");
  }
}

function buttonsOf(explanation: FileExplanation): readonly Button[] {
  const extra: Button[] = [];
  if (explanation.state === "duplicate") extra.push({ title: vscode.l10n.t("Compare"), action: { do: "compare" } });
  if (explanation.state === "kept") {
    if (explanation.findings.length > 0) extra.push({ title: vscode.l10n.t("Review Findings"), action: { do: "review" } });
    extra.push({ title: vscode.l10n.t("Set Class…"), action: { do: "set-class" } });
  }
  return [...extra, ...explanation.remedies.map((remedy): Button => ({ title: remedyTitle(remedy), action: { do: "remedy", remedy } }))];
}

/** Shows the answer. @returns what the user wants done */
export async function showExplanation(explanation: FileExplanation): Promise<ExplainedAction | undefined> {
  const advice = explanation.remedies.flatMap((remedy) => (remedy.do === "configuration" ? [remedy.words] : []));
  const name = explanation.path.split("/").at(-1) ?? explanation.path;
  const text = [`${name}: ${explanation.words}`, ...advice].join(" ");
  const chosen = await vscode.window.showInformationMessage(text, ...buttonsOf(explanation));
  return chosen?.action;
}
