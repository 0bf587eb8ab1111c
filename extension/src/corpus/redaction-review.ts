/** Redaction review: findings by rule and file; moving through the list jumps to the line, a button allows one. */
import * as vscode from "vscode";
import type { CorpusEntry, FindingPlace } from "@midtrain/protocol/corpus-view";
import type { Engine } from "../client/engine";

/** More findings than this are a matter for the tree. */
const listed = 1000;

type FindingItem = vscode.QuickPickItem & { readonly finding?: FindingPlace };

/** @returns the finding to be allowed, if that is what the user chose */
export function reviewRedactions(
  findings: readonly FindingPlace[],
  title: string,
  open: (finding: FindingPlace) => Promise<void>,
): Promise<FindingPlace | undefined> {
  const allow: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("unlock"), tooltip: vscode.l10n.t("Allow This Finding") };
  const pick = vscode.window.createQuickPick<FindingItem>();
  pick.title = title;
  pick.placeholder = vscode.l10n.t("Enter opens the line; the button allows a finding");
  pick.matchOnDescription = true;
  pick.items = itemsOf(findings, allow);
  return new Promise((resolve) => {
    pick.onDidTriggerItemButton(({ item }) => {
      resolve(item.finding);
      pick.hide();
    });
    pick.onDidAccept(() => {
      const finding = pick.selectedItems[0]?.finding;
      pick.hide();
      if (finding) void open(finding);
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

/** The findings of the corpus, in path order, up to a limit. */
export async function findingsOf(engine: Engine, directory: string): Promise<readonly FindingPlace[]> {
  const findings: FindingPlace[] = [];
  for (let offset = 0; offset < listed;) {
    const page = await engine.request("midtrain/corpusPage", { directory, list: { of: "redactions" }, under: "", offset, flat: true });
    findings.push(...page.entries.filter(isFinding));
    offset += page.entries.length;
    if (page.entries.length === 0 || offset >= page.total) break;
  }
  return findings;
}

function isFinding(entry: CorpusEntry): entry is CorpusEntry & { readonly kind: "redaction" } {
  return entry.kind === "redaction";
}

function itemsOf(findings: readonly FindingPlace[], allow: vscode.QuickInputButton): readonly FindingItem[] {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  return rules.flatMap((rule): readonly FindingItem[] => [
    { label: rule, kind: vscode.QuickPickItemKind.Separator },
    ...findings
      .filter((finding) => finding.rule === rule)
      .map((finding) => ({ label: `${finding.path}:${finding.line}`, description: finding.placeholder, buttons: [allow], finding })),
  ]);
}
