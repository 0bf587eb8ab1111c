/** The fragmentation report: ranked names, each row opening its occurrences. */
import { join } from "node:path";
import * as vscode from "vscode";
import type { HostToPanel, PanelToHost } from "@midtrain/protocol/panel";
import type { FragmentationReport } from "@midtrain/protocol/tokens";
import type { Engine } from "../client/engine";
import { panelTypes } from "../contributions";
import type { Log } from "../platform/log";
import { openAt } from "../platform/open";
import { PanelHost } from "./panel-host";

const occurrenceLimit = 200;

export class FragmentationPanel implements vscode.Disposable {
  private host: PanelHost | undefined;
  private directory = "";
  /** A name to be searched for in the next snapshot. */
  private search: string | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly log: Log,
    private readonly extensionUri: vscode.Uri,
  ) {}

  /** Searches in the report that is open. @returns false when there is none of this folder */
  showSearch(directory: string, search: string): boolean {
    if (this.host === undefined || this.directory !== directory) return false;
    this.search = search;
    this.host.panel.reveal();
    void this.host.refresh();
    return true;
  }

  show(directory: string, report: FragmentationReport, search?: string): void {
    this.host?.dispose();
    this.search = search;
    this.attach(
      vscode.window.createWebviewPanel(panelTypes.fragmentation, vscode.l10n.t("Fragmentation Report"), vscode.ViewColumn.Active, {
        enableScripts: true,
        enableFindWidget: true,
      }),
      directory,
      report,
    );
  }

  attach(panel: vscode.WebviewPanel, directory: string, report?: FragmentationReport): void {
    let shown = report;
    this.directory = directory;
    const host = new PanelHost(
      panel,
      {
        type: panelTypes.fragmentation,
        title: () => vscode.l10n.t("Fragmentation Report"),
        data: async (): Promise<HostToPanel> => {
          shown ??= await this.engine.request("midtrain/fragmentationReport", { directory });
          const { search } = this;
          this.search = undefined;
          return { type: "data", data: { view: "fragmentation", report: shown, ...(search === undefined ? {} : { search }) } };
        },
        receive: (message) => this.receive(message, directory),
      },
      this.log,
      this.extensionUri,
    );
    this.host = host;
    host.onDidDispose(() => {
      if (this.host === host) this.host = undefined;
    });
  }

  private async receive(message: PanelToHost, directory: string): Promise<void> {
    if (message.type === "copy") return vscode.env.clipboard.writeText(message.text);
    if (message.type === "open-file") return openAt(vscode.Uri.file(join(directory, message.path)), message.line ?? 0);
    if (message.type === "open-term") return this.openOccurrences(directory, message.term);
  }

  /** The first occurrence in an editor, all of them in the native peek. */
  private async openOccurrences(directory: string, term: string): Promise<void> {
    const occurrences = await this.engine.request("midtrain/termOccurrences", { directory, term, limit: occurrenceLimit });
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
