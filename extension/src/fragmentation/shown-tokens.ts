/**
 * *Show Tokens*: the real tokens of the visible part of each editor, tinted in turn, with a thin line where each begins,
 * so that colour is never the only sign; and what an edit did to their number.
 */
import * as vscode from "vscode";
import { plural, signed } from "@midtrain/protocol/words";
import type { Engine } from "../client/engine";
import type { Log } from "../platform/log";

/** Typing and scrolling come in bursts. */
const settleMilliseconds = 120;
/** Lines beyond the visible ones, so that a small scroll shows tinted text at once. */
const margin = 20;

export class ShownTokens implements vscode.Disposable {
  private readonly tints: readonly vscode.TextEditorDecorationType[];
  private readonly edits: vscode.TextEditorDecorationType;
  private readonly item: vscode.StatusBarItem;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly timers = new Map<vscode.TextEditor, NodeJS.Timeout>();
  private on = false;

  constructor(
    private readonly engine: Engine,
    private readonly log: Log,
  ) {
    this.tints = ["midtrain.token.oddBackground", "midtrain.token.evenBackground"].map((background) =>
      vscode.window.createTextEditorDecorationType({
        backgroundColor: new vscode.ThemeColor(background),
        borderColor: new vscode.ThemeColor("midtrain.token.border"),
        borderStyle: "solid",
        borderWidth: "0 0 0 1px",
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      }),
    );
    this.edits = vscode.window.createTextEditorDecorationType({
      after: { color: new vscode.ThemeColor("editorCodeLens.foreground"), margin: "0 0 0 2em" },
      isWholeLine: true,
    });
    this.item = vscode.window.createStatusBarItem("midtrain.tokens", vscode.StatusBarAlignment.Right, 90);
    this.item.name = vscode.l10n.t("Midtrain Tokens");
    this.item.command = "midtrain.toggleTokens";
    this.disposables.push(
      ...this.tints,
      this.edits,
      this.item,
      vscode.window.onDidChangeVisibleTextEditors((editors) => editors.forEach((editor) => this.soon(editor))),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.soon(textEditor)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.soonFor(document)),
      vscode.workspace.onDidSaveTextDocument((document) => this.soonFor(document)),
    );
  }

  toggle(): void {
    this.on = !this.on;
    void vscode.commands.executeCommand("setContext", "midtrain.tokensShown", this.on);
    if (this.on) vscode.window.visibleTextEditors.forEach((editor) => this.soon(editor));
    else this.clear();
  }

  private clear(): void {
    this.item.hide();
    for (const editor of vscode.window.visibleTextEditors) for (const type of [...this.tints, this.edits]) editor.setDecorations(type, []);
  }

  private soonFor(document: vscode.TextDocument): void {
    vscode.window.visibleTextEditors.filter((editor) => editor.document === document).forEach((editor) => this.soon(editor));
  }

  private soon(editor: vscode.TextEditor): void {
    if (!this.on) return;
    clearTimeout(this.timers.get(editor));
    this.timers.set(
      editor,
      setTimeout(() => {
        this.timers.delete(editor);
        this.show(editor).catch((error: unknown) => this.log.error("showing tokens", error));
      }, settleMilliseconds),
    );
  }

  private async show(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    const version = document.version;
    const uri = document.uri.toString();
    const [first, last] = [editor.visibleRanges[0]?.start.line ?? 0, editor.visibleRanges.at(-1)?.end.line ?? 0];
    const end = Math.min(document.lineCount - 1, last + margin);
    const range = {
      start: { line: Math.max(0, first - margin), character: 0 },
      end: { line: end, character: document.lineAt(end).range.end.character },
    };
    const [tokens, edits] = await Promise.all([
      this.engine.request("midtrain/shownTokens", { uri, range }),
      this.engine.request("midtrain/editedLines", { uri }),
    ]);
    // Spans of another version would tint the wrong letters; the change that made it asks again.
    if (!this.on || document.version !== version) return;
    const ranges: vscode.Range[][] = [[], []];
    for (let at = 0, token = tokens?.first ?? 0; at < (tokens?.spans.length ?? 0); at += 4, token++) {
      const [line = 0, character = 0, endLine = 0, endCharacter = 0] = tokens!.spans.slice(at, at + 4);
      ranges[token % 2]!.push(new vscode.Range(line, character, endLine, endCharacter));
    }
    this.tints.forEach((type, index) => editor.setDecorations(type, ranges[index]!));
    editor.setDecorations(this.edits, (edits ?? []).map(editNote));
    if (vscode.window.activeTextEditor === editor) this.say(tokens);
  }

  private say(tokens: { readonly tokenizer: string; readonly total: number } | null): void {
    if (tokens) {
      this.item.text = `$(symbol-string) ${plural(tokens.total, "token")}`;
      this.item.tooltip = vscode.l10n.t("Tokens of {0}. Click to hide them.", tokens.tokenizer);
    } else {
      this.item.text = vscode.l10n.t("no tokens");
      this.item.tooltip = vscode.l10n.t("This document is too large to show its tokens. Click to leave the mode.");
    }
    this.item.show();
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const disposable of this.disposables) disposable.dispose();
  }
}

/** Behind the last line of a changed part: `12 → 15 tokens (+3)`. */
function editNote({
  line,
  lines,
  before,
  after,
}: {
  line: number;
  lines: number;
  before: number;
  after: number;
}): vscode.DecorationOptions {
  const at = Math.max(0, line + Math.max(lines, 1) - 1);
  const difference = after === before ? "" : ` (${signed(after - before, 0)})`;
  return {
    range: new vscode.Range(at, 0, at, 0),
    renderOptions: { after: { contentText: `${before} → ${plural(after, "token")}${difference}` } },
  };
}
