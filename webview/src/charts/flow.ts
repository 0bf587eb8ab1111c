/** From seen to kept, as a layered flow: band widths are bytes on disk. */
import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { bytes } from "@midtrain/protocol/words";
import type { FlowNode } from "../model/corpus";
import { nodeWords } from "../model/corpus";
import { leaveReading, rove } from "../ui/roving";
import { layoutFlow, nodeWidth, type PlacedNode } from "./flow-layout";
import { round } from "./geometry";

interface FlowParts {
  readonly nodes: readonly FlowNode[];
  readonly width: number;
  readonly label: string;
  readonly reading: string;
  readonly read: (text: string) => void;
  /** Opens the files behind a node; undefined where nothing can be opened. */
  readonly open: ((node: FlowNode) => void) | undefined;
}

const compactBelow = 560;

export function flowChart(parts: FlowParts): TemplateResult {
  const width = Math.max(240, parts.width);
  const compact = width < compactBelow;
  const labels = compact ? 142 : 190;
  const columns = [0, round((width - labels) * (compact ? 0.42 : 0.45)), width - labels - nodeWidth] as const;
  const layout = layoutFlow(parts.nodes, columns, compact ? 220 : 280);
  const seen = parts.nodes[0]?.bytes ?? 0;
  const height = Math.ceil(layout.height) + 22;
  return html`<svg
      class="chart flow"
      width=${width}
      height=${height}
      viewBox="0 -18 ${width} ${height}"
      role="group"
      aria-label=${parts.label}
      @keydown=${rove}
      @pointerleave=${(event: Event) => leaveReading(event, () => parts.read(""))}
    >
      <g aria-hidden="true">${layout.links.map((link) => svg`<path d=${link.path} class="flow-band ${link.to.tone}" />`)}</g>
      ${layout.nodes.map((placed, index) => nodeMark(parts, placed, seen, index === 0, compact))}
    </svg>
    <p class="reading quiet" data-reading>
      ${parts.reading || (parts.open ? "Bands are bytes on disk. A band opens its files." : "Bands are bytes on disk.")}
    </p>`;
}

function nodeMark(parts: FlowParts, placed: PlacedNode, seen: number, first: boolean, compact: boolean): SVGTemplateResult {
  const { node, x, y, height } = placed;
  const words = nodeWords(node, seen);
  const read = (): void => parts.read(`${words}.`);
  const opens = node.list !== undefined && parts.open !== undefined;
  const middle = round(y + height / 2 + 4);
  const label =
    node.column === 0
      ? svg`<text x=${x} y=${round(y) - 6}>${node.label} ${bytes(node.bytes)}</text>`
      : svg`<text x=${x + nodeWidth + 6} y=${middle}>${node.label}${compact && node.column === 1 ? "" : svg` <tspan class="quiet">${bytes(node.bytes)}</tspan>`}</text>`;
  return svg`<g class="flow-node ${node.tone} ${opens ? "opens" : ""}" data-stop data-node=${node.id} tabindex=${first ? "0" : "-1"} role=${opens ? "button" : "img"} aria-label=${words} @focus=${read} @pointerenter=${read} @click=${() => (opens ? parts.open?.(node) : read())}>
    <rect x=${x} y=${round(y)} width=${nodeWidth} height=${round(height)} class="body" />
    <rect x=${x - 3} y=${round(Math.min(y, y + height / 2 - 9))} width=${nodeWidth + 6} height=${round(Math.max(18, height))} class="target" />
    ${label}
  </g>`;
}
