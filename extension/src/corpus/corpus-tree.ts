/** The Corpus view: what would be learned from, what not and why (UX "Side bar"). Every leaf opens its file. */
import * as vscode from "vscode";
import type { CorpusView } from "@midtrain/protocol/language-server";
import { bytes, count, plural } from "@midtrain/protocol/words";

export interface CorpusNode {
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon?: string;
  readonly open?: { readonly path: string; readonly line?: number };
  readonly children?: () => readonly CorpusNode[];
}

const classTitles: Readonly<Record<string, string>> = {
  source: "Source",
  test: "Tests",
  documentation: "Documentation",
  changelog: "Changelog",
  runbook: "Runbooks",
  "config-template": "Configuration",
};

/** Pure: the nodes of a corpus. */
function corpusNodes(view: CorpusView): readonly CorpusNode[] {
  const { manifest } = view;
  const kept = view.documents.filter((document) => document.split === "train");
  const held = view.documents.filter((document) => document.split !== "train");
  const nodes: CorpusNode[] = [
    {
      label: "Kept",
      icon: "pass",
      description: `${plural(manifest.documents, "file")} · ${bytes(manifest.bytes.kept)}`,
      tooltip: byteLedger(view),
      children: () => byClass(kept),
    },
    {
      label: "Held out",
      icon: "lock",
      description: `${plural(held.length, "file")} · never trained on`,
      tooltip: manifest.split.words,
      children: () => held.map(documentNode),
    },
    { label: "Rejected", icon: "circle-slash", description: rules(manifest.rejectsByRule), children: () => byRule(view) },
    {
      label: "Redacted",
      icon: "eye-closed",
      description: `${plural(view.redactions.length, "finding")} in ${plural(manifest.redactedFiles, "file")}`,
      children: () =>
        view.redactions.map((finding) => ({
          label: `${finding.path}:${finding.line}`,
          description: finding.rule,
          icon: "eye-closed",
          open: { path: finding.path, line: finding.line - 1 },
        })),
    },
    { label: "Duplicates", icon: "files", description: plural(manifest.duplicateClusters, "cluster"), children: () => clusterNodes(view) },
  ];
  if (manifest.notes.length > 0)
    nodes.push({
      label: "Notes",
      icon: "info",
      description: count(manifest.notes.length),
      children: () => manifest.notes.map((note) => ({ label: note, tooltip: note })),
    });
  return nodes.filter(
    (node) => node.children === undefined || node.label === "Kept" || node.label === "Held out" || node.children().length > 0,
  );
}

function byteLedger({ manifest: { bytes: ledger } }: CorpusView): string {
  return `${bytes(ledger.seen)} seen = ${bytes(ledger.kept)} kept + ${bytes(ledger.redacted)} redacted + ${bytes(ledger.stripped)} stripped + ${bytes(ledger.rejected)} rejected`;
}

function rules(byRule: Readonly<Record<string, number>>): string {
  return Object.entries(byRule)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 4)
    .map(([rule, n]) => `${rule} ${count(n)}`)
    .join(" · ");
}

function byClass(documents: CorpusView["documents"]): readonly CorpusNode[] {
  return Object.entries(classTitles).flatMap(([name, title]) => {
    const members = documents.filter((document) => document.class === name);
    if (members.length === 0) return [];
    const size = members.reduce((sum, document) => sum + document.bytes, 0);
    return [
      {
        label: title,
        description: `${plural(members.length, "file")} · ${bytes(size)}`,
        icon: "folder",
        children: () => members.map(documentNode),
      },
    ];
  });
}

function documentNode(document: CorpusView["documents"][number]): CorpusNode {
  return { label: document.path, description: `${document.language} · ${bytes(document.bytes)}`, open: { path: document.path } };
}

function byRule(view: CorpusView): readonly CorpusNode[] {
  return Object.entries(view.manifest.rejectsByRule)
    .sort(([, a], [, b]) => b - a)
    .map(([rule, n]) => ({
      label: rule,
      description: plural(n, "file"),
      icon: "circle-slash",
      children: () =>
        view.rejects
          .filter((reject) => reject.rule === rule)
          .map((reject) => ({ label: reject.path, description: bytes(reject.bytes), tooltip: reject.reason, open: { path: reject.path } })),
    }));
}

function clusterNodes(view: CorpusView): readonly CorpusNode[] {
  return view.clusters.map((cluster) => ({
    label: cluster.survivor,
    description: `kept · ${plural(cluster.removed.length, "duplicate")} removed`,
    icon: "files",
    open: { path: cluster.survivor },
    children: () =>
      cluster.removed.map((removed) => ({
        label: removed.path,
        description: removed.kind === "near" ? `Jaccard ${removed.jaccard.toFixed(2)}` : `same ${removed.kind}`,
        open: { path: removed.path },
      })),
  }));
}

export class CorpusTree implements vscode.TreeDataProvider<CorpusNode> {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private view: CorpusView | undefined;

  show(view: CorpusView | undefined): void {
    this.view = view;
    this.changed.fire();
  }

  getChildren(node?: CorpusNode): CorpusNode[] {
    if (node) return [...(node.children?.() ?? [])];
    return this.view ? [...corpusNodes(this.view)] : [];
  }

  getTreeItem(node: CorpusNode): vscode.TreeItem {
    const item = new vscode.TreeItem(
      node.label,
      node.children ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
    );
    if (node.description !== undefined) item.description = node.description;
    item.tooltip = node.tooltip ?? [node.label, node.description].filter(Boolean).join("\n");
    if (node.icon) item.iconPath = new vscode.ThemeIcon(node.icon);
    if (node.open)
      item.command = { command: "midtrain.openCorpusFile", title: vscode.l10n.t("Open"), arguments: [node.open.path, node.open.line] };
    return item;
  }
}
