/** Which file of which folder an action of the corpus works on. */
import { join, relative, sep } from "node:path";
import * as vscode from "vscode";
import { MidtrainError } from "@midtrain/protocol/errors";
import { foldersOnDisk } from "../platform/workspace";
import type { CorpusNode, CorpusTarget } from "./corpus-nodes";

export interface FileTarget {
  /** Folder that is, or would be, harvested. */
  readonly directory: string;
  /** Absolute. */
  readonly file: string;
  readonly isDirectory: boolean;
}

function isNode(target: CorpusTarget): target is CorpusNode {
  return "kind" in target && "context" in target;
}

/** @throws MidtrainError when there is no file that the action could mean. */
export async function fileTarget(target: CorpusTarget | undefined, treeDirectory: string | undefined): Promise<FileTarget> {
  if (target && isNode(target)) {
    const path = pathOf(target);
    if (path === undefined || treeDirectory === undefined) throw noFile();
    return { directory: treeDirectory, file: join(treeDirectory, path), isDirectory: path.endsWith("/") };
  }
  const uri = target ?? vscode.window.activeTextEditor?.document.uri ?? tabUri();
  if (uri?.scheme !== "file") throw noFile();
  const folder = vscode.workspace.getWorkspaceFolder(uri) ?? foldersOnDisk()[0];
  if (!folder) throw noFile();
  const status = await vscode.workspace.fs.stat(uri).then(
    ({ type }) => type,
    () => vscode.FileType.File,
  );
  return { directory: folder.uri.fsPath, file: uri.fsPath, isDirectory: (status & vscode.FileType.Directory) !== 0 };
}

/** The file of an active tab that is no text editor: an image, a binary file. */
function tabUri(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText ? input.uri : undefined;
}

function pathOf(node: CorpusNode): string | undefined {
  if (node.kind === "entry") return node.entry.path;
  if (node.kind !== "list") return undefined;
  return node.list.of === "duplicates" ? node.list.survivor : node.under || undefined;
}

function noFile(): MidtrainError {
  return new MidtrainError({
    reason: "input",
    message: "No file of an open folder is chosen.",
    next: "Open the file, or choose it in the Explorer.",
  });
}

/** Path as the corpus names it; a directory ends with "/". */
export function pathIn({ directory, file, isDirectory }: FileTarget): string {
  const path = relative(directory, file).split(sep).join("/");
  return isDirectory ? `${path.replace(/\/+$/, "")}/` : path;
}
