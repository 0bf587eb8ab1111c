/** Entry point of the extension: builds the app, registers, returns. Nothing is awaited. */
import type * as vscode from "vscode";
import { App } from "./app";
import { registerCommands } from "./commands";

export function activate(context: vscode.ExtensionContext): void {
  const started = performance.now();
  const app = new App(context);
  context.subscriptions.push(app, registerCommands(app.handlers, app.log));
  app.log.info(`activated in ${(performance.now() - started).toFixed(1)} ms`);
}
