/** Hover, inlay hints and file figures: all numbers come from the identifiers room, so they agree with the report. */
import type { Hover, InlayHint, Position, Range } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { FileFragmentation, TermFigures, TermHere } from "@midtrain/protocol/tokens";
import { count, plural } from "@midtrain/protocol/words";
import { fileFragmentation, termAt, termsInRange } from "../identifiers";
import { languageOf } from "../corpus";
import type { Tokenizer } from "../tokenizer";

/** Larger documents get no figures: the editor itself stops highlighting there. */
const largestDocument = 2_000_000;

const hintCap = 500;

export interface NameContext {
  readonly document: TextDocument;
  readonly tokenizer: Tokenizer;
  /** The repository's figures of a term, when a report is at hand. */
  readonly repositoryTerm: (term: string) => TermFigures | undefined;
}

function pathOf(document: TextDocument): string {
  return decodeURIComponent(new URL(document.uri).pathname);
}

function languageFor(document: TextDocument): string {
  return languageOf(pathOf(document), document.getText().slice(0, 200).split("\n")[0] ?? "") ?? document.languageId;
}

/** What a hover says of the name at a position; undefined where there is none. */
export function nameHover({ document, tokenizer, repositoryTerm }: NameContext, position: Position): Hover | undefined {
  const text = document.getText();
  if (text.length > largestDocument) return undefined;
  const here = termAt(text, languageFor(document), document.offsetAt(position), tokenizer);
  if (!here) return undefined;
  return { range: rangeOf(document, here), contents: { kind: "markdown", value: hoverText(here, tokenizer, repositoryTerm(here.term)) } };
}

/** First line the pieces, separated by a thin bar; then the numbers (UX "Editor"). */
function hoverText(here: TermHere, tokenizer: Tokenizer, repository: TermFigures | undefined): string {
  const numbers = `${plural(here.here, "token")} here · ${here.isolated} alone · ${here.afterSpace} after a space`;
  const lines = [codeSpan(here.pieces.map(visible).join("\u2502")), numbers];
  const { name, hash } = tokenizer.identity;
  const source = `${name} (${hash.slice(0, 4)}…)`;
  if (repository)
    lines.push(
      `used ${plural(repository.count, "time")} in ${plural(repository.files, "file")} · costs ${plural(Math.round(repository.contextCost), "extra token")} · ${source}`,
    );
  else lines.push(source);
  return lines.join("  \n");
}

function visible(piece: string): string {
  return piece.replace(/ /g, "·").replace(/\n/g, "⏎").replace(/\t/g, "→");
}

function codeSpan(text: string): string {
  const fence = "`".repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return `${fence}${text.startsWith("`") ? " " : ""}${text}${text.endsWith("`") ? " " : ""}${fence}`;
}

function rangeOf(document: TextDocument, span: { readonly start: number; readonly end: number }): Range {
  return { start: document.positionAt(span.start), end: document.positionAt(span.end) };
}

/** Counts beside expensive names of a range. */
export function nameHints({ document, tokenizer }: NameContext, range: Range, minimumTokens: number): InlayHint[] {
  const text = document.getText();
  if (text.length > largestDocument) return [];
  return termsInRange(text, languageFor(document), { start: document.offsetAt(range.start), end: document.offsetAt(range.end) }, tokenizer)
    .filter((term) => term.here >= minimumTokens)
    .slice(0, hintCap)
    .map((term) => ({
      position: document.positionAt(term.end),
      label: ` ${count(term.here)} tokens`,
      paddingLeft: true,
      tooltip: term.pieces.join(" | "),
    }));
}

export function figuresOfDocument({ document, tokenizer }: NameContext): FileFragmentation | null {
  const text = document.getText();
  return text.length > largestDocument ? null : fileFragmentation(text, languageFor(document), tokenizer);
}
