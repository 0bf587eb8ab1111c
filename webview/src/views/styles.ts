/** Type, spacing and tables of the views: the density of VS Code, whitespace instead of boxes. */
import { css } from "lit";

export const layout = css`
  :host {
    display: block;
    max-width: 1240px;
    container-type: inline-size;
  }
  h1 {
    margin: 18px 0 6px;
    max-width: 100ch;
    font-size: 1.35em;
    font-weight: 600;
    line-height: 1.35;
    text-wrap: pretty;
  }
  h2 {
    margin: 28px 0 8px;
    font-size: 0.85em;
    font-weight: 600;
    letter-spacing: 0.04em;
    text-transform: uppercase;
    color: var(--muted);
  }
  h3 {
    margin: 0;
    font-size: 1em;
    font-weight: 600;
    text-wrap: pretty;
  }
  p {
    margin: 4px 0;
    max-width: 90ch;
  }
  .lead {
    margin-bottom: 8px;
    font-size: 1.08em;
  }
  .quiet {
    color: var(--muted);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 16px;
  }
  .bar .facts {
    flex: 1 1 260px;
    max-width: none;
    margin: 0;
  }
  .facts span + span::before {
    content: "·";
    margin: 0 0.5em;
    color: var(--muted);
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  vscode-progress-bar {
    margin-top: 8px;
  }
  .note {
    margin-top: 8px;
    padding-left: 10px;
    border-left: 2px solid var(--rule);
    color: var(--muted);
  }
  figure {
    margin: 0 0 8px;
  }
  figcaption {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 2px 16px;
    margin-bottom: 6px;
  }
  figcaption h3 {
    flex: 1 1 240px;
  }
  .beside figure {
    display: grid;
    grid-template-columns: 300px minmax(0, 1fr);
    border-top: 1px solid var(--rule);
    margin: 0;
    padding: 10px 0 4px;
  }
  .beside figcaption {
    display: block;
    padding-right: 16px;
  }
  .beside figcaption h3 {
    margin-bottom: 4px;
    font-weight: normal;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px 32px;
  }
  .columns > * {
    min-width: 0;
  }
  .columns.wide {
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
  }
  .columns.wide.pareto {
    grid-template-columns: minmax(0, 5fr) minmax(0, 7fr);
  }
  button.link,
  button.figure-link,
  button.plain {
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    text-align: inherit;
    cursor: pointer;
  }
  button.link,
  button.figure-link {
    color: var(--vscode-textLink-foreground);
  }
  button.link:hover,
  button.figure-link:hover {
    text-decoration: underline;
  }
  button:focus-visible,
  .scroll:focus-visible,
  svg.chart:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 1px;
  }
  :host(.standalone) button.figure-link {
    color: inherit;
    cursor: default;
    text-decoration: none;
  }
  .icon {
    flex: none;
    width: 1.15em;
    height: 1.15em;
    margin-right: 4px;
    vertical-align: -0.2em;
  }
  .verdict {
    font-weight: 600;
    white-space: nowrap;
  }
  code,
  pre,
  .mono {
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 0.95em;
  }
  @media (prefers-reduced-motion: no-preference) {
    .point,
    .bubble {
      transition: opacity 80ms linear;
    }
  }
`;

export const tables = css`
  .scroll {
    overflow-x: auto;
  }
  .scroll.bounded {
    max-height: 380px;
    overflow-y: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    height: 22px;
    padding: 2px 14px 2px 0;
    border-bottom: 1px solid var(--rule);
    text-align: left;
    vertical-align: top;
    font-weight: normal;
  }
  thead th {
    color: var(--muted);
    vertical-align: bottom;
    white-space: nowrap;
  }
  .bounded thead th {
    position: sticky;
    top: 0;
    background: var(--vscode-editor-background);
  }
  td:not(.number):last-child {
    min-width: 18ch;
  }
  .number {
    text-align: right;
    white-space: nowrap;
  }
  tr.highlight > * {
    font-weight: 600;
  }
  tbody tr:hover > * {
    background: var(--vscode-list-hoverBackground);
  }
  @container (max-width: 520px) {
    table.stacks,
    .stacks tbody {
      display: block;
    }
    .stacks tr {
      display: flex;
      flex-wrap: wrap;
      gap: 0 14px;
      padding: 4px 0;
      border-bottom: 1px solid var(--rule);
    }
    .stacks thead:not(.sorts) {
      display: none;
    }
    .stacks th,
    .stacks td {
      display: block;
      height: auto;
      min-width: 0;
      padding: 0;
      border: 0;
      text-align: left;
    }
    .stacks tbody th {
      flex: 1 0 100%;
      font-weight: 600;
    }
    .stacks tbody th.number::before,
    .stacks td:not(:empty)::before {
      content: attr(data-label) " ";
      color: var(--muted);
      font-weight: normal;
    }
  }
  .arrow {
    display: inline-block;
    width: 1em;
    margin-right: -1em;
    text-align: center;
  }
`;
