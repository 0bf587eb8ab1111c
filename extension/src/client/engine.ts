/** The language server: started on first use, restarted by the client library when it dies, asked by typed requests. */
import { existsSync } from "node:fs";
import * as vscode from "vscode";
import {
  LanguageClient,
  State,
  TransportKind,
  WorkDoneProgress,
  type WorkDoneProgressBegin,
  type WorkDoneProgressReport,
} from "vscode-languageclient/node";
import { MidtrainError, type ErrorReason } from "@midtrain/protocol/errors";
import type { ClientNotifications, ServerNotifications, ServerRequests } from "@midtrain/protocol/language-server";
import type { Log } from "../platform/log";

/** What the views and panels need of the engine. */
export interface Engine extends vscode.Disposable {
  /** Asks the server; starts it when needed. Errors come back as MidtrainError with their next step. */
  request<M extends keyof ServerRequests>(
    method: M,
    params: ServerRequests[M]["params"],
    token?: vscode.CancellationToken,
  ): Promise<ServerRequests[M]["result"]>;
  onNotification<M extends keyof ServerNotifications>(method: M, listener: (params: ServerNotifications[M]) => void): vscode.Disposable;
  /** Work-done progress that the server reports under a token handed out with a request. */
  onProgress(token: string, listener: (progress: WorkProgress) => void): Promise<vscode.Disposable>;
  /** Tells a running server; a later one learns it at its start. */
  notify<M extends keyof ClientNotifications>(method: M, params: ClientNotifications[M]): void;
}

export interface WorkProgress {
  readonly message: string;
}

/** The error data that the server attaches to a failed request. */
interface ErrorData {
  readonly reason: ErrorReason;
  readonly where?: string;
  readonly next?: string;
}

export function createEngine(context: vscode.ExtensionContext, log: Log): Engine {
  const module = context.asAbsolutePath("dist/lsp.js");
  const listeners = new Map<string, Set<(params: unknown) => void>>();
  let starting: Promise<LanguageClient> | undefined;
  let client: LanguageClient | undefined;

  const launch = async (): Promise<LanguageClient> => {
    if (!existsSync(module))
      throw new MidtrainError({
        reason: "environment",
        message: "The language server is missing from this installation.",
        next: "Install the extension again.",
      });
    client = languageClient(module, vscode.Uri.joinPath(context.extensionUri, "media", "help", "names.md"));
    client.onDidChangeState((change) => log.debug(`language server: ${State[change.oldState]} -> ${State[change.newState]}`));
    for (const [method, set] of listeners) client.onNotification(method, (params: unknown) => set.forEach((listener) => listener(params)));
    await client.start();
    return client;
  };
  const running = (): Promise<LanguageClient> => {
    starting ??= launch().catch((error: unknown) => {
      starting = undefined;
      throw error;
    });
    return starting;
  };
  return {
    notify: (method, params) => void client?.sendNotification(method, params).catch((error: unknown) => log.error(method, error)),
    request: async (method, params, token) => {
      const started = await running();
      try {
        return await (token ? started.sendRequest(method, params, token) : started.sendRequest(method, params));
      } catch (error) {
        throw asMidtrainError(error);
      }
    },
    onProgress: async (token, listener) => {
      const started = await running();
      return started.onProgress(WorkDoneProgress.type, token, (value) => {
        const { message } = value as WorkDoneProgressBegin | WorkDoneProgressReport;
        if (message !== undefined) listener({ message });
      });
    },
    onNotification: (method, listener) => {
      const set = listeners.get(method) ?? new Set();
      const untyped = listener as (params: unknown) => void;
      set.add(untyped);
      listeners.set(method, set);
      return new vscode.Disposable(() => set.delete(untyped));
    },
    dispose: () => void client?.dispose().catch((error: unknown) => log.error("stopping the language server", error)),
  };
}

/** The client of a server that is not started yet. */
function languageClient(module: string, help: vscode.Uri): LanguageClient {
  return new LanguageClient(
    "midtrain",
    "Midtrain Language Server",
    { run: { module, transport: TransportKind.ipc }, debug: { module, transport: TransportKind.ipc } },
    {
      documentSelector: [{ scheme: "file" }, { scheme: "untitled" }, { scheme: "vscode-notebook-cell" }],
      synchronize: { configurationSection: "midtrain" },
      initializationOptions: { trusted: vscode.workspace.isTrusted, help: help.toString() },
      // The two links of a hover; nothing else that a document says becomes a command.
      markdown: { isTrusted: { enabledCommands: ["midtrain.showInReport", "midtrain.ignoreName"] } },
      outputChannelName: "Midtrain Language Server",
    },
  );
}

function asMidtrainError(error: unknown): unknown {
  const { code, message, data } = error as { code?: number; message?: string; data?: ErrorData };
  // -32800 request cancelled, -32802 server cancelled
  if (code === -32800 || code === -32802 || data?.reason === "cancelled") return new vscode.CancellationError();
  if (data?.reason === undefined) return error;
  return new MidtrainError({
    reason: data.reason,
    message: message ?? "",
    ...(data.where === undefined ? {} : { where: data.where }),
    ...(data.next === undefined ? {} : { next: data.next }),
    cause: error,
  });
}
