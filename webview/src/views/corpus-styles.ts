/** Style of the corpus report: its flow and the bars in its tables. */
import { css } from "lit";

export const corpusStyles = css`
  .flow-band {
    fill: var(--series-main);
    fill-opacity: 0.28;
  }
  .flow-band.lost {
    fill: var(--line-quiet);
    fill-opacity: 0.22;
  }
  .flow-node {
    outline: none;
  }
  .flow-node.opens {
    cursor: pointer;
  }
  .flow-node .body {
    fill: var(--series-main);
  }
  .flow-node.lost .body {
    fill: var(--line-quiet);
  }
  .flow-node:focus-visible .target {
    stroke: var(--vscode-focusBorder);
    stroke-width: 1.5;
  }
  .share-bar {
    fill: var(--series-main);
    fill-opacity: 0.55;
  }
  .share-bar.lost {
    fill: var(--line-quiet);
  }
  td.number svg {
    margin-left: 8px;
    vertical-align: middle;
  }
  .small {
    max-width: 520px;
  }
  .path {
    overflow-wrap: anywhere;
  }
  ul.notes {
    margin: 4px 0;
    padding-left: 18px;
    max-width: 90ch;
  }
`;
