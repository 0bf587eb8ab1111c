/** Hover on a name: the pieces as they are, then one line of numbers (UX "Editor"). */
import type { Hover, Position } from "vscode-languageserver";
import type { TermFigures, TermHere } from "@midtrain/protocol/tokens";
import { plural } from "@midtrain/protocol/words";
import { termAt } from "../identifiers";
import type { Tokenizer } from "../tokenizer";
import { isTooLarge, languageFor, rangeOf, visible, type NameContext } from "./name-context";

/** What a hover says of the name at a position; undefined where there is none. */
export function nameHover(context: NameContext, position: Position): Hover | undefined {
  if (isTooLarge(context)) return undefined;
  const { document, tokenizer, repositoryTerm, isIgnored } = context;
  const here = termAt(document.getText(), languageFor(document), document.offsetAt(position), tokenizer, isIgnored);
  if (!here) return undefined;
  return { range: rangeOf(document, here), contents: { kind: "markdown", value: hoverText(here, tokenizer, repositoryTerm(here.term)) } };
}

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
  lines.push(
    `[Show in report](${commandLink("midtrain.showInReport", here.term)}) · [Ignore this name](${commandLink("midtrain.ignoreName", here.term)})`,
  );
  return lines.join("  \n");
}

function commandLink(command: string, ...args: readonly unknown[]): string {
  return `command:${command}?${encodeURIComponent(JSON.stringify(args))}`;
}

function codeSpan(text: string): string {
  const fence = "`".repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return `${fence}${text.startsWith("`") ? " " : ""}${text}${text.endsWith("`") ? " " : ""}${fence}`;
}
