import * as vscode from "vscode";
import { describeError } from "@midtrain/protocol/errors";

/** The one notification of a failed action: what happened, what to do next, and the log. */
export async function showError(error: unknown): Promise<void> {
  const showLog = vscode.l10n.t("Show Log");
  const choice = await vscode.window.showErrorMessage(describeError(error).replace(/\n/g, " "), showLog);
  if (choice === showLog) await vscode.commands.executeCommand("midtrain.showLog");
}
