/** What the tokenizer makes of the repository's names: the headline, the ranked table, the kinds. */
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { namesCsv } from "@midtrain/protocol/names-csv";
import { count, fixed, fragmentationHeadline, percent, plural, significant } from "@midtrain/protocol/words";
import type { FragmentationReport, TermFigures } from "@midtrain/protocol/tokens";
import type { PanelState, PanelToHost } from "@midtrain/protocol/panel";
import type { FragmentationSnapshot } from "@midtrain/protocol/run-view";
import type { Host } from "../host";
import {
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
import { charts } from "../charts/styles";
import { filterDirectories } from "../model/name-areas";
import { tones } from "../theme";
import { PanelController } from "../ui/panel-controller";
import { dataTable, type Cell, type Column } from "../ui/table";
import { areaSection, comparisonSection, expansionSection, kindTable, kindWord, leftOut, lengthSection } from "./name-sections";
import { nameControls } from "./name-styles";
import { layout, tables } from "./styles";

type NamesAction = Extract<PanelToHost, { type: "names-action" }>["action"];

/** Directories of the filter; the map reaches every one. */
const directoriesOffered = 60;

@customElement("midtrain-fragmentation")
class FragmentationPanel extends LitElement {
  static override styles = [tones, layout, tables, charts, nameControls];

  @property({ attribute: false }) report!: FragmentationReport;
  @property({ attribute: false }) host!: Host;
  /** A name that was asked for elsewhere. */
  @property({ attribute: false }) search: string | undefined;
  /** Names of one directory alone. */
  @property({ attribute: false }) within: FragmentationSnapshot["within"];
  @property({ attribute: false }) comparison: FragmentationSnapshot["comparison"];
  @property({ attribute: false }) expansion: FragmentationSnapshot["expansion"];
  @state() private query: TermQuery = firstQuery;
  @state() private notice = "";
  private readonly panel = new PanelController(this, () => ({ view: "fragmentation" }));

  override connectedCallback(): void {
    super.connectedCallback();
    this.query = queryFrom(this.panel.ui);
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
      ${this.buttons()} ${areaSection(report, this.within?.path ?? "", this.panel, this.openDirectory())}
      ${report.top.length === 0 ? html`<p>No name of at least three characters was found in this repository's kept files; harvest the corpus again when there is source code.</p>` : this.ranked()}
      ${lengthSection(this.ranking(), this.panel)} ${kindTable(this.ranking())}
      ${this.comparison === undefined ? nothing : comparisonSection(this.comparison)}
      ${expansionSection(this.expansion, this.act("assess-expansion"))} ${leftOut(this.ranking())}
      <p class="quiet" role="status">${this.notice}</p>`;
  }

  /** The report whose names are ranked: of the chosen directory, else of the whole repository. */
  private ranking(): FragmentationReport {
    return this.within?.report ?? this.report;
  }

  private act(action: NamesAction): (() => void) | undefined {
    return this.host.standalone ? undefined : () => this.host.send({ type: "names-action", action });
  }

  private openDirectory(): ((path: string) => void) | undefined {
    return this.host.standalone ? undefined : (path) => this.host.send({ type: "show-directory", path });
  }

  private buttons(): TemplateResult | typeof nothing {
    if (this.host.standalone) return nothing;
    const button = (label: string, action: NamesAction): TemplateResult =>
      html`<vscode-button secondary data-action=${action} @click=${this.act(action)}>${label}</vscode-button>`;
    return html`<div class="buttons names">
      ${button("Measure Again", "measure")} ${button("Select Tokenizer…", "select-tokenizer")} ${button("Compare Tokenizers…", "compare")}
    </div>`;
  }

  private ranked(): TemplateResult {
    const terms = selectTerms(this.ranking(), this.query);
    const page = pageOf(terms, this.query.page);
    return html`<section aria-label="Names by cost">
      <h2>Names by cost${this.within === undefined ? nothing : html` below <span class="mono">${this.within.path}/</span>`}</h2>
      ${this.controls(terms)}
      <p class="quiet" role="status" data-found>${foundWords(this.ranking(), page)}</p>
      ${page.found === 0 ? nothing : this.table(page)} ${page.pages > 1 ? this.pages(page) : nothing}
    </section>`;
  }

  private controls(terms: readonly TermFigures[]): TemplateResult {
    const kinds = Object.keys(this.ranking().byKind);
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
      ${this.directoryFilter()}
      <span class="spacer"></span>
      ${this.exports("CSV", () => [...namesCsv([{ ...this.ranking(), top: terms }])].join(""), terms.length)}
      ${this.exports("JSON", () => asJson(terms), terms.length)}
    </div>`;
  }

  /** Takes the names that are found out of the panel. */
  private exports(format: "CSV" | "JSON", text: () => string, names: number): TemplateResult {
    const name = `names.${format.toLowerCase()}`;
    return html`${
        this.host.standalone
          ? nothing
          : html`<button class="link" data-save=${format} @click=${() => this.host.send({ type: "save", name, text: text() })}>
              Save ${format}…
            </button>`
      }
      <button class="link" data-copy=${format.toLowerCase()} @click=${() => void this.copy(text(), format, names)}>Copy ${format}</button>`;
  }

  private directoryFilter(): TemplateResult | typeof nothing {
    const open = this.openDirectory();
    const directories = filterDirectories(this.report, directoriesOffered);
    if (open === undefined || directories.length === 0) return nothing;
    const chosen = this.within?.path ?? "";
    const offered = chosen === "" || directories.includes(chosen) ? directories : [chosen, ...directories];
    return html`<vscode-single-select
      label="Directory"
      aria-label="Directory"
      data-directory
      combobox
      .value=${chosen}
      @change=${(event: Event) => open((event.target as HTMLSelectElement).value)}
    >
      <vscode-option value="" ?selected=${chosen === ""}>All directories</vscode-option>
      ${offered.map((path) => html`<vscode-option value=${path} ?selected=${path === chosen}>${path}/</vscode-option>`)}
    </vscode-single-select>`;
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
    const largest = Math.max(1, ...this.ranking().top.map((term) => term.contextCost));
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
          aria-label="Show the ${plural(term.count, "occurrence")} of ${term.term}"
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
    this.panel.keep({ ...query });
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

declare global {
  interface HTMLElementTagNameMap {
    "midtrain-fragmentation": FragmentationPanel;
  }
}
