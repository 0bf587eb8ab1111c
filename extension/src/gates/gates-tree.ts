/** The Gates view: the last evaluation of the run in focus, one row a bucket (UX "Side bar"). */
import * as vscode from "vscode";
import { bucketNames, verdictWord, type BucketFigures, type BucketName, type Verdict } from "@midtrain/protocol/measures";
import type { EvaluationPoint, RunView } from "@midtrain/protocol/run-view";
import { changeText } from "@midtrain/protocol/words";

export interface GateNode {
  readonly label: string;
  readonly description: string;
  readonly verdict?: Verdict;
  readonly evaluation?: { readonly runDirectory: string; readonly branch: number; readonly step: number };
  readonly children?: readonly GateNode[];
}

const icons: Readonly<Record<Verdict, readonly [string, string]>> = {
  GREEN: ["pass", "testing.iconPassed"],
  AMBER: ["warning", "list.warningForeground"],
  RED: ["error", "list.errorForeground"],
  UNINFORMATIVE: ["question", "descriptionForeground"],
};

/** Pure: the rows for a run. */
function gateNodes(view: RunView): readonly GateNode[] {
  const last = view.evaluations[view.evaluations.length - 1];
  if (!last) return [{ label: view.headline, description: "" }];
  return bucketNames.map((bucket) => bucketNode(bucket, last.buckets[bucket], view.document.directory, last));
}

function bucketNode(bucket: BucketName, figures: BucketFigures, runDirectory: string, point: EvaluationPoint): GateNode {
  const evaluation = { runDirectory, branch: point.branch, step: point.step };
  return {
    label: bucket,
    description: `${verdictWord(bucket, figures)}  ${changeText(figures)} ${figures.unit}`,
    verdict: figures.verdict,
    evaluation,
    children: figures.suites.map((suite) => ({
      label: suite.suite,
      description: `${verdictWord(bucket, suite)}  ${changeText(suite)} ${suite.unit}`,
      verdict: suite.verdict,
      evaluation,
    })),
  };
}

export class GatesTree implements vscode.TreeDataProvider<GateNode> {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private view: RunView | undefined;

  show(view: RunView | undefined): void {
    this.view = view;
    this.changed.fire();
  }

  getChildren(node?: GateNode): GateNode[] {
    if (node) return [...(node.children ?? [])];
    return this.view ? [...gateNodes(this.view)] : [];
  }

  getTreeItem(node: GateNode): vscode.TreeItem {
    const item = new vscode.TreeItem(
      node.label,
      node.children && node.children.length > 1 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
    );
    item.description = node.description;
    item.tooltip = `${node.label}: ${node.description}`;
    if (node.verdict) item.iconPath = new vscode.ThemeIcon(icons[node.verdict][0], new vscode.ThemeColor(icons[node.verdict][1]));
    const { evaluation } = node;
    if (evaluation)
      item.command = {
        command: "midtrain.openEvaluation",
        title: vscode.l10n.t("Open the items"),
        arguments: [evaluation.runDirectory, evaluation.branch, evaluation.step],
      };
    return item;
  }
}
