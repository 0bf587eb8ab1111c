/** The fragmentation report: ranked names, each row opening its occurrences; one directory, other tokenizers, new tokens. */
import { join } from "node:path";
import * as vscode from "vscode";
import type { HostToPanel, PanelToHost } from "@midtrain/protocol/panel";
import type { FragmentationSnapshot } from "@midtrain/protocol/run-view";
import type { FragmentationReport } from "@midtrain/protocol/tokens";
import type { Engine } from "../client/engine";
import type { LongWork, WorkView } from "../client/long-work";
import { panelTypes } from "../contributions";
import type { Log } from "../platform/log";
import { showError } from "../platform/notify";
import { openAt } from "../platform/open";
import { PanelHost } from "./panel-host";

const occurrenceLimit = 200;

export interface FragmentationServices {
  readonly engine: Engine;
  readonly work: LongWork;
  /** Says how far long work is. */
  readonly view: WorkView;
  readonly log: Log;
  readonly extensionUri: vscode.Uri;
}

export class FragmentationPanel implements vscode.Disposable {
  private host: PanelHost | undefined;
  private directory = "";
  private snapshot: Partial<FragmentationSnapshot> = {};

  constructor(private readonly services: FragmentationServices) {}

  /** Searches in the report that is open. @returns false when there is none of this folder */
  showSearch(directory: string, search: string): boolean {
    if (this.host === undefined || this.directory !== directory) return false;
    this.host.panel.reveal();
    this.update({ search });
    return true;
  }

  /** Takes the place of an open report; the panel keeps its place. */
  show(directory: string, report: FragmentationReport, search?: string): void {
    const snapshot = { report, ...(search === undefined ? {} : { search }) };
    if (this.host !== undefined && this.directory === directory) {
      this.snapshot = snapshot;
      this.host.panel.reveal();
      void this.host.refresh();
      return;
    }
    this.host?.dispose();
    this.attach(
      vscode.window.createWebviewPanel(panelTypes.fragmentation, vscode.l10n.t("Fragmentation Report"), vscode.ViewColumn.Active, {
        enableScripts: true,
        enableFindWidget: true,
      }),
      directory,
      snapshot,
    );
  }

  attach(panel: vscode.WebviewPanel, directory: string, snapshot: Partial<FragmentationSnapshot> = {}): void {
    this.directory = directory;
    this.snapshot = snapshot;
    const host = new PanelHost(
      panel,
      {
        type: panelTypes.fragmentation,
        title: () => vscode.l10n.t("Fragmentation Report"),
        data: () => this.data(directory),
        receive: (message) => this.receive(message, directory),
      },
      this.services.log,
      this.services.extensionUri,
    );
    this.host = host;
    host.onDidDispose(() => {
      if (this.host === host) this.host = undefined;
    });
  }

  private async data(directory: string): Promise<HostToPanel> {
    const report = this.snapshot.report ?? (await this.services.engine.request("midtrain/fragmentationReport", { directory }));
    const { search, ...kept } = { ...this.snapshot, report };
    // A search is for the moment: a panel that is shown again keeps what was typed since.
    this.snapshot = kept;
    return { type: "data", data: { view: "fragmentation", ...kept, ...(search === undefined ? {} : { search }) } };
  }

  private update(change: Partial<FragmentationSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    void this.host?.refresh();
  }

  private async receive(message: PanelToHost, directory: string): Promise<void> {
    if (message.type === "copy") return vscode.env.clipboard.writeText(message.text);
    if (message.type === "open-file") return openAt(vscode.Uri.file(join(directory, message.path)), message.line ?? 0);
    if (message.type === "open-term") return this.openOccurrences(directory, message.term);
    if (message.type === "save") return save(directory, message.name, message.text);
    const act = this.actionOf(message, directory);
    await act?.().catch((error: unknown) => (error instanceof vscode.CancellationError ? undefined : showError(error)));
  }

  private actionOf(message: PanelToHost, directory: string): (() => Promise<unknown>) | undefined {
    if (message.type === "show-directory") return () => this.showDirectory(directory, message.path);
    if (message.type !== "names-action") return undefined;
    switch (message.action) {
      case "measure":
        return async () => vscode.commands.executeCommand("midtrain.showFragmentationReport");
      case "select-tokenizer":
        return async () => vscode.commands.executeCommand("midtrain.selectTokenizer");
      case "compare":
        return () => this.compare(directory);
      case "assess-expansion":
        return () => this.assess(directory);
    }
  }

  private async showDirectory(directory: string, under: string): Promise<void> {
    if (under === "") {
      const { within: _, ...whole } = this.snapshot;
      this.snapshot = whole;
      return this.host?.refresh();
    }
    const { work, view } = this.services;
    const report = await work.request(view, vscode.l10n.t("Measuring names"), "midtrain/directoryNames", { directory, under });
    if (report !== null) this.update({ within: { path: under, report } });
  }

  private async compare(directory: string): Promise<void> {
    const { engine, work, view } = this.services;
    const choices = await engine.request("midtrain/tokenizers", { directory });
    const picked = await vscode.window.showQuickPick(
      choices
        .filter(({ isCurrent }) => !isCurrent)
        .map(({ label, origin, specification }) => ({ label, description: origin, specification })),
      { title: vscode.l10n.t("Tokenizers to compare with"), canPickMany: true, matchOnDescription: true },
    );
    if (!picked || picked.length === 0) return;
    const tokenizers = picked.map(({ specification }) => specification);
    const comparison = await work.request(view, vscode.l10n.t("Comparing tokenizers"), "midtrain/compareTokenizers", {
      directory,
      tokenizers,
    });
    if (comparison !== null) this.update({ comparison });
  }

  private async assess(directory: string): Promise<void> {
    const { work, view } = this.services;
    const expansion = await work.request(view, vscode.l10n.t("Measuring new tokens"), "midtrain/assessExpansion", { directory });
    if (expansion !== null) this.update({ expansion });
  }

  /** The first occurrence in an editor, all of them in the native peek. */
  private async openOccurrences(directory: string, term: string): Promise<void> {
    const occurrences = await this.services.engine.request("midtrain/termOccurrences", { directory, term, limit: occurrenceLimit });
    const locations = occurrences.map(({ path, line, character }) => {
      const start = new vscode.Position(line, character);
      return new vscode.Location(vscode.Uri.file(join(directory, path)), new vscode.Range(start, start.translate(0, term.length)));
    });
    const [first] = locations;
    if (!first) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t("{0} no longer occurs in the corpus. Harvest again to refresh the report.", term),
      );
      return;
    }
    await openAt(first.uri, first.range.start.line, first.range.start.character);
    if (locations.length > 1)
      await vscode.commands.executeCommand("editor.action.peekLocations", first.uri, first.range.start, locations, "peek");
  }

  dispose(): void {
    this.host?.dispose();
  }
}

async function save(directory: string, name: string, text: string): Promise<void> {
  const uri = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(join(directory, name)) });
  if (!uri) return;
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text, "utf8"));
  void vscode.window.showInformationMessage(vscode.l10n.t("Wrote {0}.", vscode.workspace.asRelativePath(uri)));
}
