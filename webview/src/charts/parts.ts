/** Pieces that several charts share: axes, marks and their glyphs. */
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { count } from "@midtrain/protocol/words";
import type { RunMark } from "@midtrain/protocol/run-view";
import { round, ticks, tokenTicks, type Frame, type Scale } from "./geometry";

/** What a chart may do: say something in its reading line, open what is behind a point. */
export interface ChartActions {
  readonly read: (text: string) => void;
  readonly openItems: (point: { readonly branch: number; readonly step: number }) => void;
}

export const markWords: Readonly<Record<RunMark["kind"], string>> = {
  checkpoint: "checkpoint",
  rollback: "rollback",
  policy: "policy change",
  anomaly: "anomaly",
  "gap-window-end": "gap window ends",
  resumed: "resumed",
};

const glyphs: Readonly<Record<RunMark["kind"], SVGTemplateResult>> = {
  checkpoint: svg`<circle r="3.5" class="glyph" />`,
  rollback: svg`<path d="M-5-4H5L0 5Z" class="glyph solid tone-error" />`,
  policy: svg`<rect x="-4" y="-4" width="8" height="8" class="glyph solid" />`,
  anomaly: svg`<path d="M0-5.5 5.5 4.5H-5.5Z" class="glyph solid tone-warning" />`,
  "gap-window-end": svg`<path d="M0-6V6" class="glyph thick" />`,
  resumed: svg`<path d="M-4-5V5L5 0Z" class="glyph" />`,
};

export function glyph(kind: RunMark["kind"]): SVGTemplateResult {
  return glyphs[kind];
}

/** Which glyph means what, for the kinds that are on the chart. */
export function markKey(marks: readonly RunMark[]): TemplateResult | typeof nothing {
  const kinds = (Object.keys(markWords) as RunMark["kind"][]).filter((kind) => marks.some((mark) => mark.kind === kind));
  if (kinds.length === 0) return nothing;
  return html`<ul class="key" aria-label="Marks">
    ${kinds.map((kind) => html`<li><svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">${glyph(kind)}</svg>${markWords[kind]}</li>`)}
  </ul>`;
}

/** The shared x axis: tokens, and steps below them. */
export function stepAxis(frame: Frame, x: Scale, tokensPerStep: number): SVGTemplateResult {
  const place = (value: number): number => round(x(value));
  const right = frame.width - frame.right;
  const anchor = (step: number): string => (x(step) > right - 18 ? "end" : "middle");
  return svg`<g class="axis" transform="translate(0,${frame.height - frame.bottom})" aria-hidden="true">
    <path d="M${frame.left},0H${right}" class="rule" />
    ${tokenTicks(x, tokensPerStep, 90).map(([tokens, step]) => svg`<path d="M${place(step)},0v4" class="rule" /><text x=${place(step)} y="15" text-anchor=${anchor(step)}>${count(tokens)}</text>`)}
    <text x=${right + 8} y="15">tokens</text>
    ${ticks(x, 90)
      .filter(Number.isInteger)
      .map((step) => svg`<text x=${place(step)} y="30" text-anchor=${anchor(step)} class="quiet">${count(step)}</text>`)}
    <text x=${right + 8} y="30" class="quiet">steps</text>
  </g>`;
}

/** Vertical hairlines of what changed the run, through the whole height of a chart. */
export function hairlines(marks: readonly RunMark[], x: Scale, top: number, bottom: number): SVGTemplateResult[] {
  const drawn: readonly RunMark["kind"][] = ["rollback", "gap-window-end", "anomaly"];
  return marks
    .filter((mark) => drawn.includes(mark.kind))
    .map((mark) => svg`<path d="M${round(x(mark.step))},${top}V${bottom}" class="hairline ${mark.kind}" />`);
}
