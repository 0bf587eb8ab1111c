/** Controls, map and bars of the fragmentation panel. */
import { css } from "lit";

export const nameControls = css`
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    margin: 8px 0;
  }
  .controls vscode-textfield {
    flex: 0 1 280px;
    width: auto;
    min-width: 140px;
  }
  .controls vscode-single-select {
    width: 150px;
  }
  .controls .spacer {
    flex: 1;
  }
  .pages {
    display: flex;
    align-items: center;
    gap: 12px;
    margin: 8px 0;
  }
  button.link[disabled] {
    color: var(--muted);
    cursor: default;
    text-decoration: none;
  }
  .buttons.names {
    margin: 4px 0 8px;
  }
  .crumbs {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    margin: 0 0 6px;
  }
  .crumbs > :not(:first-child)::before {
    content: "/";
    color: var(--muted);
    margin-right: 8px;
  }
  .area-cell {
    outline: none;
  }
  .area-cell.opens {
    cursor: pointer;
  }
  .area-cell .body {
    fill: var(--series-main);
    stroke: var(--vscode-contrastBorder, var(--vscode-editor-background));
    stroke-width: 1;
  }
  h2 .mono {
    text-transform: none;
  }
  .area-cell.tint-0 .body {
    fill-opacity: 0.08;
  }
  .area-cell.tint-1 .body {
    fill-opacity: 0.16;
  }
  .area-cell.tint-2 .body {
    fill-opacity: 0.26;
  }
  .area-cell.tint-3 .body {
    fill-opacity: 0.36;
  }
  .area-cell.tint-4 .body {
    fill-opacity: 0.48;
  }
  .area-cell:hover .body {
    stroke: var(--line-quiet);
  }
  .area-cell:focus-visible .body {
    stroke: var(--vscode-focusBorder);
    stroke-width: 2;
  }
  .length-bar {
    fill: var(--series-main);
    fill-opacity: 0.55;
  }
  .length-row {
    outline: none;
  }
  .length-row:focus-visible .target {
    stroke: var(--vscode-focusBorder);
    stroke-width: 1.5;
  }
  .cost-bar {
    fill: var(--series-main);
    fill-opacity: 0.55;
  }
  td.number svg {
    margin-left: 8px;
    vertical-align: middle;
  }
  .term {
    overflow-wrap: anywhere;
  }
`;
