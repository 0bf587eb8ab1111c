/** Directories as rectangles: as large as their tokens, tinted by what names cost of them; the share is written in each. */
import { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { percent } from "@midtrain/protocol/words";
import { areaWords, tintOf, type NameArea } from "../model/name-areas";
import { leaveReading, rove } from "../ui/roving";
import { round } from "./geometry";

interface AreaMapParts {
  readonly areas: readonly NameArea[];
  readonly width: number;
  readonly label: string;
  readonly reading: string;
  readonly read: (text: string) => void;
  /** Chooses a directory; undefined where nothing can be chosen. */
  readonly open: ((path: string) => void) | undefined;
}

const letterWidth = 6.6;

export function areaMap(parts: AreaMapParts): TemplateResult {
  const width = Math.max(240, parts.width);
  const height = width < 500 ? 240 : 300;
  const root = hierarchy<{ children?: readonly NameArea[] } | NameArea>(
    { children: parts.areas } as { children?: readonly NameArea[] },
    (node) => ("children" in node ? [...(node.children ?? [])] : undefined),
  ).sum((node) => ("tokens" in node ? node.tokens : 0));
  const placed = treemap<{ children?: readonly NameArea[] } | NameArea>().tile(treemapSquarify).size([width, height]).padding(1)(root);
  const cells = placed.leaves().flatMap(({ data, x0, y0, x1, y1 }) => ("tokens" in data ? [{ area: data, x0, y0, x1, y1 }] : []));
  return html`<svg
      class="chart area-map"
      width=${width}
      height=${height}
      viewBox="0 0 ${width} ${height}"
      role="group"
      aria-label=${parts.label}
      @keydown=${rove}
      @pointerleave=${(event: Event) => leaveReading(event, () => parts.read(""))}
    >
      ${cells.map((cell, index) => cellMark(parts, cell, index === 0))}
    </svg>
    <p class="reading quiet" data-reading>
      ${parts.reading || (parts.open ? "Size: tokens. Stronger tint: names cost more of them. A directory opens." : "Size: tokens. Stronger tint: names cost more of them.")}
    </p>`;
}

interface Cell {
  readonly area: NameArea;
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

function cellMark(parts: AreaMapParts, { area, x0, y0, x1, y1 }: Cell, first: boolean): SVGTemplateResult {
  const words = areaWords(area);
  const read = (): void => parts.read(`${words}.`);
  const opens = area.path !== "" && parts.open !== undefined;
  const [width, height] = [x1 - x0, y1 - y0];
  const letters = Math.floor((width - 10) / letterWidth);
  const label = area.label.length <= letters ? area.label : letters >= 4 ? `${area.label.slice(0, letters - 1)}…` : "";
  // Text that is cut off is no name to be called by.
  const cut = label === area.label ? "false" : "true";
  return svg`<g class="area-cell tint-${tintOf(area, parts.areas)} ${opens ? "opens" : ""}" data-stop data-area=${area.path} tabindex=${first ? "0" : "-1"} role=${opens ? "button" : "img"} aria-label=${words} @focus=${read} @pointerenter=${read} @click=${() => (opens ? parts.open?.(area.path) : read())}>
    <rect x=${round(x0)} y=${round(y0)} width=${round(width)} height=${round(height)} class="body" />
    ${height >= 20 && label !== "" ? svg`<text x=${round(x0 + 5)} y=${round(y0 + 15)} aria-hidden=${cut}>${label}</text>` : nothing}
    ${height >= 36 && letters >= 6 ? svg`<text x=${round(x0 + 5)} y=${round(y0 + 30)} class="quiet" aria-hidden=${cut}>${percent(area.costShare)}</text>` : nothing}
  </g>`;
}
