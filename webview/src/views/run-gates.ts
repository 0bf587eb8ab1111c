/** Gate timeline, Pareto picture, checkpoints, stop reason and the two verdict tables. */
import { html, nothing, type TemplateResult } from "lit";
import { bucketNames, type BucketName, type Buckets } from "@midtrain/protocol/measures";
import { changeText, count, decimalsFor, figureDecimals, fixed, measuredValue, plural } from "@midtrain/protocol/words";
import type { CheckpointScore } from "@midtrain/protocol/run";
import { changeOf, pareto } from "../charts/pareto";
import { bucketCell, timeline } from "../charts/timeline";
import { bucketTitle, falseAlarmSentence, paretoFinding, selectedCandidate, timelineFinding } from "../model/findings";
import { latestPoint, verdictLook } from "../model/figures";
import { stopSentence } from "../model/run-words";
import { verdictMark } from "../ui/icons";
import { chartFigure, dataTable, type Cell, type Column } from "../ui/table";
import { openItems, twoColumns, type RunContext } from "./context";

export function gateSection(context: RunContext): TemplateResult {
  const { run } = context;
  const title = timelineFinding(run);
  if (!run.plan && run.evaluations.length === 0) {
    return html`<section aria-label="Gates">
      <h2>Gates</h2>
      <p class="quiet">${title} The base is measured first; training and its gates follow.</p>
    </section>`;
  }
  return html`<section aria-label="Gates">
    <h2>Gates</h2>
    ${chartFigure({
      id: "timeline",
      title,
      summary: `${title} ${falseAlarmSentence(run)} ${plural(run.evaluations.length, "evaluation")}; the data table holds every figure.`,
      chart: timeline({
        run,
        width: context.width,
        reading: context.reading("timeline"),
        read: (text) => context.read("timeline", text),
        openItems: openItems(context),
      }),
      open: context.isOpen("timeline"),
      toggle: () => context.toggle("timeline"),
      table: () => evaluationTable(context),
    })}
    <p>${falseAlarmSentence(run)}</p>
  </section>`;
}

function evaluationTable(context: RunContext): TemplateResult {
  const { run } = context;
  const columns = [
    { label: "step", numeric: true },
    { label: "tokens", numeric: true },
    { label: "branch" },
    ...bucketNames.map((name) => ({ label: `${name}, ${latestPoint(run)?.buckets[name].unit ?? "change"}` })),
    { label: "J", numeric: true },
  ];
  const rows = run.evaluations.map((point): readonly Cell[] => [
    count(point.step),
    count(point.tokens),
    point.live ? "live" : "undone",
    ...bucketNames.map((name) => bucketCell(name, point)),
    fixed(point.score, 2),
  ]);
  const marks = run.marks.map((mark): readonly Cell[] => [count(mark.step), mark.text]);
  return html`${dataTable({ caption: "Evaluations: change against the base with 95 % interval, and verdict", columns, rows, bounded: true })}
  ${marks.length > 0 ? dataTable({ caption: "Marks", columns: [{ label: "step", numeric: true }, { label: "mark" }], rows: marks, bounded: true }) : nothing}`;
}

export function selectionSection(context: RunContext): TemplateResult {
  const { run } = context;
  const wide = context.width >= twoColumns;
  const title = paretoFinding(run);
  if (run.candidates.length === 0)
    return html`<section aria-label="Checkpoints">
      <h2>Checkpoints</h2>
      <p class="quiet">No checkpoint has been judged yet; the first is judged together with the first gates.</p>
    </section>`;
  return html`<section aria-label="Checkpoints">
    <h2>Checkpoints</h2>
    <div class="columns pareto ${wide ? "wide" : ""}">
      ${chartFigure({
        id: "pareto",
        title,
        summary: `${title} Domain gain to the right, general change upwards, the base at the origin.`,
        chart: pareto({
          run,
          width: wide ? ((context.width - 32) * 5) / 12 : context.width,
          reading: context.reading("pareto"),
          read: (text) => context.read("pareto", text),
          openItems: openItems(context),
        }),
        open: context.isOpen("pareto"),
        toggle: () => context.toggle("pareto"),
        table: () => frontTable(context),
      })}
      ${checkpointTable(context)}
    </div>
  </section>`;
}

