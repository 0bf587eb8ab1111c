import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noAttributes } from "../server/src/corpus/listing/list-git";
import { rejectByText } from "../server/src/corpus/rules/content-rules";
import { decode } from "../server/src/corpus/rules/decode";
import { measureText } from "../server/src/corpus/rules/text-figures";
import { languageOf } from "../server/src/corpus/rules/languages";
import { findSensitive } from "../server/src/corpus/sensitive/sensitive-scan";
import { writeSample, type Label } from "./secrets/sample";
import { printFigures, type Figure } from "./figures";

/** Lines, from 1, on which a program found something, by file. */
type Alarms = ReadonlyMap<string, ReadonlySet<number>>;

interface Ours {
  readonly alarms: Alarms;
  readonly rejected: number;
  /** Labels whose value still stands in the cleaned text. */
  readonly leaked: ReadonlySet<Label>;
  readonly rules: ReadonlyMap<Label, string>;
}

function ours(directory: string, labels: readonly Label[]): Ours {
  const alarms = new Map<string, Set<number>>();
  const leaked = new Set<Label>();
  const rules = new Map<Label, string>();
  let rejected = 0;
  for (const label of labels) {
    const content = readFileSync(join(directory, label.file));
    const decoded = decode(content);
    const language = languageOf(label.file);
    const judged =
      decoded.kind === "reject"
        ? undefined
        : { path: label.file, text: decoded.text, language, figures: measureText(decoded.text), attributes: noAttributes };
    if (decoded.kind === "reject" || rejectByText(judged!, new Set()) !== undefined) {
      rejected++;
      if (label.value !== undefined) leaked.add(label);
      continue;
    }
    const { text } = decoded;
    const lines = new Set<number>();
    let clean = "";
    let at = 0;
    for (const finding of findSensitive(text, language)) {
      const first = text.slice(0, finding.start).split("\n").length;
      const last = first + text.slice(finding.start, finding.end).split("\n").length - 1;
      for (let line = first; line <= last; line++) lines.add(line);
      if (last >= label.line && first <= label.lastLine) rules.set(label, finding.rule);
      clean += text.slice(at, finding.start);
      at = finding.end;
    }
    if (label.value !== undefined && (clean + text.slice(at)).includes(label.value)) leaked.add(label);
    alarms.set(label.file, lines);
  }
  return { alarms, rejected, leaked, rules };
}

