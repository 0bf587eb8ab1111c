/** The corpus report: one panel, refreshed after every harvest. */
import { join } from "node:path";
import * as vscode from "vscode";
import type { CorpusList } from "@midtrain/protocol/corpus-view";
import type { HostToPanel, PanelToHost } from "@midtrain/protocol/panel";
import { bytes, plural } from "@midtrain/protocol/words";
import type { Engine } from "../client/engine";
import { panelTypes } from "../contributions";
import type { Log } from "../platform/log";
import { openAt } from "../platform/open";
import { PanelHost } from "./panel-host";

export class CorpusPanel implements vscode.Disposable {
  private host: PanelHost | undefined;
  private directory = "";

  constructor(
    private readonly engine: Engine,
    private readonly log: Log,
    private readonly extensionUri: vscode.Uri,
  ) {}

  open(directory: string): void {
    if (this.host && this.directory === directory) {
      this.host.panel.reveal();
      void this.host.refresh();
      return;
    }
    this.host?.dispose();
    this.attach(
      vscode.window.createWebviewPanel(panelTypes.corpus, vscode.l10n.t("Corpus Report"), vscode.ViewColumn.Active, {
        enableScripts: true,
        enableFindWidget: true,
      }),
      directory,
    );
  }

  attach(panel: vscode.WebviewPanel, directory: string): void {
    this.directory = directory;
    const host = new PanelHost(
      panel,
      {
        type: panelTypes.corpus,
        title: () => vscode.l10n.t("Corpus Report"),
        data: async (): Promise<HostToPanel> => {
          const report = await this.engine.request("midtrain/corpusReport", { directory });
          return report
            ? { type: "data", data: { view: "corpus", report } }
            : {
                type: "problem",
                text: vscode.l10n.t("Nothing has been harvested here yet."),
                next: vscode.l10n.t("Run Midtrain: Harvest Corpus."),
              };
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

  refresh(): void {
    if (this.host?.panel.visible) void this.host.refresh();
  }

  private async receive(message: PanelToHost, directory: string): Promise<void> {
    if (message.type === "copy") return vscode.env.clipboard.writeText(message.text);
    if (message.type === "open-file") return openAt(vscode.Uri.file(join(directory, message.path)), message.line ?? 0);
    if (message.type === "show-files") return this.showFiles(directory, message.list as CorpusList, message.under);
    if (message.type !== "corpus-action") return;
    const commands = {
      harvest: "midtrain.harvest",
      "open-configuration": "midtrain.openConfiguration",
      "review-redactions": "midtrain.reviewRedactions",
      check: "midtrain.checkCorpus",
    } as const;
    await vscode.commands.executeCommand(commands[message.action]);
  }

  /** The files behind a figure: a list to type into, the first page of it. */
  private async showFiles(directory: string, list: CorpusList, under: string): Promise<void> {
    const { entries, total } = await this.engine.request("midtrain/corpusPage", { directory, list, under, offset: 0, flat: true });
    const items = entries.map((entry) => ({
      label: entry.path,
      description: entry.kind === "redaction" ? `${entry.line} · ${entry.placeholder}` : "bytes" in entry ? bytes(entry.bytes) : "",
      ...(entry.kind === "reject" ? { detail: entry.reason } : {}),
      line: entry.kind === "redaction" ? entry.line - 1 : 0,
    }));
    const shown = items.length < total ? vscode.l10n.t("the first {0} of {1}", items.length, plural(total, "file")) : plural(total, "file");
    const picked = await vscode.window.showQuickPick(items, {
      title: shown,
      placeHolder: vscode.l10n.t("File to open"),
      matchOnDescription: true,
    });
    if (picked) await openAt(vscode.Uri.file(join(directory, picked.label)), picked.line);
  }

  dispose(): void {
    this.host?.dispose();
  }
}
