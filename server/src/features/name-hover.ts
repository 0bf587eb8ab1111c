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
  const source = `${plainMarkdown(name)} (${hash.slice(0, 4)}…)`;
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
  // encodeURIComponent leaves parentheses, which would end the link.
  const query = encodeURIComponent(JSON.stringify(args)).replace(/[()]/g, (sign) => (sign === "(" ? "%28" : "%29"));
  return `command:${command}?${query}`;
}

/** Text of a file's or directory's name, so that nothing in it becomes a link, an image or HTML. */
function plainMarkdown(text: string): string {
  return text.replace(/[^\p{L}\p{N} .:/_-]/gu, (sign) => (/\s|\p{C}/u.test(sign) ? " " : `\\${sign}`));
}

function codeSpan(text: string): string {
  const fence = "`".repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  // A blank is taken away only where there is one on both sides.
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}
