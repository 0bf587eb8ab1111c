/** Hand-made composition: what the extension consists of and how it is joined. No policy, no work on code text. */
import { join } from "node:path";
import * as vscode from "vscode";
import { MidtrainError } from "@midtrain/protocol/errors";
import type { RunSummary } from "@midtrain/protocol/run-view";
import { createEngine, type Engine } from "./client/engine";
import { LongWork, type WorkView } from "./client/long-work";
import type { Handlers, RunArgument } from "./commands";
import { panelTypes, viewIds } from "./contributions";
import { CorpusFeature } from "./corpus/corpus-feature";
import { NamesFeature } from "./fragmentation/names-feature";
import { GatesTree } from "./gates/gates-tree";
import { parsePanelState } from "./panels/panel-host";
import { isLocal, ReportPanels } from "./panels/report-panel";
import { RunPanels } from "./panels/run-panel";
import { createLog, type Log } from "./platform/log";
import { openAt } from "./platform/open";
import { chooseFolder, foldersOnDisk, requireTrust } from "./platform/workspace";
import { EnvironmentFeature } from "./training/environment-feature";
import { isLive, isResumable, RunsTree, RunStatusItem, type RunNode } from "./runs/runs-tree";

export class App implements vscode.Disposable {
  readonly log: Log = createLog();
  private readonly engine: Engine;
  private readonly work: LongWork;
  private readonly corpus: CorpusFeature;
  private readonly runsTree = new RunsTree();
  private readonly gatesTree = new GatesTree();
  private readonly runStatus = new RunStatusItem();
  private readonly runPanels: RunPanels;
  private readonly reports = new ReportPanels();
  private readonly names: NamesFeature;
  private readonly environment: EnvironmentFeature;
  private readonly runsView: WorkView;
  private readonly disposables: vscode.Disposable[] = [];
  private runs: readonly RunSummary[] = [];

  constructor(context: vscode.ExtensionContext) {
    this.engine = createEngine(context, this.log);
    this.work = new LongWork(this.engine);
    this.runPanels = new RunPanels(this.engine, this.log, context.extensionUri);
    this.corpus = new CorpusFeature(this.engine, this.work, this.log, context.extensionUri);
    this.names = new NamesFeature(this.engine, this.work, this.corpus.workView, this.log, context.extensionUri);
    const runs = vscode.window.createTreeView<RunNode>(viewIds.runs, { treeDataProvider: this.runsTree });
    const gates = vscode.window.createTreeView(viewIds.gates, { treeDataProvider: this.gatesTree });
    this.runsView = workView(runs, viewIds.runs, "runs");
    this.environment = new EnvironmentFeature(this.engine, this.work, this.runsView);
    this.disposables.push(this.corpus, runs, gates, this.runStatus, this.runPanels, this.reports, this.names, this.engine, this.log);
    this.watch();
    this.restorePanels();
  }

