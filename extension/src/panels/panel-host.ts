/**
 * One panel: its webview, the snapshot it shows, the messages it sends. A hidden panel is not kept alive
 * (no retainContextWhenHidden): when it is shown again it says "ready" and gets a fresh snapshot.
 */
import * as vscode from "vscode";
import { panelStateSchema, panelToHostSchema, type HostToPanel, type PanelState, type PanelToHost } from "@midtrain/protocol/panel";
import type { Log } from "../platform/log";
import { panelHtml } from "./panel-html";

export interface PanelBehaviour {
  readonly type: string;
  title(): string;
  /** The current snapshot. */
  data(): Promise<HostToPanel>;
  receive(message: PanelToHost): Promise<void>;
}

export class PanelHost implements vscode.Disposable {
  private readonly disposables: vscode.Disposable[] = [];
  private readonly disposed = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.disposed.event;
  private refreshing: Promise<void> | undefined;
  private again = false;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly behaviour: PanelBehaviour,
    private readonly log: Log,
    extensionUri: vscode.Uri,
  ) {
    const dist = vscode.Uri.joinPath(extensionUri, "dist");
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    panel.iconPath = vscode.Uri.joinPath(extensionUri, "media", "icons", "activity.svg");
    this.disposables.push(
      panel.webview.onDidReceiveMessage((message: unknown) => void this.receive(message)),
      panel.onDidDispose(() => this.dispose()),
    );
    panel.webview.html = panelHtml(panel.webview, dist, behaviour.title());
  }

  /** Sends a new snapshot; calls while one is being made collapse into one more. */
  async refresh(): Promise<void> {
    if (this.refreshing) {
      this.again = true;
      return this.refreshing;
    }
    this.refreshing = this.send();
    await this.refreshing;
    this.refreshing = undefined;
    if (!this.again) return;
    this.again = false;
    await this.refresh();
  }

  private async send(): Promise<void> {
    const message = await this.behaviour.data().catch((error: unknown): HostToPanel => {
      this.log.error(`data of ${this.behaviour.type}`, error);
      return {
        type: "problem",
        text: error instanceof Error ? error.message : String(error),
        next: vscode.l10n.t("See the log (Midtrain: Show Log)."),
      };
    });
    this.panel.title = this.behaviour.title();
    await this.panel.webview.postMessage(message);
  }

  private async receive(message: unknown): Promise<void> {
    const parsed = panelToHostSchema.safeParse(message);
    if (!parsed.success) {
      this.log.warn(`a panel sent a message that is not in the contract: ${JSON.stringify(message).slice(0, 200)}`);
      return;
    }
    if (parsed.data.type === "ready") return this.refresh();
    await this.behaviour.receive(parsed.data).catch((error: unknown) => this.log.error(`message ${parsed.data.type}`, error));
  }

  dispose(): void {
    for (const disposable of this.disposables.splice(0)) disposable.dispose();
    this.disposed.fire();
    this.panel.dispose();
  }
}

/** Parses what a panel kept across a reload. */
export function parsePanelState(state: unknown): PanelState | undefined {
  const parsed = panelStateSchema.safeParse(state);
  return parsed.success ? parsed.data : undefined;
}
