/** `1.62 tokens per name` of the active file, as a language status item. */
import * as vscode from "vscode";
import { count, significant } from "@midtrain/protocol/words";
import type { Engine } from "../client/engine";
import type { Log } from "../platform/log";
import { setting } from "../platform/workspace";

const quietMilliseconds = 400;

export class FragmentationStatus implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;
  private readonly disposables: vscode.Disposable[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly log: Log,
  ) {
    this.item = vscode.languages.createLanguageStatusItem("midtrain.fragmentation", [{ scheme: "file" }, { scheme: "untitled" }]);
    this.item.name = "Midtrain";
    this.item.command = { command: "midtrain.showFragmentationReport", title: vscode.l10n.t("Show Fragmentation Report") };
    this.disposables.push(
      this.item,
      vscode.window.onDidChangeActiveTextEditor(() => this.soon()),
      vscode.workspace.onDidChangeTextDocument((change) => {
        if (change.document === vscode.window.activeTextEditor?.document) this.soon();
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("midtrain")) this.soon();
      }),
    );
    this.soon();
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => void this.update().catch((error: unknown) => this.log.error("language status", error)),
      quietMilliseconds,
    );
  }

  private async update(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (!document || !setting("midtrain.languageStatus.enabled", document.uri)) {
      this.item.text = vscode.l10n.t("Midtrain: off");
      this.item.detail = "";
      return;
    }
    const figures = await this.engine.request("midtrain/fileFragmentation", { uri: document.uri.toString() });
    if (vscode.window.activeTextEditor?.document !== document) return;
    if (!figures || figures.occurrences === 0) {
      this.item.text = vscode.l10n.t("No names");
      this.item.detail = "";
      return;
    }
    this.item.text = vscode.l10n.t("{0} tokens per name", significant(figures.meanInContext));
    this.item.detail = vscode.l10n.t(
      "{0} names, {1} tokens · {2}",
      count(figures.occurrences),
      count(figures.tokens),
      figures.tokenizer.name,
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const disposable of this.disposables) disposable.dispose();
  }
}
