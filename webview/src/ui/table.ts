/** Tables and the frame that every chart stands in. */
import { html, nothing, type TemplateResult } from "lit";

export type Cell = string | number | TemplateResult | typeof nothing;

export interface Column {
  readonly label: string;
  readonly numeric?: boolean;
  /** Set where a click on the heading sorts. */
  readonly sort?: { readonly state: "ascending" | "descending" | "none"; readonly act: () => void };
}

interface TableParts {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly highlight?: (row: number) => boolean;
  /** Scrolls inside itself when long. */
  readonly bounded?: boolean;
  /** In a narrow panel every row becomes a few lines of label and value. Roles are written out, since `display` takes them away. */
  readonly stacks?: boolean;
}

export function dataTable(parts: TableParts): TemplateResult {
  return html`<div class="scroll ${parts.bounded === true ? "bounded" : ""}" tabindex="0" role="region" aria-label=${parts.caption}>
    <table role="table" class=${parts.stacks === true ? "stacks" : ""}>
      <caption class="unseen">
        ${parts.caption}
      </caption>
      <thead role="rowgroup" class=${parts.columns.some((column) => column.sort) ? "sorts" : ""}>
        <tr role="row">
          ${parts.columns.map(heading)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${parts.rows.map(
          (row, index) =>
            html`<tr role="row" class=${parts.highlight?.(index) === true ? "highlight" : ""}>
              ${row.map((cell, column) => cellOf(cell, parts.columns[column], column))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function cellOf(cell: Cell, column: Column | undefined, index: number): TemplateResult {
  const kind = column?.numeric === true ? "number" : "";
  return index === 0
    ? html`<th scope="row" role="rowheader" class=${kind} data-label=${column?.label ?? ""}>${cell}</th>`
    : html`<td role="cell" class=${kind} data-label=${column?.label ?? ""}>${cell}</td>`;
}

function heading(column: Column): TemplateResult {
  const kind = column.numeric === true ? "number" : "";
  if (!column.sort) return html`<th scope="col" role="columnheader" class=${kind}>${column.label}</th>`;
  const arrow = { ascending: "↑", descending: "↓", none: "" }[column.sort.state];
  return html`<th scope="col" role="columnheader" class=${kind} aria-sort=${column.sort.state}>
    <button class="plain" @click=${column.sort.act}>${column.label}<span class="arrow" aria-hidden="true">${arrow}</span></button>
  </th>`;
}

interface FigureParts {
  readonly id: string;
  /** The finding. */
  readonly title: string;
  /** What a reader hears instead of the picture. */
  readonly summary: string;
  readonly chart: TemplateResult;
  readonly table: () => TemplateResult;
  readonly open: boolean;
  readonly toggle: () => void;
}

export function chartFigure(parts: FigureParts): TemplateResult {
  const tableId = `${parts.id}-data`;
  return html`<figure aria-labelledby="${parts.id}-title" aria-describedby="${parts.id}-summary">
    <figcaption>
      <h3 id="${parts.id}-title">${parts.title}</h3>
      <button
        class="link"
        data-table=${parts.id}
        aria-expanded=${parts.open ? "true" : "false"}
        aria-controls=${tableId}
        @click=${parts.toggle}
      >
        ${parts.open ? "Hide data" : "Show data"}<span class="unseen"> of: ${parts.title}</span>
      </button>
    </figcaption>
    <p class="unseen" id="${parts.id}-summary">${parts.summary}</p>
    <div class="body">
      ${parts.chart}
      <div id=${tableId}>${parts.open ? parts.table() : nothing}</div>
    </div>
  </figure>`;
}
