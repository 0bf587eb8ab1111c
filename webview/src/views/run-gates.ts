/** Gate timeline, Pareto picture and checkpoints. */
import { html, nothing, type TemplateResult } from "lit";
import { bucketNames } from "@midtrain/protocol/measures";
import { count, figure, fixed, plural } from "@midtrain/protocol/words";
import type { CheckpointScore } from "@midtrain/protocol/run";
import { changeOf, pareto } from "../charts/pareto";
import { bucketCell, timeline } from "../charts/timeline";
import { falseAlarmSentence, paretoFinding, selectedCandidate, timelineFinding } from "../model/findings";
import { capitalised, latestPoint, shownCandidates } from "../model/figures";
import { sentence } from "../model/run-words";
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
  const { baseline } = run.document;
  const base: readonly (readonly Cell[])[] = baseline
    ? [["0", "0", "base", ...bucketNames.map((name) => figure(baseline[name])), fixed(0, 2)]]
    : [];
  const evaluated = run.evaluations.map((point): readonly Cell[] => [
    count(point.step),
    count(point.tokens),
    point.live ? "live" : "undone",
    ...bucketNames.map((name) => bucketCell(run, name, point)),
    fixed(point.score, 2),
  ]);
  const marks = run.marks.map((mark): readonly Cell[] => [count(mark.step), mark.text]);
  return html`${dataTable({ caption: "Evaluations: change against the base with 95 % interval, and verdict", columns, rows: [...base, ...evaluated], bounded: true })}
  ${marks.length > 0 ? dataTable({ caption: "Marks", columns: [{ label: "step", numeric: true }, { label: "mark" }], rows: marks, bounded: true }) : nothing}`;
}

export function selectionSection(context: RunContext): TemplateResult {
  const { run } = context;
  const wide = context.width >= twoColumns;
  const title = paretoFinding(run);
  if (shownCandidates(run).length === 0)
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
  const rows = shownCandidates(context.run).map((candidate): readonly Cell[] => [
    nameOf(candidate),
    changeOf(context.run, "domain", candidate),
    changeOf(context.run, "general", candidate),
    changeOf(context.run, "safety", candidate),
    frontWord(context, candidate),
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

function frontWord(context: RunContext, candidate: CheckpointScore): string {
  if (context.run.candidates.length === 0) return "not judged yet";
  return candidate.onFront ? "on the front" : "behind it";
}

function nameOf(candidate: CheckpointScore): string {
  return candidate.step === 0 ? "base" : count(candidate.step);
}

function checkpointTable(context: RunContext): TemplateResult {
  const { run } = context;
  const chosen = selectedCandidate(run);
  const sorted = [...shownCandidates(run)].sort((a, b) => a.step - b.step || a.branch - b.branch);
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
    sentence(capitalised(candidate.why)),
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
