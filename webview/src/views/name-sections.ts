/** Sections of the fragmentation panel beside its ranked table. */
import { html, nothing, type TemplateResult } from "lit";
import { count, fixed, percent, plural, significant } from "@midtrain/protocol/words";
import type { ExpansionAssessment, FragmentationComparison, FragmentationReport } from "@midtrain/protocol/tokens";
import { areaMap } from "../charts/area-map";
import { lengthLabel, nameLengths } from "../charts/name-lengths";
import { areasFinding, nameAreas } from "../model/name-areas";
import type { ChartState } from "../ui/panel-controller";
import { chartFigure, dataTable, type Column } from "../ui/table";

const numeric = (label: string): Column => ({ label, numeric: true });

export function kindWord(kind: string): string {
  return kind.replaceAll("-", " ");
}

/** @param open chooses a directory, "" takes the choice back; undefined in a report of its own file */
export function areaSection(
  report: FragmentationReport,
  focus: string,
  chart: ChartState,
  open: ((path: string) => void) | undefined,
): TemplateResult | typeof nothing {
  const areas = nameAreas(report, focus);
  if (areas.length === 0) return nothing;
  const title = areasFinding(report, focus);
  return html`<section aria-label="Where names cost most">
    <h2>Where names cost most</h2>
    ${focus === "" || open === undefined ? nothing : breadcrumb(focus, open)}
    ${chartFigure({
      id: "areas",
      title,
      summary: title,
      chart: areaMap({
        areas,
        width: chart.width,
        label: title,
        reading: chart.reading("areas"),
        read: (text) => chart.read("areas", text),
        open,
      }),
      open: chart.isOpen("areas"),
      toggle: () => chart.toggle("areas"),
      table: () =>
        dataTable({
          caption: "Directories: tokens, what names cost of them",
          columns: [{ label: "directory" }, numeric("files"), numeric("tokens"), numeric("extra tokens"), numeric("share of its tokens")],
          stacks: true,
          rows: areas.map((area) => [
            area.path === "" || open === undefined
              ? area.label
              : html`<button class="link mono" data-open=${area.path} @click=${() => open(area.path)}>${area.label}</button>`,
            count(area.files),
            count(area.tokens),
            count(Math.round(area.contextCost)),
            percent(area.costShare),
          ]),
        }),
    })}
  </section>`;
}

function breadcrumb(focus: string, open: (path: string) => void): TemplateResult {
  const parts = focus.split("/");
  const step = (label: string, path: string): TemplateResult =>
    html`<button class="link mono" data-crumb=${path} @click=${() => open(path)}>${label}</button>`;
  return html`<nav class="crumbs" aria-label="Directory">
    ${step("all directories", "")}
    ${parts.map((part, index) =>
      index === parts.length - 1
        ? html`<span class="mono" aria-current="page">${part}</span>`
        : step(part, parts.slice(0, index + 1).join("/")),
    )}
  </nav>`;
}

export function lengthSection(report: FragmentationReport, chart: ChartState): TemplateResult | typeof nothing {
  const rows = report.distribution ?? [];
  const total = rows.reduce((sum, row) => sum + row.occurrences, 0);
  if (total === 0) return nothing;
  const one = rows.find(({ tokens }) => tokens <= 1)?.occurrences ?? 0;
  const title = `${percent(one / total)} of the occurrences of names are one token; ${percent(1 - one / total)} take two or more.`;
  return html`<section aria-label="Tokens per name">
    <h2>Tokens per name</h2>
    ${chartFigure({
      id: "lengths",
      title,
      summary: title,
      chart: nameLengths({
        rows,
        width: chart.width,
        label: title,
        reading: chart.reading("lengths"),
        read: (text) => chart.read("lengths", text),
      }),
      open: chart.isOpen("lengths"),
      toggle: () => chart.toggle("lengths"),
      table: () =>
        dataTable({
          caption: "Occurrences of names by their tokens",
          columns: [{ label: "tokens" }, numeric("occurrences"), numeric("share")],
          rows: rows.map((row, index) => [
            lengthLabel(row.tokens, index === rows.length - 1),
            count(row.occurrences),
            percent(row.occurrences / total),
          ]),
        }),
    })}
  </section>`;
}

