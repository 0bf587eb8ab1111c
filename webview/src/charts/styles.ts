/** Lines, bands, points and marks of the charts. Shapes and words stand beside every colour. */
import { css } from "lit";

export const charts = css`
  svg.chart {
    display: block;
    overflow: visible;
    max-width: 100%;
  }
  svg text {
    paint-order: stroke;
    stroke: var(--vscode-editor-background);
    stroke-width: 3px;
    stroke-linejoin: round;
    fill: var(--vscode-foreground);
    font-size: 11px;
    font-variant-numeric: tabular-nums;
  }
  svg text.quiet,
  .axis text {
    fill: var(--muted);
  }
  svg text.strong {
    font-weight: 600;
  }
  .rule {
    stroke: var(--line-quiet);
    stroke-width: 1;
    fill: none;
  }
  .grid {
    stroke: var(--rule);
    stroke-width: 1;
  }
  .base-line {
    stroke: var(--line-quiet);
    stroke-width: 1;
    fill: none;
  }
  .base-dot {
    fill: var(--vscode-foreground);
  }
  .band {
    fill: var(--tone-neutral);
    fill-opacity: 0.12;
  }
  .band-edge {
    fill: none;
    stroke: var(--line-quiet);
    stroke-dasharray: 3 3;
  }
  .series {
    fill: none;
    stroke: var(--series-main);
    stroke-width: 1.5;
    stroke-linejoin: round;
  }
  .line-1 {
    stroke: var(--series-other);
  }
  .dash-2 {
    stroke-dasharray: 6 3;
  }
  .dash-3 {
    stroke-dasharray: 2 3;
  }
  .series.undone {
    stroke-dasharray: 4 3;
    stroke-opacity: 0.55;
  }
  svg text.label-0 {
    fill: var(--series-main);
  }
  svg text.label-1 {
    fill: var(--series-other);
  }
  .target {
    fill: transparent;
    pointer-events: all;
  }
  .point,
  .bubble,
  .mark {
    cursor: pointer;
    outline: none;
  }
  .point .whisker {
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-opacity: 0.7;
    pointer-events: none;
  }
  .point .dot {
    fill: currentColor;
    stroke: var(--vscode-editor-background);
    stroke-width: 1;
    pointer-events: none;
  }
  .point .dot.hollow {
    fill: var(--vscode-editor-background);
    stroke: currentColor;
    stroke-width: 1.5;
  }
  .point .dot.cross {
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
  }
  .point.undone {
    opacity: 0.55;
  }
  .point:hover .target,
  .point:focus .target {
    fill: var(--vscode-list-hoverBackground);
    fill-opacity: 0.6;
  }
  .point:focus-visible .target,
  .bubble:focus-visible .target,
  .mark:focus-visible .target {
    stroke: var(--vscode-focusBorder);
    stroke-width: 1.5;
  }
  svg text.end-label {
    font-weight: 600;
  }
  .glyph {
    fill: var(--vscode-editor-background);
    stroke: var(--vscode-foreground);
    stroke-width: 1.25;
  }
  .glyph.solid {
    fill: var(--vscode-foreground);
  }
  .glyph.solid.tone-error {
    fill: var(--tone-error);
    stroke: var(--tone-error);
  }
  .glyph.solid.tone-warning {
    fill: var(--tone-warning);
    stroke: var(--tone-warning);
  }
  .glyph.thick {
    stroke-width: 2;
  }
  .hairline {
    stroke: var(--line-quiet);
    stroke-width: 1;
    stroke-opacity: 0.7;
  }
  .hairline.gap-window-end {
    stroke-dasharray: 2 3;
  }
  .hairline.rollback {
    stroke: var(--tone-error);
  }
  .hairline.anomaly {
    stroke: var(--tone-warning);
  }
  .front {
    fill: none;
    stroke: var(--series-main);
    stroke-width: 1.5;
  }
  .bubble .body {
    fill: var(--line-quiet);
    fill-opacity: 0.35;
    stroke: var(--line-quiet);
  }
  .bubble.on-front .body {
    fill: var(--series-main);
    fill-opacity: 0.45;
    stroke: var(--series-main);
  }
  .bubble.base .body {
    fill: var(--vscode-foreground);
    fill-opacity: 1;
    stroke: none;
  }
  .bubble.barred .body {
    stroke-dasharray: 2 2;
  }
  .selected-ring {
    fill: none;
    stroke: var(--vscode-foreground);
    stroke-width: 2;
  }
  .cursor path {
    stroke: var(--vscode-foreground);
    stroke-width: 1;
  }
  .cursor circle {
    fill: var(--vscode-foreground);
  }
  .lanes {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .lanes.wide {
    grid-template-columns: 300px minmax(0, 1fr);
  }
  .lane-words {
    display: flex;
    flex-direction: column;
    justify-content: center;
    gap: 1px;
    padding: 4px 12px 4px 0;
  }
  .lane-words,
  svg.lane {
    border-top: 1px solid var(--rule);
  }
  .lanes:not(.wide) svg.lane,
  .lanes:not(.wide) .marks-title {
    border-top: 0;
  }
  .lanes:not(.wide) .marks-title {
    order: 1;
  }
  .lanes.wide .figure-link {
    white-space: nowrap;
  }
  .lane-head {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 10px;
    align-items: baseline;
  }
  .key {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .key li {
    display: inline-flex;
    align-items: center;
    gap: 4px;
  }
  .reading {
    min-height: 1.5em;
  }
`;