function frontTable(context: RunContext): TemplateResult {
  const rows = context.run.candidates.map((candidate): readonly Cell[] => [
    nameOf(candidate),
    changeOf(context.run, "domain", candidate),
    changeOf(context.run, "general", candidate),
    changeOf(context.run, "safety", candidate),
    candidate.onFront ? "on the front" : "behind it",
  ]);
  return dataTable({
    caption: "The points of the Pareto picture",
    columns: [
      { label: "step", numeric: true },
      { label: "domain", numeric: true },
      { label: "general", numeric: true },
      { label: "safety", numeric: true },
      { label: "front" },
    ],
    rows,
  });
}

function nameOf(candidate: CheckpointScore): string {
  return candidate.step === 0 ? "base" : count(candidate.step);
}

function checkpointTable(context: RunContext): TemplateResult {
  const { run } = context;
  const chosen = selectedCandidate(run);
  const sorted = [...run.candidates].sort((a, b) => a.step - b.step || a.branch - b.branch);
  const numeric = (label: string): Column => ({ label, numeric: true });
  const stepCell = (candidate: CheckpointScore): Cell =>
    candidate.step === 0 || context.standalone
      ? nameOf(candidate)
      : html`<button class="link" aria-label="Open the items of step ${nameOf(candidate)}" @click=${() => openItems(context)(candidate)}>
          ${nameOf(candidate)}
        </button>`;
  const rows = sorted.map((candidate): readonly Cell[] => [
    stepCell(candidate),
    ...bucketNames.map((bucket) => (candidate.step === 0 ? "0" : changeOf(run, bucket, candidate))),
    fixed(candidate.score, 2),
    candidate.why,
  ]);
  return html`<div>
    ${dataTable({ caption: "Checkpoints: change of each metric against the base, score J, and why", columns: [numeric("step"), ...bucketNames.map(numeric), numeric("J"), { label: "why" }], rows, stacks: true, highlight: (row) => sorted[row] === chosen })}
    <p class="quiet">${orientation(context)}</p>
  </div>`;
}

/** Which direction is good, in words, since changes are shown with the sign of their metric. */
function orientation(context: RunContext): string {
  const point = latestPoint(context.run);
  if (!point) return "";
  const lower = [...new Set(bucketNames.filter((name) => point.buckets[name].better === "lower").map((name) => point.buckets[name].unit))];
  const higher = [
    ...new Set(bucketNames.filter((name) => point.buckets[name].better === "higher").map((name) => point.buckets[name].unit)),
  ];
  const part = (units: readonly string[], word: string): string => (units.length > 0 ? `${word} ${units.join(" and ")}` : "");
  return `Changes against the base: ${[part(lower, "fewer"), part(higher, "more")].filter((text) => text !== "").join(", ")} is better. J is the declared score; the base has 0.`;
}

export function verdictSection(context: RunContext): TemplateResult {
  const { run } = context;
  const { final } = run.document;
  const wide = context.width >= twoColumns;
  const selected = run.document.selected ?? run.status.selected;
  return html`<section aria-label="Result">
    <h2>Result</h2>
    <p>${stopSentence(run.status)}</p>
    ${selected ? html`<p>Selected: ${selected.step === 0 ? "the base" : `step ${count(selected.step)}`}. ${selected.why}</p>` : nothing}
    <div class="columns ${wide ? "wide" : ""}">
      ${loopFigures(context)}
      ${
        final
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
  return html`${sides.map((text) => html`<p class="quiet">${text}</p>`)}
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

function sidesSentence(bucket: BucketName, buckets: Buckets): readonly string[] {
  const sides = Object.entries(buckets[bucket].sides ?? {});
  return sides.length === 0
    ? []
    : [
        `${bucketTitle(bucket)}, beside the headline: ${sides.map(([name, value]) => `${name} ${fixed(value, decimalsFor(value))}`).join(", ")}.`,
      ];
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
      fixed(figures.last, digits),
      ...chosen,
      changeText(figures),
      fixed(figures.visible, digits),
      verdictMark(verdictLook(name, figures)),
    ];
  });
  const numeric = (label: string): Column => ({ label, numeric: true });
  return dataTable({
    caption: "Figures of the run: base, last, selected, change, smallest visible drop, verdict",
    columns: [
      { label: "bucket" },
      numeric("base"),
      numeric("last"),
      ...(selected ? [numeric("selected")] : []),
      numeric("change"),
      numeric("smallest visible drop"),
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