function detectSecrets(directory: string, program: string): Alarms {
  const report = JSON.parse(
    execFileSync(program, ["scan", "--all-files", "--no-verify", "."], { cwd: directory, encoding: "utf8", maxBuffer: 1 << 28 }),
  ) as {
    readonly results: Record<string, readonly { readonly line_number: number }[]>;
  };
  return new Map(
    Object.entries(report.results).map(([file, found]) => [file.replace(/^\.\//, ""), new Set(found.map((one) => one.line_number))]),
  );
}

/** Runs in the tool's own directory, so that its packages are found there. */
const secretlintScript = `
import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import { readFileSync } from "node:fs";
const [directory, list] = process.argv.slice(2);
const result = {};
for (const file of JSON.parse(readFileSync(list, "utf8"))) {
  const content = readFileSync(directory + "/" + file, "utf8");
  const { messages } = await lintSource({ source: { filePath: file, content, contentType: "text" }, options: { config: { rules: [{ id: "preset", rule: creator }] } } });
  result[file] = messages.map((message) => message.loc.start.line);
}
process.stdout.write(JSON.stringify(result));
`;

function secretlint(directory: string, place: string, labels: readonly Label[]): Alarms {
  const list = join(directory, "..", "files.json");
  writeFileSync(list, JSON.stringify(labels.map(({ file }) => file)));
  const script = join(place, "lint.mjs");
  writeFileSync(script, secretlintScript);
  const report = JSON.parse(execFileSync(process.execPath, [script, directory, list], { encoding: "utf8", maxBuffer: 1 << 28 })) as Record<
    string,
    number[]
  >;
  return new Map(Object.entries(report).map(([file, found]) => [file, new Set(found)]));
}

function isHit(label: Label, alarms: Alarms): boolean {
  const lines = alarms.get(label.file);
  if (lines === undefined) return false;
  for (let line = label.line; line <= label.lastLine; line++) if (lines.has(line)) return true;
  return false;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

function score(name: string, labels: readonly Label[], alarms: Alarms): Figure[] {
  const positives = labels.filter(({ positive }) => positive);
  const hits = positives.filter((label) => isHit(label, alarms)).length;
  const nameless = positives.filter(({ hasRule }) => !hasRule);
  const falseAlarms = labels.filter((label) => !label.positive && isHit(label, alarms)).length;
  return [
    { figure: `${name}: recall`, value: share(hits, positives.length), unit: "%" },
    {
      figure: `${name}: recall, kinds without a rule`,
      value: share(nameless.filter((label) => isHit(label, alarms)).length, nameless.length),
      unit: "%",
    },
    { figure: `${name}: precision`, value: share(hits, hits + falseAlarms), unit: "%" },
    { figure: `${name}: false alarms among negatives`, value: share(falseAlarms, labels.length - positives.length), unit: "%" },
  ];
}

/** Says on stderr, by kind, what was missed or raised, for those who develop the rules. */
function explain(directory: string, labels: readonly Label[], { alarms, rules }: Ours): void {
  const names = [...new Set(labels.map(({ kind }) => kind))];
  for (const name of names) {
    const group = labels.filter(({ kind }) => kind === name);
    const wrong = group.filter((label) => isHit(label, alarms) !== label.positive);
    process.stderr.write(`${name.padEnd(26)}${group.length - wrong.length}/${group.length}\n`);
    for (const label of wrong) {
      const lines = readFileSync(join(directory, label.file), "utf8")
        .split("\n")
        .slice(label.line - 1, label.lastLine);
      process.stderr.write(
        `    ${alarms.has(label.file) ? "" : "rejected "}${label.file} ${rules.get(label) ?? "-"}: ${lines.join(" ⏎ ").slice(0, 170)}\n`,
      );
    }
  }
}

/**
 * Recall and precision of redaction on labelled lines in foreign files: 30 kinds of secrets, of which 10 have no rule of their own, and
 * as many hard negatives. A positive is found when an alarm lies on its line. Beside detect-secrets and secretlint on the same files, where
 * `.cache/bench-tools` holds them.
 * Arguments: seed, lines per kind, `--explain` or `-`, then the trees to cut contexts from.
 */
function main(): void {
  const [seed = "1", perKind = "12", mode = "-", ...trees] = process.argv.slice(2);
  if (trees.length === 0) throw new Error("Name the trees to cut contexts from.");
  const place = mkdtempSync(join(tmpdir(), "midtrain-secrets-"));
  const directory = join(place, "files");
  try {
    const labels = writeSample(directory, trees, seed, Number(perKind));
    const found = ours(directory, labels);
    if (mode === "--explain") explain(directory, labels, found);
    const tools = join(process.cwd(), ".cache", "bench-tools");
    const python = join(tools, "detect-secrets", "bin", "detect-secrets");
    const positives = labels.filter(({ positive }) => positive);
    printFigures([
      { figure: "positives", value: positives.length, unit: "lines" },
      { figure: "hard negatives", value: labels.length - positives.length, unit: "lines" },
      { figure: "files rejected", value: found.rejected, unit: "files" },
      ...score("midtrain", labels, found.alarms),
      {
        figure: "midtrain: values wholly gone",
        value: share(positives.filter((label) => !found.leaked.has(label)).length, positives.length),
        unit: "%",
      },
      ...(mode === "-" && existsSync(python) ? score("detect-secrets", labels, detectSecrets(directory, python)) : []),
      ...(mode === "-" && existsSync(join(tools, "secretlint", "node_modules"))
        ? score("secretlint", labels, secretlint(directory, join(tools, "secretlint"), labels))
        : []),
    ]);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

main();
