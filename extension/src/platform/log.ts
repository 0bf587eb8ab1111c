import * as vscode from "vscode";

export type Log = Pick<vscode.LogOutputChannel, "trace" | "debug" | "info" | "warn" | "show" | "dispose"> & {
  error(message: string, error?: unknown): void;
  readonly channel: vscode.LogOutputChannel;
};

/** One log channel for the extension; the language server writes to its own beside it. */
export function createLog(): Log {
  const channel = vscode.window.createOutputChannel("Midtrain", { log: true });
  return {
    channel,
    trace: channel.trace.bind(channel),
    debug: channel.debug.bind(channel),
    info: channel.info.bind(channel),
    warn: channel.warn.bind(channel),
    show: channel.show.bind(channel),
    dispose: channel.dispose.bind(channel),
    error: (message, error) => channel.error(error instanceof Error ? `${message}: ${error.stack ?? error.message}` : message),
  };
}
