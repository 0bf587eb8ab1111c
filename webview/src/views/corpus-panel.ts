/** The corpus report: from seen to kept, what it is made of, where most is lost, what was redacted, how it is split. */
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { classTitle } from "@midtrain/protocol/corpus";
import type { CorpusReport } from "@midtrain/protocol/corpus-view";
import type { PanelToHost } from "@midtrain/protocol/panel";
import { bytes, count, duration, percent, plural } from "@midtrain/protocol/words";
import { flowChart } from "../charts/flow";
import { charts } from "../charts/styles";
import type { Host } from "../host";
import { corpusFlow, corpusHeadline, findings, flowFinding, sumOf } from "../model/corpus";
import { tones } from "../theme";
import { PanelController } from "../ui/panel-controller";
import { chartFigure, dataTable, type Cell } from "../ui/table";
import { checkSection } from "./corpus-check";
import { corpusStyles } from "./corpus-styles";
import { layout, tables } from "./styles";

/** Rows of the table of classes and languages; the rest is summed in a last row. */
const rowsShown = 24;

type Files = Extract<PanelToHost, { type: "show-files" }>;

@customElement("midtrain-corpus")
class CorpusPanel extends LitElement {
  static override styles = [tones, layout, tables, charts, corpusStyles];

  @property({ attribute: false }) report!: CorpusReport;
  @property({ attribute: false }) host!: Host;
  private readonly panel = new PanelController(this, () => ({ view: "corpus" }));

  protected override render(): TemplateResult {
    return html`${this.header()} ${this.flow()} ${this.madeOf()} ${this.directories()} ${this.redactions()} ${this.split()}
    ${checkSection(this.report.check, this.host.standalone ? undefined : () => this.host.send({ type: "corpus-action", action: "check" }))}
    ${this.notes()}`;
  }

  private header(): TemplateResult {
    const { repository, corpus, tool, seconds } = this.report.manifest;
    const at = repository.head === undefined ? "no commit" : [repository.branch, repository.head.slice(0, 7)].filter(Boolean).join(" @ ");
    const dirty = repository.dirty ? [`${plural(repository.dirty, "file")} not committed`] : [];
    const facts = [
      repository.kind === "git" ? at : "no git",
      ...dirty,
      `corpus ${corpus.slice(0, 12)}`,
      `Midtrain ${tool}`,
      duration(seconds),
    ];
    return html`<header>
      <h1>${corpusHeadline(this.report)}</h1>
      <div class="bar">
        <p class="facts">${facts.map((fact) => html`<span>${fact}</span>`)}</p>
        ${this.host.standalone ? nothing : this.buttons()}
      </div>
    </header>`;
  }

  private buttons(): TemplateResult {
    const button = (label: string, action: Extract<PanelToHost, { type: "corpus-action" }>["action"], primary = false): TemplateResult =>
      html`<vscode-button ?secondary=${!primary} data-action=${action} @click=${() => this.host.send({ type: "corpus-action", action })}
        >${label}</vscode-button
      >`;
    return html`<div class="buttons">
      ${button("Harvest Again", "harvest", true)} ${findings(this.report) > 0 ? button("Review Redactions", "review-redactions") : nothing}
      ${button("Open Configuration", "open-configuration")}
    </div>`;
  }

  private flow(): TemplateResult | typeof nothing {
    const nodes = corpusFlow(this.report);
    const title = flowFinding(this.report);
    if (nodes.length === 0) return nothing;
    const seen = this.report.manifest.bytes.seen;
    return html`<section aria-label="From seen to kept">
      <h2>From seen to kept</h2>
      ${chartFigure({
        id: "flow",
        title,
        summary: title,
        chart: flowChart({
          nodes,
          width: this.panel.width,
          label: title,
          reading: this.panel.reading("flow"),
          read: (text) => this.panel.read("flow", text),
          open: this.host.standalone ? undefined : (node) => node.list && this.show(node.list as Files["list"], ""),
        }),
        open: this.panel.isOpen("flow"),
        toggle: () => this.panel.toggle("flow"),
        table: () =>
          dataTable({
            caption: "From seen to kept, bytes on disk",
            columns: [
              { label: "part" },
              { label: "of" },
              { label: "files", numeric: true },
              { label: "bytes", numeric: true },
              { label: "share of seen", numeric: true },
            ],
            rows: nodes.map((node) => [
              node.label,
              nodes.find(({ id }) => id === node.from)?.label ?? "",
              node.files === undefined ? "" : count(node.files),
              bytes(node.bytes),
              percent(node.bytes / Math.max(1, seen)),
            ]),
          }),
      })}
    </section>`;
  }

