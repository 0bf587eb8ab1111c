/** The Corpus view: what would be learned from, what not and why (UX "Side bar"). Opens level by level from the server. */
import * as vscode from "vscode";
import type { CorpusEntry } from "@midtrain/protocol/corpus-view";
import type { CorpusView } from "@midtrain/protocol/language-server";
import type { Engine } from "../client/engine";
import { corpusNodes, pageNodes, type CorpusNode } from "./corpus-nodes";

export class CorpusTree implements vscode.TreeDataProvider<CorpusNode> {
  private readonly changed = new vscode.EventEmitter<CorpusNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private shown: { readonly view: CorpusView; readonly directory: string; readonly top: readonly CorpusNode[] } | undefined;
  private readonly loaded = new Map<string, { readonly entries: readonly CorpusEntry[]; readonly total: number }>();

  constructor(private readonly engine: Engine) {}

  /** @param directory the folder that was harvested */
  show(view: CorpusView | undefined, directory: string): void {
    this.loaded.clear();
    this.shown = view && { view, directory, top: corpusNodes(view.manifest) };
    this.changed.fire(undefined);
  }

  get view(): CorpusView | undefined {
    return this.shown?.view;
  }

  get directory(): string | undefined {
    return this.shown?.directory;
  }

  /** The row of a group, to be revealed. */
  group(id: string): CorpusNode | undefined {
    return this.shown?.top.find((node) => node.id === id);
  }

  async more(node: CorpusNode): Promise<void> {
    if (node.kind !== "more" || node.parent.kind !== "list") return;
    await this.load(node.parent, node.offset);
    this.changed.fire(node.parent);
  }

  async getChildren(node?: CorpusNode): Promise<CorpusNode[]> {
    if (!node) return [...(this.shown?.top ?? [])];
    if (node.kind === "group") return [...node.children];
    if (node.kind !== "list") return [];
    const { entries, total } = this.loaded.get(node.id) ?? (await this.load(node, 0));
    return [...pageNodes(node, entries, total)];
  }

  private async load(
    node: CorpusNode & { readonly kind: "list" },
    offset: number,
  ): Promise<{ readonly entries: readonly CorpusEntry[]; readonly total: number }> {
    if (!this.shown) return { entries: [], total: 0 };
    const { entries, total } = await this.engine.request("midtrain/corpusPage", {
      directory: this.shown.directory,
      list: node.list,
      under: node.under,
      offset,
    });
    const before = offset === 0 ? [] : (this.loaded.get(node.id)?.entries ?? []).slice(0, offset);
    const page = { entries: [...before, ...entries], total };
    this.loaded.set(node.id, page);
    return page;
  }

  /** Only the top can be revealed. */
  getParent(): undefined {
    return undefined;
  }

  getTreeItem(node: CorpusNode): vscode.TreeItem {
    const opens = node.kind === "group" || node.kind === "list";
    const item = new vscode.TreeItem(node.label, opens ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None);
    item.id = node.id;
    item.contextValue = node.context;
    if (node.description !== undefined) item.description = node.description;
    item.tooltip = node.tooltip ?? [node.label, node.description].filter(Boolean).join("\n");
    if (node.icon) item.iconPath = new vscode.ThemeIcon(node.icon);
    const command = commandOf(node);
    if (command) item.command = command;
    return item;
  }
}

function commandOf(node: CorpusNode): vscode.Command | undefined {
  if (node.kind === "more") return { command: "midtrain.showMoreOfCorpus", title: vscode.l10n.t("Show More"), arguments: [node] };
  if (node.kind !== "entry") return undefined;
  const { entry } = node;
  if (entry.kind === "duplicate") return { command: "midtrain.openDuplicate", title: vscode.l10n.t("Compare"), arguments: [node] };
  const line = entry.kind === "redaction" ? entry.line - 1 : undefined;
  return { command: "midtrain.openCorpusFile", title: vscode.l10n.t("Open"), arguments: [entry.path, line] };
}
