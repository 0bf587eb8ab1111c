import type { Random } from "../../../platform/random";
import type { ArgumentSlot, FormatExchange, FormatSlots, FormatTemplate, WordSlot } from "./format-types";
import { drawArgument, drawWords, otherArgument, otherCount, otherWord } from "./slot-draws";

/** JSON as people write it on one line: a blank after colon and comma. */
function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}: ${spacedJson(member)}`)
    .join(", ")}}`;
}

/** One of four damages, after each of which the text is no JSON any more. */
function breakJson(json: string, random: Random): string {
  const damages = [
    () => json.slice(0, -1),
    () => json.replaceAll('"', "'"),
    () => json.replace(/"(\w+)": /g, "$1: "),
    () => json.replace(/": /, '" '),
  ];
  return random.pick(damages)();
}

type Fields = Readonly<Record<string, unknown>>;
interface Described {
  readonly sentence: string;
  readonly record: Fields;
  readonly wrong: Fields;
}

const jsonAsks = ["Write JSON with the keys KEYS.", "Return a JSON object with the keys KEYS.", "Answer in JSON with the keys KEYS."];

function jsonTemplate(name: string, grade: 1 | 2 | 3, describe: (slots: FormatSlots, random: Random) => Described): FormatTemplate {
  const make = (slots: FormatSlots, random: Random): FormatExchange => {
    const { sentence, record, wrong } = describe(slots, random);
    const ask = random.pick(jsonAsks).replace("KEYS", Object.keys(record).join(", "));
    const json = spacedJson(record);
    return {
      context: `User: ${ask} ${sentence}\nAssistant:`,
      right: ` ${json}\n`,
      brokenForm: ` ${breakJson(json, random)}\n`,
      wrongContent: ` ${spacedJson(wrong)}\n`,
    };
  };
  return { kind: "json", name, grade, make };
}

/** A flat record: each key takes a slot, the sentence names keys in braces, and one value of the wrong record differs. */
function flatJson(name: string, grade: 1 | 2 | 3, keys: Readonly<Record<string, ArgumentSlot>>, pattern: string): FormatTemplate {
  return jsonTemplate(name, grade, (slots, random) => {
    const record = Object.fromEntries(Object.entries(keys).map(([key, slot]) => [key, drawArgument(slots, slot, random)]));
    const [key, slot] = random.pick(Object.entries(keys));
    return { sentence: fill(pattern, record), record, wrong: { ...record, [key]: otherArgument(slots, slot, record[key]!, random) } };
  });
}

function fill(pattern: string, values: Readonly<Record<string, string | number>>): string {
  return pattern.replace(/\{(\w+)\}/g, (_, key: string) => String(values[key]));
}

export const jsonTemplates: readonly FormatTemplate[] = [
  flatJson("name-age", 1, { name: "name", age: "count" }, "{name} is {age} years old."),
  flatJson("item-price", 1, { item: "thing", price: "count" }, "The {item} costs {price} euros."),
  flatJson("name-city", 1, { name: "name", city: "city" }, "{name} lives in {city}."),
  flatJson("animal-colour", 1, { animal: "animal", colour: "colour" }, "The {animal} is {colour}."),
  flatJson("name-job-city", 2, { name: "name", job: "job", city: "city" }, "{name} is a {job} in {city}."),
  flatJson("order", 2, { customer: "name", item: "thing", count: "count" }, "{customer} orders the item {item}, {count} pieces."),
  jsonTemplate("sold", 2, (slots, random) => {
    const item = random.pick(slots.words.thing);
    const sold = random.int(2) === 1;
    return { sentence: `The ${item} is ${sold ? "" : "not "}sold.`, record: { item, sold }, wrong: { item, sold: !sold } };
  }),
  jsonTemplate("shopping", 3, (slots, random) => {
    const name = random.pick(slots.words.name);
    const [a, b, c] = drawWords(slots, "food", 3, random) as [string, string, string];
    return { sentence: `${name} buys ${a}, ${b} and ${c}.`, record: { name, foods: [a, b, c] }, wrong: { name, foods: [a, c, b] } };
  }),
  jsonTemplate("pet", 3, (slots, random) => {
    const [owner, name] = drawWords(slots, "name", 2, random) as [string, string];
    const kind = random.pick(slots.words.animal);
    const sentence = `${owner} has a ${kind} that is called ${name}.`;
    return { sentence, record: { owner, pet: { kind, name } }, wrong: { owner: name, pet: { kind, name: owner } } };
  }),
];

function toolTemplate(name: string, parameterCount: number, grade: 1 | 2 | 3): FormatTemplate {
  const make = (slots: FormatSlots, random: Random): FormatExchange => {
    const tool = random.pick(slots.tools.filter((spec) => Object.keys(spec.parameters).length === parameterCount));
    const others = random.shuffle(slots.tools.filter((spec) => spec.name !== tool.name)).slice(0, 1 + random.int(2));
    const signatures = random.shuffle([tool, ...others]).map((spec) => `${spec.name}(${Object.keys(spec.parameters).join(", ")})`);
    const values = Object.fromEntries(Object.entries(tool.parameters).map(([key, slot]) => [key, drawArgument(slots, slot, random)]));
    const [key, slot] = random.pick(Object.entries(tool.parameters));
    const right = spacedJson({ tool: tool.name, arguments: values });
    const otherTool = spacedJson({ tool: others[0]!.name, arguments: values });
    const otherValue = spacedJson({ tool: tool.name, arguments: { ...values, [key]: otherArgument(slots, slot, values[key]!, random) } });
    return {
      topic: tool.name,
      context: `Tools: ${signatures.join(", ")}\nUser: ${fill(tool.ask, values)}\nAssistant:`,
      right: ` ${right}\n`,
      brokenForm: ` ${breakJson(right, random)}\n`,
      wrongContent: ` ${random.int(2) === 0 ? otherTool : otherValue}\n`,
    };
  };
  return { kind: "tool-call", name, grade, make };
}

export const toolTemplates: readonly FormatTemplate[] = [
  toolTemplate("one-argument", 1, 1),
  toolTemplate("two-arguments", 2, 2),
  toolTemplate("three-arguments", 3, 3),
];

interface TableData {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly wrongRows: readonly (readonly string[])[];
  readonly sentence: string;
}

/** The first column holds different words, so that a row can be told by it; the wrong rows differ in one last cell. */
function tableData(
  header: Readonly<Record<string, ArgumentSlot>>,
  size: number,
  pattern: string,
  slots: FormatSlots,
  random: Random,
): TableData {
  const [first, ...rest] = Object.entries(header) as [[string, WordSlot], ...[string, ArgumentSlot][]];
  const keys = drawWords(slots, first[1], size, random);
  const rows = keys.map((key) => [key, ...rest.map(([, slot]) => String(drawArgument(slots, slot, random)))]);
  const last = Object.values(header).at(-1)!;
  const changed = random.int(size);
  const wrongRows = rows.map((row, i) => {
    if (i !== changed) return row;
    const value = row.at(-1)!;
    return [...row.slice(0, -1), last === "count" ? String(otherCount(Number(value), random)) : otherWord(slots, last, value, random)];
  });
  const names = Object.keys(header);
  const sentence = rows.map((row) => fill(pattern, Object.fromEntries(names.map((name, i) => [name, row[i]!])))).join(", ");
  return { header: names, rows, wrongRows, sentence };
}

const csvText = (header: readonly string[], rows: readonly (readonly string[])[], separator: string): string =>
  `\n${[header, ...rows].map((row) => row.join(separator)).join("\n")}\n`;

const markdownText = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  `\n${[header, header.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n")}\n`;

type TableSpec = readonly [name: string, size: number, header: Readonly<Record<string, ArgumentSlot>>, pattern: string];
const tableSpecs: readonly TableSpec[] = [
  ["people", 1, { name: "name", city: "city" }, "{name} lives in {city}"],
  ["prices", 2, { item: "thing", price: "count" }, "{item} costs {price}"],
  ["ages", 2, { name: "name", age: "count" }, "{name} is {age}"],
  ["colours", 2, { item: "thing", colour: "colour" }, "{item} is {colour}"],
  ["animals", 2, { animal: "animal", count: "count" }, "{animal} has the number {count}"],
  ["jobs", 3, { name: "name", job: "job" }, "{name} is a {job}"],
  ["foods", 3, { food: "food", price: "count" }, "{food} for {price}"],
];
const gradeOfSize = (size: number): 1 | 2 | 3 => (size <= 1 ? 1 : size === 2 ? 2 : 3);

export const csvTemplates: readonly FormatTemplate[] = tableSpecs.map(([name, size, header, pattern]) => ({
  kind: "csv",
  name,
  grade: gradeOfSize(size),
  make: (slots, random) => {
    const data = tableData(header, size, pattern, slots, random);
    const ask = random.pick(["Write this as CSV with the header", "Make a CSV file with the header"]);
    const right = csvText(data.header, data.rows, ",");
    const damages = [csvText(data.header, data.rows, " "), csvText(data.header, data.rows, ";"), right.replace(/\n[^\n]*/, "")];
    return {
      context: `User: ${ask} ${data.header.join(",")}: ${data.sentence}.\nAssistant:`,
      right,
      brokenForm: random.pick(damages),
      wrongContent: csvText(data.header, data.wrongRows, ","),
    };
  },
}));

export const markdownTableTemplates: readonly FormatTemplate[] = tableSpecs.map(([name, size, header, pattern]) => ({
  kind: "table",
  name,
  grade: gradeOfSize(size),
  make: (slots, random) => {
    const data = tableData(header, size, pattern, slots, random);
    const ask = random.pick(["Write a markdown table with the columns", "Make a markdown table with the columns"]);
    const right = markdownText(data.header, data.rows);
    const damages = [right.replace(/\n\| ---[^\n]*/, ""), right.replace(/ \|\n/g, "\n"), right.replaceAll("|", "/")];
    return {
      context: `User: ${ask} ${data.header.join(" and ")}: ${data.sentence}.\nAssistant:`,
      right,
      brokenForm: random.pick(damages),
      wrongContent: markdownText(data.header, data.wrongRows),
    };
  },
}));
