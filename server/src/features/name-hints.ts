/** Inlay hints beside expensive names, and one code lens with the figures of the file. */
import type { CodeLens, InlayHint, Range } from "vscode-languageserver";
import type { FileFragmentation } from "@midtrain/protocol/tokens";
import { count, percent, plural, significant } from "@midtrain/protocol/words";
import { fileFragmentation, termsInRange } from "../identifiers";
import { isTooLarge, languageFor, visible, type NameContext } from "./name-context";

const hintCap = 500;

export interface HintSettings {
  readonly minimumTokens: number;
  readonly show: "count" | "pieces";
}

/** Beside the names of a range that take at least so many tokens. */
export function nameHints(context: NameContext, range: Range, { minimumTokens, show }: HintSettings): InlayHint[] {
  if (isTooLarge(context)) return [];
  const { document, tokenizer, isIgnored } = context;
  const offsets = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  return termsInRange(document.getText(), languageFor(document), offsets, tokenizer, isIgnored)
    .filter((term) => term.here >= minimumTokens)
    .slice(0, hintCap)
    .map(({ end, here, pieces }) => {
      const split = pieces.map(visible).join("\u2502");
      return {
        position: document.positionAt(end),
        label: show === "pieces" ? ` ${split}` : ` ${count(here)} tokens`,
        paddingLeft: true,
        tooltip: show === "pieces" ? plural(here, "token") : split,
      };
    });
}

export function figuresOfDocument(context: NameContext): FileFragmentation | null {
  if (isTooLarge(context)) return null;
  const { document, tokenizer, isIgnored } = context;
  return fileFragmentation(document.getText(), languageFor(document), tokenizer, isIgnored);
}

/** One line over the file: what its names cost. */
export function nameLens(context: NameContext): CodeLens[] {
  const figures = figuresOfDocument(context);
  if (figures === null || figures.occurrences === 0) return [];
  const cost =
    figures.contextCost === undefined ? "" : ` · they cost ${percent(figures.contextCost / Math.max(1, figures.tokens))} of its tokens`;
  const title = `${plural(figures.occurrences, "name")} · ${significant(figures.meanInContext)} tokens per name${cost} · ${figures.tokenizer.name}`;
  const start = { line: 0, character: 0 };
  return [{ range: { start, end: start }, command: { title, command: "midtrain.showFragmentationReport" } }];
}
