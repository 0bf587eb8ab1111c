import * as vscode from "vscode";

/** Opens a text file at a line (from 0) and optional character. */
export async function openAt(uri: vscode.Uri, line: number, character = 0): Promise<void> {
  const position = new vscode.Position(Math.max(0, line), Math.max(0, character));
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(position, position), preview: true });
}
