/** The result in words and tables: stop reason, selection, the loop's figures beside the sealed ones, all suites. */
import { html, nothing, type TemplateResult } from "lit";
import { bucketNames, type BucketName, type Buckets } from "@midtrain/protocol/measures";
import { changeText, count, decimalsFor, figureDecimals, fixed, measuredValue } from "@midtrain/protocol/words";
import { bucketTitle } from "../model/findings";
import { capitalised, latestPoint, listed, verdictLook } from "../model/figures";
import { sentence, stopSentence } from "../model/run-words";
import { verdictMark } from "../ui/icons";
import { dataTable, type Cell, type Column } from "../ui/table";
import { twoColumns, type RunContext } from "./context";

export function verdictSection(context: RunContext): TemplateResult {
  const { run } = context;
  const { final } = run.document;
  const wide = context.width >= twoColumns;
  const selected = run.document.selected ?? run.status.selected;
  return html`<section aria-label="Result">
    <h2>Result</h2>
    <p>${stopSentence(run.status)}</p>
    ${selected ? html`<p>Selected: ${selected.step === 0 ? "the base" : `step ${count(selected.step)}`}. ${sentence(capitalised(selected.why))}</p>` : nothing}
    <div class="columns ${wide ? "wide" : ""}">
      ${loopFigures(context)}
      ${
        final && selected?.step !== 0
          ? html`<div>
              <h3>On the sealed items, never used in the run</h3>
              ${sealedTable(final)}
            </div>`
          : html`<div>
              <h3>On the sealed items</h3>
              <p class="quiet">${sealedWait(context)}</p>
            </div>`
      }
    </div>
    ${suitesPart(context)}
  </section>`;
}

/** Every suite behind the headlines, on demand; and the side figures that belong beside one. */
function suitesPart(context: RunContext): TemplateResult | typeof nothing {
  const buckets = shownBuckets(context);
  if (!buckets) return nothing;
  const isOpen = context.isOpen("suites");
  const sides = bucketNames.flatMap((name) => sidesSentence(name, buckets));
  return html`<p class="quiet">${visibleSentence(buckets)}</p>
    ${sides.map((text) => html`<p class="quiet">${text}</p>`)}
    <button
      class="link"
      data-table="suites"
      aria-expanded=${isOpen ? "true" : "false"}
      aria-controls="suites-data"
      @click=${() => context.toggle("suites")}
    >
      ${isOpen ? "Hide all suites" : "Show all suites"}
    </button>
    <div id="suites-data">${isOpen ? suiteTable(buckets) : nothing}</div>`;
}

/** What the gates could miss: the smallest true drop that so many items show (power 0.8). */
function visibleSentence(buckets: Buckets): string {
  const each = bucketNames.map((name) => `${name} ${fixed(buckets[name].visible, figureDecimals(buckets[name]))} ${buckets[name].unit}`);
  return `Smallest drop that these items can show: ${listed(each)}.`;
}

function sidesSentence(bucket: BucketName, buckets: Buckets): readonly string[] {
  const sides = Object.entries(buckets[bucket].sides ?? {});
  return sides.length === 0
    ? []
    : [
        `${bucketTitle(bucket)}, beside the headline: ${sides.map(([name, value]) => `${spaced(name)} ${fixed(value, decimalsFor(value))}`).join(", ")}.`,
      ];
}

/** `harmfulBase` as people read it. */
function spaced(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

function suiteTable(buckets: Buckets): TemplateResult {
  const numeric = (label: string): Column => ({ label, numeric: true });
  const rows = bucketNames.flatMap((name) =>
    buckets[name].suites.map((suite): readonly Cell[] => {
      const digits = figureDecimals(suite);
      const allowed = suite.tolerance > 0 ? fixed(suite.tolerance, digits) : "none";
      return [
        suite.suite,
        name,
        suite.unit,
        fixed(suite.base, digits),
        fixed(measuredValue(suite), digits),
        changeText(suite),
        allowed,
        fixed(suite.visible, digits),
        count(suite.n),
        verdictMark(verdictLook(name, suite)),
      ];
    }),
  );
  return dataTable({
    caption: "All suites: base, now, change, tolerance, smallest visible drop, items, verdict",
    columns: [
      { label: "suite" },
      { label: "bucket" },
      { label: "unit" },
      numeric("base"),
      numeric("now"),
      numeric("change"),
      numeric("tolerance"),
      numeric("smallest visible drop"),
      numeric("n"),
      { label: "verdict" },
    ],
    rows,
    stacks: true,
  });
}

function shownBuckets(context: RunContext): Buckets | undefined {
  const { run } = context;
  const selected = run.document.selected ?? run.status.selected;
  return (selected && selected.step > 0 ? run.document.buckets : undefined) ?? latestPoint(run)?.buckets;
}

/** With a trained state selected, its figures; with the base selected, what the last state would have changed. */
function loopFigures(context: RunContext): TemplateResult | typeof nothing {
  const { run } = context;
  const selected = run.document.selected ?? run.status.selected;
  const buckets = shownBuckets(context);
  if (!buckets) return nothing;
  const isTrained = selected !== null && selected !== undefined && selected.step > 0;
  const title = isTrained ? "In the run" : selected ? "In the run, at its last state" : "So far in the run";
  return html`<div>
    <h3>${title}</h3>
    ${loopTable(buckets, isTrained)}
  </div>`;
}

function sealedWait(context: RunContext): string {
  if (context.run.status.state !== "finished")
    return "A third of every suite is sealed; base and selected checkpoint are scored on it once, at the end.";
  const selected = context.run.document.selected ?? context.run.status.selected;
  if (selected?.step === 0) return "They were not scored: the base stays selected, so there is nothing to compare.";
  return "They were not scored in this run.";
}

function bucketWithUnit(bucket: BucketName, unit: string): string {
  return `${bucketTitle(bucket)},\u00a0${unit}`;
}

function loopTable(buckets: Buckets, selected: boolean): TemplateResult {
  const rows = bucketNames.map((name): readonly Cell[] => {
    const figures = buckets[name];
    const digits = figureDecimals(figures);
    const chosen = selected ? [fixed(figures.selected, digits)] : [];
    return [
      bucketWithUnit(name, figures.unit),
      fixed(figures.base, digits),
      fixed(selected ? figures.last : measuredValue(figures), digits),
      ...chosen,
      changeText(figures),
      verdictMark(verdictLook(name, figures)),
    ];
  });
  const numeric = (label: string): Column => ({ label, numeric: true });
  return dataTable({
    caption: "Figures of the run: base, last, selected, change, verdict",
    columns: [
      { label: "bucket" },
      numeric("base"),
      numeric("last"),
      ...(selected ? [numeric("selected")] : []),
      numeric("change"),
      { label: "verdict" },
    ],
    rows,
    stacks: true,
  });
}

function sealedTable(final: Buckets): TemplateResult {
  const rows = bucketNames.map((name): readonly Cell[] => {
    const figures = final[name];
    const digits = figureDecimals(figures);
    return [
      bucketWithUnit(name, figures.unit),
      fixed(figures.base, digits),
      fixed(figures.selected, digits),
      changeText(figures),
      count(figures.n),
      verdictMark(verdictLook(name, figures)),
    ];
  });
  const numeric = (label: string): Column => ({ label, numeric: true });
  return dataTable({
    caption: "Figures on sealed items: base, selected, change, n, verdict",
    columns: [{ label: "bucket" }, numeric("base"), numeric("selected"), numeric("change"), numeric("n"), { label: "verdict" }],
    rows,
    stacks: true,
  });
}
