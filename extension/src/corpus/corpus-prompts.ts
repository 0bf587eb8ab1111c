/** Questions before a change: what a file is, what is no secret. Each gives the change, or undefined when the user leaves. */
import * as vscode from "vscode";
import { classTitle, documentClasses } from "@midtrain/protocol/corpus";
import type { CorpusChange, FindingPlace } from "@midtrain/protocol/corpus-view";

export async function askClass(path: string): Promise<CorpusChange | undefined> {
  const items = documentClasses.map((name) => ({ label: classTitle(name), description: name, name }));
  const picked = await vscode.window.showQuickPick(items, { title: path, placeHolder: vscode.l10n.t("What is this file?") });
  return picked && { kind: "class", path, class: picked.name };
}

/** @param own languages of the corpus, offered first */
export async function askLanguage(path: string, own: readonly string[]): Promise<CorpusChange | undefined> {
  const known = await vscode.languages.getLanguages();
  const items = [...own, ...known.filter((language) => !own.includes(language)).sort()];
  const language = await vscode.window.showQuickPick(items, { title: path, placeHolder: vscode.l10n.t("Language of this file") });
  return language === undefined ? undefined : { kind: "language", path, language };
}

/** A value is allowed wherever it stands, by its salted hash; or the rule is, in this file. */
export async function askAllowance(finding: FindingPlace): Promise<CorpusChange | undefined> {
  const { path, rule, line } = finding;
  const value: CorpusChange = { kind: "allow-value", finding };
  const file: CorpusChange = { kind: "allow-path", rule, path };
  const picked = await vscode.window.showQuickPick(
    [
      {
        label: vscode.l10n.t("This value, wherever it stands"),
        detail: vscode.l10n.t("Writes its salted hash, never the value."),
        change: value,
      },
      { label: vscode.l10n.t("Rule {0} in this file", rule), detail: path, change: file },
    ],
    { title: `${path}:${line}`, placeHolder: vscode.l10n.t("What is no secret?") },
  );
  return picked?.change;
}
