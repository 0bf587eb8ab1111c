/** What the tokenizer makes of the repository's names: the headline, the ranked table, the kinds. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { count, fixed, fragmentationHeadline, percent, plural, significant } from "@midtrain/protocol/words";
import type { FragmentationReport, TermFigures } from "@midtrain/protocol/tokens";
import type { PanelState } from "@midtrain/protocol/panel";
import type { Host } from "../host";
import {
  asCsv,
  asJson,
  firstQuery,
  isSortKey,
  pageOf,
  selectTerms,
  sortedBy,
  type SortKey,
  type TermPage,
  type TermQuery,
} from "../model/fragmentation";
import { tones } from "../theme";
import { dataTable, type Cell, type Column } from "../ui/table";
import { layout, tables } from "./styles";

const controls = css`
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

@customElement("midtrain-fragmentation")
class FragmentationPanel extends LitElement {
  static override styles = [tones, layout, tables, controls];

  @property({ attribute: false }) report!: FragmentationReport;
  @property({ attribute: false }) host!: Host;
  /** A name that was asked for elsewhere. */
  @property({ attribute: false }) search: string | undefined;
  @state() private query: TermQuery = firstQuery;
  @state() private notice = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.toggle("standalone", this.host.standalone);
    this.query = queryFrom(this.host.state()?.ui);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("search") && this.search !== undefined) this.ask({ search: this.search, kind: "", page: 0 });
  }

  protected override render(): TemplateResult {
    const { report } = this;
    return html`<header>
        <h1>${fragmentationHeadline(report)}</h1>
        <p>${sentenceOf(report)}</p>
        <p class="quiet">
          Tokenizer ${report.tokenizer.name} (<span class="mono" title=${report.tokenizer.hash}>${report.tokenizer.hash.slice(0, 12)}</span
          >), ${plural(report.files, "file")}, ${significant(report.bytesPerToken)} bytes per token.
        </p>
      </header>
      ${report.top.length === 0 ? html`<p>No name of at least three characters was found in this repository's kept files; harvest the corpus again when there is source code.</p>` : this.ranked()}
      ${kindTable(report)}
      <p class="quiet" role="status">${this.notice}</p>`;
  }

  private ranked(): TemplateResult {
    const terms = selectTerms(this.report, this.query);
    const page = pageOf(terms, this.query.page);
    return html`<section aria-label="Names by cost">
      <h2>Names by cost</h2>
      ${this.controls(terms)}
      <p class="quiet" role="status" data-found>${foundWords(this.report, page)}</p>
      ${page.found === 0 ? nothing : this.table(page)} ${page.pages > 1 ? this.pages(page) : nothing}
    </section>`;
  }

  private controls(terms: readonly TermFigures[]): TemplateResult {
    const kinds = Object.keys(this.report.byKind);
    return html`<div class="controls" role="search">
      <vscode-textfield
        type="search"
        label="Search names"
        placeholder="Search names"
        .value=${this.query.search}
        @input=${(event: Event) => this.ask({ search: (event.target as HTMLInputElement).value, page: 0 })}
      ></vscode-textfield>
      <vscode-single-select
        label="Kind of name"
        aria-label="Kind of name"
        .value=${this.query.kind}
        @change=${(event: Event) => this.ask({ kind: (event.target as HTMLSelectElement).value, page: 0 })}
      >
        <vscode-option value="">All kinds</vscode-option>
        ${kinds.map((kind) => html`<vscode-option value=${kind}>${kindWord(kind)}</vscode-option>`)}
      </vscode-single-select>
      <span class="spacer"></span>
      <button class="link" data-copy="csv" @click=${() => void this.copy(asCsv(terms), "CSV", terms.length)}>Copy CSV</button>
      <button class="link" data-copy="json" @click=${() => void this.copy(asJson(terms), "JSON", terms.length)}>Copy JSON</button>
    </div>`;
  }

  private table(page: TermPage): TemplateResult {
    const column = (label: string, key: SortKey, numeric = true): Column => ({
      label,
      numeric,
      sort: {
        state: this.query.sort === key ? (this.query.descending ? "descending" : "ascending") : "none",
        act: () => this.show(sortedBy(this.query, key)),
      },
    });
    const largest = Math.max(1, ...this.report.top.map((term) => term.contextCost));
    return dataTable({
      caption: "Names by cost: occurrences, tokens here, alone and after a space, extra tokens",
      columns: [
        column("name", "term", false),
        column("kind", "kind", false),
        column("count", "count"),
        column("here", "inContext"),
        column("alone", "isolated"),
        column("after a space", "afterSpace"),
        column("extra tokens", "contextCost"),
      ],
      stacks: true,
      rows: page.rows.map((term) => this.row(term, largest)),
    });
  }

  private row(term: TermFigures, largest: number): readonly Cell[] {
    const name = this.host.standalone
      ? html`<span class="mono term">${term.term}</span>`
      : html`<button
          class="link mono term"
          data-term
          aria-label="Show the ${count(term.count)} occurrences of ${term.term}"
          @click=${() => this.host.send({ type: "open-term", term: term.term })}
        >
          ${term.term}
        </button>`;
    const bar = html`<svg width="48" height="8" aria-hidden="true">
      <rect class="cost-bar" width=${((48 * term.contextCost) / largest).toFixed(1)} height="8" />
    </svg>`;
    return [
      name,
      kindWord(term.kind),
      html`<span title="in ${plural(term.files, "file")}">${count(term.count)}</span>`,
      fixed(term.inContext, 2),
      count(term.isolated),
      count(term.afterSpace),
      html`${count(term.contextCost)}${bar}`,
    ];
  }

  private pages(page: TermPage): TemplateResult {
    return html`<nav class="pages" aria-label="Pages">
      <button class="link" ?disabled=${page.page === 0} @click=${() => this.ask({ page: page.page - 1 })}>Previous</button>
      <span class="quiet">page ${page.page + 1} of ${page.pages}</span>
      <button class="link" ?disabled=${page.page === page.pages - 1} @click=${() => this.ask({ page: page.page + 1 })}>Next</button>
    </nav>`;
  }

  private ask(change: Partial<TermQuery>): void {
    this.show({ ...this.query, ...change });
  }

  private show(query: TermQuery): void {
    this.query = query;
    this.host.keep({ view: "fragmentation", ui: { ...query } });
  }

  private async copy(text: string, format: string, rows: number): Promise<void> {
    const done = await this.host.copy(text);
    this.notice = done
      ? `Copied ${plural(rows, "name")} as ${format}.`
      : "This page may not use the clipboard; write the list with: midtrain fragmentation --json.";
  }
}

function queryFrom(ui: PanelState["ui"]): TermQuery {
  if (!ui) return firstQuery;
  return {
    search: typeof ui["search"] === "string" ? ui["search"] : "",
    kind: typeof ui["kind"] === "string" ? ui["kind"] : "",
    sort: isSortKey(ui["sort"]) ? ui["sort"] : firstQuery.sort,
    descending: typeof ui["descending"] === "boolean" ? ui["descending"] : firstQuery.descending,
    page: typeof ui["page"] === "number" ? ui["page"] : 0,
  };
}

function sentenceOf(report: FragmentationReport): string {
  if (report.terms === 0) return "Harvest the corpus to count its names.";
  return `${fixed(report.meanInContext, 2)} tokens per name in context over ${plural(report.terms, "name")}, ${fixed(report.meanIsolated, 2)} alone; ${percent(report.splitShare)} of the occurrences are split. All names together cost ${percent(report.costShare)} of the context beyond one token each.`;
}

function foundWords(report: FragmentationReport, page: TermPage): string {
  if (page.found === 0) return "No name matches; clear the search or choose another kind.";
  const listed =
    report.top.length < report.terms
      ? `the ${count(report.top.length)} costliest of ${count(report.terms)} names`
      : plural(report.terms, "name");
  const range = `${count(page.from)}–${count(page.from + page.rows.length - 1)}`;
  return page.found === report.top.length
    ? `${range} of ${listed}.`
    : `${range} of ${plural(page.found, "match", "matches")} among ${listed}.`;
}

function kindWord(kind: string): string {
  return kind.replaceAll("-", " ");
}

function kindTable(report: FragmentationReport): TemplateResult | typeof nothing {
  const kinds = Object.entries(report.byKind).sort(
    (a, b) => b[1].occurrences * (b[1].meanInContext - 1) - a[1].occurrences * (a[1].meanInContext - 1),
  );
  if (kinds.length === 0) return nothing;
  const numeric = (label: string): Column => ({ label, numeric: true });
  return html`<section aria-label="By kind">
    <h2>By kind</h2>
    ${dataTable({
      caption: "Fragmentation by kind of name",
      columns: [
        { label: "kind" },
        numeric("names"),
        numeric("occurrences"),
        numeric("tokens here"),
        numeric("tokens alone"),
        numeric("extra tokens"),
      ],
      rows: kinds.map(([kind, each]) => [
        kindWord(kind),
        count(each.terms),
        count(each.occurrences),
        fixed(each.meanInContext, 2),
        fixed(each.meanIsolated, 2),
        count(each.occurrences * (each.meanInContext - 1)),
      ]),
    })}
  </section>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "midtrain-fragmentation": FragmentationPanel;
  }
}
