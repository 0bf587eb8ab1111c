import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { ServerRequests } from "@midtrain/protocol/language-server";
import type { Engine } from "./engine";

type LongMethod = {
  [M in keyof ServerRequests]: ServerRequests[M]["params"] extends { readonly workDoneToken?: string | number }
    ? "workDoneToken" extends keyof ServerRequests[M]["params"]
      ? M
      : never
    : never;
}[keyof ServerRequests];

/** A view that can say what is being done in it. */
export interface WorkView {
  readonly id: string;
  /** Short name for the context key `midtrain.working`. */
  readonly key: "corpus" | "runs";
  say(message: string | undefined): void;
}

/**
 * Long work, one at a time: shown in its view (message and progress bar) with a cancel action in the view's
 * title, and in the status bar; no notification.
 */
export class LongWork {
  private current: vscode.CancellationTokenSource | undefined;

  constructor(private readonly engine: Engine) {}

  get isBusy(): boolean {
    return this.current !== undefined;
  }

  cancel(): void {
    this.current?.cancel();
  }

  async request<M extends LongMethod>(
    view: WorkView,
    title: string,
    method: M,
    params: ServerRequests[M]["params"],
  ): Promise<ServerRequests[M]["result"]> {
    if (this.current)
      throw new MidtrainError({
        reason: "busy",
        message: "Midtrain is still working on the last action.",
        next: "Wait for it, or cancel it in the view.",
      });
    const source = (this.current = new vscode.CancellationTokenSource());
    await vscode.commands.executeCommand("setContext", "midtrain.working", view.key);
    view.say(`${title} …`);
    const work = this.send(view, title, method, params, source.token);
    void vscode.window.withProgress({ location: { viewId: view.id } }, () => settled(work));
    void vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: `Midtrain: ${title}` }, () => settled(work));
    try {
      return await work;
    } finally {
      view.say(undefined);
      source.dispose();
      this.current = undefined;
      await vscode.commands.executeCommand("setContext", "midtrain.working", undefined);
    }
  }

  private async send<M extends LongMethod>(
    view: WorkView,
    title: string,
    method: M,
    params: ServerRequests[M]["params"],
    token: vscode.CancellationToken,
  ): Promise<ServerRequests[M]["result"]> {
    const workDoneToken = randomUUID();
    const routed = await this.engine.onProgress(workDoneToken, ({ message }) => view.say(`${title}: ${message}`));
    try {
      return await this.engine.request(method, { ...params, workDoneToken }, token);
    } finally {
      routed.dispose();
    }
  }
}

async function settled(work: Promise<unknown>): Promise<void> {
  await work.then(
    () => undefined,
    () => undefined,
  );
}