  private watch(): void {
    this.disposables.push(
      this.engine.onNotification("midtrain/runsChanged", () => this.later(this.refreshRuns())),
      this.engine.onNotification("midtrain/corpusChanged", () => this.later(this.corpus.refresh())),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.later(this.refresh())),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.engine.notify("midtrain/trustGranted", {});
        this.later(this.refresh());
      }),
    );
    this.later(this.refresh());
  }

  private restorePanels(): void {
    this.disposables.push(
      vscode.window.registerWebviewPanelSerializer(panelTypes.run, {
        deserializeWebviewPanel: async (panel, state) => {
          const run = this.runDirectoryOf(parsePanelState(state)?.run);
          if (run === undefined) panel.dispose();
          else this.runPanels.attach(panel, run);
        },
      }),
      vscode.window.registerWebviewPanelSerializer(panelTypes.fragmentation, {
        deserializeWebviewPanel: async (panel) => this.names.restorePanel(panel),
      }),
      vscode.window.registerWebviewPanelSerializer(panelTypes.corpus, {
        deserializeWebviewPanel: async (panel) => this.corpus.restorePanel(panel),
      }),
    );
  }

  /** A panel keeps the directory of its run; only directories of runs below an open folder are accepted back. */
  private runDirectoryOf(kept: string | undefined): string | undefined {
    if (kept === undefined) return undefined;
    const folders = foldersOnDisk().map((folder) => join(folder.uri.fsPath, "/"));
    return folders.some((folder) => kept.startsWith(folder)) ? kept : undefined;
  }

  private later(work: Promise<void>): void {
    work.catch((error: unknown) => this.log.error("refreshing the views", error));
  }

  private async refresh(): Promise<void> {
    await this.refreshRuns();
    await this.corpus.refresh();
  }

  private async refreshRuns(): Promise<void> {
    const lists = await Promise.all(
      foldersOnDisk().map((folder) => this.engine.request("midtrain/runs", { directory: folder.uri.fsPath })),
    );
    this.runs = lists.flat();
    this.runsTree.show(this.runs);
    this.runStatus.show(this.runs);
    this.runPanels.refresh();
    const focus = this.runs.find(isLive) ?? this.runs[0];
    this.gatesTree.show(focus && (await this.engine.request("midtrain/runView", { runDirectory: focus.directory })));
  }

  /** The run that an action works on: the one clicked, the only fitting one, or the one that the user picks. */
  private async chooseRun(argument: RunArgument | undefined, fits: (run: RunSummary) => boolean, none: string): Promise<RunArgument> {
    if (argument?.runDirectory !== undefined) return { runDirectory: argument.runDirectory };
    const candidates = this.runs.filter(fits);
    const [only] = candidates;
    if (only === undefined)
      throw new MidtrainError({ reason: "input", message: none, next: "Start one with Midtrain: Adapt This Repository." });
    if (candidates.length === 1) return { runDirectory: only.directory };
    const picked = await vscode.window.showQuickPick(
      candidates.map((run) => ({ label: run.run, description: run.headline, runDirectory: run.directory })),
      { placeHolder: vscode.l10n.t("Run") },
    );
    if (picked === undefined) throw new vscode.CancellationError();
    return picked;
  }

  private async startRun(): Promise<string> {
    requireTrust();
    const folder = await chooseFolder();
    await vscode.commands.executeCommand(`${viewIds.runs}.focus`);
    const started = await this.work.request(this.runsView, vscode.l10n.t("Preparing the run"), "midtrain/startRun", {
      directory: folder.uri.fsPath,
    });
    await this.refresh();
    return started.directory;
  }

  get handlers(): Handlers {
    return { ...this.corpus.handlers, ...this.names.handlers, ...this.environment.handlers, ...this.ownHandlers() };
  }

  private ownHandlers(): Omit<
    Handlers,
    keyof CorpusFeature["handlers"] | keyof NamesFeature["handlers"] | keyof EnvironmentFeature["handlers"]
  > {
    return {
      "midtrain.adapt": async () => this.runPanels.open(await this.startRun()),
      "midtrain.startRun": async () => void (await this.startRun()),
      "midtrain.cancelWork": () => this.work.cancel(),
      "midtrain.stopRun": async (argument) => {
        const { runDirectory } = await this.chooseRun(argument, isLive, "No run is going on.");
        await this.engine.request("midtrain/stopRun", { runDirectory });
      },
      "midtrain.resumeRun": async (argument) => {
        requireTrust();
        const { runDirectory } = await this.chooseRun(argument, isResumable, "No run waits to be resumed.");
        await this.engine.request("midtrain/resumeRun", { runDirectory });
        await this.refreshRuns();
      },
      "midtrain.openGates": async (argument) =>
        this.runPanels.open((await this.chooseRun(argument ?? this.liveRun(), () => true, "There is no run yet.")).runDirectory),
      "midtrain.openRunReport": async (argument) => {
        const { runDirectory } = await this.chooseRun(argument, () => true, "There is no run yet.");
        const { file } = await this.engine.request("midtrain/report", { runDirectory });
        await this.reports.open(file);
      },
      "midtrain.revealRun": async ({ runDirectory }) =>
        void (await vscode.commands.executeCommand(isLocal() ? "revealFileInOS" : "revealInExplorer", vscode.Uri.file(runDirectory))),
      "midtrain.openConfiguration": async () => this.openConfiguration(),
      "midtrain.showLog": () => this.log.show(),
      "midtrain.openEvaluation": async (runDirectory, branch, step) =>
        openAt(vscode.Uri.file(join(runDirectory, "evaluations", `${branch}-${step}.json`)), 0),
    };
  }

  private liveRun(): RunArgument | undefined {
    const live = this.runs.find(isLive);
    return live && { runDirectory: live.directory };
  }

  /** Opens midtrain.jsonc; makes one that only names its schema's keys in comments when there is none. */
  private async openConfiguration(): Promise<void> {
    const folder = await chooseFolder();
    const uri = vscode.Uri.joinPath(folder.uri, "midtrain.jsonc");
    const exists = await vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (exists) return openAt(uri, 0);
    const untitled = await vscode.workspace.openTextDocument(uri.with({ scheme: "untitled" }));
    const editor = await vscode.window.showTextDocument(untitled);
    await editor.edit((edit) =>
      edit.insert(
        new vscode.Position(0, 0),
        '{\n  // careful, normal or bold; every other key overrides what the dial derives\n  "risk": "normal"\n}\n',
      ),
    );
  }

  dispose(): void {
    for (const disposable of this.disposables.reverse()) disposable.dispose();
  }
}

function workView(view: { message?: string | undefined }, id: string, key: WorkView["key"]): WorkView {
  return {
    id,
    key,
    say: (message) => {
      view.message = message;
    },
  };
}