  private madeOf(): TemplateResult | typeof nothing {
    const { kept } = this.report;
    if (kept.length === 0) return nothing;
    const all = sumOf(kept.map((row) => row.bytes));
    const shown = kept.slice(0, rowsShown);
    const rest = kept.slice(rowsShown);
    const rows = shown.map((row): readonly Cell[] => [
      classTitle(row.class),
      row.language,
      this.link(count(row.files), `Show the ${plural(row.files, "file")} of ${classTitle(row.class)} in ${row.language}`, {
        of: "documents",
        sides: ["train", "held-out", "sealed"],
        class: row.class,
        language: row.language,
      }),
      html`${bytes(row.bytes)}${bar(row.bytes / (shown[0]?.bytes ?? 1), false)}`,
      percent(row.bytes / Math.max(1, all)),
    ]);
    const others: Cell[] = [
      `${count(rest.length)} more`,
      "",
      count(sumOf(rest.map((row) => row.files))),
      html`${bytes(sumOf(rest.map((row) => row.bytes)))}${bar(0, false)}`,
      percent(sumOf(rest.map((row) => row.bytes)) / Math.max(1, all)),
    ];
    return html`<section aria-label="What it is made of">
      <h2>What it is made of</h2>
      ${dataTable({
        caption: "Kept files by class and language; text after cleaning",
        columns: [
          { label: "class" },
          { label: "language" },
          { label: "files", numeric: true },
          { label: "text", numeric: true },
          { label: "share", numeric: true },
        ],
        stacks: true,
        rows: rest.length === 0 ? rows : [...rows, others],
      })}
    </section>`;
  }

  private directories(): TemplateResult | typeof nothing {
    const { directories } = this.report;
    if (directories.length === 0) return nothing;
    return html`<section aria-label="Where most is left out">
      <h2>Where most is left out</h2>
      ${dataTable({
        caption: "Directories by the bytes that are left out",
        columns: [
          { label: "directory" },
          { label: "files", numeric: true },
          { label: "bytes", numeric: true },
          { label: "rejected", numeric: true },
          { label: "duplicates", numeric: true },
          { label: "findings", numeric: true },
        ],
        stacks: true,
        rows: directories.map((each) => {
          const share = (part: number): string => (part === 0 ? "" : percent(part / Math.max(1, each.bytes)));
          const name = each.directory === "" ? "./" : each.directory;
          const lost = (each.rejectedBytes + each.duplicateBytes) / Math.max(1, each.bytes);
          return [
            this.link(
              html`<span class="mono path">${name}</span>`,
              `Show the rejected files below ${name}`,
              { of: "rejects" },
              each.directory,
            ),
            count(each.files),
            html`${bytes(each.bytes)}${bar(lost, true)}`,
            share(each.rejectedBytes),
            share(each.duplicateBytes),
            each.redactions === 0
              ? ""
              : this.link(
                  count(each.redactions),
                  `Show the ${plural(each.redactions, "finding")} below ${name}`,
                  { of: "redactions" },
                  each.directory,
                ),
          ];
        }),
      })}
      <p class="quiet">The bar is the share of the directory that is left out.</p>
    </section>`;
  }

  private redactions(): TemplateResult {
    const rules = Object.entries(this.report.manifest.redactionsByRule).sort(([, a], [, b]) => b - a);
    return html`<section aria-label="Redactions">
      <h2>Redactions</h2>
      ${
        rules.length === 0
          ? html`<p>Nothing was redacted.</p>`
          : html`<div class="small">
              ${dataTable({
                caption: "Findings by rule",
                columns: [{ label: "rule" }, { label: "findings", numeric: true }],
                rows: rules.map(([rule, n]) => [
                  rule,
                  this.link(count(n), `Show the ${plural(n, "finding")} of ${rule}`, { of: "redactions", rule }),
                ]),
              })}
            </div>`
      }
      <p class="note">${this.report.residualRisk}</p>
    </section>`;
  }

  private split(): TemplateResult {
    const { train, heldOut, sealed, words, note } = this.report.manifest.split;
    const row = (label: string, side: { readonly documents: number; readonly bytes: number }): readonly Cell[] => [
      label,
      count(side.documents),
      bytes(side.bytes),
    ];
    return html`<section aria-label="Split">
      <h2>Split</h2>
      <p>${words}</p>
      ${note === undefined ? nothing : html`<p class="note">${note}</p>`}
      <div class="small">
        ${dataTable({
          caption: "Sides of the split",
          columns: [{ label: "side" }, { label: "files", numeric: true }, { label: "bytes", numeric: true }],
          rows: [row("trained on", train), row("held out, for the gates", heldOut), row("sealed until the end", sealed)],
        })}
      </div>
    </section>`;
  }

  private notes(): TemplateResult | typeof nothing {
    const { notes } = this.report.manifest;
    if (notes.length === 0) return nothing;
    return html`<section aria-label="Notes">
      <h2>Notes</h2>
      <ul class="notes">
        ${notes.map((note) => html`<li>${note}</li>`)}
      </ul>
    </section>`;
  }

  private link(text: string | TemplateResult, label: string, list: Files["list"], under = ""): Cell {
    if (this.host.standalone) return text;
    return html`<button class="link" data-files aria-label=${label} @click=${() => this.show(list, under)}>${text}</button>`;
  }

  private show(list: Files["list"], under: string): void {
    this.host.send({ type: "show-files", list, under });
  }
}

function bar(share: number, lost: boolean): TemplateResult {
  return html`<svg width="48" height="8" aria-hidden="true">
    <rect class="share-bar ${lost ? "lost" : ""}" width=${(48 * Math.min(1, share)).toFixed(1)} height="8" />
  </svg>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "midtrain-corpus": CorpusPanel;
  }
}
