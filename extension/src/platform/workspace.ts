import * as vscode from "vscode";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { Settings } from "../contributions";

/** The setting's value for a folder. */
export function setting<N extends keyof Settings>(name: N, scope?: vscode.Uri): Settings[N] {
  return vscode.workspace.getConfiguration(undefined, scope ?? null).get(name) as Settings[N];
}

/** Folders on disk; virtual workspaces have none. */
export function foldersOnDisk(): readonly vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
}

/** The folder that an action works on: the only one, the one of the active editor, or the one that the user picks. */
export async function chooseFolder(): Promise<vscode.WorkspaceFolder> {
  const folders = foldersOnDisk();
  const [only] = folders;
  if (only === undefined)
    throw new MidtrainError({ reason: "input", message: "No folder on disk is open.", next: "Open the folder of a repository." });
  if (folders.length === 1) return only;
  const active = vscode.window.activeTextEditor && vscode.workspace.getWorkspaceFolder(vscode.window.activeTextEditor.document.uri);
  if (active && active.uri.scheme === "file") return active;
  const picked = await vscode.window.showWorkspaceFolderPick({ placeHolder: vscode.l10n.t("Repository to work on") });
  if (picked === undefined) throw new vscode.CancellationError();
  return picked;
}

/** @throws MidtrainError while the workspace is not trusted: nothing of it is executed or trained on. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new MidtrainError({
    reason: "environment",
    message: "This workspace is not trusted.",
    next: "Trust it (Workspaces: Manage Workspace Trust) to harvest and train.",
  });
}
