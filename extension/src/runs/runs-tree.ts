/** The Runs view: live state, step, speed, time left, last verdicts (UX "Side bar"). */
import * as vscode from "vscode";
import { bucketNames } from "@midtrain/protocol/measures";
import type { RunSummary } from "@midtrain/protocol/run-view";
import { count, duration, resourcesText, significant } from "@midtrain/protocol/words";
import type { RunArgument } from "../commands";

export type RunNode =
  | (RunArgument & { readonly kind: "run"; readonly run: RunSummary })
  | { readonly kind: "line"; readonly text: string; readonly icon?: string };

const liveStates = new Set(["queued", "preparing", "running", "stopping"]);
const resumableStates = new Set(["paused", "lost", "failed"]);

export function isLive(run: RunSummary): boolean {
  return liveStates.has(run.status.state);
}

export function isResumable(run: RunSummary): boolean {
  return resumableStates.has(run.status.state);
}

/** Pure: one line of figures of a run. */
function runDescription({ status }: RunSummary): string {
  if (status.state === "running" && status.steps > 0) {
    const parts = [`step ${count(status.step)}/${count(status.steps)}`];
    if (status.tokensPerSecond !== undefined) parts.push(`${count(status.tokensPerSecond)} tok/s`);
    if (status.secondsLeft !== undefined) parts.push(`${duration(status.secondsLeft)} left`);
    return parts.join(" · ");
  }
  if (isLiveState(status.state)) return status.message ?? status.phase;
  if (status.state === "finished") {
    const chosen =
      status.selected === undefined
        ? ""
        : status.selected.step === 0
          ? "the base is kept"
          : `selected step ${count(status.selected.step)} of ${count(status.steps)}`;
    return [chosen, status.stopReason?.text].filter(Boolean).join(" · ");
  }
  return [status.state, status.message ?? status.stopReason?.text].filter(Boolean).join(" · ");
}

/** Pure: markdown. */
function tooltipLines(run: RunSummary): readonly string[] {
  const { resources } = run.status;
  const uses = isLive(run) && resources !== undefined ? [resourcesText(resources)] : [];
  return [`**${run.run}**`, run.headline, runDescription(run), ...uses];
}

function isLiveState(state: string): boolean {
  return liveStates.has(state);
}

/** Pure: verdict lines below a run. */
function verdictLines(run: RunSummary): readonly RunNode[] {
  return bucketNames.flatMap((bucket): readonly RunNode[] => {
    const verdict = run.verdicts[bucket];
    if (!verdict) return [];
    const icon = { GREEN: "pass", AMBER: "warning", RED: "error", UNINFORMATIVE: "question" }[verdict.verdict];
    return [{ kind: "line", text: `${bucket}  ${verdict.word}  ${verdict.text}`, icon }];
  });
}

export class RunsTree implements vscode.TreeDataProvider<RunNode> {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private runs: readonly RunSummary[] = [];

  show(runs: readonly RunSummary[]): void {
    this.runs = runs;
    this.changed.fire();
  }

  getChildren(node?: RunNode): RunNode[] {
    if (!node) return this.runs.map((run) => ({ kind: "run", run, runDirectory: run.directory }));
    if (node.kind === "line") return [];
    return [{ kind: "line", text: node.run.headline }, ...verdictLines(node.run)];
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    if (node.kind === "line") {
      const line = new vscode.TreeItem(node.text);
      if (node.icon) line.iconPath = new vscode.ThemeIcon(node.icon, new vscode.ThemeColor(iconColours[node.icon] ?? "foreground"));
      line.tooltip = node.text;
      return line;
    }
    const { run } = node;
    const item = new vscode.TreeItem(
      run.run,
      isLive(run) ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
    );
    item.id = run.run;
    item.description = runDescription(run);
    item.tooltip = new vscode.MarkdownString(tooltipLines(run).join("  \n"));
    item.iconPath = runIcon(run);
    item.contextValue = `run ${isLive(run) ? "live" : ""} ${isResumable(run) ? "resumable" : ""}`.trim();
    item.command = { command: "midtrain.openGates", title: vscode.l10n.t("Open Gates"), arguments: [{ runDirectory: run.directory }] };
    item.accessibilityInformation = { label: `Run ${run.run}, ${run.status.state}. ${run.headline}` };
    return item;
  }
}

const iconColours: Readonly<Record<string, string>> = {
  pass: "testing.iconPassed",
  warning: "list.warningForeground",
  error: "list.errorForeground",
};

function runIcon(run: RunSummary): vscode.ThemeIcon {
  if (isLive(run)) return new vscode.ThemeIcon("loading~spin");
  if (run.status.state === "failed" || run.status.state === "lost")
    return new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground"));
  if (run.status.state === "paused") return new vscode.ThemeIcon("debug-pause");
  if (run.status.stopReason?.family === "harm" || run.status.selected?.step === 0)
    return new vscode.ThemeIcon("circle-slash", new vscode.ThemeColor("list.warningForeground"));
  return new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed"));
}

/** Status-bar item, only while a run lives. */
export class RunStatusItem implements vscode.Disposable {
  private item: vscode.StatusBarItem | undefined;

  show(runs: readonly RunSummary[]): void {
    const live = runs.find(isLive);
    if (!live) {
      this.dispose();
      return;
    }
    this.item ??= vscode.window.createStatusBarItem("midtrain.run", vscode.StatusBarAlignment.Left, 10);
    this.item.name = "Midtrain run";
    const { status } = live;
    this.item.text = `$(loading~spin) Midtrain ${status.steps > 0 ? `${significant((100 * status.step) / status.steps)} %` : status.phase}`;
    this.item.tooltip = `${live.run}: ${runDescription(live)}`;
    this.item.command = { command: "midtrain.openGates", title: "Open Gates", arguments: [{ runDirectory: live.directory }] };
    this.item.show();
  }

  dispose(): void {
    this.item?.dispose();
    this.item = undefined;
  }
}
