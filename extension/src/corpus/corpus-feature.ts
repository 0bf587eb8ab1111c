/** The corpus in the editor: its view, how stale it is, its report, and the actions that change what belongs to it. */
import { join, sep } from "node:path";
import * as vscode from "vscode";
import type { CorpusChange, CorpusRemedy, FileExplanation, FindingPlace } from "@midtrain/protocol/corpus-view";
import type { CorpusView } from "@midtrain/protocol/language-server";
import { MidtrainError } from "@midtrain/protocol/errors";
import { plural } from "@midtrain/protocol/words";
import type { Engine } from "../client/engine";
import type { LongWork, WorkView } from "../client/long-work";
import type { CommandName, Handlers } from "../commands";
import { viewIds } from "../contributions";
import { CorpusPanel } from "../panels/corpus-panel";
import type { Log } from "../platform/log";
import { openAt } from "../platform/open";
import { chooseFolder, foldersOnDisk, requireTrust, setting } from "../platform/workspace";
import { changeConfiguration } from "./configuration-edits";
import { CorpusFreshness } from "./corpus-freshness";
import { stalenessWords, type CorpusNode, type CorpusTarget } from "./corpus-nodes";
import { askAllowance, askClass, askLanguage } from "./corpus-prompts";
import { fileTarget, pathIn, type FileTarget } from "./corpus-targets";
import { CorpusTree } from "./corpus-tree";
import { showExplanation } from "./explain-file";
import { findingsOf, reviewRedactions } from "./redaction-review";

/** A save is often followed by another. */
const harvestAfterSave = 3000;

type CorpusCommand = Extract<
  CommandName,
  | "midtrain.harvest"
  | "midtrain.openCorpusFile"
  | "midtrain.explainFile"
  | "midtrain.includeInCorpus"
  | "midtrain.excludeFromCorpus"
  | "midtrain.allowFinding"
  | "midtrain.setClass"
  | "midtrain.setLanguage"
  | "midtrain.openDuplicate"
  | "midtrain.reviewRedactions"
  | "midtrain.openCorpusReport"
  | "midtrain.checkCorpus"
  | "midtrain.showMoreOfCorpus"
>;

/** Message and description of a view can be taken away again; the declaration of the API does not say so. */
type CorpusTreeView = Omit<vscode.TreeView<CorpusNode>, "message" | "description"> & {
  message?: string | undefined;
  description?: string | undefined;
};

