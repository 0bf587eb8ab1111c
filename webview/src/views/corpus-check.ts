/** What *Check Corpus* derived again: the verdict on the split, leakage and repetition. */
import { html, nothing, type TemplateResult } from "lit";
import type { CorpusCheckSummary, RepetitionFigures } from "@midtrain/protocol/corpus-check";
import { count, percent, plural } from "@midtrain/protocol/words";
import { checkVerdict, leakageSentence, repeatedDirectories } from "../model/corpus-check";
import { dataTable, type Cell } from "../ui/table";

/** @param act starts a check; absent in a report of its own file */
export function checkSection(check: CorpusCheckSummary | undefined, act: (() => void) | undefined): TemplateResult | typeof nothing {
  if (check === undefined && act === undefined) return nothing;
  return html`<section aria-label="Check">
    <h2>Check</h2>
    ${check === undefined ? unchecked(act) : checked(check)}
  </section>`;
}

function unchecked(act: (() => void) | undefined): TemplateResult {
  return html`<p>
      Not checked since this harvest. A check derives the split again from the written corpus alone, and measures how much of it repeats.
    </p>
    <vscode-button secondary data-action="check" @click=${act}>Check Corpus</vscode-button>`;
}

function checked(check: CorpusCheckSummary): TemplateResult {
  return html`<p class=${check.ok ? "" : "note"}>${checkVerdict(check)}</p>
    ${problems(check)}
    <p>${leakageSentence(check)}</p>
    ${repetition(check.repetition)}`;
}

function problems({ pairsAcross, duplicatesLeft, problems: others }: CorpusCheckSummary): TemplateResult | typeof nothing {
  const rows: (readonly Cell[])[] = [
    ...pairsAcross.shown.map(({ a, b, sides, why, jaccard }): readonly Cell[] => [
      path(a),
      path(b),
      `${why}${jaccard === undefined ? "" : ` (Jaccard ${jaccard.toFixed(2)})`}, ${sides.join(" and ")}`,
    ]),
    ...duplicatesLeft.shown.map(({ a, b, jaccard }): readonly Cell[] => [path(a), path(b), `duplicates, Jaccard ${jaccard.toFixed(2)}`]),
  ];
  if (rows.length === 0 && others.length === 0) return nothing;
  return html`${
    rows.length === 0
      ? nothing
      : dataTable({
          caption: "Pairs that belong together",
          columns: [{ label: "file" }, { label: "and" }, { label: "why" }],
          rows,
          stacks: true,
          bounded: true,
        })
  }
  ${
    others.length === 0
      ? nothing
      : html`<ul class="notes">
          ${others.map((each) => html`<li>${each}</li>`)}
        </ul>`
  }`;
}

function path(name: string): TemplateResult {
  return html`<span class="mono path">${name}</span>`;
}

function repetition(figures: readonly RepetitionFigures[]): TemplateResult | typeof nothing {
  const rows = repeatedDirectories(figures);
  if (rows.length === 0) return nothing;
  return html`<h3>Repetition</h3>
    ${dataTable({
      caption: "Repetition of the corpus and of its most templated directories",
      columns: [
        { label: "directory" },
        { label: "files", numeric: true },
        { label: "distinct text", numeric: true },
        { label: "in ten files or more", numeric: true },
        { label: "lines repeated", numeric: true },
        { label: "files half alike", numeric: true },
      ],
      stacks: true,
      rows: rows.map((each) => [
        each.directory === "" ? "the whole corpus" : path(`${each.directory}/`),
        count(each.documents),
        percent(each.diversity),
        percent(each.templated),
        percent(each.repeatedLines),
        percent(each.alikeDocuments),
      ]),
    })}
    <p class="quiet">
      Measured after deduplication and not cut: ${plural(rows.length - 1, "directory", "directories")} with the largest share of text that
      ten files or more have in common.
    </p>`;
}
