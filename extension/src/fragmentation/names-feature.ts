/** Names in the editor: the report, the tokenizer they are measured by, what can be done about one. */
import * as vscode from "vscode";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { LineRange } from "@midtrain/protocol/language-server";
import type { Engine } from "../client/engine";
import type { LongWork, WorkView } from "../client/long-work";
import type { CommandName, Handlers } from "../commands";
import { changeConfiguration } from "../corpus/configuration-edits";
import { FragmentationPanel } from "../panels/fragmentation-panel";
import type { Log } from "../platform/log";
import { chooseFolder, foldersOnDisk, requireTrust } from "../platform/workspace";
import { FragmentationStatus } from "./language-status";
import { ShownTokens } from "./shown-tokens";

type NameCommand = Extract<
  CommandName,
  | "midtrain.showFragmentationReport"
  | "midtrain.showInReport"
  | "midtrain.ignoreName"
  | "midtrain.renameName"
  | "midtrain.toggleTokens"
  | "midtrain.selectTokenizer"
>;

export class NamesFeature implements vscode.Disposable {
  private readonly panel: FragmentationPanel;
  private readonly tokens: ShownTokens;
  private readonly status: FragmentationStatus;

  constructor(
    private readonly engine: Engine,
    private readonly work: LongWork,
    /** Says how far the measuring is. */
    private readonly view: WorkView,
    log: Log,
    extensionUri: vscode.Uri,
  ) {
    this.panel = new FragmentationPanel({ engine, work, view, log, extensionUri });
    this.tokens = new ShownTokens(engine, log);
    this.status = new FragmentationStatus(engine, log);
  }

  restorePanel(panel: vscode.WebviewPanel): void {
    const [folder] = foldersOnDisk();
    if (folder === undefined) panel.dispose();
    else this.panel.attach(panel, folder.uri.fsPath);
  }

  readonly handlers: Pick<Handlers, NameCommand> = {
    "midtrain.showFragmentationReport": () => this.report(),
    "midtrain.showInReport": (term) => this.report(term),
    "midtrain.ignoreName": async (term) => {
      requireTrust();
      const folder = await chooseFolder();
      await changeConfiguration(this.engine, folder.uri.fsPath, { kind: "ignore-name", name: term });
    },
    "midtrain.renameName": (uri, position, name) => renameName(vscode.Uri.parse(uri), position, name),
    "midtrain.toggleTokens": () => this.tokens.toggle(),
    "midtrain.selectTokenizer": () => this.selectTokenizer(),
  };

  private async report(search?: string): Promise<void> {
    requireTrust();
    const directory = (await chooseFolder()).uri.fsPath;
    if (search !== undefined && this.panel.showSearch(directory, search)) return;
    const report = await this.work.request(this.view, vscode.l10n.t("Measuring names"), "midtrain/fragmentationReport", { directory });
    this.panel.show(directory, report, search);
  }

  /** The setting of this workspace; midtrain.jsonc, where it names a tokenizer, stands above it and is said. */
  private async selectTokenizer(): Promise<void> {
    const folder = await chooseFolder();
    const choices = await this.engine.request("midtrain/tokenizers", { directory: folder.uri.fsPath });
    const items = choices.map(({ specification, label, origin, isCurrent }) => ({
      label,
      description: isCurrent ? `${origin} · ${vscode.l10n.t("in use")}` : origin,
      specification,
    }));
    const other = { label: vscode.l10n.t("Choose a File…"), description: "tokenizer.json", specification: "" };
    const picked = await vscode.window.showQuickPick([...items, other], {
      title: vscode.l10n.t("Tokenizer for the figures of names"),
      matchOnDescription: true,
    });
    if (!picked) return;
    const specification = picked.specification === "" ? await chooseFile() : picked.specification;
    if (specification === undefined) return;
    const settings = vscode.workspace.getConfiguration("midtrain", folder.uri);
    await settings.update("tokenizer", specification, vscode.ConfigurationTarget.Workspace);
    const now = await this.engine.request("midtrain/tokenizers", { directory: folder.uri.fsPath });
    const used = now.find(({ isCurrent }) => isCurrent)?.specification;
    if (used !== undefined && used !== specification && !used.endsWith(specification.replace(/^\.\//, "")))
      void vscode.window.showInformationMessage(vscode.l10n.t("midtrain.jsonc names {0}, which stands above the setting.", used));
  }

  dispose(): void {
    for (const part of [this.panel, this.tokens, this.status]) part.dispose();
  }
}

async function chooseFile(): Promise<string | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ filters: { Tokenizer: ["json", "tiktoken", "model"] } })) ?? [];
  return file?.fsPath;
}

/** Through the language's own rename, so that every reference follows. */
async function renameName(uri: vscode.Uri, position: LineRange["start"], name: string): Promise<void> {
  const at = new vscode.Position(position.line, position.character);
  const edit = await vscode.commands
    .executeCommand<vscode.WorkspaceEdit | undefined>("vscode.executeDocumentRenameProvider", uri, at, name)
    .then(undefined, () => undefined);
  if (edit === undefined || edit.size === 0)
    throw new MidtrainError({
      reason: "unsupported",
      message: `No extension here can rename this name to ${name} everywhere.`,
      next: "Install the language's own extension, or rename it by hand.",
    });
  await vscode.workspace.applyEdit(edit);
}