export class CorpusFeature implements vscode.Disposable {
  private readonly tree: CorpusTree;
  private readonly view: CorpusTreeView;
  private readonly freshness: CorpusFreshness;
  private readonly panel: CorpusPanel;
  private readonly disposables: vscode.Disposable[] = [];
  /** Says what long work does; while there is none, how stale the corpus is. */
  readonly workView: WorkView;
  private working: string | undefined;
  private stale: string | undefined;
  private saveTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly work: LongWork,
    private readonly log: Log,
    extensionUri: vscode.Uri,
  ) {
    this.tree = new CorpusTree(engine);
    this.view = vscode.window.createTreeView(viewIds.corpus, { treeDataProvider: this.tree, showCollapseAll: true });
    this.freshness = new CorpusFreshness(engine, log);
    this.panel = new CorpusPanel(engine, log, extensionUri);
    this.workView = {
      id: viewIds.corpus,
      key: "corpus",
      say: (message) => {
        this.working = message;
        this.sayState();
      },
    };
    this.disposables.push(
      this.view,
      this.freshness,
      this.panel,
      this.freshness.onDidChange((staleness) => {
        this.stale = stalenessWords(staleness);
        this.sayState();
      }),
      vscode.workspace.onDidSaveTextDocument((document) => this.saved(document)),
    );
  }

  private sayState(): void {
    this.view.message = this.working ?? this.stale;
    const repository = this.tree.view?.manifest.repository;
    if (!repository) {
      this.view.description = undefined;
      return;
    }
    const at = repository.head === undefined ? "" : [repository.branch, repository.head.slice(0, 7)].filter(Boolean).join(" @ ");
    this.view.description = [at, this.stale === undefined ? vscode.l10n.t("up to date") : vscode.l10n.t("stale")]
      .filter(Boolean)
      .join(" · ");
  }

  /** Shows the newest corpus of the folder in view, else of the first folder. */
  async refresh(): Promise<void> {
    const folders = foldersOnDisk().map((folder) => folder.uri.fsPath);
    const directory = folders.find((folder) => folder === this.tree.directory) ?? folders[0];
    const view = directory === undefined ? null : await this.engine.request("midtrain/corpus", { directory });
    this.show(view ?? undefined, directory ?? "");
  }

  private show(view: CorpusView | undefined, directory: string): void {
    this.stale = undefined;
    void vscode.commands.executeCommand("setContext", "midtrain.harvested", view !== undefined);
    this.tree.show(view, directory);
    this.freshness.watch(view && directory);
    this.panel.refresh();
    this.sayState();
  }

  restorePanel(panel: vscode.WebviewPanel): void {
    const [folder] = foldersOnDisk();
    if (folder === undefined) panel.dispose();
    else this.panel.attach(panel, folder.uri.fsPath);
  }

  private async harvest(directory: string): Promise<void> {
    const view = await this.work.request(this.workView, vscode.l10n.t("Harvesting"), "midtrain/harvest", { directory });
    this.show(view, directory);
  }

  private saved({ uri }: vscode.TextDocument): void {
    const directory = this.tree.directory;
    if (directory === undefined || uri.scheme !== "file" || !uri.fsPath.startsWith(directory + sep)) return;
    if (!vscode.workspace.isTrusted || !setting("midtrain.corpus.harvestOnSave", uri)) return;
    clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => {
      if (this.work.isBusy) return this.saved({ uri } as vscode.TextDocument);
      this.harvest(directory).catch((error: unknown) => this.log.error("harvesting after a save", error));
    }, harvestAfterSave);
  }

  readonly handlers: Pick<Handlers, CorpusCommand> = {
    "midtrain.harvest": async () => {
      requireTrust();
      const folder = await chooseFolder();
      await vscode.commands.executeCommand(`${viewIds.corpus}.focus`);
      await this.harvest(folder.uri.fsPath);
    },
    "midtrain.openCorpusFile": (path, line) => this.open(path, line ?? 0),
    "midtrain.explainFile": async (target) => {
      requireTrust();
      const file = await fileTarget(target, this.tree.directory);
      await this.explain(file, await this.explanationOf(file));
    },
    "midtrain.includeInCorpus": async (target) => {
      if (target && "kind" in target && target.context === "rule") return this.switchOff(target);
      const file = await this.changeable(target);
      if (file.isDirectory) return this.change(file.directory, { kind: "include", path: pathIn(file) });
      const explanation = await this.explanationOf(file);
      const remedy = explanation.remedies.find((each) => each.do === "include" || each.do === "raise-limit");
      if (remedy) return this.remedy(file, explanation, remedy);
      await this.explain(file, explanation);
    },
    "midtrain.excludeFromCorpus": async (target) => {
      const file = await this.changeable(target);
      await this.change(file.directory, { kind: "exclude", path: pathIn(file) });
    },
    "midtrain.allowFinding": async (target) => {
      if (!("kind" in target) || target.kind !== "entry" || target.entry.kind !== "redaction") return;
      await this.allow(target.entry);
    },
    "midtrain.setClass": async (target) => this.setClass(await this.changeable(target)),
    "midtrain.setLanguage": async (target) => {
      const file = await this.changeable(target);
      const own = Object.keys(this.tree.view?.manifest.byLanguage ?? {});
      await this.changeIfChosen(file.directory, await askLanguage(pathIn(file), own));
    },
    "midtrain.openDuplicate": async (target) => {
      if (!("kind" in target) || target.kind !== "entry" || target.entry.kind !== "duplicate") return;
      await this.compare(this.directory(), target.entry.survivor, target.entry.path);
    },
    "midtrain.reviewRedactions": async () => {
      const directory = this.directory();
      const findings = await findingsOf(this.engine, directory);
      await this.review(findings, vscode.l10n.t("Redacted: {0}", plural(findings.length, "finding")));
    },
    "midtrain.openCorpusReport": () => this.panel.open(this.directory()),
    "midtrain.checkCorpus": async () => {
      requireTrust();
      const directory = this.directory();
      await this.work.request(this.workView, vscode.l10n.t("Checking the corpus"), "midtrain/checkCorpus", { directory });
      this.panel.open(directory);
    },
    "midtrain.showMoreOfCorpus": (target) => ("kind" in target ? this.tree.more(target) : undefined),
  };

  /** A whole rule: where its files could be included one by one, it can be switched off. */
  private async switchOff(node: CorpusNode): Promise<void> {
    requireTrust();
    if (node.kind !== "list") return;
    const directory = this.directory();
    const { entries } = await this.engine.request("midtrain/corpusPage", { directory, list: node.list, under: "", offset: 0, flat: true });
    const [first] = entries;
    if (!first) return;
    const file = { directory, file: join(directory, first.path), isDirectory: false };
    const explanation = await this.explanationOf(file);
    const remedy = explanation.remedies.find((each) => each.do === "rule-off");
    if (remedy) return this.remedy(file, explanation, remedy);
    await this.explain(file, explanation);
  }

  private directory(): string {
    const { directory } = this.tree;
    if (directory === undefined || this.tree.view === undefined)
      throw new MidtrainError({ reason: "input", message: "Nothing has been harvested here yet.", next: "Run Midtrain: Harvest Corpus." });
    return directory;
  }

  private changeable(target: CorpusTarget | undefined): Promise<FileTarget> {
    requireTrust();
    return fileTarget(target, this.tree.directory);
  }

  private explanationOf({ directory, file }: FileTarget): Promise<FileExplanation> {
    return this.engine.request("midtrain/explainFile", { directory, file });
  }

  private change(directory: string, change: CorpusChange): Promise<void> {
    requireTrust();
    return changeConfiguration(this.engine, directory, change);
  }

  private async explain(file: FileTarget, explanation: FileExplanation): Promise<void> {
    const action = await showExplanation(explanation);
    if (!action) return;
    if (action.do === "remedy") return this.remedy(file, explanation, action.remedy);
    if (action.do === "set-class") return this.setClass(file);
    if (action.do === "compare" && explanation.state === "duplicate")
      return this.compare(file.directory, explanation.survivor, explanation.path);
    if (explanation.state === "kept") await this.review(explanation.findings, explanation.path);
  }

  private async remedy(file: FileTarget, { path }: FileExplanation, remedy: CorpusRemedy): Promise<void> {
    const { directory } = file;
    switch (remedy.do) {
      case "include":
      case "exclude":
        return this.change(directory, { kind: remedy.do, path });
      case "rule-off":
        return this.change(directory, { kind: "rule-off", rule: remedy.rule });
      case "raise-limit":
        return this.change(directory, { kind: "limit", bytes: remedy.bytes });
      case "harvest":
        return void (await vscode.commands.executeCommand("midtrain.harvest"));
      case "configuration":
        return void (await vscode.commands.executeCommand("midtrain.openConfiguration"));
    }
  }

  private async open(path: string, line: number): Promise<void> {
    const directory = this.tree.directory ?? foldersOnDisk()[0]?.uri.fsPath;
    if (/(^|\/)\.git\//.test(path)) {
      void vscode.window.showInformationMessage(vscode.l10n.t("This text was taken from the history; no file holds it. git log shows it."));
      return;
    }
    if (directory !== undefined) await openAt(vscode.Uri.joinPath(vscode.Uri.file(directory), path), line);
  }

  private async compare(directory: string, survivor: string, duplicate: string): Promise<void> {
    const uri = (path: string): vscode.Uri => vscode.Uri.joinPath(vscode.Uri.file(directory), path);
    const title = vscode.l10n.t("{0} (kept) ↔ {1} (left out)", survivor, duplicate);
    await vscode.commands.executeCommand("vscode.diff", uri(survivor), uri(duplicate), title);
  }

  private async review(findings: readonly FindingPlace[], title: string): Promise<void> {
    const allowed = await reviewRedactions(findings, title, ({ path, line }) => this.open(path, line - 1));
    if (allowed) await this.allow(allowed);
  }

  private async allow(finding: FindingPlace): Promise<void> {
    await this.changeIfChosen(this.directory(), await askAllowance(finding));
  }

  private async setClass(file: FileTarget): Promise<void> {
    await this.changeIfChosen(file.directory, await askClass(pathIn(file)));
  }

  private async changeIfChosen(directory: string, change: CorpusChange | undefined): Promise<void> {
    if (change) await this.change(directory, change);
  }

  dispose(): void {
    clearTimeout(this.saveTimer);
    for (const disposable of this.disposables.reverse()) disposable.dispose();
  }
}
