/** What every answer about names starts from: a document, a tokenizer, the repository's figures. */
import type { Range } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { TermFigures } from "@midtrain/protocol/tokens";
import { languageOf } from "../corpus";
import type { Tokenizer } from "../tokenizer";

/** Larger documents get no figures: the editor itself stops highlighting there. */
const largestDocument = 2_000_000;

export interface NameContext {
  readonly document: TextDocument;
  readonly tokenizer: Tokenizer;
  /** The repository's figures of a term, when a report is at hand. */
  readonly repositoryTerm: (term: string) => TermFigures | undefined;
  /** Another spelling of the same words that the repository has and that takes fewer tokens. */
  readonly cheaperSpelling: (term: string) => TermFigures | undefined;
  readonly isIgnored: (term: string) => boolean;
}

export function isTooLarge({ document }: NameContext): boolean {
  return document.getText().length > largestDocument;
}

/** A cell of a notebook has the notebook's path and a language of its own; an untitled document has no name to judge by. */
export function languageFor(document: TextDocument): string {
  const { protocol, pathname } = new URL(document.uri);
  if (protocol === "vscode-notebook-cell:" || protocol === "untitled:") return document.languageId;
  const text = document.getText({ start: { line: 0, character: 0 }, end: { line: 0, character: 200 } });
  return languageOf(decoded(pathname), text) ?? document.languageId;
}

/** A stray percent sign in an address is no reason to have no figures. */
function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

export function rangeOf(document: TextDocument, span: { readonly start: number; readonly end: number }): Range {
  return { start: document.positionAt(span.start), end: document.positionAt(span.end) };
}

/** Spaces and line ends as signs: a bare carriage return is a line end in Markdown too. */
export function visible(piece: string): string {
  return piece
    .replace(/ /g, "·")
    .replace(/\r\n|[\r\n\u2028\u2029]/g, "⏎")
    .replace(/\t/g, "→");
}