export function kindTable(report: FragmentationReport): TemplateResult | typeof nothing {
  const cost = (each: FragmentationReport["byKind"][string]): number => each.contextCost ?? each.occurrences * (each.meanInContext - 1);
  const kinds = Object.entries(report.byKind).sort((a, b) => cost(b[1]) - cost(a[1]));
  if (kinds.length === 0) return nothing;
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
        numeric("split"),
        numeric("extra tokens"),
      ],
      stacks: true,
      rows: kinds.map(([kind, each]) => [
        kindWord(kind),
        count(each.terms),
        count(each.occurrences),
        fixed(each.meanInContext, 2),
        fixed(each.meanIsolated, 2),
        each.splitShare === undefined ? "" : percent(each.splitShare),
        count(Math.round(cost(each))),
      ]),
    })}
  </section>`;
}

/** Names of so many terms side by side; the command line has all. */
const comparedShown = 40;

export function comparisonSection(comparison: FragmentationComparison): TemplateResult {
  const { tokenizers, terms } = comparison;
  return html`<section aria-label="Tokenizers side by side">
    <h2>Tokenizers side by side</h2>
    ${dataTable({
      caption: "The same corpus with each tokenizer",
      columns: [
        { label: "tokenizer" },
        numeric("tokens"),
        numeric("bytes per token"),
        numeric("tokens per name"),
        numeric("split"),
        numeric("names cost"),
      ],
      stacks: true,
      rows: tokenizers.map((each) => [
        html`<span title=${each.tokenizer.hash}>${each.tokenizer.name}</span>`,
        each.tokens === undefined ? "" : count(each.tokens),
        significant(each.bytesPerToken),
        fixed(each.meanInContext, 2),
        percent(each.splitShare),
        percent(each.costShare),
      ]),
    })}
    ${dataTable({
      caption: "The costliest names: tokens here with each tokenizer",
      columns: [{ label: "name" }, numeric("count"), ...tokenizers.map(({ tokenizer }) => numeric(tokenizer.name))],
      bounded: true,
      stacks: true,
      rows: terms
        .slice(0, comparedShown)
        .map(({ term, count: times, by }) => [
          html`<span class="mono term">${term}</span>`,
          count(times),
          ...by.map(({ inContext }) => fixed(inContext, 2)),
        ]),
    })}
    ${terms.length > comparedShown ? html`<p class="quiet">The first ${count(comparedShown)} of ${count(terms.length)} names.</p>` : nothing}
  </section>`;
}

/** @param act assesses; undefined in a report of its own file */
export function expansionSection(
  expansion: ExpansionAssessment | undefined,
  act: (() => void) | undefined,
): TemplateResult | typeof nothing {
  if (expansion === undefined && act === undefined) return nothing;
  return html`<section aria-label="New tokens">
    <h2>New tokens</h2>
    ${
      expansion === undefined
        ? html`<p>Would tokens of this repository's own be worth their price? Usually not: the model has to learn each from nothing.</p>
            <vscode-button secondary data-action="assess-expansion" @click=${act}>Measure What They Would Save</vscode-button>`
        : assessed(expansion)
    }
  </section>`;
}

function assessed({ verdict, reasons, wouldChange, savings, heldOut }: ExpansionAssessment): TemplateResult {
  const list = (items: readonly string[]): TemplateResult =>
    html`<ul class="notes">
      ${items.map((item) => html`<li>${item}</li>`)}
    </ul>`;
  return html`<p><b>${verdict === "do-not-expand" ? "Do not add tokens." : "New tokens may pay."}</b></p>
    ${list(reasons)}
    ${dataTable({
      caption: `What new tokens would save, measured on ${plural(heldOut.files, "held-out file")}`,
      columns: [
        { label: "new tokens" },
        numeric("saved, held-out"),
        numeric("saved, training"),
        numeric("seen often enough"),
        numeric("never in held-out"),
      ],
      stacks: true,
      rows: savings.map((saving) => [
        count(saving.candidates),
        percent(saving.heldOutShare),
        percent(saving.trainShare),
        percent(saving.exposedShare),
        percent(saving.neverHeldOutShare),
      ]),
    })}
    ${
      wouldChange.length === 0
        ? nothing
        : html`<h3>What would change this</h3>
            ${list(wouldChange)}`
    }`;
}

export function leftOut({ excluded = {}, malformed, kindsFrom }: FragmentationReport): TemplateResult | typeof nothing {
  const reasons = Object.entries(excluded).filter(([, occurrences]) => occurrences > 0);
  const lines = [
    ...(reasons.length === 0
      ? []
      : [`Not counted as names: ${reasons.map(([reason, n]) => `${count(n)} ${kindWord(reason)}`).join(", ")}.`]),
    ...(malformed === undefined || malformed.files === 0
      ? []
      : [
          `${plural(malformed.files, "configuration file breaks the rules of its format", "configuration files break the rules of their format")}, for example ${malformed.examples[0]?.path ?? ""}.`,
        ]),
    ...(kindsFrom === undefined || kindsFrom.grammar === 0
      ? []
      : [
          `Kinds come from the syntax tree in ${plural(kindsFrom.grammar, "file")}, from their shape in ${plural(kindsFrom.lexer, "file")}.`,
        ]),
  ];
  return lines.length === 0 ? nothing : html`<p class="quiet">${lines.join(" ")}</p>`;
}
