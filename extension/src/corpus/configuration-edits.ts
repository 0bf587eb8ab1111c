/** Writes a change into midtrain.jsonc through the editor, so that it can be undone there, and says what was written. */
import * as vscode from "vscode";
import type { CorpusChange } from "@midtrain/protocol/corpus-view";
import type { Engine } from "../client/engine";
import { openAt } from "../platform/open";

interface Written {
  readonly uri: vscode.Uri;
  /** The text before; undefined for a file that was made. */
  readonly before: string | undefined;
  readonly after: string;
  readonly words: string;
  readonly isSaved: boolean;
  /** Whether the change has a say in what the corpus holds. */
  readonly changesCorpus: boolean;
}

/** Applies a change and saves, unless the file has unsaved changes of the user's own. */
async function write(engine: Engine, directory: string, change: CorpusChange): Promise<Written | undefined> {
  const { file, exists } = await engine.request("midtrain/configurationFile", { directory });
  const uri = vscode.Uri.file(file);
  const document = exists ? await vscode.workspace.openTextDocument(uri) : undefined;
  const text = document?.getText() ?? "";
  const wasDirty = document?.isDirty === true;
  const { edits, words } = await engine.request("midtrain/configurationEdit", { directory, file, text, change });
  if (edits.length === 0) {
    void vscode.window.showInformationMessage(words);
    return undefined;
  }
  const edit = new vscode.WorkspaceEdit();
  if (!document) edit.createFile(uri, { contents: Buffer.from(edits.map(({ content }) => content).join(""), "utf8") });
  for (const { offset, length, content } of document ? edits : [])
    edit.replace(uri, new vscode.Range(document!.positionAt(offset), document!.positionAt(offset + length)), content);
  await vscode.workspace.applyEdit(edit);
  const written = await vscode.workspace.openTextDocument(uri);
  const isSaved = wasDirty ? false : !written.isDirty || (await written.save());
  return { uri, before: document && text, after: written.getText(), words, isSaved, changesCorpus: change.kind !== "ignore-name" };
}

/** The one notification of a change: what was written, and what can be done next. */
export async function changeConfiguration(engine: Engine, directory: string, change: CorpusChange): Promise<void> {
  const written = await write(engine, directory, change);
  if (!written) return;
  const harvest = vscode.l10n.t("Harvest Again");
  const show = vscode.l10n.t("Show");
  const undo = vscode.l10n.t("Undo");
  const said = written.isSaved
    ? written.words
    : `${written.words} ${vscode.l10n.t("The file has unsaved changes: save it to apply them.")}`;
  const choice = await vscode.window.showInformationMessage(
    said,
    ...(written.isSaved && written.changesCorpus ? [harvest] : []),
    show,
    undo,
  );
  if (choice === harvest) await vscode.commands.executeCommand("midtrain.harvest");
  else if (choice === show) await showChange(written);
  else if (choice === undo) await undoChange(written);
}

async function showChange({ uri, before, after }: Written): Promise<void> {
  let start = 0;
  while (before !== undefined && start < after.length && after[start] === before[start]) start++;
  const line = after.slice(0, start).split("\n").length - 1;
  await openAt(uri, line);
}

/** Takes back exactly what was written; a file that changed since is left alone and shown. */
async function undoChange(written: Written): Promise<void> {
  const { uri, before, after } = written;
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.getText() !== after) return showChange(written);
  const edit = new vscode.WorkspaceEdit();
  if (before === undefined) edit.deleteFile(uri);
  else edit.replace(uri, new vscode.Range(document.positionAt(0), document.positionAt(after.length)), before);
  await vscode.workspace.applyEdit(edit);
  if (before !== undefined && written.isSaved) await document.save();
}
