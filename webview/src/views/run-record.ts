/** What stands behind the verdicts: curves, changes, data, samples, lineage. */
import { html, nothing, type TemplateResult } from "lit";
import { bytes, count, percent, plural } from "@midtrain/protocol/words";
import type { CompletionSample } from "@midtrain/protocol/run";
import type { CorpusManifest } from "@midtrain/protocol/corpus";
import { curveRows, curves, gradNormSeries, learningRateSeries, lossNumber, lossSeries, rateNumber } from "../charts/curves";
import { sideBySide, sideColumn } from "../charts/timeline";
import { anomalyWords, gradNormFinding, learningRateFinding, lossFinding } from "../model/findings";
import { capitalised } from "../model/figures";
import { agreement } from "../model/completions";
import { sentence } from "../model/run-words";
import { chartFigure, dataTable, type Cell } from "../ui/table";
import type { RunContext } from "./context";

export function curveSection(context: RunContext): TemplateResult {
  const { run } = context;
  if (run.steps.length === 0)
    return html`<section aria-label="Training">
      <h2>Training</h2>
      <p class="quiet">No training step has been recorded yet.</p>
    </section>`;
  const wide = context.width >= sideBySide;
  const figures = [
    { id: "loss", title: lossFinding(run), series: lossSeries(run), number: lossNumber, spikes: false, unit: "nats/token" },
    { id: "grad-norm", title: gradNormFinding(run), series: gradNormSeries, number: lossNumber, spikes: true, unit: "norm" },
    { id: "learning-rate", title: learningRateFinding(run), series: learningRateSeries, number: rateNumber, spikes: false, unit: "rate" },
  ];
  return html`<section aria-label="Training" class=${wide ? "beside" : ""}>
    <h2>Training</h2>
    ${figures.map((each, index) =>
      chartFigure({
        id: each.id,
        title: each.title,
        summary: each.title,
        chart: curves({
          run,
          width: wide ? context.width - sideColumn : context.width,
          resting: index === 0 ? anomalyWords(run) : "",
          label: each.title,
          series: each.series,
          number: each.number,
          spikes: each.spikes,
          at: context.stepAt(each.id),
          readAt: (step) => context.readStep(each.id, step),
        }),
        open: context.isOpen(each.id),
        toggle: () => context.toggle(each.id),
        table: () =>
          dataTable({
            caption: `${each.title} Every recorded step`,
            columns: [
              { label: "step", numeric: true },
              { label: "tokens", numeric: true },
              { label: "branch" },
              ...each.series.map((series) => ({
                label: each.series.length > 1 ? `${series.label}, ${each.unit}` : each.unit,
                numeric: true,
              })),
            ],
            rows: curveRows(run, each.series, each.number),
            bounded: true,
          }),
      }),
    )}
  </section>`;
}

export function changeSection(context: RunContext): TemplateResult {
  const { run } = context;
  const line = (text: string, seq: number): Cell =>
    context.standalone
      ? sentence(capitalised(text))
      : html`<button
          class="link"
          aria-label="Open event ${seq}: ${text}"
          @click=${() => context.send({ type: "open-event", run: run.status.run, seq })}
        >
          ${sentence(capitalised(text))}
        </button>`;
  return html`<section aria-label="What changed and why">
    <h2>What changed and why</h2>
    ${
      run.changes.length === 0
        ? html`<p class="quiet">Nothing has changed since the start.</p>`
        : dataTable({
            caption: "Changes: step, time, and why",
            columns: [{ label: "step", numeric: true }, { label: "time" }, { label: "what and why" }],
            rows: run.changes.map((change) => [count(change.step), clock(change.time), line(change.text, change.seq)]),
          })
    }
  </section>`;
}

function clock(time: string): TemplateResult {
  const date = new Date(time);
  const text = Number.isNaN(date.getTime()) ? time : date.toLocaleTimeString("en-GB");
  return html`<time datetime=${time} class="quiet">${text}</time>`;
}

export function dataSection(context: RunContext): TemplateResult {
  const { run } = context;
  const { corpus } = run;
  const rows = run.identity.sources.map((source): readonly Cell[] => [
    source.name,
    source.role,
    count(source.rows),
    count(source.rows * source.lossTokensPerRow),
    percent(source.role === "replay" ? run.identity.recipe.replayShare : 1 - run.identity.recipe.replayShare),
  ]);
  return html`<section aria-label="Data">
    <h2>Data</h2>
    ${
      corpus
        ? html`<p>${corpusSentence(corpus)}</p>
            <p>${sentence(corpus.split.words)} ${corpus.split.note ?? ""}</p>
            ${corpus.notes.map((note) => html`<p>${sentence(note)}</p>`)}`
        : html`<p class="quiet">The corpus of this run is not at hand.</p>`
    }
    ${(run.identity.notes ?? []).map((note) => html`<p>${sentence(note)}</p>`)}
    <div class="columns ${context.width >= 860 ? "wide" : ""}">
      ${corpus ? dataTable({ caption: "Kept documents by class", columns: [{ label: "kept, by class" }, { label: "files", numeric: true }, { label: "size", numeric: true }], rows: Object.entries(corpus.byClass).map(([name, side]) => [name, count(side.documents), bytes(side.bytes)]) }) : nothing}
      ${dataTable({ caption: "Sources of the mixture", columns: [{ label: "source" }, { label: "role" }, { label: "rows", numeric: true }, { label: "tokens", numeric: true }, { label: "share by role", numeric: true }], rows, stacks: true })}
    </div>
  </section>`;
}

