/** Diagnostics at hint level for expensive names, opt-in; and what can be done about a name. Pulled, never pushed. */
import { CodeActionKind, DiagnosticSeverity, type CodeAction, type Diagnostic, type Range } from "vscode-languageserver";
import * as z from "zod/mini";
import type { TermHere } from "@midtrain/protocol/tokens";
import { plural } from "@midtrain/protocol/words";
import { termAt, termsInRange } from "../identifiers";
import { isTooLarge, languageFor, rangeOf, visible, type NameContext } from "./name-context";

/** Stable: documentation and filters name it. */
const expensiveName = "expensive-name";

/** Of one document; the first names of the file. */
const diagnosticCap = 200;

const dataSchema = z.object({ term: z.string() });

/** One diagnostic a name, at its first occurrence in the document. */
export function nameDiagnostics(context: NameContext, minimumTokens: number, documentation: string | undefined): Diagnostic[] {
  if (isTooLarge(context)) return [];
  const { document, tokenizer, isIgnored, cheaperSpelling } = context;
  const text = document.getText();
  const seen = new Set<string>();
  const found: Diagnostic[] = [];
  for (const here of termsInRange(text, languageFor(document), { start: 0, end: text.length }, tokenizer, isIgnored)) {
    if (here.here < minimumTokens || seen.has(here.term)) continue;
    seen.add(here.term);
    const cheaper = cheaperSpelling(here.term);
    found.push({
      range: rangeOf(document, here),
      severity: DiagnosticSeverity.Hint,
      source: "Midtrain",
      code: expensiveName,
      ...(documentation === undefined ? {} : { codeDescription: { href: documentation } }),
      message: message(here, cheaper?.term),
      data: { term: here.term } satisfies z.infer<typeof dataSchema>,
    });
    if (found.length === diagnosticCap) break;
  }
  return found;
}

function message({ here, pieces }: TermHere, cheaper: string | undefined): string {
  const split = `This name takes ${plural(here, "token")}: ${pieces.map(visible).join("\u2502")}.`;
  return cheaper === undefined ? split : `${split} The repository also spells it ${cheaper}, which takes fewer.`;
}

/** For the name under the cursor, and for each diagnostic that the editor hands over. */
export function nameActions(context: NameContext, range: Range, diagnostics: readonly Diagnostic[]): CodeAction[] {
  if (isTooLarge(context)) return [];
  const { document, tokenizer, isIgnored } = context;
  const own = diagnostics.filter(({ code }) => code === expensiveName);
  const flagged = own.flatMap((diagnostic) => {
    const term = dataSchema.safeParse(diagnostic.data).data?.term;
    return term === undefined ? [] : actionsFor(context, term, diagnostic.range, diagnostic);
  });
  if (flagged.length > 0) return flagged;
  const here = termAt(document.getText(), languageFor(document), document.offsetAt(range.start), tokenizer, isIgnored);
  return here === undefined || here.here < 2 ? [] : actionsFor(context, here.term, rangeOf(document, here));
}

function actionsFor({ document, cheaperSpelling }: NameContext, term: string, range: Range, diagnostic?: Diagnostic): CodeAction[] {
  const common = diagnostic === undefined ? {} : { diagnostics: [diagnostic] };
  const action = (title: string, command: string, ...args: readonly unknown[]): CodeAction => ({
    title,
    kind: diagnostic === undefined ? CodeActionKind.Refactor : CodeActionKind.QuickFix,
    ...common,
    command: { title, command, arguments: [...args] },
  });
  const cheaper = cheaperSpelling(term);
  return [
    ...(cheaper === undefined
      ? []
      : [
          action(
            `Rename to ${cheaper.term}, as elsewhere in this repository`,
            "midtrain.renameName",
            document.uri,
            range.start,
            cheaper.term,
          ),
        ]),
    action(`Show ${term} in the fragmentation report`, "midtrain.showInReport", term),
    action(`Ignore the name ${term} in figures and hints`, "midtrain.ignoreName", term),
  ];
}
