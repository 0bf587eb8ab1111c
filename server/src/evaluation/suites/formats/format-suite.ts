import { seededRandom } from "../../../platform/random";
import type { ChoiceItem } from "../suite-types";
import { formatKinds, type FormatExchange, type FormatKind, type FormatSlots, type FormatTemplate } from "./format-types";
import { suiteSlots } from "./format-slots-suite";
import { csvTemplates, jsonTemplates, markdownTableTemplates, toolTemplates } from "./structured-templates";
import { chatTemplates, codeTemplates, listTemplates, numberTemplates, stopTemplates, yesNoTemplates } from "./turn-templates";

const itemsPerKind = 36;

const templatesByKind: Readonly<Record<FormatKind, readonly FormatTemplate[]>> = {
  json: jsonTemplates,
  "tool-call": toolTemplates,
  chat: chatTemplates,
  csv: csvTemplates,
  table: markdownTableTemplates,
  list: listTemplates,
  "yes-no": yesNoTemplates,
  number: numberTemplates,
  code: codeTemplates,
  stop: stopTemplates,
};

export function templatesOf(kind: FormatKind): readonly FormatTemplate[] {
  return templatesByKind[kind];
}

function itemOf(exchange: FormatExchange, template: FormatTemplate, index: number): ChoiceItem {
  const damage = index % 2 === 0 ? "form" : "content";
  const number = String(index + 1).padStart(2, "0");
  return {
    kind: "choice",
    id: `formats/${template.kind}/${template.name}/${template.grade}/${damage}/${number}`,
    cluster: `formats/${template.kind}/${exchange.topic ?? template.name}`,
    context: exchange.context,
    right: exchange.right,
    wrong: [damage === "form" ? exchange.brokenForm : exchange.wrongContent],
  };
}

/** Format items of one kind, from easy to hard templates in turn, no context twice. Pure. */
function itemsOfKind(kind: FormatKind, slots: FormatSlots): ChoiceItem[] {
  const random = seededRandom("format-suite", kind);
  const templates = templatesByKind[kind];
  const seen = new Set<string>();
  return Array.from({ length: itemsPerKind }, (_, index) => {
    // Two items of each template in a row, so that each template meets both kinds of damage.
    const template = templates[(index >> 1) % templates.length]!;
    let exchange = template.make(slots, random);
    while (seen.has(exchange.context)) exchange = template.make(slots, random);
    seen.add(exchange.context);
    return itemOf(exchange, template, index);
  });
}

/** All format items of the evaluation half: JSON, tool calls, chat turns, CSV, tables, lists, yes/no, numbers, code blocks, stopping. */
export function formatItems(): readonly ChoiceItem[] {
  return formatKinds.flatMap((kind) => itemsOfKind(kind, suiteSlots));
}
