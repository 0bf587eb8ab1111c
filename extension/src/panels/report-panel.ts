/** report.html: in the browser of this machine, or, where that cannot reach the file (a remote or browser workbench), in a panel. */
import { basename, dirname } from "node:path";
import * as vscode from "vscode";

/** Files of the workspace lie on the machine in front of the user. */
export function isLocal(): boolean {
  return vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
}

export class ReportPanels implements vscode.Disposable {
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  async open(file: string): Promise<void> {
    const uri = vscode.Uri.file(file);
    if (isLocal() && (await vscode.env.openExternal(uri))) return;
    const panel = this.panels.get(file) ?? this.create(file);
    // The report carries its data, its one script and a policy that names the script by hash: nothing is loaded.
    panel.webview.html = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    panel.reveal();
  }

  private create(file: string): vscode.WebviewPanel {
    const title = `${vscode.l10n.t("Report")}: ${basename(dirname(file))}`;
    const panel = vscode.window.createWebviewPanel("midtrain.report", title, vscode.ViewColumn.Active, {
      enableScripts: true,
      enableFindWidget: true,
      localResourceRoots: [],
    });
    this.panels.set(file, panel);
    panel.onDidDispose(() => this.panels.delete(file));
    return panel;
  }

  dispose(): void {
    for (const panel of [...this.panels.values()]) panel.dispose();
  }
}
