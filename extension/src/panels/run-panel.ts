/** Gates panels, one a run, restored after a reload by their run directory. */
import { basename, join } from "node:path";
import * as vscode from "vscode";
import type { HostToPanel, PanelToHost } from "@midtrain/protocol/panel";
import type { RunView } from "@midtrain/protocol/run-view";
import type { Engine } from "../client/engine";
import { panelTypes } from "../contributions";
import type { Log } from "../platform/log";
import { openAt } from "../platform/open";
import { PanelHost, type PanelBehaviour } from "./panel-host";

export class RunPanels implements vscode.Disposable {
  private readonly panels = new Map<string, PanelHost>();

  constructor(
    private readonly engine: Engine,
    private readonly log: Log,
    private readonly extensionUri: vscode.Uri,
  ) {}

  open(runDirectory: string): void {
    const open = this.panels.get(runDirectory);
    if (open) {
      open.panel.reveal();
      return;
    }
    this.attach(
      vscode.window.createWebviewPanel(panelTypes.run, basename(runDirectory), vscode.ViewColumn.Active, {
        enableScripts: true,
        enableFindWidget: true,
      }),
      runDirectory,
    );
  }

  /** Takes a panel over: a new one, or one that VS Code brings back after a reload. */
  attach(panel: vscode.WebviewPanel, runDirectory: string): void {
    const host = new PanelHost(panel, this.behaviour(runDirectory), this.log, this.extensionUri);
    this.panels.set(runDirectory, host);
    host.onDidDispose(() => this.panels.delete(runDirectory));
  }

  /** Something below `.midtrain/` changed. */
  refresh(): void {
    for (const host of this.panels.values()) if (host.panel.visible) void host.refresh();
  }

  private behaviour(runDirectory: string): PanelBehaviour {
    let view: RunView | undefined;
    return {
      type: panelTypes.run,
      title: () => `${vscode.l10n.t("Gates")}: ${basename(runDirectory)}`,
      data: async (): Promise<HostToPanel> => {
        view = await this.engine.request("midtrain/runView", { runDirectory });
        return { type: "data", data: { view: "run", run: view } };
      },
      receive: (message) => receiveRunMessage(message, runDirectory, view),
    };
  }

  dispose(): void {
    for (const host of [...this.panels.values()]) host.dispose();
  }
}

async function receiveRunMessage(message: PanelToHost, runDirectory: string, view: RunView | undefined): Promise<void> {
  switch (message.type) {
    case "run-action":
      return runAction(message.action, runDirectory);
    case "open-file":
      if (view) await openAt(vscode.Uri.file(join(view.identity.repository.root, message.path)), message.line ?? 0);
      return;
    case "open-items":
      await vscode.commands.executeCommand("midtrain.openEvaluation", runDirectory, message.branch, message.step);
      return;
    case "open-event":
      // One event a line, seq from 0 without holes.
      return openAt(vscode.Uri.file(join(runDirectory, "events.jsonl")), message.seq);
    case "copy":
      return vscode.env.clipboard.writeText(message.text);
    case "open-term":
    case "ready":
      return;
  }
}

async function runAction(action: "stop" | "resume" | "reveal-folder" | "open-log" | "open-report", runDirectory: string): Promise<void> {
  const commands = {
    stop: "midtrain.stopRun",
    resume: "midtrain.resumeRun",
    "reveal-folder": "midtrain.revealRun",
    "open-report": "midtrain.openRunReport",
    "open-log": "midtrain.showLog",
  } as const;
  await vscode.commands.executeCommand(commands[action], { runDirectory });
}
