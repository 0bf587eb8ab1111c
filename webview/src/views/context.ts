/** What a section of the run view gets: the data, the room it has, and what it may do. */
import type { RunView } from "@midtrain/protocol/run-view";
import type { PanelToHost } from "@midtrain/protocol/panel";
import type { ChartState } from "../ui/panel-controller";

export interface RunContext extends ChartState {
  readonly run: RunView;
  readonly standalone: boolean;
  readonly send: (message: PanelToHost) => void;
  readonly copy: (text: string) => void;
  /** Step that the curves read, by chart. */
  readonly stepAt: (chart: string) => number | undefined;
  readonly readStep: (chart: string, step: number | undefined) => void;
}

export function openItems(context: RunContext): (point: { readonly branch: number; readonly step: number }) => void {
  return (point) => context.send({ type: "open-items", run: context.run.status.run, branch: point.branch, step: point.step });
}

/** From this width on, two columns stand side by side. */
export const twoColumns = 860;