function corpusSentence(corpus: CorpusManifest): string {
  const rejected = Object.entries(corpus.rejectsByRule).sort((a, b) => b[1] - a[1]);
  const total = rejected.reduce((sum, [, files]) => sum + files, 0);
  const rules = rejected
    .slice(0, 4)
    .map(([rule, files]) => `${rule} ${count(files)}`)
    .join(", ");
  const redactions = Object.values(corpus.redactionsByRule).reduce((sum, found) => sum + found, 0);
  return [
    `${plural(corpus.documents, "file")} kept (${bytes(corpus.bytes.kept)} of ${bytes(corpus.bytes.seen)})`,
    `${plural(total, "file")} rejected${rules === "" ? "" : ` (${rules})`}`,
    `${plural(redactions, "finding")} redacted in ${plural(corpus.redactedFiles, "file")}`,
    `${plural(corpus.duplicateClusters, "cluster")} of duplicates.`,
  ].join("; ");
}

export function completionSection(context: RunContext): TemplateResult | typeof nothing {
  const { completions } = context.run;
  if (completions.length === 0) return nothing;
  return html`<section aria-label="Before and after">
    <h2>Before and after, on held-out files</h2>
    ${completions.slice(0, 3).map((sample) => completion(context, sample))}
  </section>`;
}

function completion(context: RunContext, sample: CompletionSample): TemplateResult {
  const place = `${sample.path}:${sample.line}`;
  const columns: readonly (readonly [string, string])[] = [
    ["Base", sample.base],
    ["Selected", sample.selected],
  ];
  return html`<article class="sample">
    <h3>
      ${context.standalone ? html`<span class="mono">${place}</span>` : html`<button class="link mono" @click=${() => context.send({ type: "open-file", path: sample.path, line: Math.max(0, sample.line - 1) })}>${place}</button>`}
    </h3>
    <pre class="prompt" tabindex="0" role="region" aria-label="Text before the cut in ${place}">${tail(sample.prompt)}</pre>
    <div class="triple ${context.width >= 700 ? "wide" : ""}">
      <div>
        <h4>The file goes on</h4>
        <pre tabindex="0" role="region" aria-label="How ${place} goes on">${sample.expected}</pre>
      </div>
      ${columns.map(([title, text]) => {
        const match = agreement(sample.expected, text);
        return html`<div>
          <h4>${title} <span class="quiet">${match.words}</span></h4>
          <pre tabindex="0" role="region" aria-label="${title} after ${place}: ${match.words}"><mark>${match.same}</mark>${match.rest}</pre>
        </div>`;
      })}
    </div>
  </article>`;
}

/** The last lines before the cut are what a reader needs. */
function tail(prompt: string): string {
  const lines = prompt.split("\n");
  return lines.length <= 8 ? prompt : `…\n${lines.slice(-8).join("\n")}`;
}

export function lineageSection(context: RunContext): TemplateResult {
  const { lineage, recipe, identity, repository } = context.run.identity;
  const rows: readonly (readonly [what: string, words: string, hash: string | undefined])[] = [
    ["run", context.run.status.run, identity],
    ["base", lineage.base.name, lineage.base.hash],
    ["corpus", repository.head ? `repository at ${repository.head.slice(0, 7)}` : "directory", lineage.corpus],
    ...lineage.tokens.map((each) => ["tokens", each.source, each.id] as const),
    ["tokenizer", lineage.tokenizer.name, lineage.tokenizer.hash],
    ...Object.entries(lineage.suites).map(([suite, hash]) => ["suite", suite, hash] as const),
    ["recipe", `${recipe.risk}, ${recipe.executor}`, lineage.recipe],
    ["restore mode", lineage.restoreMode, undefined],
    ["seed", String(lineage.seed), undefined],
    ["tool", `Midtrain ${lineage.toolVersion}`, undefined],
  ];
  return html`<section aria-label="Lineage">
    <h2>Lineage</h2>
    ${dataTable({
      caption: "What this run is bound to, by content",
      columns: [{ label: "part" }, { label: "name" }, { label: "hash" }],
      rows: rows.map(([what, words, hash]) => [what, words, hash ? hashCell(context, what, words, hash) : ""]),
    })}
  </section>`;
}

function hashCell(context: RunContext, what: string, words: string, hash: string): TemplateResult {
  return html`<span class="mono" title=${hash}>${hash.slice(0, 12)}</span>
    <button class="link" aria-label="Copy the hash of ${what} ${words}" data-copy @click=${() => context.copy(hash)}>Copy</button>`;
}
